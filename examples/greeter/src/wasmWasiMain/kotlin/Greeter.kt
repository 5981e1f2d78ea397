@file:OptIn(ExperimentalWasmInterop::class, UnsafeWasmMemoryApi::class)

package greeter

import kotlin.wasm.ExperimentalWasmInterop
import kotlin.wasm.WasmExport
import kotlin.wasm.unsafe.UnsafeWasmMemoryApi
import kotlin.wasm.unsafe.withScopedMemoryAllocator

/** Text in, text out: `World` is answered with `Hello, World!`. */
@WasmExport
fun greet(stringSize: Int, callId: Int) {
    withScopedMemoryAllocator { memory ->
        val name = memory.receiveText(stringSize, callId) // MARK: name
        val greeting = "Hello, $name!"
        memory.returnText(greeting, callId) // MARK: greeting
    }
}

/** JSON in, JSON out: `{"name": "Ada", "languages": ["Kotlin"]}`. */
@WasmExport
fun greetPerson(jsonSize: Int, callId: Int) {
    withScopedMemoryAllocator { memory ->
        val person = parseJson(memory.receiveText(jsonSize, callId)) as Map<*, *>
        val name = person["name"] as String // MARK: person
        val languages = person["languages"] as? List<*> ?: emptyList<Any>()
        val spoken = languages.joinToString(",") { quoteJson(it.toString()) }
        val reply = """{"greeting":${quoteJson("Hello, $name!")},"letters":${name.length},"languages":[$spoken]}"""
        memory.returnText(reply, callId) // MARK: reply
    }
}

/** Numbers only, no buffers: 1 + 2 + … + [count]. */
@WasmExport
fun sum(count: Int): Int {
    var total = 0
    for (number in 1..count) {
        total += number // MARK: total
    }
    return total
}

/** `36` is answered with `37`; what is no number ends in an exception that nobody catches. */
@WasmExport
fun nextBirthday(stringSize: Int, callId: Int) {
    val age = receiveAge(stringSize, callId)
    withScopedMemoryAllocator { memory ->
        memory.returnText("${age + 1}", callId)
    }
}

private fun receiveAge(stringSize: Int, callId: Int): Int {
    val text = receiveBriefly(stringSize, callId)
    return text.toInt() // MARK: exception
}

/** Frees the buffer at once: what follows needs the text alone. */
private fun receiveBriefly(stringSize: Int, callId: Int): String =
    withScopedMemoryAllocator { memory -> memory.receiveText(stringSize, callId) }

/** A mistake in pointer arithmetic: the result is said to lie where no memory is. */
@WasmExport
fun greetFromNowhere(stringSize: Int, callId: Int) {
    withScopedMemoryAllocator { memory ->
        val name = memory.receiveText(stringSize, callId)
        val bytes = "Hello, $name!".encodeToByteArray()
        val buffer = memory.copyToMemory(bytes)
        val wrong = buffer.address.toInt() + Int.MAX_VALUE
        callHostToReturnResultData(wrong, bytes.size, callId) // MARK: outside memory
    }
}
