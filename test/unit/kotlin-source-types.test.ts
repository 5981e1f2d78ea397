import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { GuestTypes } from '../../debug-adapter/kotlin/source-types/guest-types.ts';

const PATH = '/project/Source.kt';

/** What is known of the locals of the function that holds the text `// HERE`. */
function localsOf(source: string) {
  const before = source.slice(0, source.indexOf('// HERE')).split('\n');
  const place = { path: PATH, line: before.length, column: (before.at(-1) ?? '').length };
  return new GuestTypes(new Map([[PATH, source]])).locals([place]);
}

/** The type of the local `x` of such a function. */
const typeOfX = (declaration: string, around = '') =>
  localsOf(
    `package demo\n${around}\nfun f(seed: Int, name: String) {\n ${declaration}\n  g() // HERE\n}`,
  ).typeOf('x');

describe('types that the source states', () => {
  const STATED: [string, string | null][] = [
    ['val x: Boolean = g()', 'Boolean'],
    ['val x: kotlin.UInt = g()', 'UInt'],
    ['val x: Int? = g()', null],
    ['val x = 3', 'Int'],
    ['val x = 3L', 'Long'],
    ["val x = 'c'", 'Char'],
    ['val x = 3u // so many', 'UInt'],
    ['val x = seed > 2 && !g()', 'Boolean'],
    ['val x = seed * 2L', 'Long'],
    ['val x = name.length + 1', 'Int'],
    ['val x = seed.toUByte()', 'UByte'],
    ['val y = seed; val x = y', null],
    ['val y = 2.5\n val x = y + seed', 'Double'],
    ['for (x in 0 until seed) {}', 'Int'],
    ["for (x in 'a'..'z') {}", 'Char'],
    ['for (x in g()) {}', null],
    ['val x = g()', null],
    ['val x = 3\n   .let { g(it) }', null],
    ['val x = seed +\n   2L', null],
    ['val x = 1\n run { val x = true }', null],
    ['val (x, y) = g()', null],
    ['val x = { a: Int -> true }', null],
  ];
  for (const [declaration, type] of STATED) {
    test(declaration.replaceAll('\n', ' ⏎ '), () => assert.equal(typeOfX(declaration), type));
  }

  test('functions and value classes of the user', () => {
    const around = [
      'value class Metres(val value: Int)',
      'fun count(): UInt = 3u',
      'fun half(of: Int) = 2',
      'fun twice(a: Int): Int = 1',
      'fun twice(a: Long): Long = 1',
      'class Box(val length: Long)',
    ].join('\n');
    assert.equal(typeOfX('val x: Metres = g()', around), 'demo.Metres');
    assert.equal(typeOfX('val x = Metres(3)', around), 'demo.Metres');
    assert.equal(typeOfX('val x = count()', around), 'UInt');
    assert.equal(typeOfX('val x = half(2)', around), null, 'it does not say what it returns');
    assert.equal(typeOfX('val x = twice(2)', around), null, 'there are two');
    assert.equal(
      typeOfX('val x = box.length', around),
      null,
      'a class of the user has a property of that name',
    );
    assert.equal(typeOfX('val x = name.length', around), 'Int');
  });

  test('a name of the user hides one of the language', () => {
    assert.equal(typeOfX('val x: Int = g()', 'class Int'), 'demo.Int');
  });
});

describe('which names the user has given', () => {
  const SOURCE = `fun other(a: Int) { val b = 1 }
fun f(first: Int) {
  val second = 2 // HERE
  list.forEach { third: Char -> val fourth = third }
  class Local { fun g(fifth: Int) = fifth }
}`;
  test('in a function and its lambdas, and in no other', () => {
    const locals = localsOf(SOURCE);
    assert.ok(locals.isKnown);
    const names = ['a', 'b', 'first', 'second', 'third', 'fourth', 'fifth'];
    assert.deepEqual(
      names.filter((name) => locals.declares(name)),
      ['first', 'second', 'third', 'fourth'],
    );
    assert.equal(locals.typeOf('third'), 'Char');
  });

  test('a lambda of its own knows its parameters', () => {
    const locals = localsOf('val increase = { by: Long ->\n  g(by) // HERE\n}');
    assert.equal(locals.typeOf('by'), 'Long');
  });

  test('nothing is known of sources that are not there', () => {
    const locals = new GuestTypes(new Map()).locals([{ path: PATH, line: 1, column: 1 }]);
    assert.equal(locals.isKnown, false);
  });
});

describe('fields', () => {
  const types = new GuestTypes(
    new Map([
      [
        PATH,
        `package demo
class Account(private val owner: String, var open: Boolean = true) : Base(owner), Named {
  var limit = 3u
  val grade: Char get() = 'c'
  class Inner(val open: Boolean)
}
class Twice { class Inner(val open: Byte) }`,
      ],
    ]),
  );
  test('of the constructor and of the body', () => {
    assert.equal(types.field('demo.Account', 'open'), 'Boolean');
    assert.equal(types.field('demo.Account', 'limit'), 'UInt');
    assert.equal(types.field('demo.Account', 'none'), null);
    assert.equal(types.field('demo.Nobody', 'open'), null);
  });
  test('classes of one name that do not agree say nothing', () => {
    assert.equal(types.field('demo.Inner', 'open'), null);
  });
});

test('any text is read without an error, and soon', () => {
  const texts = [
    '',
    '}',
    ')))',
    'fun',
    'class',
    'fun f(',
    'val x: (',
    'for (',
    'fun f() = ',
    'class A : ',
    '{'.repeat(500_000),
  ];
  for (const text of texts) new GuestTypes(new Map([[PATH, text]]));
});
