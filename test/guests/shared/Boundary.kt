@file:OptIn(UnsafeWasmMemoryApi::class)

package guest

import kotlin.wasm.WasmImport
import kotlin.wasm.unsafe.MemoryAllocator
import kotlin.wasm.unsafe.Pointer
import kotlin.wasm.unsafe.UnsafeWasmMemoryApi

// Kotlin 2.2 has no ExperimentalWasmInterop, so this file, which all versions compile, does not opt in to it.

@WasmImport("host", "callHostToStoreArgumentData")
external fun callHostToStoreArgumentData(pointer: Int, callId: Int)

@WasmImport("host", "callHostToReturnResultData")
external fun callHostToReturnResultData(pointer: Int, size: Int, callId: Int)

fun MemoryAllocator.receive(size: Int, callId: Int): ByteArray {
    val buffer = allocate(size)
    callHostToStoreArgumentData(buffer.address.toInt(), callId) // MARK: store argument
    return load(buffer, size)
}

fun MemoryAllocator.reply(bytes: ByteArray, callId: Int) {
    val buffer = store(bytes)
    callHostToReturnResultData(buffer.address.toInt(), bytes.size, callId) // MARK: return result
}

fun MemoryAllocator.store(bytes: ByteArray): Pointer {
    val buffer = allocate(bytes.size)
    bytes.forEachIndexed { index, byte -> (buffer + index).storeByte(byte) }
    return buffer
}

fun load(pointer: Pointer, size: Int): ByteArray = ByteArray(size) { (pointer + it).loadByte() }
