@file:OptIn(ExperimentalWasmInterop::class, UnsafeWasmMemoryApi::class)

package guest

import kotlin.wasm.ExperimentalWasmInterop
import kotlin.wasm.WasmExport
import kotlin.wasm.WasmImport
import kotlin.wasm.unsafe.UnsafeWasmMemoryApi
import kotlin.wasm.unsafe.withScopedMemoryAllocator

// Names that say nothing: only a `boundary` block can tell what these do.

/** The call's id, then where its argument goes. */
@WasmImport("io", "op1")
external fun op1(a: Int, b: Int)

/** The result's size, the call's id, and where the result is. */
@WasmImport("io", "op2")
external fun op2(a: Int, b: Int, c: Int)

@WasmExport
fun run(x: Int, y: Int) {
    withScopedMemoryAllocator { memory ->
        val argument = memory.allocate(x)
        op1(y, argument.address.toInt())
        val bytes = ByteArray(x) { (argument + it).loadByte() }.reversedArray()
        val result = memory.allocate(x)
        bytes.forEachIndexed { index, byte -> (result + index).storeByte(byte) }
        op2(x, y, result.address.toInt())
    }
}
