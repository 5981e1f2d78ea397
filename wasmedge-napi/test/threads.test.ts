import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  attachEngine,
  attachMemory,
  attachRecorder,
  DisposedError,
  Engine,
  Recorder,
  type Memory,
} from 'wasmedge-napi';
import { library } from './support/engine.ts';
import { collectGarbage } from './support/garbage.ts';
import { wat } from './support/wat.ts';
import { exitCode, nextMessage, startWorker } from './support/worker.ts';
import { wrong } from './support/wrong.ts';

library();

const guest = wat(`(module (import "host" "f" (func $f (param i32)))
  (memory (export "memory") 1)
  (func (export "run") (param i32) (i32.store (i32.const 0) (local.get 0)) (call $f (local.get 0))))`);

function memoryOf(engine: Engine): Memory {
  return engine.instantiate(engine.load(wat('(module (memory (export "memory") 1))'))).memory('memory');
}

test('engines of several threads run at the same time', async () => {
  const workers = [0, 1, 2, 3].map((seed) => startWorker('engine-worker.ts', { calls: 2000, seed }));
  const results = await Promise.all(workers.map(nextMessage));
  // Each worker sums its own seed and the numbers 0…1999.
  assert.deepEqual(
    results,
    [0, 1, 2, 3].map((seed) => seed * 2000 + (1999 * 2000) / 2),
  );
});

test('a memory read and written by another thread while its own is blocked', async () => {
  const engine = new Engine();
  const flags = new Int32Array(new SharedArrayBuffer(4));
  const host = engine.createHostModule('host');
  host.addFunction('f', { params: ['i32'], results: [] }, () => {
    Atomics.wait(flags, 0, 0, 60_000);
  });
  engine.register(host);
  const instance = engine.instantiate(engine.load(guest));
  const memory = instance.memory('memory');
  const reader = startWorker('memory-worker.ts', { memory: memory.sharedId, flags });
  instance.func('run').call(0x01020304);
  // The worker saw what the guest stored and wrote its complement beside it.
  assert.deepEqual(Buffer.from(memory.read(0, 8)).toString('hex'), '04030201fbfcfdfe');
  assert.equal(await exitCode(reader), 0);
});

test('what is attached keeps its original alive, and outlives its dispose', async () => {
  const engine = new Engine();
  const memory = memoryOf(engine);
  memory.write(0, Uint8Array.of(7));
  const shared = attachMemory(memory.sharedId);
  engine.dispose();
  assert.throws(() => memory.read(0, 1), DisposedError);
  await collectGarbage();
  assert.equal(shared.byteLength, 65536);
  assert.deepEqual(shared.read(0, 1), Uint8Array.of(7));
  shared.write(1, Uint8Array.of(8));
  assert.deepEqual(shared.read(0, 2), Uint8Array.of(7, 8));
  assert.throws(() => shared.read(65536, 1), RangeError);
  assert.throws(() => shared.write(65535, new Uint8Array(2)), RangeError);
  shared.dispose();
  shared.dispose();
  assert.throws(() => shared.byteLength, DisposedError);
});

test('shared ids are stable, and name what they were given for', () => {
  const engine = new Engine();
  const memory = memoryOf(engine);
  const recorder = new Recorder();
  assert.equal(engine.sharedId, engine.sharedId);
  assert.equal(memory.sharedId, memory.sharedId);
  assert.equal(recorder.sharedId, recorder.sharedId);
  assert.equal(new Set([engine.sharedId, memory.sharedId, recorder.sharedId]).size, 3);
  assert.throws(() => attachMemory(engine.sharedId), DisposedError);
  assert.throws(() => attachEngine(recorder.sharedId), DisposedError);
  assert.throws(() => attachRecorder(memory.sharedId), DisposedError);
  assert.throws(() => attachEngine(999_999), { name: 'DisposedError', message: /shared id 999999/ });
  assert.throws(() => attachEngine(wrong('1')), TypeError);
});

test('a disposed engine’s id leads nowhere; a shared engine lives on', () => {
  const engine = new Engine();
  const id = engine.sharedId;
  const shared = attachEngine(id);
  engine.dispose();
  assert.equal(shared.cancel(), false);
  assert.equal(attachEngine(id).cancel(), false, 'still alive: it is attached');
  shared.dispose();
  assert.throws(() => shared.cancel(), DisposedError);
});

test('a worker that ends with everything open takes nothing down', async () => {
  assert.equal(await exitCode(startWorker('careless-worker.ts', {})), 0);
  await collectGarbage();
});

test('a worker that is terminated while its guest calls the host', async () => {
  const running = startWorker('careless-worker.ts', { forEver: true });
  await nextMessage(running);
  assert.equal(await running.terminate(), 1);
});
