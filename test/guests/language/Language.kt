@file:OptIn(ExperimentalWasmInterop::class, ExperimentalUnsignedTypes::class)

package language

import kotlin.coroutines.Continuation
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.createCoroutine
import kotlin.coroutines.resume
import kotlin.coroutines.suspendCoroutine
import kotlin.wasm.ExperimentalWasmInterop
import kotlin.wasm.WasmExport
import kotlin.wasm.WasmImport

/** What the guest found out, for whoever compares two runs of it. */
@WasmImport("host", "note")
external fun note(value: Int)

enum class Colour(val shade: Int) {
    RED(1),
    GREEN(2) {
        override fun mixed() = shade * 10
    },
    ;

    open fun mixed() = shade
}

sealed interface Shape {
    val area: Double
}

data class Circle(val radius: Double) : Shape {
    override val area get() = 3.0 * radius * radius
}

data class Rectangle(val width: Double, val height: Double) : Shape {
    override val area get() = width * height
}

object Nowhere : Shape {
    override val area = 0.0
}

value class Metres(val value: Int) {
    operator fun plus(other: Metres) = Metres(value + other.value)
}

/** Every type that a property can have; the fields are read by name in tests. */
class Everything(seed: Int) {
    val boolean = seed > 0
    val byte = seed.toByte()
    val short = (seed * 300).toShort()
    var int = seed * 70_000
    var long = seed * 5_000_000_000L
    val float = seed / 4f
    var double = seed / 8.0
    val char = 'a' + (seed and 7)
    val unsigned = (seed * 3).toUInt()
    var text = "text $seed"
    val nothing: String? = null
    val numbers = IntArray(5) { it * seed }
    val longs = LongArray(3) { it - 1L }
    val names = arrayOf("one", "two", null)
    val colour = if (seed > 0) Colour.RED else Colour.GREEN
    val shape: Shape = Circle(seed.toDouble())
    val metres = Metres(seed)
    var self: Everything? = null
}

open class Account(var balance: Int) {
    open fun add(amount: Int): Int {
        balance += amount
        return balance
    }
}

class Logged(balance: Int) : Account(balance) {
    private val seen = mutableListOf<Int>()

    override fun add(amount: Int): Int {
        seen.add(amount)
        return super.add(amount) + seen.size
    }
}

class Problem(message: String, val code: Int, cause: Throwable? = null) : RuntimeException(message, cause)

@WasmExport
fun fields(seed: Int): Int {
    val everything = Everything(seed)
    everything.self = everything
    everything.int += 1 // MARK: fields
    return everything.int + everything.text.length + everything.numbers.sum()
}

@WasmExport
fun arithmetic(number: Int): Int {
    var total = number.toLong()
    for (i in 1..10) total = total * 31 + i xor (total ushr 3)
    val unsigned = (number.toUInt() / 3u).toInt() + (number.toUByte().toInt() shl 2)
    val real = (number * 0.1).toInt() + (number / 3f).toInt()
    return (total % 1_000_007).toInt() + unsigned + real
}

@WasmExport
fun loops(number: Int): Int {
    var sum = 0
    outer@ for (i in 0 until 20) {
        var j = i
        while (true) {
            j += 3
            if (j % 7 == 0) continue@outer
            if (j > 30) break@outer
            sum += j // MARK: loop
            if (j > number + 10) break
        }
    }
    do {
        sum -= 2
    } while (sum > 100)
    for (i in 10 downTo 0 step 3) sum += i
    return sum
}

fun describe(value: Any?): String =
    when (value) {
        null -> "null"
        is Int -> "int ${value + 1}"
        is String -> if (value.isEmpty()) "empty" else value.uppercase()
        is Shape -> "shape of ${value.area}"
        is Colour -> "${value.name} ${value.mixed()}"
        else -> value.toString()
    }

@WasmExport
fun branches(number: Int): Int {
    val values = listOf(number, "", "word", null, Circle(2.0), Rectangle(2.0, 3.0), Nowhere, Colour.GREEN, 'c', Metres(4))
    return values.sumOf { describe(it).hashCode() % 1000 }
}

inline fun <T> measured(amount: Int, block: (Int) -> T): T {
    note(amount)
    val result = block(amount + 1)
    note(-amount)
    return result
}

