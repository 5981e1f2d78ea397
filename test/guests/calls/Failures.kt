@file:OptIn(ExperimentalWasmInterop::class, UnsafeWasmMemoryApi::class)

package guest

import kotlin.wasm.ExperimentalWasmInterop
import kotlin.wasm.WasmExport
import kotlin.wasm.unsafe.Pointer
import kotlin.wasm.unsafe.UnsafeWasmMemoryApi
import kotlin.wasm.unsafe.withScopedMemoryAllocator

// How calls end badly, and exports that take other types than sizes and call ids.

/** An ArithmeticException that nobody catches, where [divisor] is 0. */
@WasmExport
fun divide(dividend: Int, divisor: Int): Int = quotient(dividend, divisor)

private fun quotient(dividend: Int, divisor: Int): Int {
    return dividend / divisor // MARK: divide by zero
}

/** A trap where [address] is outside memory. */
@WasmExport
fun peek(address: Int): Int = load(address)

private fun load(address: Int): Int {
    return Pointer(address.toUInt()).loadInt() // MARK: load outside memory
}

/** A trap in a call with buffers, after its argument was stored. */
@WasmExport
fun trapAfterStore(stringSize: Int, callId: Int) {
    withScopedMemoryAllocator { memory ->
        memory.receive(stringSize, callId)
        load(-16)
    }
}

/** Nobody catches it. */
@WasmExport
fun throwException(stringSize: Int, callId: Int) {
    val text = receiveText(stringSize, callId)
    throw IllegalStateException("not today: $text") // MARK: throw
}

private fun receiveText(stringSize: Int, callId: Int): String =
    withScopedMemoryAllocator { memory -> memory.receive(stringSize, callId).decodeToString() }

/**
 * The same from inside the scope of the buffers. WasmEdge up to 0.17.1 keeps the exception's payload on the stack where
 * `catch_all_ref` catches it (WasmEdge's pull request 5202), so that the scope's end finds wrong locals: it traps with
 * "null structure reference" instead.
 */
@WasmExport
fun throwInScope(stringSize: Int, callId: Int) {
    withScopedMemoryAllocator { memory ->
        val text = memory.receive(stringSize, callId).decodeToString()
        throw IllegalStateException("not in here: $text") // MARK: throw in scope
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
