@file:OptIn(ExperimentalWasmInterop::class, UnsafeWasmMemoryApi::class)

package guest

import kotlin.wasm.ExperimentalWasmInterop
import kotlin.wasm.WasmExport
import kotlin.wasm.WasmImport
import kotlin.wasm.unsafe.UnsafeWasmMemoryApi
import kotlin.wasm.unsafe.withScopedMemoryAllocator

/** The forum thread's first form: no call id, so the innermost running call is meant. */
@WasmImport("host", "callHostToStoreArgumentData")
external fun callHostToStoreArgumentData(pointer: Int)

@WasmImport("host", "callHostToReturnResultData")
external fun callHostToReturnResultData(pointer: Int, size: Int)

@WasmExport
fun greet(stringSize: Int) {
    withScopedMemoryAllocator { memory ->
        val argument = memory.allocate(stringSize)
        callHostToStoreArgumentData(argument.address.toInt()) // MARK: store argument
        val name = ByteArray(stringSize) { (argument + it).loadByte() }.decodeToString()
        val bytes = "Hello, $name!".encodeToByteArray()
        val result = memory.allocate(bytes.size)
        bytes.forEachIndexed { index, byte -> (result + index).storeByte(byte) }
        callHostToReturnResultData(result.address.toInt(), bytes.size) // MARK: return result
    }
}