@WasmExport
fun lambdas(number: Int): Int {
    var counter = 0
    val increase = { by: Int -> counter += by }
    repeat(3) { increase(it) }
    val inlined = measured(number) { value ->
        if (value == 4) return counter // MARK: inlined
        value * 2
    }
    val composed = listOf(3, 1, 2).map { it * number }.filter { it != 2 }.sortedBy { -it }.fold(inlined) { a, b -> a + b }
    fun local(depth: Int): Int = if (depth == 0) counter else 1 + local(depth - 1)
    return composed + local(5)
}

@WasmExport
fun objects(number: Int): Int {
    val accounts = listOf(Account(number), Logged(number), object : Account(1) {
        override fun add(amount: Int) = super.add(amount * 2)
    })
    val sum = accounts.sumOf { it.add(5) + it.add(6) }
    val circle = Circle(number.toDouble())
    val (radius) = circle
    val other = circle.copy(radius = radius + 1)
    return sum + other.area.toInt() + (if (other == Circle(radius + 1)) 1 else 0) + (Metres(2) + Metres(number)).value
}

fun risky(number: Int): Int {
    try {
        note(number)
        if (number > 0) throw Problem("number $number", number)
        if (number == -1) return -1
        error("never negative")
    } catch (problem: Problem) {
        note(problem.code) // MARK: caught
        if (problem.code > 2) throw Problem("again", problem.code, problem)
        return problem.code
    } finally {
        note(1000)
    }
}

@WasmExport
fun exceptions(number: Int): Int {
    var sum = 0
    for (i in -2..number) {
        sum += try {
            risky(i)
        } catch (problem: Problem) {
            val cause = problem.cause
            if (cause is Problem) cause.code * 100 else 7
        } catch (state: IllegalStateException) {
            state.message?.length ?: 0
        }
    }
    return sum
}

@WasmExport
fun uncaught(number: Int): Int {
    val before = Account(number)
    before.add(1)
    throw Problem("uncaught $number", before.balance) // MARK: uncaught
}

tailrec fun gcd(a: Int, b: Int): Int = if (b == 0) a else gcd(b, a % b)

fun fibonacci(number: Int): Int = if (number < 2) number else fibonacci(number - 1) + fibonacci(number - 2)

@WasmExport
fun recursion(number: Int): Int = fibonacci(number + 8) + gcd(number * 12, 18)

@WasmExport
fun collections(number: Int): Int {
    val map = mutableMapOf("a" to 1, "b" to 2)
    map["c"] = number
    val set = setOf(1, 2, number)
    val deque = ArrayDeque(listOf(1, 2, 3))
    deque.addFirst(number)
    val text = buildString {
        for ((key, value) in map) append(key).append(value).append(';')
        append(deque.joinToString(prefix = "[", postfix = "]"))
    }
    val groups = (1..20).groupBy { it % 3 }.mapValues { (_, values) -> values.sum() }
    val array = Array(4) { row -> IntArray(4) { column -> row * column + number } }
    return text.hashCode() % 10_000 + set.size + groups.values.sum() + array.sumOf { it.sum() } + uintArrayOf(1u, 2u).sum().toInt()
}

@WasmExport
fun strings(number: Int): Int {
    val text = "number $number, ${if (number > 0) "positive" else "not"} – ünïcödé"
    val parts = text.split(' ').map { it.trim(',') }
    val rope = parts.reduce { a, b -> a + b + number }
    return rope.hashCode() % 10_000 + text.encodeToByteArray().size + (text.indexOf("po")) + text.reversed().length
}

var waiting: Continuation<Int>? = null

suspend fun next(): Int = suspendCoroutine { waiting = it }

suspend fun twoNumbers(first: Int): Int {
    val second = next()
    note(second) // MARK: resumed
    val third = next()
    return first + second + third
}

@WasmExport
fun coroutines(number: Int): Int {
    var result = 0
    val start = suspend { twoNumbers(number) }
    val body = start.createCoroutine(Continuation(EmptyCoroutineContext) { result = it.getOrDefault(-1) })
    body.resume(Unit)
    waiting?.resume(10)
    waiting?.resume(100)
    val lazy = sequence {
        var value = number
        while (true) yield(value++)
    }
    return result + lazy.take(4).sum()
}

val delegated: Int by lazy { fibonacci(6) }
var top = 5

@WasmExport
fun properties(number: Int): Int {
    top += number
    return top + delegated
}

/** The tightest loop there is, for measuring. */
@WasmExport
fun tightLoop(times: Int): Int {
    var sum = 0
    var i = 0
    while (i < times) {
        sum += i
        i++
    }
    return sum
}
