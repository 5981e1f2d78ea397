import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { Engine, type Instance } from 'wasmedge-napi';
import { library } from './support/engine.ts';
import { isCollected } from './support/garbage.ts';
import { runScript } from './support/process.ts';
import { wat } from './support/wat.ts';
import { wrong } from './support/wrong.ts';

library();

const text = `(module (memory (export "memory") 1 4)
  (func (export "grow") (param i32) (result i32) local.get 0 memory.grow)
  (func (export "load") (param i32) (result i32) local.get 0 i32.load8_u)
  (func (export "store") (param i32 i32) local.get 0 local.get 1 i32.store8))`;
function instantiate(source = text): Instance {
  const engine = new Engine();
  return engine.instantiate(engine.load(wat(source)));
}

test('a view without a copy: both sides see each other’s writes', () => {
  const instance = instantiate();
  const memory = instance.memory('memory');
  const bytes = new Uint8Array(memory.buffer);
  assert.equal(memory.isCopy, false);
  assert.equal(memory.pages, 1);
  assert.equal(memory.byteLength, 65536);
  assert.equal(bytes.length, 65536);
  instance.func('store').call(100, 42);
  assert.equal(bytes[100], 42);
  bytes[101] = 43;
  assert.deepEqual(instance.func('load').call(101), [43]);
  assert.equal(memory.buffer, bytes.buffer, 'the same buffer as long as nothing grew');
  assert.equal(instance.memory('memory').buffer, bytes.buffer, 'also by another Memory');
});

test('when the guest grew its memory, the old view is detached and a new one shows all of it', () => {
  const instance = instantiate();
  const memory = instance.memory('memory');
  const old = memory.buffer;
  new Uint8Array(old)[7] = 77;
  assert.deepEqual(instance.func('grow').call(2), [1]);
  assert.equal(old.byteLength, 0, 'detached as soon as the call returned');
  assert.equal(memory.byteLength, 3 * 65536);
  const bytes = new Uint8Array(memory.buffer);
  assert.equal(bytes.length, 3 * 65536);
  assert.equal(bytes[7], 77);
  instance.func('store').call(3 * 65536 - 1, 9);
  assert.equal(bytes[3 * 65536 - 1], 9);
});

test('a view is detached before a host function that follows the growth runs', () => {
  const engine = new Engine();
  const host = engine.createHostModule('host');
  const lengths: number[] = [];
  let view: ArrayBuffer | undefined;
  host.addFunction('look', { params: [], results: [] }, () => {
    if (view) lengths.push(view.byteLength);
    view = instance.memory('memory').buffer;
    lengths.push(view.byteLength);
  });
  engine.register(host);
  const instance = engine.instantiate(
    engine.load(
      wat(`(module (import "host" "look" (func $look)) (memory (export "memory") 1)
        (func (export "run") call $look (drop (memory.grow (i32.const 1))) call $look))`),
    ),
  );
  instance.func('run').call();
  assert.deepEqual(lengths, [65536, 0, 131072]);
});

test('grow from the host detaches too; beyond the limit it is a RangeError', () => {
  const memory = instantiate().memory('memory');
  const old = memory.buffer;
  memory.grow(1);
  assert.equal(old.byteLength, 0);
  assert.equal(memory.pages, 2);
  const kept = memory.buffer;
  assert.throws(() => memory.grow(3), { name: 'RangeError', message: /cannot grow from 2 by 3 pages/ });
  assert.equal(kept.byteLength, 131072);
  assert.throws(() => memory.grow(-1), RangeError);
  assert.throws(() => memory.grow(wrong('1')), TypeError);
});

test('read copies, write writes, both within bounds', () => {
  const memory = instantiate().memory('memory');
  memory.write(10, Uint8Array.of(1, 2, 3));
  const copy = memory.read(9, 5);
  assert.deepEqual(copy, Uint8Array.of(0, 1, 2, 3, 0));
  copy[0] = 99;
  assert.equal(memory.read(9, 1)[0], 0);
  memory.write(65533, Uint8Array.of(1, 2, 3));
  assert.deepEqual(memory.read(65536, 0), new Uint8Array());
  memory.write(65536, new Uint8Array());
  // Into itself.
  memory.write(11, new Uint8Array(memory.buffer, 10, 3));
  assert.deepEqual(memory.read(10, 4), Uint8Array.of(1, 1, 2, 3));

  const outside = { name: 'RangeError', message: /lie outside memory, which has 65536 bytes/ };
  assert.throws(() => memory.read(65536, 1), outside);
  assert.throws(() => memory.read(65535, 2), outside);
  assert.throws(() => memory.read(2 ** 53 - 1, 2 ** 53 - 1), outside);
  assert.throws(() => memory.write(65534, new Uint8Array(3)), outside);
  assert.throws(() => memory.read(-1, 1), RangeError);
  assert.throws(() => memory.read(0.5, 1), TypeError);
  assert.throws(() => memory.read(wrong(0n), 1), TypeError);
  assert.throws(() => memory.write(0, wrong([1])), { name: 'TypeError', message: /must be a Uint8Array/ });
});

