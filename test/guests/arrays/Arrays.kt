@file:OptIn(ExperimentalWasmInterop::class)

package guest

import kotlin.wasm.ExperimentalWasmInterop
import kotlin.wasm.WasmExport
import kotlin.wasm.WasmImport

// Arrays that the host reaches through a handle, element by element: @WasmExport takes numbers only, so an IntArray
// cannot cross itself.

private val arrays = mutableListOf<IntArray?>()

/** A new array of zeros; its handle. */
@WasmExport("array_new")
fun arrayNew(size: Int): Int {
    arrays += IntArray(size)
    return arrays.size
}

@WasmExport("array_size")
fun arraySize(array: Int): Int = of(array).size

@WasmExport("array_get")
fun arrayGet(array: Int, index: Int): Int = of(array)[index] // MARK: get

@WasmExport("array_set")
fun arraySet(array: Int, index: Int, value: Int) {
    of(array)[index] = value // MARK: set
}

@WasmExport("array_free")
fun arrayFree(array: Int) {
    arrays[array - 1] = null
}

private fun of(array: Int): IntArray = arrays.getOrNull(array - 1) ?: error("There is no array $array.")

@WasmExport
fun sum(array: Int): Int = of(array).sum()

/** A new array with each element's square. */
@WasmExport
fun squares(array: Int): Int {
    val result = of(array).map { it * it }.toIntArray()
    arrays += result
    return arrays.size
}

/** In place. */
@WasmExport
fun sort(array: Int) {
    of(array).sort()
}

/** Both arrays, element by element. */
@WasmExport
fun dot(left: Int, right: Int): Int = of(left).zip(of(right)).sumOf { (a, b) -> a * b }

// The same with other names and another type of element, which a configuration has to say.

private val lists = mutableListOf<DoubleArray>()

@WasmExport
fun makeSeries(length: Int): Int {
    lists += DoubleArray(length)
    return lists.size
}

@WasmExport
fun putAt(series: Int, at: Int, number: Double) {
    lists[series - 1][at] = number
}

@WasmExport
fun valueAt(series: Int, at: Int): Double = lists[series - 1][at]

@WasmExport
fun mean(series: Int): Double = lists[series - 1].average()

@WasmImport("host", "again")
external fun again(array: Int): Int

/** The host works on the array in between. */
@WasmExport
fun through(array: Int): Int = again(array) + of(array).sum()
