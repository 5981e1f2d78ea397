@file:OptIn(ExperimentalWasmInterop::class, UnsafeWasmMemoryApi::class)

package guest

import kotlin.wasm.ExperimentalWasmInterop
import kotlin.wasm.WasmImport
import kotlin.wasm.unsafe.MemoryAllocator
import kotlin.wasm.unsafe.Pointer
import kotlin.wasm.unsafe.UnsafeWasmMemoryApi
import kotlin.wasm.unsafe.withScopedMemoryAllocator

// The parts of WASI preview 1 that Kotlin's standard library does not offer.

@WasmImport("wasi_snapshot_preview1", "args_sizes_get")
private external fun argsSizesGet(count: Int, bytes: Int): Int

@WasmImport("wasi_snapshot_preview1", "args_get")
private external fun argsGet(pointers: Int, bytes: Int): Int

@WasmImport("wasi_snapshot_preview1", "environ_sizes_get")
private external fun environSizesGet(count: Int, bytes: Int): Int

@WasmImport("wasi_snapshot_preview1", "environ_get")
private external fun environGet(pointers: Int, bytes: Int): Int

@WasmImport("wasi_snapshot_preview1", "fd_write")
private external fun fdWrite(descriptor: Int, vectors: Int, count: Int, written: Int): Int

@WasmImport("wasi_snapshot_preview1", "fd_read")
private external fun fdRead(descriptor: Int, vectors: Int, count: Int, read: Int): Int

@WasmImport("wasi_snapshot_preview1", "path_open")
private external fun pathOpen(
    directory: Int,
    lookup: Int,
    path: Int,
    pathSize: Int,
    openFlags: Int,
    rights: Long,
    inherited: Long,
    descriptorFlags: Int,
    opened: Int,
): Int

@WasmImport("wasi_snapshot_preview1", "proc_exit")
external fun procExit(code: Int)

fun arguments(): List<String> = readList(::argsSizesGet, ::argsGet)

fun environment(): List<String> = readList(::environSizesGet, ::environGet)

private fun readList(sizes: (Int, Int) -> Int, get: (Int, Int) -> Int): List<String> =
    withScopedMemoryAllocator { memory ->
        val count = memory.allocate(4)
        val bytes = memory.allocate(4)
        check(sizes(count.address.toInt(), bytes.address.toInt()) == 0)
        val pointers = memory.allocate(4 * count.loadInt() + 4)
        val text = memory.allocate(bytes.loadInt() + 1)
        check(get(pointers.address.toInt(), text.address.toInt()) == 0)
        List(count.loadInt()) { readZeroTerminated(Pointer((pointers + 4 * it).loadInt().toUInt())) }
    }

private fun readZeroTerminated(start: Pointer): String {
    var size = 0
    while ((start + size).loadByte() != 0.toByte()) size++
    return load(start, size).decodeToString()
}

/** Writes without a line break: [descriptor] 1 is standard output, 2 standard error. */
fun write(descriptor: Int, text: String) {
    withScopedMemoryAllocator { memory ->
        val bytes = text.encodeToByteArray()
        val vector = memory.vector(memory.store(bytes), bytes.size)
        fdWrite(descriptor, vector.address.toInt(), 1, memory.allocate(4).address.toInt())
    }
}

/** All that is left of an open file. */
fun readAll(descriptor: Int): ByteArray {
    var result = ByteArray(0)
    while (true) {
        val chunk = withScopedMemoryAllocator { memory ->
            val buffer = memory.allocate(1024)
            val read = memory.allocate(4)
            val errno = fdRead(descriptor, memory.vector(buffer, 1024).address.toInt(), 1, read.address.toInt())
            if (errno == 0) load(buffer, read.loadInt()) else ByteArray(0)
        }
        if (chunk.isEmpty()) return result
        result += chunk
    }
}

/** The content of a file below the first preopened directory; `errno N` where it cannot be opened. */
fun readFile(path: String): ByteArray {
    val bytes = path.encodeToByteArray()
    val opened = withScopedMemoryAllocator { memory ->
        val descriptor = memory.allocate(4)
        val name = memory.store(bytes).address.toInt()
        val errno = pathOpen(FIRST_PREOPEN, 0, name, bytes.size, 0, FD_READ, 0, 0, descriptor.address.toInt())
        if (errno == 0) descriptor.loadInt() else -errno
    }
    return if (opened >= 0) readAll(opened) else "errno ${-opened}".encodeToByteArray()
}

private const val FIRST_PREOPEN = 3
private const val FD_READ = 2L

private fun MemoryAllocator.vector(buffer: Pointer, size: Int): Pointer {
    val vector = allocate(8)
    vector.storeInt(buffer.address.toInt())
    (vector + 4).storeInt(size)
    return vector
}
