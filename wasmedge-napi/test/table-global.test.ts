import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Engine, Reference, type WasmValue } from 'wasmedge-napi';
import { library } from './support/engine.ts';
import { wat } from './support/wat.ts';
import { wrong } from './support/wrong.ts';

library();

test('a guest’s table: size, get, set, grow', () => {
  const engine = new Engine();
  const instance = engine.instantiate(
    engine.load(
      wat(`(module (table (export "t") 2 4 funcref) (elem (i32.const 0) $one)
        (func $one (result i32) i32.const 1)
        (func (export "call") (param i32) (result i32) local.get 0 call_indirect (result i32)))`),
    ),
  );
  const table = instance.table('t');
  assert.equal(table.size, 2);
  const one = table.get(0);
  assert.ok(one instanceof Reference);
  assert.deepEqual([one.type, one.isNull, table.get(1).isNull], ['funcref', false, true]);
  table.set(1, one);
  assert.deepEqual(instance.func('call').call(1), [1]);
  table.set(0, null);
  assert.equal(table.get(0).isNull, true);
  table.grow(2);
  assert.equal(table.size, 4);
  assert.equal(table.get(3).isNull, true);
  assert.throws(() => table.grow(1), { name: 'RangeError', message: /cannot grow from 4 by 1 elements/ });
});

test('indices and values of a table are checked', () => {
  const engine = new Engine();
  const host = engine.createHostModule('host');
  const functions = host.addTable('functions', { min: 1 }, 'funcref');
  const things = host.addTable('things', { min: 1, max: 1 }, 'externref');
  assert.throws(() => functions.get(1), {
    name: 'RangeError',
    message: 'The index 1 lies outside the table, which has 1 elements.',
  });
  assert.throws(() => functions.get(-1), RangeError);
  assert.throws(() => functions.get(2 ** 32), RangeError);
  assert.throws(() => functions.set(1, null), RangeError);
  assert.throws(() => functions.set(0, wrong(7)), {
    name: 'TypeError',
    message: /element must be a Reference \(funcref\)/,
  });
  assert.throws(() => functions.get(wrong('0')), TypeError);
  assert.throws(() => host.addTable('x', { min: 1 }, wrong('i32')), { name: 'TypeError' });
  assert.throws(() => host.addTable('x', { min: 2, max: 1 }, 'funcref'), RangeError);
  assert.throws(() => host.addTable('x', { min: 4e9 }, 'funcref'), RangeError);
  assert.throws(() => things.grow(1), RangeError);

  engine.register(host);
  const guest = engine.instantiate(
    engine.load(
      wat(`(module (import "host" "functions" (table 1 funcref)) (func $f) (elem declare func $f)
        (func (export "put") (table.set (i32.const 0) (ref.func $f))))`),
    ),
  );
  guest.func('put').call();
  assert.equal(functions.get(0).isNull, false);
  assert.throws(() => things.set(0, functions.get(0)), { name: 'TypeError', message: /not this funcref/ });
});

const values: [string, WasmValue, WasmValue][] = [
  ['i32', 5, -7],
  ['i64', 5n, -7n],
  ['f32', 0.5, -1],
  ['f64', 0.1, -1],
  ['v128', new Uint8Array(16).fill(1), new Uint8Array(16).fill(9)],
];

for (const [type, first, second] of values) {
  test(`a global of type ${type}, of the guest and of the host`, () => {
    const engine = new Engine();
    const host = engine.createHostModule('host');
    const global = host.addGlobal('g', type as 'i32', true, first);
    engine.register(host);
    const instance = engine.instantiate(
      engine.load(
        wat(`(module (import "host" "g" (global $g (mut ${type}))) (export "g" (global $g))
          (func (export "get") (result ${type}) global.get $g)
          (func (export "set") (param ${type}) local.get 0 global.set $g))`),
      ),
    );
    assert.equal(global.type, type);
    assert.equal(global.mutable, true);
    assert.deepEqual(global.value, first);
    assert.deepEqual(instance.func('get').call(), [first]);
    global.value = second;
    assert.deepEqual(instance.func('get').call(), [second]);
    instance.func('set').call(first);
    assert.deepEqual(instance.global('g').value, first);
  });
}

test('a global’s value is checked', () => {
  const engine = new Engine();
  const host = engine.createHostModule('host');
  const constant = host.addGlobal('c', 'i32', false, 1);
  assert.throws(() => (constant.value = 2), { name: 'TypeError', message: /not mutable/ });
  assert.equal(constant.value, 1);
  const variable = host.addGlobal('v', 'i64', true, 1n);
  assert.throws(() => (variable.value = 2), {
    name: 'TypeError',
    message: /global's value must be a bigint/,
  });
  assert.throws(() => host.addGlobal('x', 'i64', true, 1), {
    name: 'TypeError',
    message: /The value of the global 'x' must be a bigint/,
  });
  assert.throws(() => host.addGlobal('x', wrong('i65'), true, 1), TypeError);
  assert.throws(() => host.addGlobal('x', 'i32', wrong('yes'), 1), TypeError);
  const reference = host.addGlobal('r', 'externref', true, null);
  assert.equal((reference.value as Reference).isNull, true);
  assert.throws(() => (reference.value = 1), TypeError);
});
