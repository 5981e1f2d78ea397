@file:OptIn(ExperimentalWasmInterop::class, UnsafeWasmMemoryApi::class)

package guest

import kotlin.wasm.ExperimentalWasmInterop
import kotlin.wasm.WasmExport
import kotlin.wasm.WasmImport
import kotlin.wasm.unsafe.Pointer
import kotlin.wasm.unsafe.UnsafeWasmMemoryApi

// Exports whose argument the host puts into memory that it allocates with `malloc`. Whoever gets a result frees it.

/** The result as a packed i64: the pointer in the upper half. */
@WasmExport
fun upper(pointer: Int, size: Int): Long { // MARK: upper
    val result = textAt(pointer, size).uppercase().encodeToByteArray()
    return packed(onHeap(result), result.size)
}

/** The same with the size in the upper half. */
@WasmExport
fun lower(pointer: Int, size: Int): Long {
    val result = textAt(pointer, size).lowercase().encodeToByteArray()
    return packed(result.size, onHeap(result))
}

/** The result through an out-pointer: the address of a pair (pointer, size), which the guest fills. */
@WasmExport
fun reverse(pointer: Int, size: Int, resultPointer: Int) {
    val result = textAt(pointer, size).reversed().encodeToByteArray()
    Pointer(resultPointer.toUInt()).storeInt(onHeap(result))
    Pointer((resultPointer + 4).toUInt()).storeInt(result.size)
}

/** The result as a pointer, with a NUL at its end. */
@WasmExport
fun greet(pointer: Int, size: Int): Int =
    onHeap("Hello, ${textAt(pointer, size)}!".encodeToByteArray() + 0)

/** The result as a pointer to its length, four bytes, with the text behind them. */
@WasmExport
fun twice(pointer: Int, size: Int): Int {
    val text = textAt(pointer, size).repeat(2).encodeToByteArray()
    return onHeap(ByteArray(4) { (text.size shr (8 * it)).toByte() } + text)
}

/** Two arguments. */
@WasmExport
fun join(firstPointer: Int, firstSize: Int, secondPointer: Int, secondSize: Int): Long {
    val result = "${textAt(firstPointer, firstSize)} ${textAt(secondPointer, secondSize)}".encodeToByteArray()
    return packed(onHeap(result), result.size)
}

/** The result is no buffer: a number. */
@WasmExport
fun countVowels(pointer: Int, size: Int): Int = textAt(pointer, size).count { it in "aeiouAEIOU" }

/** Another parameter among them, which nothing says anything of. */
@WasmExport
fun repeated(pointer: Int, size: Int, count: Int): Long {
    val result = textAt(pointer, size).repeat(count).encodeToByteArray()
    return packed(onHeap(result), result.size)
}

/** Neither its names nor its types say what it takes. */
@WasmExport
fun mirror(a: Int, b: Int): Long = upper(a, b)

@WasmImport("host", "again")
external fun again(pointer: Int, size: Int): Int

/** Shows the host its argument and returns it in upper case. */
@WasmExport
fun announce(pointer: Int, size: Int): Long {
    again(pointer, size)
    return upper(pointer, size)
}

// What is wrong.

/** Its result lies outside memory. */
@WasmExport
fun nowhere(pointer: Int, size: Int): Long = packed(-16, size) // MARK: nowhere

/** An allocator that gives what is outside memory. */
@WasmExport
fun allocateOutside(size: Int): Int = Int.MAX_VALUE - size

/** An allocator that has nothing to give. */
@WasmExport
fun allocateNothing(size: Int): Int = error("There is no memory of $size bytes.")

/** Frees its argument, which is the caller's to free. */
@WasmExport
fun swallow(pointer: Int, size: Int): Int {
    free(pointer)
    return size
}
