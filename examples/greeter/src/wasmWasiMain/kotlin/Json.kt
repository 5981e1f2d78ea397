package greeter

/** Reads JSON into maps, lists, strings, doubles, booleans and null: as little as this example needs. */
fun parseJson(text: String): Any? = JsonReader(text).readDocument()

fun quoteJson(text: String): String = "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\""

private class JsonReader(private val text: String) {
    private var position = 0

    fun readDocument(): Any? {
        val value = readValue()
        require(peek() == null) { "unexpected text at $position" }
        return value
    }

    private fun readValue(): Any? = when (peek()) {
        '{' -> buildMap {
            readItems('{', '}') {
                val key = readString()
                expect(':')
                put(key, readValue())
            }
        }
        '[' -> buildList { readItems('[', ']') { add(readValue()) } }
        '"' -> readString()
        else -> readWord()
    }

    private inline fun readItems(open: Char, close: Char, readItem: () -> Unit) {
        expect(open)
        while (peek() != close) {
            readItem()
            if (peek() != close) expect(',')
        }
        expect(close)
    }

    private fun readString(): String {
        expect('"')
        val result = StringBuilder()
        while (text[position] != '"') {
            if (text[position] == '\\') position++
            result.append(text[position++])
        }
        position++
        return result.toString()
    }

    private fun readWord(): Any? {
        val start = position
        while (position < text.length && text[position] !in ",]} \t\r\n") position++
        return when (val word = text.substring(start, position)) {
            "true" -> true
            "false" -> false
            "null" -> null
            else -> word.toDouble()
        }
    }

    private fun expect(wanted: Char) {
        require(peek() == wanted) { "'$wanted' expected at $position" }
        position++
    }

    /** The next character that is not white space; null at the end. */
    private fun peek(): Char? {
        while (position < text.length && text[position].isWhitespace()) position++
        return text.getOrNull(position)
    }
}
