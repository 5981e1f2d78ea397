@file:OptIn(ExperimentalWasmInterop::class, UnsafeWasmMemoryApi::class)

package guest

import kotlin.wasm.ExperimentalWasmInterop
import kotlin.wasm.WasmExport
import kotlin.wasm.unsafe.UnsafeWasmMemoryApi
import kotlin.wasm.unsafe.withScopedMemoryAllocator

// What does not end by itself.

private var counter = 0

/** Never crosses to the host. */
@WasmExport
fun loopForever() {
    while (true) {
        counter++ // MARK: loop
    }
}

/** Crosses to the host all the time. */
@WasmExport
fun crossForever(stringSize: Int, callId: Int) {
    withScopedMemoryAllocator { memory ->
        val buffer = memory.allocate(stringSize)
        while (true) {
            callHostToStoreArgumentData(buffer.address.toInt(), callId) // MARK: cross
        }
    }
}

@WasmExport
fun recurseForever(): Int = descend(0)

private fun descend(depth: Int): Int {
    counter++
    return descend(depth + 1) + depth // MARK: recursion
}

/** Linear memory, a mebibyte at a time, every page of it written to. */
@WasmExport
fun growMemoryForever() {
    withScopedMemoryAllocator { memory ->
        while (true) {
            val block = memory.allocate(1 shl 20)
            for (page in 0 until (1 shl 20) step 4096) {
                (block + page).storeByte(1) // MARK: grow
            }
        }
    }
}

/** Objects: WasmEdge reclaims none. */
@WasmExport
fun allocateForever() {
    while (true) {
        counter += ByteArray(64).size // MARK: allocate
    }
}
