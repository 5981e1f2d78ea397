import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Engine, WasmEdgeError, type Instance } from 'wasmedge-napi';
import { Canceller } from './support/canceller.ts';
import { library } from './support/engine.ts';
import { wat } from './support/wat.ts';

library();

const engine = new Engine();
let canceller: Canceller;
let instance: Instance;
/** What the import `host.f` does. */
let callback: () => void = () => undefined;

before(async () => {
  canceller = await Canceller.start(engine);
  const host = engine.createHostModule('host');
  host.addFunction('f', { params: [], results: [] }, () => callback());
  engine.register(host);
  instance = engine.instantiate(
    engine.load(
      wat(`(module (import "host" "f" (func $f))
        (func (export "loop") call $f (loop $l br $l))
        (func $again (export "callsForEver") call $f (loop $l call $nothing br $l))
        (func $nothing)
        (func (export "callOnce") call $f)
        (func (export "add") (param i32) (result i32) (i32.add (i32.const 1) (local.get 0)))
        (func (export "count") (param $n i32) (result i32) (local $i i32)
          (loop $l (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
          local.get $i))`),
    ),
  );
});
after(() => canceller.end());

function assertCancelled(action: () => unknown): void {
  assert.throws(action, (error) => {
    assert.ok(error instanceof WasmEdgeError, String(error));
    assert.equal(error.interrupted, true);
    assert.equal(error.message, 'The guest was cancelled.');
    return true;
  });
}
const assertUsable = (): void => assert.deepEqual(instance.func('add').call(41), [42]);

for (const name of ['loop', 'callsForEver']) {
  test(`${name} ends, again and again, and the engine stays usable`, () => {
    for (let round = 0; round < 20; round++) {
      callback = () => canceller.request();
      assertCancelled(() => instance.func(name).call());
      assert.equal(canceller.awaitAnswer(), true);
      assertUsable();
    }
  });
}

test('where nothing runs, cancel is false and leaves no mark', () => {
  canceller.request();
  assert.equal(canceller.awaitAnswer(), false);
  assertUsable();
});

test('a cancellation that comes within a host function ends the guest when that returns', () => {
  callback = () => {
    canceller.request();
    assert.equal(canceller.awaitAnswer(), true);
  };
  assertCancelled(() => instance.func('callOnce').call());
  assertUsable();
});

test('a cancellation ends every nested call, even if a host function catches the inner one', () => {
  let depth = 0;
  let caught = 0;
  callback = () => {
    if (++depth < 3) {
      try {
        instance.func('callOnce').call();
      } catch {
        caught++;
      }
      return;
    }
    canceller.request();
    canceller.awaitAnswer();
    // Nothing new begins either.
    for (let again = 0; again < 2; again++) assertCancelled(() => instance.func('add').call(1));
  };
  assertCancelled(() => instance.func('callOnce').call());
  assert.deepEqual([depth, caught], [3, 2]);
  assertUsable();
});

test('a start function can be cancelled', () => {
  const module = engine.load(
    wat('(module (import "host" "f" (func $f)) (func $s call $f (loop $l br $l)) (start $s))'),
  );
  callback = () => canceller.request();
  assertCancelled(() => engine.instantiate(module));
  assertUsable();
});

test('a cancellation meets the call that it found running, never the next', () => {
  callback = () => undefined;
  canceller.spam();
  let cancelled = 0;
  while (cancelled < 50) {
    try {
      assert.deepEqual(instance.func('count').call(100), [100]);
    } catch (error) {
      assert.ok(error instanceof WasmEdgeError && error.interrupted, String(error));
      cancelled++;
    }
  }
  const answers = canceller.stop();
  // A request may be under way still: once more, and all is quiet.
  canceller.request();
  canceller.awaitAnswer();
  for (let round = 0; round < 100; round++) assert.deepEqual(instance.func('count').call(100), [100]);
  // Several cancellations may meet one call, and one may come after its last chance to end; none meets nothing.
  assert.ok(cancelled <= answers, `${cancelled} of ${answers}`);
});

test('another engine of this thread is not touched', () => {
  const other = new Engine();
  const quiet = other.instantiate(other.load(wat('(module (func (export "f") (result i32) i32.const 7))')));
  callback = () => {
    canceller.request();
    canceller.awaitAnswer();
    assert.deepEqual(quiet.func('f').call(), [7]);
  };
  assertCancelled(() => instance.func('callOnce').call());
});
