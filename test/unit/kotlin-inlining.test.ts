import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { functionAtLine, readFunctions } from '../../debug-adapter/kotlin/function-ranges.ts';
import { findInlined } from '../../debug-adapter/kotlin/inlining.ts';

const SOURCE = `package demo.places

inline fun <reified T : Comparable<T>> List<T>.measured(block: (T) -> Unit): Int {
    forEach { block(it) }
    return 1
}

fun holder(numbers: List<Int>): Int {
    val text = "fun no { "
    val count = numbers.measured {
        println(it)
    }
    return count
}

fun short() = holder(
    emptyList(),
)

@Suppress("x")
private inline fun other(): Int = 3
interface Shape { fun area(): Double }
fun last() {}
`;

describe('functions of a file', () => {
  const file = readFunctions(SOURCE);
  test('their names and lines', () => {
    assert.deepEqual(
      file.functions.map(({ name, line, endLine, isInline }) => [name, line, endLine, isInline]),
      [
        ['demo.places.measured', 3, 6, true],
        ['demo.places.holder', 8, 14, false],
        ['demo.places.short', 16, 18, false],
        ['demo.places.other', 21, 21, true],
        ['demo.places.last', 23, 23, false],
      ],
    );
  });
  test('the one that a line is in', () => {
    assert.equal(functionAtLine(file, 9)?.name, 'demo.places.holder');
    assert.equal(functionAtLine(file, 15), undefined);
  });
  test('no text makes it throw or hang', () => {
    for (const text of [
      '',
      'fun',
      'fun f',
      'fun f(',
      'fun <',
      'fun f() =',
      'fun f() {',
      'inline fun (x',
      'fun f()<',
    ]) {
      assert.ok(Array.isArray(readFunctions(text).functions), text);
    }
  });
});

test('code by its lines: inlined, of a lambda, of another file', () => {
  const at = (line: number, column = 1) => ({ offset: line, functionIndex: 7, path: '/a.kt', line, column });
  const [begin, call, body, lambda] = [at(8), at(10), at(4), at(11)];
  const [more, after, wrong] = [at(5), at(13), at(23)];
  const found = findInlined([begin, call, body, lambda, more, after, wrong], () => readFunctions(SOURCE));
  assert.deepEqual(
    [...found.inlined],
    [
      [body, { name: 'demo.places.measured', call }],
      [more, { name: 'demo.places.measured', call }],
      [lambda, { name: null, call }],
    ],
  );
  assert.deepEqual([...found.foreign], [wrong]);
});
