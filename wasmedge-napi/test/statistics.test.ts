import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Engine, WasmEdgeError } from 'wasmedge-napi';
import { library } from './support/engine.ts';
import { wat } from './support/wat.ts';
import { wrong } from './support/wrong.ts';

library();

const loop = wat(`(module
  (func (export "loop") (param $n i32)
    (loop $l (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))))`);

test('instructions are counted, per engine, and reset', () => {
  const engine = new Engine({ countInstructions: true });
  const func = engine.instantiate(engine.load(loop)).func('loop');
  const count = (iterations: number): bigint => {
    engine.resetStatistics();
    assert.equal(engine.instructionCount, 0n);
    func.call(iterations);
    return engine.instructionCount;
  };
  const ten = count(10);
  const twenty = count(20);
  // Each iteration runs the same instructions, at least the five that are written.
  assert.ok(ten >= 50n, `${ten}`);
  assert.ok((twenty - ten) % 10n === 0n && twenty > ten, `${ten}, ${twenty}`);
  engine.resetStatistics();
  // Being cancellable costs no instruction.
  assert.ok(engine.sharedId > 0);
  assert.equal(engine.instructionCount, 0n);
});

test('nothing is counted unless asked for', () => {
  const engine = new Engine();
  engine.instantiate(engine.load(loop)).func('loop').call(10);
  assert.deepEqual([engine.instructionCount, engine.cost], [0n, 0n]);
  engine.resetStatistics();
});

test('the cost limit ends a guest; a higher one lets it run', () => {
  const engine = new Engine({ costLimit: 1000n });
  const func = engine.instantiate(engine.load(loop)).func('loop');
  assert.equal(engine.costLimit, 1000n);
  func.call(10);
  assert.ok(engine.cost > 0n && engine.cost <= 1000n);
  assert.throws(
    () => func.call(1_000_000),
    (error) => {
      assert.ok(error instanceof WasmEdgeError);
      assert.equal(error.costLimitExceeded, true);
      assert.equal(error.interrupted, false);
      assert.equal(error.message, 'The guest exceeded its cost limit.');
      return true;
    },
  );
  engine.resetStatistics();
  engine.costLimit = 100_000n;
  assert.equal(engine.costLimit, 100_000n);
  func.call(1000);
  assert.ok(engine.cost > 1000n);
});

test('a cost limit needs an engine that measures cost', () => {
  const engine = new Engine();
  assert.equal(engine.costLimit, 2n ** 64n - 1n);
  assert.throws(() => (engine.costLimit = 5n), { name: 'TypeError', message: /measureCost: true/ });
  assert.throws(() => (engine.costLimit = wrong(5)), { name: 'TypeError', message: /must be a bigint/ });
  const measuring = new Engine({ measureCost: true });
  measuring.instantiate(measuring.load(loop)).func('loop').call(10);
  assert.ok(measuring.cost > 0n);
});
