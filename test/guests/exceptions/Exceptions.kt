@file:OptIn(ExperimentalWasmInterop::class, UnsafeWasmMemoryApi::class)

package exceptions

import kotlin.wasm.ExperimentalWasmInterop
import kotlin.wasm.WasmExport
import kotlin.wasm.WasmImport
import kotlin.wasm.unsafe.UnsafeWasmMemoryApi
import kotlin.wasm.unsafe.withScopedMemoryAllocator

// How exceptions come about and go away, for who stops at them.

/** A host may call the guest again. */
@WasmImport("host", "again")
external fun again(number: Int): Int

open class Refusal(message: String, cause: Throwable? = null) : RuntimeException(message, cause)

class LateRefusal(val hours: Int, cause: Throwable? = null) : Refusal("$hours hours late", cause)

private fun refuse(hours: Int): Int {
    val doubled = hours * 2
    if (hours > 0) throw LateRefusal(doubled) // MARK: throw
    return doubled
}

/** Nobody catches it. */
@WasmExport
fun uncaught(hours: Int): Int {
    val before = hours + 1
    return refuse(before) + 1 // MARK: call of refuse
}

/** It is caught, and another one with it as its cause is not. */
@WasmExport
fun wrapped(hours: Int): Int =
    try {
        refuse(hours)
    } catch (refusal: Refusal) {
        throw IllegalStateException("not open", refusal) // MARK: throw with cause
    }

/** Each is caught. */
@WasmExport
fun caught(number: Int): Int {
    var caught = 0
    for (i in 1..number) {
        try {
            refuse(i)
        } catch (refusal: LateRefusal) {
            caught += refusal.hours
        }
    }
    return caught
}

/** The catch is for another class, so that it is thrown again by the compiler's code. */
@WasmExport
fun passedOn(hours: Int): Int =
    try {
        refuse(hours)
    } catch (other: IllegalStateException) {
        -1
    }

private var cleanedUp = 0

private fun cleanUp(number: Int): Int {
    cleanedUp += number
    return cleanedUp
}

/** On its way out code runs that calls functions. */
@WasmExport
fun throughFinally(hours: Int): Int {
    try {
        return refuse(hours)
    } finally {
        cleanUp(hours)
        cleanUp(1)
    }
}

/** On its way out another is thrown and caught. */
@WasmExport
fun overtaken(hours: Int): Int {
    try {
        return refuse(hours)
    } finally {
        try {
            check(hours < 0) { "overtakes" } // MARK: overtakes
        } catch (failed: IllegalStateException) {
            cleanUp(1)
        }
    }
}

/** Thrown by the library. */
@WasmExport
fun outOfBounds(index: Int): Int {
    val numbers = listOf(1, 2, 3)
    return numbers[index] // MARK: index
}

/** Thrown by the runtime. */
@WasmExport
fun cast(number: Int): Int {
    val something: Any = if (number > 0) "text" else number
    return (something as Int) + 1 // MARK: cast
}

/** Thrown by the runtime, as a class that is not Kotlin's own to throw. */
@WasmExport
fun divide(dividend: Int, divisor: Int): Int {
    return dividend / divisor // MARK: divide
}

/** WasmEdge loses its way where this leaves the scope of buffers. */
@WasmExport
fun inScope(hours: Int): Int =
    withScopedMemoryAllocator { memory ->
        memory.allocate(16)
        refuse(hours)
    }

/** The host calls `uncaught` while this waits. */
@WasmExport
fun throughHost(hours: Int): Int {
    val mine = hours * 100
    return again(hours) + mine // MARK: again
}

/** What a guest can print of an exception itself. */
@WasmExport
fun printed(hours: Int) {
    try {
        refuse(hours)
    } catch (refusal: Refusal) {
        println(refusal.stackTraceToString()) // MARK: printed
        refusal.printStackTrace()
    }
}

/** Lines such as other tools print. */
@WasmExport
fun printPlaces(line: Int) {
    println("    at exceptions.refuse (Exceptions.kt:$line:9)")
    println("w: file:///nowhere/Nowhere.kt:3:1 is not there")
}

/** Endless where [number] is not negative. */
@WasmExport
fun endless(number: Int): Int = if (number < 0) number else endless(number + 1) + 1 // MARK: recursion
