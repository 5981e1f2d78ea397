import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DisposedError, Engine, Recorder, type Instance, type Reference } from 'wasmedge-napi';
import { library } from './support/engine.ts';
import { collectGarbage, isCollected } from './support/garbage.ts';
import { wat } from './support/wat.ts';

library();

const text = `(module
  (import "host" "f" (func $f (param i32) (result i32)))
  (import "host" "table" (table $imported 1 funcref))
  (memory (export "memory") 1)
  (table (export "table") 1 funcref)
  (global (export "global") (mut i32) (i32.const 5))
  (func $one (result i32) i32.const 1) (elem declare func $one)
  (func (export "call") (param i32) (result i32) local.get 0 call $f)
  (func (export "one") (result funcref) ref.func $one)
  (func (export "publish") (table.set $imported (i32.const 0) (ref.func $one))))`;

/** One of everything. */
function world() {
  const engine = new Engine();
  const host = engine.createHostModule('host');
  const recorder = new Recorder();
  host.addRecordedFunction(
    'f',
    { params: ['i32'], results: ['i32'] },
    recorder,
    { index: 0 },
    (x) => (x as number) * 2,
  );
  const hostTable = host.addTable('table', { min: 1 }, 'funcref');
  engine.register(host);
  const module = engine.load(wat(text));
  const instance = engine.instantiate(module);
  const memory = instance.memory('memory');
  recorder.setMemory(memory);
  return {
    ...{ engine, host, recorder, module, instance, memory, hostTable },
    table: instance.table('table'),
    global: instance.global('global'),
    call: instance.func('call'),
    buffer: memory.buffer,
  };
}
const isDisposed = (use: () => unknown): void =>
  assert.throws(use, (error) => error instanceof DisposedError && error.name === 'DisposedError');

test('a use after dispose is a DisposedError, and dispose may come twice', () => {
  const all = world();
  all.module.dispose();
  all.module.dispose();
  isDisposed(() => all.module.exports);
  isDisposed(() => all.engine.instantiate(all.module));
  isDisposed(() => all.engine.validate(all.module));

  all.instance.dispose();
  all.instance.dispose();
  for (const use of [
    () => all.instance.exports,
    () => all.instance.func('call'),
    () => all.call.call(1),
    () => all.recorder.call(all.call, [1], { index: 0, callId: 1 }),
    () => all.recorder.setMemory(all.memory),
    () => all.memory.byteLength,
    () => all.memory.write(0, new Uint8Array(1)),
    () => all.memory.grow(1),
    () => all.memory.sharedId,
    () => all.table.size,
    () => all.table.get(0),
    () => all.table.set(0, null),
    () => all.global.value,
    () => (all.global.value = 1),
  ]) {
    isDisposed(use);
  }

  all.host.dispose();
  all.host.dispose();
  isDisposed(() => all.host.addMemory('m', { minPages: 1 }));
  isDisposed(() => all.hostTable.size);
  isDisposed(() => all.engine.register(all.host));
  assert.equal(all.host.name, 'host');

  all.engine.dispose();
  all.engine.dispose();
  isDisposed(() => all.engine.load(wat('(module)')));
  isDisposed(() => all.engine.createHostModule('x'));
  isDisposed(() => all.engine.sharedId);
  isDisposed(() => all.engine.instructionCount);
});

test('a module that is disposed leaves its instances usable', async () => {
  const { module, call } = world();
  module.dispose();
  await collectGarbage();
  assert.deepEqual(call.call(4), [8]);
});

test('a host module that is disposed leaves the instances that import it usable', async () => {
  const { host, call } = world();
  host.dispose();
  await collectGarbage();
  assert.deepEqual(call.call(4), [8]);
});

test('an engine that is disposed takes its instances and host modules with it', () => {
  const { engine, host, instance, memory, call, buffer } = world();
  engine.dispose();
  isDisposed(() => call.call(1));
  isDisposed(() => instance.exports);
  isDisposed(() => memory.pages);
  isDisposed(() => host.addMemory('m', { minPages: 1 }));
  assert.equal(buffer.byteLength, 0);
});

