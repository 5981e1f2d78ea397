@file:OptIn(ExperimentalWasmInterop::class, UnsafeWasmMemoryApi::class)

package bench

import kotlin.wasm.ExperimentalWasmInterop
import kotlin.wasm.WasmExport
import kotlin.wasm.WasmImport
import kotlin.wasm.unsafe.UnsafeWasmMemoryApi
import kotlin.wasm.unsafe.withScopedMemoryAllocator

@WasmImport("host", "callHostToStoreArgumentData")
external fun callHostToStoreArgumentData(pointer: Int, callId: Int)

@WasmImport("host", "callHostToReturnResultData")
external fun callHostToReturnResultData(pointer: Int, size: Int, callId: Int)

@WasmImport("env", "tick")
external fun tick(value: Int): Int

/** Asks for its argument `times` times: what one recorded crossing costs. */
@WasmExport
fun storeMany(stringSize: Int, callId: Int, times: Int) {
    withScopedMemoryAllocator { allocator ->
        val pointer = allocator.allocate(stringSize)
        var left = times
        while (left > 0) {
            callHostToStoreArgumentData(pointer.address.toInt(), callId)
            left--
        }
        callHostToReturnResultData(pointer.address.toInt(), stringSize, callId)
    }
}

/** Calls a host function that answers at once `times` times. */
@WasmExport
fun tickMany(times: Int): Int {
    var value = 0
    while (value < times) value = tick(value)
    return value
}

/** A call between host and guest that does next to nothing else: greet without its strings. */
@WasmExport
fun greet(stringSize: Int, callId: Int) {
    withScopedMemoryAllocator { allocator ->
        val argument = allocator.allocate(stringSize)
        callHostToStoreArgumentData(argument.address.toInt(), callId)
        val name = ByteArray(stringSize) { (argument + it).loadByte() }.decodeToString()
        val bytes = "Hello, $name!".encodeToByteArray()
        val result = allocator.allocate(bytes.size)
        for (index in bytes.indices) (result + index).storeByte(bytes[index])
        callHostToReturnResultData(result.address.toInt(), bytes.size, callId)
    }
}
