import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Engine, Reference, type Instance, type WasmValue } from 'wasmedge-napi';
import { library } from './support/engine.ts';
import { wat } from './support/wat.ts';

library();

const engine = new Engine();
function instantiate(text: string): Instance {
  return engine.instantiate(engine.load(wat(text)));
}

const same = instantiate(`(module
  ${['i32', 'i64', 'f32', 'f64', 'v128', 'funcref', 'externref']
    .map((type) => `(func (export "${type}") (param ${type}) (result ${type}) local.get 0)`)
    .join('\n')})`);
const identity = (type: string, value: WasmValue): WasmValue | undefined => same.func(type).call(value)[0];

test('each number comes back as it was', () => {
  for (const value of [0, 1, -1, 2147483647, -2147483648]) assert.equal(identity('i32', value), value);
  for (const value of [0n, 1n, -1n, 2n ** 63n - 1n, -(2n ** 63n)])
    assert.equal(identity('i64', value), value);
  for (const value of [0, 1.5, -Infinity, 3.4028234663852886e38]) assert.equal(identity('f32', value), value);
  for (const value of [0, 0.1, -1.7976931348623157e308, 5e-324]) assert.equal(identity('f64', value), value);
  assert.ok(Object.is(identity('f64', -0), -0));
  assert.ok(Number.isNaN(identity('f32', NaN)));
  assert.equal(identity('f32', 0.1), Math.fround(0.1));
});

test('unsigned readings are taken, and come back signed', () => {
  assert.equal(identity('i32', 4294967295), -1);
  assert.equal(identity('i64', 2n ** 64n - 1n), -1n);
});

test('v128 is 16 bytes', () => {
  const bytes = Uint8Array.from({ length: 16 }, (_, i) => i * 17);
  assert.deepEqual(identity('v128', bytes), bytes);
});

test('null references', () => {
  for (const type of ['funcref', 'externref']) {
    const [reference] = same.func(type).call(null);
    assert.ok(reference instanceof Reference);
    assert.equal(reference.isNull, true);
    assert.equal(reference.type, type);
    assert.equal((identity(type, reference) as Reference).isNull, true);
  }
});

test('no results, several results', () => {
  const instance = instantiate(`(module
    (func (export "none"))
    (func (export "three") (param i32) (result i64 f32 i32) i64.const 5 f32.const 0.5 local.get 0))`);
  assert.deepEqual(instance.func('none').call(), []);
  assert.deepEqual(instance.func('three').call(7), [5n, 0.5, 7]);
  assert.deepEqual(instance.func('three').type, { params: ['i32'], results: ['i64', 'f32', 'i32'] });
});

test('more parameters and results than fit on the stack', () => {
  const types = 'i32 '.repeat(20);
  const gets = Array.from({ length: 20 }, (_, i) => `local.get ${i}`).join(' ');
  const instance = instantiate(`(module (func (export "f") (param ${types}) (result ${types}) ${gets}))`);
  const values = Array.from({ length: 20 }, (_, i) => i * 3);
  assert.deepEqual(instance.func('f').call(...values), values);
});

const wrongTypes: [string, string | number | bigint | boolean | object | undefined | null, RegExp][] = [
  ['i32', '1', /Parameter 1 of i32 must be a number \(i32\), not a string/],
  ['i32', 1n, /must be a number \(i32\), not a bigint/],
  ['i32', undefined, /not undefined/],
  ['i32', null, /not null/],
  ['i32', true, /not a boolean/],
  ['i32', 1.5, /must be an integer \(i32\)/],
  ['i32', NaN, /must be an integer \(i32\)/],
  ['i64', 1, /must be a bigint \(i64\), not a number/],
  ['f32', 1n, /must be a number \(f32\), not a bigint/],
  ['f64', '1', /must be a number \(f64\), not a string/],
  ['v128', new Uint8Array(15), /must be a Uint8Array of 16 bytes/],
  ['v128', 'x', /must be a Uint8Array of 16 bytes/],
  ['v128', new Uint16Array(8), /must be a Uint8Array of 16 bytes/],
  ['funcref', 0, /must be a Reference \(funcref\) or null, not a number/],
  ['externref', {}, /must be a Reference \(externref\) or null, not an object/],
  ['externref', engine, /must be a Reference/],
];
for (const [type, value, message] of wrongTypes) {
  const shown = typeof value === 'object' ? (value?.constructor.name ?? 'null') : `${typeof value} ${value}`;
  test(`${shown} for an ${type} is a TypeError`, () => {
    assert.throws(() => same.func(type).call(value as WasmValue), { name: 'TypeError', message });
  });
}

test('numbers that do not fit are a RangeError', () => {
  assert.throws(() => identity('i32', 4294967296), { name: 'RangeError', message: /does not fit 32 bits/ });
  assert.throws(() => identity('i32', -2147483649), RangeError);
  assert.throws(() => identity('i32', Infinity), RangeError);
  assert.throws(() => identity('i64', 2n ** 64n), { name: 'RangeError', message: /does not fit 64 bits/ });
  assert.throws(() => identity('i64', -(2n ** 63n) - 1n), RangeError);
});

test('the number of parameters is checked', () => {
  assert.throws(() => same.func('i32').call(), {
    name: 'TypeError',
    message: 'i32 takes 1 parameter, not 0.',
  });
  assert.throws(() => same.func('i32').call(1, 2), { name: 'TypeError', message: /not 2/ });
});

test('a reference of one kind is not taken for another', () => {
  const instance = instantiate(`(module
    (func $f (export "f")) (elem declare func $f)
    (func (export "get") (result funcref) ref.func $f))`);
  const [reference] = instance.func('get').call();
  assert.ok(reference instanceof Reference);
  assert.equal(reference.type, 'funcref');
  assert.equal(reference.isNull, false);
  assert.throws(() => same.func('externref').call(reference), {
    name: 'TypeError',
    message: /must be a reference of type externref, not this funcref/,
  });
  assert.equal((identity('funcref', reference) as Reference).isNull, false);
});

test('a reference of another engine is refused', () => {
  const other = new Engine();
  const instance = other.instantiate(
    other.load(wat('(module (func $f (export "f") (result funcref) ref.func $f))')),
  );
  const [reference] = instance.func('f').call();
  assert.throws(() => same.func('funcref').call(reference as Reference), {
    name: 'TypeError',
    message: /is a reference of another engine/,
  });
  other.dispose();
  assert.throws(() => same.func('funcref').call(reference as Reference), { name: 'DisposedError' });
});
