@file:OptIn(ExperimentalWasmInterop::class)

package places

import kotlin.coroutines.Continuation
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.createCoroutine
import kotlin.coroutines.resume
import kotlin.coroutines.suspendCoroutine
import kotlin.wasm.ExperimentalWasmInterop
import kotlin.wasm.WasmExport
import kotlin.wasm.WasmImport

@WasmImport("host", "note")
external fun note(value: Int)

class Counter(var total: Int) {
    fun add(amount: Int): Int {
        total += amount // MARK: add
        return total
    }

    fun add(amount: Int, times: Int): Int {
        repeat(times) { add(amount) } // MARK: add times
        return total
    }

    val doubled: Int
        get() = total * 2 // MARK: doubled
}

/** Its first line is in the loop: it begins once, all the same. */
fun countDown(from: Int): Int {
    while (left(from) > 0) { // MARK: count down
        taken += 1
    }
    return taken
}

var taken = 0

fun left(from: Int): Int = from - taken // MARK: left

@WasmExport
fun counters(number: Int): Int {
    val counter = Counter(number) // MARK: counter
    counter.add(2)
    counter.add(3, 2)
    taken = 0
    return counter.doubled + countDown(number)
}

fun one(value: Int): Int {
    return value + 1 // MARK: one
}

fun two(value: Int): Int {
    return value + 2 // MARK: two
}

fun both(first: Int, second: Int): Int {
    return first * second // MARK: both
}

@WasmExport
fun severalCalls(number: Int): Int {
    val before = number + 1
    val result = both(one(before), two(number)) // MARK: several calls
    return result // MARK: after several calls
}

inline fun measured(amount: Int, block: (Int) -> Int): Int {
    note(amount) // MARK: measured
    val result = block(amount + 1) // MARK: measured block
    note(-amount) // MARK: measured end
    return result
}

@WasmExport
fun inlined(number: Int): Int {
    val base = number * 10 // MARK: inlined
    val result = measured(base) { value -> // MARK: call of measured
        one(value) // MARK: in the lambda
    }
    return result // MARK: after measured
}

@WasmExport
fun lambdas(number: Int): Int {
    var sum = 0
    val increase = { by: Int -> // MARK: lambda
        sum += by // MARK: lambda body
        sum
    }
    increase(number) // MARK: call of the lambda
    increase(2) // MARK: second call of the lambda
    return sum
}

class Refused(val code: Int) : RuntimeException("refused $code")

fun refuse(code: Int): Int {
    if (code > 0) throw Refused(code) // MARK: throw
    return code // MARK: not thrown
}

@WasmExport
fun tries(number: Int): Int {
    var result = 0 // MARK: before try
    try {
        result += refuse(number) // MARK: in try
        result += 1 // MARK: end of try
    } catch (refused: Refused) {
        result = refused.code // MARK: in catch
    } finally {
        note(result) // MARK: in finally
    }
    return result // MARK: after try
}

fun factorial(number: Int): Int {
    if (number < 2) return 1 // MARK: factorial
    return number * factorial(number - 1) // MARK: recursion
}

@WasmExport
fun recursion(number: Int): Int = factorial(number) // MARK: call of factorial

var waiting: Continuation<Int>? = null

suspend fun received(): Int = suspendCoroutine { waiting = it }

suspend fun sumOfReceived(first: Int): Int {
    val second = received() // MARK: first suspension
    val third = received() // MARK: second suspension
    return first + second + third // MARK: resumed
}

@WasmExport
fun coroutines(number: Int): Int {
    var sum = 0
    val start = suspend { sumOfReceived(number) }
    start.createCoroutine(Continuation(EmptyCoroutineContext) { sum = it.getOrThrow() }).resume(Unit)
    waiting?.resume(10) // MARK: resume once
    waiting?.resume(100) // MARK: resume twice
    return sum // MARK: coroutine done
}

@WasmExport
fun library(number: Int): Int {
    val sorted = listOf(number, 3, 1).sortedBy { -it } // MARK: library
    return sorted.first() // MARK: after library
}

open class Pet {
    open fun age(): Int = 1
}

class Cat : Pet() {
    override fun age(): Int {
        return 2 // MARK: cat
    }
}

@WasmExport
fun targets(number: Int): Int {
    val pet: Pet = if (number > 0) Cat() else Pet()
    val sum = pet.age() + one(number) // MARK: virtual call
    if (number > 0) note(sum) else note(two(number)) // MARK: two ways
    return sum // MARK: after targets
}