test('everything is disposed in every order', async () => {
  const names = ['engine', 'host', 'recorder', 'module', 'instance'] as const;
  for (let first = 0; first < names.length; first++) {
    for (let step = 1; step < names.length; step++) {
      const all = world();
      all.call.call(1);
      // All five, each once: 5 is prime.
      for (let i = 0; i < names.length; i++) all[names[(first + i * step) % 5] ?? 'engine'].dispose();
    }
  }
  await collectGarbage();
});

test('dispose within a host function: the call that runs goes on to its end', () => {
  for (const what of ['instance', 'engine', 'host', 'module', 'recorder'] as const) {
    const engine = new Engine();
    const host = engine.createHostModule('host');
    const recorder = new Recorder();
    host.addRecordedFunction('f', { params: ['i32'], results: ['i32'] }, recorder, { index: 0 }, (x) => {
      ({ engine, host, recorder, module, instance })[what].dispose();
      return (x as number) + 1;
    });
    host.addTable('table', { min: 1 }, 'funcref');
    engine.register(host);
    const module = engine.load(wat(text));
    const instance: Instance = engine.instantiate(module);
    const func = instance.func('call');
    const view = instance.memory('memory').buffer;
    assert.deepEqual(recorder.call(func, [1], { index: 0, callId: 1 }), [2]);
    if (what === 'instance' || what === 'engine') {
      isDisposed(() => func.call(1));
      assert.equal(view.byteLength, 0);
    }
  }
});

test('a reference to a function of a disposed instance stays callable through tables', async () => {
  const { engine, instance, hostTable } = world();
  instance.func('publish').call();
  const [reference] = instance.func('one').call();
  instance.dispose();
  await collectGarbage();
  const caller = engine.instantiate(
    engine.load(
      wat(`(module (import "host" "table" (table 1 funcref))
        (func (export "call") (result i32) (call_indirect (result i32) (i32.const 0))))`),
    ),
  );
  assert.deepEqual(caller.func('call').call(), [1]);
  hostTable.set(0, reference as Reference);
  assert.deepEqual(caller.func('call').call(), [1]);
  engine.dispose();
  assert.equal((reference as Reference).isNull, false);
  await collectGarbage();
});

test('what nobody holds is collected, also where a host function closes over its own instance', async () => {
  for (const what of ['engine', 'host', 'module', 'instance', 'memory', 'call', 'buffer'] as const) {
    assert.ok(
      await isCollected(() => {
        const all = world();
        all.host.addFunction('closure', { params: [], results: [] }, () => {
          assert.ok(all.instance.exports.length > 0);
        });
        all.call.call(1);
        return all[what];
      }),
      `${what} was collected`,
    );
  }
});

test('a host function lives as long as something can call it', async () => {
  let calls = 0;
  const make = (): (() => unknown) => {
    const engine = new Engine();
    const host = engine.createHostModule('host');
    host.addFunction('f', { params: ['i32'], results: ['i32'] }, (x) => (calls++, x));
    host.addTable('table', { min: 1 }, 'funcref');
    engine.register(host);
    const func = engine.instantiate(engine.load(wat(text))).func('call');
    return () => func.call(7);
  };
  const call = make();
  await collectGarbage();
  assert.deepEqual(call(), [7]);
  assert.equal(calls, 1);
});

test('instances come and go without their memory staying', async () => {
  const engine = new Engine();
  const module = engine.load(
    wat(
      '(module (memory (export "m") 160 160) (func (export "f") (memory.fill (i32.const 0) (i32.const 1) (i32.const 10485760))))',
    ),
  );
  const round = (): void => {
    const instance = engine.instantiate(module);
    instance.func('f').call();
    assert.equal(new Uint8Array(instance.memory('m').buffer)[10485759], 1);
    instance.dispose();
  };
  for (let i = 0; i < 10; i++) round();
  await collectGarbage();
  const before = process.memoryUsage.rss();
  for (let i = 0; i < 100; i++) round();
  await collectGarbage();
  // 100 instances of 10 MiB: were they kept, this would be 1000 MiB.
  const grown = (process.memoryUsage.rss() - before) / 2 ** 20;
  assert.ok(grown < 200, `${grown} MiB`);
});
