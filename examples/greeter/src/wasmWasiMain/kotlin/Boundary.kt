@file:OptIn(ExperimentalWasmInterop::class, UnsafeWasmMemoryApi::class)

package greeter

import kotlin.wasm.ExperimentalWasmInterop
import kotlin.wasm.WasmImport
import kotlin.wasm.unsafe.MemoryAllocator
import kotlin.wasm.unsafe.Pointer
import kotlin.wasm.unsafe.UnsafeWasmMemoryApi

/** The host writes the argument of call [callId] to [pointer]. */
@WasmImport("host", "callHostToStoreArgumentData")
external fun callHostToStoreArgumentData(pointer: Int, callId: Int)

/** The host reads the result of call [callId]: [size] bytes at [pointer]. */
@WasmImport("host", "callHostToReturnResultData")
external fun callHostToReturnResultData(pointer: Int, size: Int, callId: Int)

/** The argument of call [callId]: [size] bytes of UTF-8. */
fun MemoryAllocator.receiveText(size: Int, callId: Int): String {
    val buffer = allocate(size)
    callHostToStoreArgumentData(buffer.address.toInt(), callId) // MARK: store argument
    return ByteArray(size) { (buffer + it).loadByte() }.decodeToString()
}

/** Hands [text] to the host as the result of call [callId]. */
fun MemoryAllocator.returnText(text: String, callId: Int) {
    val bytes = text.encodeToByteArray()
    val buffer = copyToMemory(bytes)
    callHostToReturnResultData(buffer.address.toInt(), bytes.size, callId) // MARK: return result
}

fun MemoryAllocator.copyToMemory(bytes: ByteArray): Pointer {
    val buffer = allocate(bytes.size)
    bytes.forEachIndexed { index, byte -> (buffer + index).storeByte(byte) }
    return buffer
}
