@file:OptIn(ExperimentalWasmInterop::class, UnsafeWasmMemoryApi::class)

package guest

import kotlin.wasm.ExperimentalWasmInterop
import kotlin.wasm.WasmExport
import kotlin.wasm.unsafe.UnsafeWasmMemoryApi
import kotlin.wasm.unsafe.withScopedMemoryAllocator

/** Prints its arguments; `exit=N` among them exits with N, `throw` throws. */
fun main() {
    println("main ${arguments().drop(1)}") // MARK: main
    for (argument in arguments().drop(1)) {
        if (argument.startsWith("exit=")) procExit(argument.removePrefix("exit=").toInt())
        if (argument == "throw") error("main threw")
    }
}

/** [count] lines to standard output and as many to standard error, in turn. */
@WasmExport
fun printLines(count: Int) {
    for (number in 1..count) {
        println("out $number") // MARK: print
        write(2, "err $number\n")
    }
}

/** The beginning of a DAP message, and no line break at the end. */
@WasmExport
fun printPartial() {
    write(1, "Content-Length: 17\r\n\r\n{\"seq\":1} partial")
}

@WasmExport
fun exit(code: Int) {
    procExit(code) // MARK: exit
}

/** One argument a line. */
@WasmExport
fun listArguments(callId: Int) {
    withScopedMemoryAllocator { memory ->
        memory.reply(arguments().drop(1).joinToString("\n").encodeToByteArray(), callId)
    }
}

/** One `NAME=VALUE` a line. */
@WasmExport
fun listEnvironment(callId: Int) {
    withScopedMemoryAllocator { memory ->
        memory.reply(environment().sorted().joinToString("\n").encodeToByteArray(), callId)
    }
}

@WasmExport
fun readStandardInput(callId: Int) {
    withScopedMemoryAllocator { memory ->
        memory.reply(readAll(0), callId)
    }
}

/** The content of the file whose path, below the first preopened directory, is the argument. */
@WasmExport
fun readPreopened(stringSize: Int, callId: Int) {
    withScopedMemoryAllocator { memory ->
        val path = memory.receive(stringSize, callId).decodeToString()
        memory.reply(readFile(path), callId)
    }
}
