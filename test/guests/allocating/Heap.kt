@file:OptIn(ExperimentalWasmInterop::class, UnsafeWasmMemoryApi::class)

package guest

import kotlin.wasm.ExperimentalWasmInterop
import kotlin.wasm.WasmExport
import kotlin.wasm.unsafe.Pointer
import kotlin.wasm.unsafe.UnsafeWasmMemoryApi
import kotlin.wasm.unsafe.withScopedMemoryAllocator

// Memory that outlives scopes. withScopedMemoryAllocator hands out addresses from 0 upwards and takes all of them back
// at its end, so the heap lies high above what any scope of this guest uses.

private const val HEAP_START = 1 shl 19
private const val HEAP_END = 1 shl 20
private const val GRANULE = 16

private class Block(val start: Int, val size: Int)

/** In the order of their addresses. */
private val blocks = mutableListOf<Block>()
private var heapIsThere = false

/** A scope that asks for everything makes memory large enough; memory never shrinks again. */
private fun makeHeap() {
    if (heapIsThere) return
    withScopedMemoryAllocator { it.allocate(HEAP_END) }
    heapIsThere = true
}

/** The first gap that is large enough. */
@WasmExport
fun malloc(size: Int): Int {
    makeHeap()
    val needed = (maxOf(size, 1) + GRANULE - 1) / GRANULE * GRANULE
    var start = HEAP_START
    var index = 0
    while (index < blocks.size && blocks[index].start - start < needed) {
        start = blocks[index].start + blocks[index].size
        index++
    }
    check(start + needed <= HEAP_END) { "The heap is full." }
    blocks.add(index, Block(start, needed))
    return start
}

/** Fails for what malloc has not given. */
@WasmExport
fun free(pointer: Int) {
    check(blocks.removeAll { it.start == pointer }) { "Nothing was allocated at $pointer." } // MARK: free
}

/** Blocks that nobody has freed. */
@WasmExport
fun liveBlocks(): Int = blocks.size

internal fun bytesAt(pointer: Int, size: Int): ByteArray =
    ByteArray(size) { Pointer((pointer + it).toUInt()).loadByte() }

internal fun textAt(pointer: Int, size: Int): String = bytesAt(pointer, size).decodeToString()

/** Copies the bytes to the heap; the address. */
internal fun onHeap(bytes: ByteArray): Int {
    val start = malloc(bytes.size)
    bytes.forEachIndexed { index, byte -> Pointer((start + index).toUInt()).storeByte(byte) }
    return start
}

/** The form that fits one result: the pointer in the upper half, the size in the lower. */
internal fun packed(pointer: Int, size: Int): Long = (pointer.toLong() shl 32) or size.toLong()
