@file:OptIn(ExperimentalWasmInterop::class, UnsafeWasmMemoryApi::class)

package greeter.nested

import greeter.copyToMemory
import greeter.receiveText
import greeter.returnText
import kotlin.wasm.ExperimentalWasmInterop
import kotlin.wasm.WasmExport
import kotlin.wasm.WasmImport
import kotlin.wasm.unsafe.UnsafeWasmMemoryApi
import kotlin.wasm.unsafe.withScopedMemoryAllocator

/** Which row the host seats a guest in: [size] bytes of UTF-8 at [pointer]. See host.mjs. */
@WasmImport("seating", "rowFor")
external fun rowFor(pointer: Int, size: Int): Int

/** Asks the host for a row, which asks back with [countVowels] before it answers. */
@WasmExport
fun seat(stringSize: Int, callId: Int) {
    withScopedMemoryAllocator { memory ->
        val name = memory.receiveText(stringSize, callId)
        val bytes = name.encodeToByteArray()
        val row = rowFor(memory.copyToMemory(bytes).address.toInt(), bytes.size) // MARK: nested call
        memory.returnText("$name sits in row $row.", callId) // MARK: row
    }
}

/** What the host calls while it answers [rowFor]: a call within a call. */
@WasmExport
fun countVowels(stringSize: Int, callId: Int) {
    withScopedMemoryAllocator { memory ->
        val name = memory.receiveText(stringSize, callId)
        val vowels = name.count { it.lowercaseChar() in "aeiou" } // MARK: vowels
        memory.returnText("$vowels", callId)
    }
}
