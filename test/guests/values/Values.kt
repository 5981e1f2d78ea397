@file:OptIn(ExperimentalWasmInterop::class, UnsafeWasmMemoryApi::class, ExperimentalUnsignedTypes::class)

package values

import kotlin.wasm.ExperimentalWasmInterop
import kotlin.wasm.WasmExport
import kotlin.wasm.unsafe.Pointer
import kotlin.wasm.unsafe.UnsafeWasmMemoryApi
import kotlin.wasm.unsafe.withScopedMemoryAllocator

enum class Colour { RED, GREEN }

interface Shape

data class Circle(val radius: Double) : Shape

object Nowhere : Shape

value class Metres(val value: Int)

open class Account(var owner: String, var balance: Int) {
    var open: Boolean = true
    var limit: UInt = 4_000_000_000u
    var grade: Char = 'b'
    val ratio = 0.1f

    open fun deposit(amount: Int): Int {
        balance += amount // MARK: deposit
        return balance
    }
}

class Savings(owner: String, balance: Int, val rate: Double) : Account(owner, balance) {
    var next: Account? = null
}

class Problem(message: String, val code: Int, cause: Throwable? = null) : Exception(message, cause)

@WasmExport
fun primitives(seed: Int): Int {
    val yes: Boolean = seed > 0
    val letter: Char = 'a' + seed
    val byte: Byte = -1
    val short: Short = 300
    val long: Long = 5_000_000_000L
    val float: Float = 0.1f
    val double: Double = 2.0
    val unsigned: UInt = 4_000_000_000u
    val unsignedByte: UByte = 200u
    val unsignedLong: ULong = ULong.MAX_VALUE
    val metres: Metres = Metres(seed)
    val maybe: Int? = seed
    val none: String? = null
    val sum = seed + letter.code + byte + short + long + float + double
    val unsignedSum = unsigned.toInt() + unsignedByte.toInt() + unsignedLong.toInt() + metres.value
    return sum.toInt() + unsignedSum + (maybe ?: 0) + (none?.length ?: 0) + (if (yes) 1 else 0) // MARK: primitives
}

@WasmExport
fun texts(seed: Int): Int {
    val plain: String = "Grüße, \"Ada\" 🙂"
    var rope = "start"
    for (i in 0 until seed) rope += ", $i"
    val empty = ""
    val long = "x".repeat(5000)
    val builder = StringBuilder("built ").append(seed)
    return plain.length + rope.length + empty.length + long.length + builder.length // MARK: texts
}

@WasmExport
fun collections(seed: Int): Int {
    val ints = IntArray(3) { it * seed }
    val flags = booleanArrayOf(true, false)
    val letters = charArrayOf('a', '"')
    val words = arrayOf("one", null, "three")
    val list = listOf("one", 2, 3.0, 'c', true, null, Colour.RED)
    val grown = mutableListOf<Int>()
    for (i in 0 until seed) grown.add(i)
    val deque = ArrayDeque(listOf(1, 2, 3))
    deque.addFirst(0)
    val map = mutableMapOf("a" to 1, "b" to 2, "c" to 3)
    map.remove("b")
    val set = setOf("x", "y")
    val nothing = emptyList<Int>()
    val pair = "left" to seed
    val range = 1..seed
    val few = ints.size + flags.size + letters.size + words.size + list.size + grown.size + deque.size + map.size
    val all = few + set.size + nothing.size + pair.second + range.last
    return all // MARK: collections
}

@WasmExport
fun many(count: Int): Int {
    val numbers = IntArray(count) { it }
    val list = numbers.asList().toMutableList()
    return numbers.size - list.size // MARK: many
}

@WasmExport
fun objects(seed: Int): Int {
    val account = Account("Ada", seed)
    val savings = Savings("Bob", 7, 1.5)
    savings.next = savings
    val shape: Shape = Circle(2.5)
    val nowhere: Shape = Nowhere
    val colour = Colour.GREEN
    val unit = Unit
    val boxed: Any = Metres(seed)
    var counter = 0
    val step = seed + 1
    val increase = { by: Int -> counter += by * step }
    increase(2)
    val anonymous = object : Account("Eve", step) {}
    val problem = Problem("outer", 3, IllegalStateException("inner"))
    account.deposit(5)
    val owners = account.owner + savings.owner + anonymous.owner + problem.message + shape + nowhere + colour + unit + boxed
    return owners.length + counter // MARK: objects
}

@WasmExport
fun pointers(seed: Int): Int = withScopedMemoryAllocator { allocator ->
    val buffer: Pointer = allocator.allocate(16)
    buffer.storeInt(seed)
    buffer.loadInt() // MARK: pointers
}

@WasmExport
fun changed(seed: Int): Int {
    var number: Int = seed
    val long: Long = 1L
    val yes: Boolean = seed > 0
    val letter: Char = 'a'
    val text = "text"
    val unsigned: UInt = 1u
    val real: Double = 0.5
    var counter = 0
    val count = { counter += 1 }
    number += 1
    count() // MARK: changed
    return told("$number $long $yes $letter $text $unsigned $real $counter")
}

fun told(all: String): Int {
    return all.length // MARK: told
}
