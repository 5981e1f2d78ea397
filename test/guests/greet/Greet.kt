@file:OptIn(UnsafeWasmMemoryApi::class)

package guest

import kotlin.wasm.WasmExport
import kotlin.wasm.unsafe.UnsafeWasmMemoryApi
import kotlin.wasm.unsafe.withScopedMemoryAllocator

// Compiled by several versions of Kotlin: see the table in README.md.

/** Answers `World` with `Hello, World!`. */
@WasmExport
fun greet(stringSize: Int, callId: Int) {
    withScopedMemoryAllocator { memory ->
        val name = memory.receive(stringSize, callId).decodeToString() // MARK: name
        memory.reply("Hello, $name!".encodeToByteArray(), callId)
    }
}

/** Throws and catches: the module has exception handling in its own code. Answers -1 for what is no number. */
@WasmExport
fun parse(stringSize: Int, callId: Int): Int =
    withScopedMemoryAllocator { memory ->
        try {
            memory.receive(stringSize, callId).decodeToString().toInt()
        } catch (exception: NumberFormatException) {
            -1 // MARK: caught
        }
    }
