import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeBody } from '../../debug-adapter/kotlin/rewriting/body-decoder.ts';
import { readShape } from '../../debug-adapter/kotlin/rewriting/module-shape.ts';
import { rewrite } from '../../debug-adapter/kotlin/rewriting/rewrite.ts';
import { wat } from '../../wasmedge-napi/test/support/wat.ts';
import { arm, connectStops, stoppingEngine } from './support/stops.ts';

const COUNT = 0x6a; // i32.add

/** Counts up to its parameter; its loop's addition has site 0. */
function counting() {
  const bytes = wat(`(module (func (export "count") (param i32) (result i32) (local i32)
    (loop (local.set 1 (i32.add (local.get 1) (i32.const 1))) (br_if 0 (i32.lt_s (local.get 1) (local.get 0))))
    local.get 1))`);
  const [body] = readShape(bytes).bodies;
  assert(body);
  const probes = decodeBody(bytes, body).operators.flatMap(({ code, start }) =>
    code === COUNT ? [start] : [],
  );
  return rewrite(bytes, { functions: [{ functionIndex: 0, probes }] });
}

test('an armed site stops the guest each time, any other never', () => {
  const rewritten = counting();
  const stops: number[] = [];
  const engine = stoppingEngine((site) => {
    stops.push(site);
    // Disarmed while the guest stands there, so that it stops no more.
    if (stops.length === 3) arm(instance, rewritten, site, false);
  });
  const instance = engine.instantiate(engine.load(rewritten.bytes));
  connectStops(engine, instance, rewritten);
  const count = instance.func('count');
  assert.deepEqual([count.call(5), stops], [[5], []]);
  arm(instance, rewritten, 0, true);
  assert.deepEqual([count.call(5), stops], [[5], [0, 0, 0]]);
});

test('what the stop function throws comes out of the call', () => {
  const rewritten = counting();
  const engine = stoppingEngine(() => {
    throw new Error('ended while stopped');
  });
  const instance = engine.instantiate(engine.load(rewritten.bytes));
  connectStops(engine, instance, rewritten);
  arm(instance, rewritten, 0, true);
  assert.throws(() => instance.func('count').call(5), /ended while stopped/);
});

test('a trap’s offset leads to the original operator', () => {
  const bytes = wat('(module (func (export "f") nop nop unreachable))');
  const [body] = readShape(bytes).bodies;
  assert(body);
  const operators = decodeBody(bytes, body).operators;
  const functions = [{ functionIndex: 0, probes: operators.map(({ start }) => start) }];
  const { bytes: rewritten, offsets } = rewrite(bytes, { functions });
  const engine = stoppingEngine(() => undefined);
  const instance = engine.instantiate(engine.load(rewritten));
  assert.throws(
    () => instance.func('f').call(),
    ({ byteOffset }: { byteOffset: number }) => {
      assert.notEqual(byteOffset, operators[2]?.start);
      return offsets.toOriginal(byteOffset) === operators[2]?.start;
    },
  );
});
