@file:OptIn(ExperimentalWasmInterop::class, UnsafeWasmMemoryApi::class)

package guest

import kotlin.wasm.ExperimentalWasmInterop
import kotlin.wasm.WasmExport
import kotlin.wasm.WasmImport
import kotlin.wasm.unsafe.UnsafeWasmMemoryApi
import kotlin.wasm.unsafe.withScopedMemoryAllocator

// Imports that only the user's host module can provide, one of each type.

@WasmImport("rates", "rate_of")
external fun rateOf(currency: Int): Double

@WasmImport("rates", "scale")
external fun scale(factor: Float): Float

@WasmImport("clock", "now")
external fun now(offset: Long): Long

@WasmImport("audit", "note")
external fun note(pointer: Int, size: Int)

@WasmImport("host", "again")
external fun again(depth: Int): Int

@WasmExport
fun convert(cents: Int, currency: Int): Double = cents * rateOf(currency) // MARK: rate

@WasmExport
fun rescale(factor: Float): Float = scale(factor) + 1

@WasmExport
fun later(offset: Long): Long = now(offset) + 1

/** Tells the host's audit what it was given, and answers with it. */
@WasmExport
fun audited(stringSize: Int, callId: Int) {
    withScopedMemoryAllocator { memory ->
        val bytes = memory.receive(stringSize, callId)
        note(memory.store(bytes).address.toInt(), bytes.size) // MARK: note
        memory.reply(bytes, callId)
    }
}

/** Calls the host, which may call this again. */
@WasmExport
fun nest(depth: Int): Int = if (depth == 0) 0 else 1 + again(depth - 1) // MARK: again

/** Answers `<` argument `>`, and asks the host in between: it may call any export meanwhile. */
@WasmExport
fun bracket(stringSize: Int, callId: Int) {
    withScopedMemoryAllocator { memory ->
        val bytes = memory.receive(stringSize, callId)
        again(stringSize) // MARK: in between
        memory.reply("<".encodeToByteArray() + bytes + ">".encodeToByteArray(), callId)
    }
}
