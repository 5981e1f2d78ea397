@file:OptIn(ExperimentalWasmInterop::class, UnsafeWasmMemoryApi::class)

package guest

import kotlin.wasm.ExperimentalWasmInterop
import kotlin.wasm.WasmExport
import kotlin.wasm.unsafe.Pointer
import kotlin.wasm.unsafe.UnsafeWasmMemoryApi

// As the component model's canonical ABI lowers `greet: func(name: string) -> string`: the host allocates with
// cabi_realloc, the guest owns what it is passed, and the result is the address of a pair (pointer, size), which lives
// until cabi_post_greet.

@WasmExport("cabi_realloc")
fun cabiRealloc(oldPointer: Int, oldSize: Int, align: Int, newSize: Int): Int {
    check(oldSize == 0) { "Only new memory is needed here, not another size for $oldPointer." }
    check(align in listOf(1, 2, 4, 8)) { "$align is no alignment." }
    return malloc(newSize)
}

@WasmExport
fun greet(pointer: Int, size: Int): Int {
    val result = "Hello, ${textAt(pointer, size)}!".encodeToByteArray()
    free(pointer)
    val pair = malloc(8)
    Pointer(pair.toUInt()).storeInt(onHeap(result))
    Pointer((pair + 4).toUInt()).storeInt(result.size)
    return pair
}

@WasmExport("cabi_post_greet")
fun postGreet(pair: Int) {
    free(Pointer(pair.toUInt()).loadInt())
    free(pair) // MARK: post
}
