@file:OptIn(ExperimentalWasmInterop::class, UnsafeWasmMemoryApi::class)

package guest

import kotlin.wasm.ExperimentalWasmInterop
import kotlin.wasm.WasmExport
import kotlin.wasm.unsafe.UnsafeWasmMemoryApi
import kotlin.wasm.unsafe.withScopedMemoryAllocator

// Calls with more than two buffers.

/** Asks for two arguments, one after the other, and answers with `first second`. */
@WasmExport
fun join(firstSize: Int, secondSize: Int, callId: Int) {
    withScopedMemoryAllocator { memory ->
        val first = memory.receive(firstSize, callId).decodeToString()
        val second = memory.receive(secondSize, callId).decodeToString() // MARK: second
        memory.reply("$first $second".encodeToByteArray(), callId)
    }
}

/** Returns each word of its argument as a part of the result. */
@WasmExport
fun split(stringSize: Int, callId: Int) {
    withScopedMemoryAllocator { memory ->
        val words = memory.receive(stringSize, callId).decodeToString().split(' ')
        for (word in words) memory.reply(word.encodeToByteArray(), callId) // MARK: part
    }
}
