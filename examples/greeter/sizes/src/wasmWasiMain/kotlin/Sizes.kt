@file:OptIn(ExperimentalWasmInterop::class, UnsafeWasmMemoryApi::class)

package greeter.sizes

import kotlin.wasm.ExperimentalWasmInterop
import kotlin.wasm.WasmExport
import kotlin.wasm.WasmImport
import kotlin.wasm.unsafe.MemoryAllocator
import kotlin.wasm.unsafe.UnsafeWasmMemoryApi
import kotlin.wasm.unsafe.withScopedMemoryAllocator

@WasmImport("host", "callHostToStoreArgumentData")
external fun callHostToStoreArgumentData(pointer: Int, callId: Int)

/** The form without a size: how long the result is, host and guest must agree on in another way. */
@WasmImport("host", "callHostToReturnResultData")
external fun callHostToReturnResultData(pointer: Int, callId: Int)

/** `"size": "u32le-prefix"`: the length, four bytes, little-endian, and then the text. */
@WasmExport
fun greetWithPrefix(stringSize: Int, callId: Int) {
    withScopedMemoryAllocator { memory ->
        val text = memory.greetingFor(stringSize, callId)
        val prefix = ByteArray(4) { (text.size shr (8 * it)).toByte() }
        memory.returnBytes(prefix + text, callId) // MARK: prefix
    }
}

/** `"size": "nul"`: the text and then a zero byte. */
@WasmExport
fun greetWithNul(stringSize: Int, callId: Int) {
    withScopedMemoryAllocator { memory ->
        val text = memory.greetingFor(stringSize, callId)
        memory.returnBytes(text + 0, callId) // MARK: nul
    }
}

/** `"size": { "fixed": 16 }`: always 16 bytes. */
@WasmExport
fun fingerprint(stringSize: Int, callId: Int) {
    withScopedMemoryAllocator { memory ->
        val text = memory.greetingFor(stringSize, callId)
        var state = 17
        val bytes = ByteArray(16) {
            for (byte in text) state = state * 31 + byte
            (state shr 16).toByte()
        }
        memory.returnBytes(bytes, callId) // MARK: fixed
    }
}

/** `"size": "unknown"`: nothing says where the text ends. */
@WasmExport
fun greetOpenEnded(stringSize: Int, callId: Int) {
    withScopedMemoryAllocator { memory ->
        val text = memory.greetingFor(stringSize, callId)
        memory.returnBytes(text, callId) // MARK: unknown
    }
}

private fun MemoryAllocator.greetingFor(size: Int, callId: Int): ByteArray {
    val buffer = allocate(size)
    callHostToStoreArgumentData(buffer.address.toInt(), callId)
    val name = ByteArray(size) { (buffer + it).loadByte() }.decodeToString()
    return "Hello, $name!".encodeToByteArray()
}

private fun MemoryAllocator.returnBytes(bytes: ByteArray, callId: Int) {
    val buffer = allocate(bytes.size)
    bytes.forEachIndexed { index, byte -> (buffer + index).storeByte(byte) }
    callHostToReturnResultData(buffer.address.toInt(), callId)
}
