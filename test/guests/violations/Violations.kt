@file:OptIn(ExperimentalWasmInterop::class, UnsafeWasmMemoryApi::class)

package guest

import kotlin.wasm.ExperimentalWasmInterop
import kotlin.wasm.WasmExport
import kotlin.wasm.WasmImport
import kotlin.wasm.unsafe.Pointer
import kotlin.wasm.unsafe.UnsafeWasmMemoryApi
import kotlin.wasm.unsafe.withScopedMemoryAllocator

// What a guest can do wrong at the boundary beside what calls/ does, each next to the same done rightly.

/** The host may call any export meanwhile. */
@WasmImport("host", "again")
external fun again(depth: Int): Int

/** The host may keep the pointer. */
@WasmImport("audit", "note")
external fun note(pointer: Int, size: Int) // MARK: note

/** The host may use a pointer that it has kept. */
@WasmImport("audit", "recall")
external fun recall(depth: Int): Int // MARK: recall

@WasmExport
fun echo(stringSize: Int, callId: Int) { // MARK: echo
    withScopedMemoryAllocator { memory -> memory.reply(memory.receive(stringSize, callId), callId) }
}

/** The scope of the argument ends before the result's begins: both may lie at the same address. */
@WasmExport
fun echoInTwoScopes(stringSize: Int, callId: Int) {
    val bytes = withScopedMemoryAllocator { memory -> memory.receive(stringSize, callId) }
    withScopedMemoryAllocator { memory -> memory.reply(bytes, callId) }
}

/** Writes the result into the argument's buffer, four bytes from its beginning. */
@WasmExport
fun answerInsideArgument(stringSize: Int, callId: Int) {
    withScopedMemoryAllocator { memory ->
        val buffer = memory.allocate(stringSize)
        callHostToStoreArgumentData(buffer.address.toInt(), callId)
        callHostToReturnResultData(buffer.address.toInt() + 4, stringSize - 4, callId) // MARK: inside argument
    }
}

/** Asks the host in between, which may call this again: each call's buffers are its own. */
@WasmExport
fun echoAroundHost(stringSize: Int, callId: Int) {
    withScopedMemoryAllocator { memory ->
        val bytes = memory.receive(stringSize, callId)
        again(stringSize)
        memory.reply(bytes, callId)
    }
}

/** Uses the same buffer in every call, also in one inside of another; [shift] bytes from its beginning. */
@WasmExport
fun echoInFixedBuffer(stringSize: Int, callId: Int, shift: Int) {
    val buffer = Pointer((FIXED + shift).toUInt())
    callHostToStoreArgumentData(buffer.address.toInt(), callId)
    val bytes = load(buffer, stringSize)
    if (shift == 0) again(stringSize)
    withScopedMemoryAllocator { memory -> memory.reply(bytes, callId) }
}

/** Returns the result of the call around this one, whose callId is one less. */
@WasmExport
fun answerForOuter(stringSize: Int, callId: Int) {
    withScopedMemoryAllocator { memory -> memory.reply(memory.receive(stringSize, callId), callId - 1) }
}

/** Takes its argument, and has no result. */
@WasmExport
fun swallow(stringSize: Int, callId: Int) { // MARK: swallow
    withScopedMemoryAllocator { memory -> memory.receive(stringSize, callId) }
}

private var hoarded = 1 shl 17

/** Needs more memory at every call, whatever it is given. */
@WasmExport
fun hoard(stringSize: Int, callId: Int) { // MARK: hoard
    withScopedMemoryAllocator { memory ->
        val bytes = memory.receive(stringSize, callId)
        hoarded += 1 shl 17
        memory.allocate(hoarded)
        memory.reply(bytes, callId)
    }
}

/** Shows the host its argument, and answers with it. */
@WasmExport
fun show(stringSize: Int, callId: Int) {
    withScopedMemoryAllocator { memory ->
        val bytes = memory.receive(stringSize, callId)
        note(memory.store(bytes).address.toInt(), bytes.size)
        recall(bytes.size)
        memory.reply(bytes, callId)
    }
}

/** Has the host look at what it kept, and shows it nothing. */
@WasmExport
fun remember(stringSize: Int, callId: Int) {
    withScopedMemoryAllocator { memory ->
        val bytes = memory.receive(stringSize, callId)
        recall(bytes.size)
        memory.reply(bytes, callId)
    }
}

private const val FIXED = 32768

/** Returns a buffer that it has never written to. */
@WasmExport
fun forget(stringSize: Int, callId: Int) {
    withScopedMemoryAllocator { memory ->
        memory.receive(stringSize, callId)
        callHostToReturnResultData(memory.allocate(stringSize).address.toInt(), stringSize, callId) // MARK: forget
    }
}

/** Whatever it is asked, the answer is the same. */
@WasmExport
fun acknowledge(stringSize: Int, callId: Int) {
    withScopedMemoryAllocator { memory ->
        memory.receive(stringSize, callId)
        memory.reply("ok".encodeToByteArray(), callId)
    }
}