test('an empty memory', () => {
  const memory = instantiate('(module (memory (export "memory") 0 1))').memory('memory');
  assert.equal(memory.byteLength, 0);
  assert.equal(memory.buffer.byteLength, 0);
  assert.deepEqual(memory.read(0, 0), new Uint8Array());
  assert.throws(() => memory.read(0, 1), RangeError);
  memory.grow(1);
  assert.equal(memory.buffer.byteLength, 65536);
});

test('a memory of the host, shared by two guests and seen through each', () => {
  const engine = new Engine();
  const host = engine.createHostModule('host');
  const memory = host.addMemory('memory', { minPages: 1, maxPages: 2 });
  engine.register(host);
  const guest = '(module (import "host" "memory" (memory 1 2)) (export "memory" (memory 0)))';
  const [one, two] = [1, 2].map(() => engine.instantiate(engine.load(wat(guest))));
  assert.ok(one && two);
  memory.write(0, Uint8Array.of(5));
  const views = [memory, one.memory('memory'), two.memory('memory')].map((each) => each.buffer);
  for (const view of views) assert.equal(new Uint8Array(view)[0], 5);
  one.memory('memory').grow(1);
  for (const view of views) assert.equal(view.byteLength, 0);
  assert.equal(memory.byteLength, 131072);
});

test('limits of a host’s memory are checked', () => {
  const host = new Engine().createHostModule('host');
  assert.throws(() => host.addMemory('m', { minPages: 65537 }), RangeError);
  assert.throws(() => host.addMemory('m', { minPages: 2, maxPages: 1 }), {
    name: 'RangeError',
    message: /maxPages must not be less than minPages/,
  });
  assert.throws(() => host.addMemory('m', wrong({})), { name: 'TypeError', message: /minPages/ });
  assert.throws(() => host.addMemory('m', wrong()), TypeError);
});

test('the limit of pages holds', () => {
  const engine = new Engine({ maxMemoryPages: 3 });
  const instance = engine.instantiate(engine.load(wat('(module (memory (export "memory") 1))')));
  const memory = instance.memory('memory');
  memory.grow(2);
  assert.throws(() => memory.grow(1), RangeError);
});

test('a view keeps its memory alive', async () => {
  let view: Uint8Array | undefined;
  const collected = await isCollected(() => {
    const instance = instantiate();
    instance.func('store').call(3, 33);
    view = new Uint8Array(instance.memory('memory').buffer);
    return instance;
  });
  assert.ok(collected, 'the instance’s object was collected');
  assert.equal(view?.length, 65536);
  assert.equal(view[3], 33);
});

test('dispose detaches the view', () => {
  const instance = instantiate();
  const memory = instance.memory('memory');
  const view = memory.buffer;
  instance.dispose();
  assert.equal(view.byteLength, 0);
  for (const use of [() => memory.buffer, () => memory.pages, () => memory.read(0, 1), () => memory.isCopy]) {
    assert.throws(use, { name: 'DisposedError' });
  }
});

test('a view cannot be transferred away from under the memory', () => {
  const memory = instantiate().memory('memory');
  const view = memory.buffer;
  const { port1, port2 } = new MessageChannel();
  let other: ArrayBuffer | undefined;
  try {
    // Node 20 sends a copy instead, later versions refuse.
    port1.postMessage(view, [view]);
    other = (receiveMessageOnPort(port2) as { message: ArrayBuffer }).message;
  } catch (error) {
    assert.equal((error as Error).name, 'DataCloneError');
  }
  port1.close();
  assert.equal(view.byteLength, 65536);
  memory.write(0, Uint8Array.of(1));
  assert.equal(new Uint8Array(view)[0], 1);
  if (other) assert.equal(new Uint8Array(other)[0], 0);
});

test('where buffers over foreign memory are refused, there are copies', () => {
  const ended = runScript('fixtures/copies.ts', [], { env: { WASMEDGE_NAPI_COPY_BUFFERS: '1' } });
  assert.deepEqual([ended.stderr, ended.status], ['', 0]);
  assert.deepEqual(JSON.parse(ended.stdout), {
    isCopy: true,
    copyOfWrite: 5,
    copyAfterChange: 0,
    readSeesWrite: 5,
    guestSees: [5],
    grown: 131072,
  });
});
