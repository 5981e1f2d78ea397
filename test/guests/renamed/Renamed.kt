@file:OptIn(ExperimentalWasmInterop::class, UnsafeWasmMemoryApi::class)

package guest

import kotlin.wasm.ExperimentalWasmInterop
import kotlin.wasm.WasmExport
import kotlin.wasm.WasmImport
import kotlin.wasm.unsafe.UnsafeWasmMemoryApi
import kotlin.wasm.unsafe.withScopedMemoryAllocator

// Other module and function names, another order of parameters, and a call id of 64 bits.

@WasmImport("env", "fill_args")
external fun fillArgs(requestId: Long, buffer: Int)

@WasmImport("env", "deliver_result")
external fun deliverResult(length: Int, requestId: Long, address: Int)

@WasmExport
fun handle(requestId: Long, byteLength: Int) {
    withScopedMemoryAllocator { memory ->
        val argument = memory.allocate(byteLength)
        fillArgs(requestId, argument.address.toInt()) // MARK: store argument
        val text = ByteArray(byteLength) { (argument + it).loadByte() }.decodeToString()
        val bytes = text.uppercase().encodeToByteArray()
        val result = memory.allocate(bytes.size)
        bytes.forEachIndexed { index, byte -> (result + index).storeByte(byte) }
        deliverResult(bytes.size, requestId, result.address.toInt()) // MARK: return result
    }
}
