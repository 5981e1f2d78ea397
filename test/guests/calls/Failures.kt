@file:OptIn(ExperimentalWasmInterop::class, UnsafeWasmMemoryApi::class)

package guest

import kotlin.wasm.ExperimentalWasmInterop
import kotlin.wasm.WasmExport
import kotlin.wasm.unsafe.Pointer
import kotlin.wasm.unsafe.UnsafeWasmMemoryApi
import kotlin.wasm.unsafe.withScopedMemoryAllocator

// How calls end badly, and exports that take other types than sizes and call ids.

/** A trap where [divisor] is 0. */
@WasmExport
fun divide(dividend: Int, divisor: Int): Int = quotient(dividend, divisor)

private fun quotient(dividend: Int, divisor: Int): Int {
    return dividend / divisor // MARK: divide by zero
}

/** A trap in a call with buffers, after its argument was stored. */
@WasmExport
fun trapAfterStore(stringSize: Int, callId: Int) {
    withScopedMemoryAllocator { memory ->
        memory.receive(stringSize, callId)
        quotient(stringSize, 0)
    }
}

/** A trap where [address] is outside memory. */
@WasmExport
fun peek(address: Int): Int = Pointer(address.toUInt()).loadInt() // MARK: outside memory

/** Nobody catches it. */
@WasmExport
fun throwException(stringSize: Int, callId: Int) {
    withScopedMemoryAllocator { memory ->
        val text = memory.receive(stringSize, callId).decodeToString()
        throw IllegalStateException("not today: $text") // MARK: throw
    }
}

@WasmExport
fun catchException(number: Int): Int =
    try {
        check(number > 0) { "not positive" }
        number
    } catch (exception: IllegalStateException) {
        -1 // MARK: caught
    }

@WasmExport
fun noParameters(): Int = 42

@WasmExport
fun addLongs(left: Long, right: Long): Long = left + right

@WasmExport
fun halve(value: Double): Double = value / 2

@WasmExport
fun doubleFloat(value: Float): Float = value * 2

@WasmExport
fun sumMixed(small: Int, large: Long, single: Float, double: Double): Double =
    small + large.toDouble() + single + double
