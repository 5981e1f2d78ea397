@file:OptIn(ExperimentalWasmInterop::class, UnsafeWasmMemoryApi::class)

package guest

import kotlin.wasm.ExperimentalWasmInterop
import kotlin.wasm.WasmExport
import kotlin.wasm.unsafe.UnsafeWasmMemoryApi
import kotlin.wasm.unsafe.withScopedMemoryAllocator

// What a guest can do with the two callbacks, rightly and wrongly.

@WasmExport
fun echo(stringSize: Int, callId: Int) {
    withScopedMemoryAllocator { memory ->
        val bytes = memory.receive(stringSize, callId)
        memory.reply(bytes, callId) // MARK: echo
    }
}

/** Asks for its argument twice, and answers with both, one after the other. */
@WasmExport
fun receiveTwice(stringSize: Int, callId: Int) {
    withScopedMemoryAllocator { memory ->
        val bytes = memory.receive(stringSize, callId) + memory.receive(stringSize, callId)
        memory.reply(bytes, callId)
    }
}

/** Memory grows between the two callbacks: a view of it from before is stale. */
@WasmExport
fun echoAfterGrowth(stringSize: Int, callId: Int) {
    withScopedMemoryAllocator { memory ->
        val bytes = memory.receive(stringSize, callId)
        memory.allocate(1 shl 20)
        memory.reply(bytes, callId) // MARK: after growth
    }
}

/** Returns the argument, then `again`. */
@WasmExport
fun returnTwice(stringSize: Int, callId: Int) {
    withScopedMemoryAllocator { memory ->
        memory.reply(memory.receive(stringSize, callId), callId)
        memory.reply("again".encodeToByteArray(), callId) // MARK: second result
    }
}

@WasmExport
fun neverReturn(stringSize: Int, callId: Int) {
    withScopedMemoryAllocator { memory ->
        memory.receive(stringSize, callId) // MARK: no result
    }
}

@WasmExport
fun returnNothing(callId: Int) {
    callHostToReturnResultData(0, 0, callId)
}

@WasmExport
fun storeForUnknownCall(stringSize: Int, callId: Int) {
    withScopedMemoryAllocator { memory ->
        memory.receive(stringSize, callId + 1000) // MARK: unknown call
    }
}

@WasmExport
fun returnForUnknownCall(stringSize: Int, callId: Int) {
    withScopedMemoryAllocator { memory ->
        memory.reply(memory.receive(stringSize, callId), callId + 1000)
    }
}

/** Any pointer at all. */
@WasmExport
fun storeAt(pointer: Int, callId: Int) {
    callHostToStoreArgumentData(pointer, callId) // MARK: store at
}

/** Any pointer and size at all. */
@WasmExport
fun returnAt(pointer: Int, size: Int, callId: Int) {
    callHostToReturnResultData(pointer, size, callId) // MARK: return at
}

/** Bytes that are no UTF-8. */
@WasmExport
fun returnInvalidText(callId: Int) {
    withScopedMemoryAllocator { memory ->
        memory.reply(byteArrayOf(0x41, 0xFF.toByte(), 0xC3.toByte(), 0x28, 0x42), callId)
    }
}

/** [size] bytes: 0, 1, 2, …, 255, 0, … */
@WasmExport
fun returnMany(size: Int, callId: Int) {
    withScopedMemoryAllocator { memory ->
        memory.reply(ByteArray(size) { it.toByte() }, callId)
    }
}
