import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import {
  attachRecorder,
  Engine,
  Recorder,
  WasmEdgeError,
  type Func,
  type HostFunction,
  type Instance,
  type Memory,
  type RecordedCall,
  type RecordPlan,
  type SizePolicy,
  type WasmValue,
} from 'wasmedge-napi';
import { readRecords, type BoundaryRecord } from 'wasmedge-napi/records.js';
import { library } from './support/engine.ts';
import { exitCode, nextMessage, startWorker } from './support/worker.ts';
import { wat } from './support/wat.ts';
import { wrong } from './support/wrong.ts';

library();

type Role = NonNullable<RecordPlan['role']>;
const STORE = 3;
const RETURN = 4;
const PLAIN = 5;

let recorder: Recorder;
let instance: Instance;
let memory: Memory;
/** What the callbacks were called with, and what they do. */
let entered: [string, ...WasmValue[]][];
let onStore: HostFunction;
let onReturn: HostFunction;
let onPlain: HostFunction;

/** A guest with the two roles, as (pointer, size, callId), and an import without one. */
function setUp(
  store: Role = { kind: 'storeArgument', pointer: 0, size: 1, callId: 2 },
  result: Role = { kind: 'returnResult', pointer: 0, size: { kind: 'param', param: 1 }, callId: 2 },
): void {
  recorder = new Recorder();
  entered = [];
  onStore = onReturn = onPlain = () => undefined;
  const engine = new Engine();
  const host = engine.createHostModule('host');
  const role = { params: ['i32', 'i32', 'i32'], results: [] } as never;
  const add = (name: string, type: typeof role, plan: RecordPlan, call: () => HostFunction): void =>
    host.addRecordedFunction(name, type, recorder, plan, (...params) => {
      entered.push([name, ...params]);
      return call()(...params);
    });
  add('store', role, { index: STORE, role: store }, () => onStore);
  add('return', role, { index: RETURN, role: result }, () => onReturn);
  add('plain', { params: ['i32', 'i64', 'f64'], results: ['f32'] } as never, { index: PLAIN }, () => onPlain);
  engine.register(host);
  instance = engine.instantiate(
    engine.load(
      wat(`(module
        (import "host" "store" (func $store (param i32 i32 i32)))
        (import "host" "return" (func $return (param i32 i32 i32)))
        (import "host" "plain" (func $plain (param i32 i64 f64) (result f32)))
        (memory (export "memory") 1)
        (func (export "store") (param i32 i32 i32) local.get 0 local.get 1 local.get 2 call $store)
        (func (export "return") (param i32 i32 i32) local.get 0 local.get 1 local.get 2 call $return)
        (func (export "plain") (param i32) (result f32) local.get 0 i64.const -5 f64.const 0.5 call $plain)
        (func (export "echo") (param $size i32) (param $callId i32)
          (call $store (i32.const 1000) (local.get $size) (local.get $callId))
          (call $return (i32.const 1000) (local.get $size) (local.get $callId)))
        (func (export "numbers") (param i32 i64 f32 f64) (result i64 f64) local.get 1 local.get 3)
        (func (export "trap") unreachable))`),
    ),
  );
  memory = instance.memory('memory');
  recorder.setMemory(memory);
}
beforeEach(() => setUp());

const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text));
/** Everything recorded since the last look, without times, buffers as text. */
function records(): Record<string, unknown>[] {
  const batch = recorder.drain();
  return batch ? [...readRecords(batch)].map(withoutTimes) : [];
}
function withoutTimes(record: BoundaryRecord): Record<string, unknown> {
  const plain: Record<string, unknown> = { ...record };
  delete plain.micros;
  delete plain.durationMicros;
  if (record.kind === 'buffer') plain.bytes = Buffer.from(record.bytes).toString();
  return plain;
}
const kinds = (): unknown[] => records().map(({ kind }) => kind);
const i32 = (value: number): object => ({ type: 'i32', value });
const call = (name: string, params: WasmValue[], callId: number | bigint, argument?: string): WasmValue[] =>
  recorder.call(instance.func(name), params, {
    index: 9,
    callId,
    ...(argument !== undefined && { argument: bytes(argument) }),
  });

test('both roles without JavaScript: the argument is written, the result copied, everything recorded', () => {
  assert.equal(recorder.nextSequence, 0);
  assert.deepEqual(call('echo', [5, 77], 77, 'Welt!'), []);
  assert.equal(recorder.nextSequence, 1);
  assert.deepEqual(entered, []);
  assert.equal(Buffer.from(memory.read(1000, 6)).toString(), 'Welt!\0');
  assert.deepEqual(records(), [
    { kind: 'callBegin', sequence: 0, index: 9, callId: 77n, parent: null, params: [i32(5), i32(77)] },
    { kind: 'crossing', sequence: 0, index: STORE, params: [i32(1000), i32(5), i32(77)] },
    {
      kind: 'buffer',
      sequence: 0,
      direction: 'argument',
      edited: false,
      policy: 'param',
      address: 1000,
      size: 5,
      bytes: 'Welt!',
    },
    { kind: 'crossing', sequence: 0, index: RETURN, params: [i32(1000), i32(5), i32(77)] },
    {
      kind: 'buffer',
      sequence: 0,
      direction: 'result',
      edited: false,
      policy: 'param',
      address: 1000,
      size: 5,
      bytes: 'Welt!',
    },
    { kind: 'callEnd', sequence: 0, index: 9, status: 'returned', results: [] },
  ]);
  assert.equal(recorder.drain(), null);
});

test('times go forward, and a crossing lies within its call', () => {
  call('echo', [1, 1], 1, 'x');
  const all = [...readRecords(recorder.drain() ?? new Uint8Array())];
  for (const [i, record] of all.entries()) assert.ok(record.micros >= (all[i - 1]?.micros ?? 0));
  const [begin, crossing, , , , end] = all;
  assert.ok(begin && end && crossing?.kind === 'crossing');
  assert.ok(crossing.durationMicros >= 0);
  assert.ok(crossing.micros + crossing.durationMicros <= end.micros);
});

test('values of each type; results', () => {
  assert.deepEqual(call('numbers', [-1, -(2n ** 63n), 0.5, 0.1], -7n), [-(2n ** 63n), 0.1]);
  assert.deepEqual(records(), [
    {
      kind: 'callBegin',
      sequence: 0,
      index: 9,
      callId: -7n,
      parent: null,
      params: [
        { type: 'i32', value: -1 },
        { type: 'i64', value: -(2n ** 63n) },
        { type: 'f32', value: 0.5 },
        { type: 'f64', value: 0.1 },
      ],
    },
    {
      kind: 'callEnd',
      sequence: 0,
      index: 9,
      status: 'returned',
      results: [
        { type: 'i64', value: -(2n ** 63n) },
        { type: 'f64', value: 0.1 },
      ],
    },
  ]);
});

test('an import without a role enters its callback, between two records', () => {
  onPlain = (x) => (x as number) / 2;
  assert.deepEqual(call('plain', [3], 1), [1.5]);
  assert.deepEqual(entered, [['plain', 3, -5n, 0.5]]);
  assert.deepEqual(records().slice(1, 3), [
    {
      kind: 'importEnter',
      sequence: 0,
      index: PLAIN,
      params: [i32(3), { type: 'i64', value: -5n }, { type: 'f64', value: 0.5 }],
    },
    { kind: 'importLeave', sequence: 0, index: PLAIN, threw: false, results: [{ type: 'f32', value: 1.5 }] },
  ]);
});

test('crossings outside any recorded call have no sequence', () => {
  onPlain = () => 0;
  instance.func('plain').call(1);
  assert.deepEqual(
    records().map(({ kind, sequence }) => [kind, sequence]),
    [
      ['importEnter', null],
      ['importLeave', null],
    ],
  );
  // No call is open, so there is no argument to store.
  instance.func('store').call(0, 0, 1);
  assert.deepEqual(entered.at(-1), ['store', 0, 0, 1]);
});

test('what a callback throws: the record says so, and so does the call', () => {
  const thrown = new Error('no');
  onPlain = () => {
    throw thrown;
  };
  assert.throws(
    () => call('plain', [1], 1),
    (error) => error === thrown,
  );
  assert.deepEqual(records().slice(2), [
    { kind: 'importLeave', sequence: 0, index: PLAIN, threw: true, results: [] },
    { kind: 'callEnd', sequence: 0, index: 9, status: 'trapped', results: [] },
  ]);
});

test('a trap and an exit end their calls', () => {
  assert.throws(() => call('trap', [], 1), WasmEdgeError);
  const last = records().at(-1);
  assert.deepEqual(last, { kind: 'callEnd', sequence: 0, index: 9, status: 'trapped', results: [] });

  const engine = new Engine();
  engine.register(engine.createWasi({}));
  const exiting = engine.instantiate(
    engine.load(
      wat(`(module (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32))) (memory 1)
        (func (export "exit") (call $exit (i32.const 4))))`),
    ),
  );
  assert.throws(
    () => recorder.call(exiting.func('exit'), [], { index: 2, callId: 1 }),
    (error) => error instanceof WasmEdgeError && error.exitCode === 4,
  );
  assert.deepEqual(records().at(-1), {
    kind: 'callEnd',
    sequence: 1,
    index: 2,
    status: 'exited',
    results: [],
  });
});

test('nested calls: parents, the innermost call of a callId, both ends in order', () => {
  onPlain = () => {
    call('echo', [2, 1], 1, 'in');
    call('echo', [3, 2], 2, 'two');
    return 0;
  };
  call('plain', [0], 1, 'out');
  const seen = records();
  assert.deepEqual(
    seen.filter(({ kind }) => kind === 'callBegin').map(({ sequence, parent }) => [sequence, parent]),
    [
      [0, null],
      [1, 0],
      [2, 0],
    ],
  );
  assert.deepEqual(
    seen.filter(({ kind }) => kind === 'callEnd').map(({ sequence }) => sequence),
    [1, 2, 0],
  );
  assert.deepEqual(
    seen.filter(({ kind }) => kind === 'buffer').map((buffer) => [buffer.sequence, buffer.bytes]),
    [
      [1, 'in'],
      [1, 'in'],
      [2, 'two'],
      [2, 'two'],
    ],
  );
});

test('within a nested call, the outer call can be named: its buffer, the crossing of where it happened', () => {
  onPlain = () => {
    call('store', [64, 3, 1], 2);
    return 0;
  };
  call('plain', [0], 1, 'out');
  const seen = records();
  assert.equal(seen.find(({ kind }) => kind === 'crossing')?.sequence, 1);
  const buffer = seen.find(({ kind }) => kind === 'buffer');
  assert.deepEqual([buffer?.sequence, buffer?.bytes], [0, 'out']);
});

test('without a callId parameter, the innermost call is meant', () => {
  setUp(
    { kind: 'storeArgument', pointer: 0 },
    { kind: 'returnResult', pointer: 0, size: { kind: 'fixed', bytes: 2 } },
  );
  onPlain = () => {
    call('store', [64, 0, 12345], 2, 'inner');
    return 0;
  };
  call('plain', [0], 1, 'outer');
  const buffer = records().find(({ kind }) => kind === 'buffer');
  assert.deepEqual([buffer?.sequence, buffer?.bytes, buffer?.policy], [1, 'inner', 'host']);
});

test('negative callIds match, in 32 bits', () => {
  call('echo', [1, -2], -2, 'x');
  assert.equal(records().filter(({ kind }) => kind === 'buffer').length, 2);
  call('echo', [1, -2], 4294967294, 'x');
  assert.equal(records().filter(({ kind }) => kind === 'buffer').length, 2);
  assert.deepEqual(entered, []);
});

// What the native side leaves to the callback, with nothing done: [why, store's parameters, argument].
for (const [why, params, argument] of [
  ['no open call has the callId', [0, 5, 99], 'x'],
  ['the call has no argument', [0, 5, 1], undefined],
  ['the argument is larger than the size', [0, 2, 1], 'xyz'],
  ['the last byte lies outside memory', [65534, 3, 1], 'xyz'],
  ['the pointer is negative', [-1, 3, 1], 'xyz'],
] as const) {
  test(`storeArgument enters the callback where ${why}`, () => {
    call('store', [...params], 1, argument);
    assert.deepEqual(entered, [['store', ...params]]);
    assert.deepEqual(kinds(), ['callBegin', 'importEnter', 'importLeave', 'callEnd']);
    assert.ok(memory.read(0, 65536).every((byte) => byte === 0));
  });
}

test('an argument may end where memory ends; an empty one may lie there', () => {
  call('store', [65533, 3, 1], 1, 'end');
  assert.equal(Buffer.from(memory.read(65533, 3)).toString(), 'end');
  call('store', [65536, 0, 1], 1, '');
  assert.deepEqual(entered, []);
});

for (const [name, policy, at, memoryBytes, params, expected] of [
  ['param', { kind: 'param', param: 1 }, 10, 'result', [10, 6, 1], { address: 10, size: 6, bytes: 'result' }],
  [
    'u32le-prefix',
    { kind: 'u32le-prefix' },
    10,
    '\x03\0\0\0abcdef',
    [10, 0, 1],
    { address: 14, size: 3, bytes: 'abc' },
  ],
  ['nul', { kind: 'nul' }, 10, 'text\0more', [10, 0, 1], { address: 10, size: 4, bytes: 'text' }],
  ['nul', { kind: 'nul' }, 10, '', [10, 0, 1], { address: 10, size: 0, bytes: '' }],
  ['fixed', { kind: 'fixed', bytes: 4 }, 10, 'abcdefgh', [10, 0, 1], { address: 10, size: 4, bytes: 'abcd' }],
  [
    'unknown',
    { kind: 'unknown' },
    65530,
    'sixend',
    [65530, 0, 1],
    { address: 65530, size: 6, bytes: 'sixend' },
  ],
  [
    'unknown',
    { kind: 'unknown' },
    0,
    'x'.repeat(300),
    [0, 0, 1],
    { address: 0, size: 256, bytes: 'x'.repeat(256) },
  ],
] as const) {
  test(`a result whose size is known by ${name} (${expected.size} bytes)`, () => {
    setUp(undefined, { kind: 'returnResult', pointer: 0, size: policy as SizePolicy, callId: 2 });
    memory.write(at, bytes(memoryBytes));
    call('return', [...params], 1);
    const buffer = records().find(({ kind }) => kind === 'buffer');
    assert.deepEqual(buffer, {
      kind: 'buffer',
      sequence: 0,
      direction: 'result',
      edited: false,
      policy: name,
      ...expected,
    });
    assert.deepEqual(entered, []);
  });
}

for (const [why, policy, prepare, params] of [
  ['the pointer lies outside', { kind: 'param', param: 1 }, [], [65537, 0, 1]],
  ['the size reaches outside', { kind: 'param', param: 1 }, [], [65530, 7, 1]],
  ['the size is negative', { kind: 'param', param: 1 }, [], [0, -1, 1]],
  ['pointer and size wrap 2³²', { kind: 'param', param: 1 }, [], [-16, 32, 1]],
  ['no call has the callId', { kind: 'param', param: 1 }, [], [0, 1, 9]],
  ['the prefix lies outside', { kind: 'u32le-prefix' }, [], [65533, 0, 1]],
  ['the prefix says more than there is', { kind: 'u32le-prefix' }, [0, 0, 0, 0x7f], [65532 - 65532, 0, 1]],
  ['there is no NUL', { kind: 'nul' }, [], [65536, 0, 1]],
  ['the fixed size reaches outside', { kind: 'fixed', bytes: 8 }, [], [65529, 0, 1]],
  ['nothing is at the pointer', { kind: 'unknown' }, [], [65536, 0, 1]],
] as const) {
  test(`returnResult enters the callback where ${why}`, () => {
    setUp(undefined, { kind: 'returnResult', pointer: 0, size: policy as SizePolicy, callId: 2 });
    memory.write(0, Uint8Array.from(prepare));
    call('return', [...params], 1);
    assert.deepEqual(entered, [['return', ...params]]);
    assert.deepEqual(kinds(), ['callBegin', 'importEnter', 'importLeave', 'callEnd']);
  });
}

test('a NUL that is missing up to the end of memory', () => {
  setUp(undefined, { kind: 'returnResult', pointer: 0, size: { kind: 'nul' }, callId: 2 });
  memory.write(65533, Uint8Array.of(1, 2, 3));
  call('return', [65533, 0, 1], 1);
  assert.equal(entered.length, 1);
});

test('without a memory, roles are left to the callback', () => {
  const other = new Recorder();
  assert.throws(() => other.recordBuffer({ ...buffer(), captured: 1, size: 1 }), {
    name: 'RangeError',
    message: /call setMemory first/,
  });
  instance.dispose();
  assert.throws(() => recorder.recordBuffer({ ...buffer(), captured: 1, size: 1 }), { message: /no memory/ });
});

const buffer = (): Parameters<Recorder['recordBuffer']>[0] => ({
  sequence: 0,
  direction: 'argument',
  address: 0,
  size: 0,
  captured: 0,
  policy: 'host',
});

test('armed, a crossing enters its callback, which can do the work itself', () => {
  recorder.arm(STORE, true);
  assert.equal(recorder.isArmed(STORE), true);
  assert.equal(recorder.isArmed(RETURN), false);
  onStore = (pointer) => {
    recorder.setArgument(0, bytes('edited'));
    memory.write(pointer as number, bytes('edited'));
    recorder.recordBuffer({
      ...buffer(),
      address: pointer as number,
      size: 6,
      captured: 6,
      policy: 'param',
      edited: true,
    });
  };
  call('echo', [6, 1], 1, 'before');
  assert.deepEqual(entered, [['store', 1000, 6, 1]]);
  assert.deepEqual(
    records().map((record) => [record.kind, record.edited, record.bytes]),
    [
      ['callBegin', undefined, undefined],
      ['importEnter', undefined, undefined],
      ['buffer', true, 'edited'],
      ['importLeave', undefined, undefined],
      ['crossing', undefined, undefined],
      ['buffer', false, 'edited'],
      ['callEnd', undefined, undefined],
    ],
  );
  recorder.arm(STORE, false);
  call('echo', [1, 1], 1, 'x');
  assert.equal(entered.length, 1);
});

/** A call of `numbers` whose parameters and results pass buffers. */
const between = (hooks: Pick<RecordedCall, 'entering' | 'returned'>): WasmValue[] =>
  recorder.call(instance.func('numbers'), [1, 2n, 3, 4], { index: 9, callId: 5, ...hooks });

test('buffers that parameters and results pass are recorded within their call', () => {
  const seen: unknown[] = [];
  const returns = between({
    entering() {
      memory.write(8, bytes('in'));
      recorder.recordBuffer({ ...buffer(), address: 8, size: 2, captured: 2, byExport: true });
    },
    returned(results) {
      seen.push(...results);
      recorder.recordBuffer({
        ...{ sequence: 0, direction: 'result', address: 7, size: 4, captured: 4 },
        ...{ policy: 'elements-i16', bytes: Uint8Array.of(1, 0, 2, 0), byExport: true },
      });
    },
  });
  assert.deepEqual(returns, [2n, 4]);
  assert.deepEqual(seen, [2n, 4]);
  const listed = records();
  assert.deepEqual(
    listed.map(({ kind }) => kind),
    ['callBegin', 'buffer', 'buffer', 'callEnd'],
  );
  assert.deepEqual([listed[1]?.bytes, listed[1]?.byExport, listed[1]?.address], ['in', true, 8]);
  assert.deepEqual(
    [listed[2]?.bytes, listed[2]?.policy, listed[2]?.address, listed[2]?.direction],
    ['\u0001\0\u0002\0', 'elements-i16', 7, 'result'],
  );
  assert.equal(listed[3]?.status, 'returned');
  assert.deepEqual(listed[3].results, [
    { type: 'i64', value: 2n },
    { type: 'f64', value: 4 },
  ]);
  assert.throws(() => recorder.recordBuffer({ ...buffer(), size: 4, captured: 4, bytes: bytes('x') }), {
    name: 'RangeError',
    message: /captured must be/,
  });
});

for (const [where, hooks] of [
  ['before the guest', (hook: () => boolean) => ({ entering: hook })],
  ['after the guest', (hook: () => boolean) => ({ returned: hook })],
] as const) {
  test(`what a hook ${where} throws ends the call as trapped; false cancels it`, () => {
    const error = new Error('no');
    assert.throws(
      () =>
        between(
          hooks(() => {
            throw error;
          }),
        ),
      (thrown) => thrown === error,
    );
    assert.deepEqual(between(hooks(() => false)), []);
    assert.deepEqual(
      records().map(({ kind, status }) => [kind, status]),
      [
        ['callBegin', undefined],
        ['callEnd', 'trapped'],
        ['callBegin', undefined],
        ['callEnd', 'cancelled'],
      ],
    );
  });
}

test('a hook may call the guest, and a call within hooks may trap', () => {
  between({ entering: () => void instance.func('numbers').call(1, 1n, 1, 1) });
  assert.throws(
    () =>
      recorder.call(instance.func('trap'), [], {
        index: 9,
        callId: 1,
        returned: () => assert.fail('it has not returned'),
      }),
    WasmEdgeError,
  );
  assert.deepEqual(
    records().map(({ kind, status }) => [kind, status]),
    [
      ['callBegin', undefined],
      ['callEnd', 'returned'],
      ['callBegin', undefined],
      ['callEnd', 'trapped'],
    ],
  );
});

test('armAll overrides', () => {
  recorder.arm(STORE, true);
  recorder.armAll(true);
  assert.equal(recorder.isArmed(RETURN), true);
  call('echo', [1, 1], 1, 'x');
  assert.deepEqual(
    entered.map(([name]) => name),
    ['store', 'return'],
  );
  recorder.armAll(false);
  assert.equal(recorder.isArmed(RETURN), false);
  assert.equal(recorder.isArmed(STORE), true);
});

test('setArgument replaces what later crossings store; only of open calls', () => {
  onPlain = () => {
    recorder.setArgument(0, bytes('new'));
    call('store', [8, 3, 1], 2);
    return 0;
  };
  call('plain', [0], 1, 'old');
  assert.equal(Buffer.from(memory.read(8, 3)).toString(), 'new');
  assert.throws(() => recorder.setArgument(0, bytes('x')), {
    name: 'RangeError',
    message: 'No call with sequence 0 is open.',
  });
});

test('the argument is copied when the call begins', () => {
  const argument = bytes('first');
  onPlain = () => {
    argument.fill(120);
    call('store', [8, 5, 1], 2);
    return 0;
  };
  recorder.call(instance.func('plain'), [0], { index: 0, callId: 1, argument });
  assert.equal(Buffer.from(memory.read(8, 5)).toString(), 'first');
});

test('recordBuffer: what lies outside memory can be noted, but not captured', () => {
  recorder.recordBuffer({ ...buffer(), direction: 'result', address: 4294967290, size: 100, policy: 'nul' });
  const [record] = records();
  assert.deepEqual(
    [record?.address, record?.size, record?.bytes, record?.policy],
    [4294967290, 100, '', 'nul'],
  );
  assert.throws(() => recorder.recordBuffer({ ...buffer(), address: 65530, size: 8, captured: 8 }), {
    name: 'RangeError',
    message: /8 bytes at 65530 lie outside memory/,
  });
  assert.throws(() => recorder.recordBuffer({ ...buffer(), size: 1, captured: 2 }), RangeError);
  assert.throws(() => recorder.recordBuffer({ ...buffer(), direction: wrong('up') }), TypeError);
  assert.throws(() => recorder.recordBuffer({ ...buffer(), policy: wrong('guess') }), TypeError);
  assert.throws(() => recorder.recordBuffer(wrong()), TypeError);
});

test('64-bit pointers; results of a role are zeros; at most 64 MiB are captured', () => {
  const engine = new Engine();
  const host = engine.createHostModule('host');
  host.addRecordedFunction(
    'r',
    { params: ['i64', 'i64'], results: ['i32', 'i64'] },
    recorder,
    { index: 0, role: { kind: 'returnResult', pointer: 0, size: { kind: 'param', param: 1 } } },
    () => assert.fail('entered'),
  );
  engine.register(host);
  const guest = engine.instantiate(
    engine.load(
      wat(`(module (import "host" "r" (func $r (param i64 i64) (result i32 i64))) (memory (export "memory") 1040)
        (func (export "f") (param i64) (result i32 i64) (call $r (i64.const 0) (local.get 0))))`),
    ),
  );
  recorder.setMemory(guest.memory('memory'));
  const captured = (size: bigint): unknown[] => {
    assert.deepEqual(recorder.call(guest.func('f'), [size], { index: 0, callId: 1 }), [0, 0n]);
    const batch = recorder.drain() ?? new Uint8Array();
    const record = [...readRecords(batch)].find((each) => each.kind === 'buffer');
    return [record?.size, record?.bytes.length];
  };
  assert.deepEqual(captured(5000n), [5000, 5000]);
  assert.deepEqual(captured(65n << 20n), [65 << 20, 64 << 20]);
});

test('many calls: every record is there, in order', () => {
  const count = 20_000;
  const echo: Func = instance.func('echo');
  const seen: BoundaryRecord[] = [];
  const argument = bytes('argument of some length');
  for (let i = 0; i < count; i++) {
    recorder.call(echo, [23, i], { index: 0, callId: i, argument });
    if (i % 7000 === 0) seen.push(...readRecords(recorder.drain() ?? new Uint8Array()));
  }
  seen.push(...readRecords(recorder.drain() ?? new Uint8Array()));
  assert.equal(seen.length, count * 6);
  for (const [i, record] of seen.entries()) assert.equal(record.sequence, Math.floor(i / 6));
});

test('another thread is woken, drains everything and arms', async () => {
  recorder = new Recorder({ wakeBytes: 4096 });
  const engine = new Engine();
  const host = engine.createHostModule('host');
  let stopped = false;
  host.addRecordedFunction(
    'r',
    { params: ['i32'], results: ['i32'] },
    recorder,
    { index: 7, role: { kind: 'returnResult', pointer: 0, size: { kind: 'fixed', bytes: 0 } } },
    () => ((stopped = true), 1),
  );
  engine.register(host);
  const guest = engine.instantiate(
    engine.load(
      wat(`(module (import "host" "r" (func $r (param i32) (result i32))) (memory (export "memory") 1)
        (func (export "f") (loop $l (br_if $l (i32.eqz (call $r (i32.const 0)))))))`),
    ),
  );
  recorder.setMemory(guest.memory('memory'));
  // It ends only once the other thread, woken by the records, arms import 7.
  const drainer = startWorker('drainer.ts', { recorder: recorder.sharedId });
  assert.equal(await nextMessage(drainer), 'ready');
  recorder.call(guest.func('f'), [], { index: 0, callId: 1 });
  assert.equal(stopped, true);
  drainer.postMessage('end');
  const { bytes: drained, kinds: seen } = (await nextMessage(drainer)) as { bytes: number; kinds: string[] };
  assert.equal(await exitCode(drainer), 0);
  assert.ok(drained >= 4096);
  assert.deepEqual(seen, ['callBegin', 'crossing', 'buffer', 'importEnter', 'importLeave', 'callEnd']);
});

test('the recording thread waits for the other beyond maxPendingBytes', async () => {
  const limited = new Recorder({ wakeBytes: 1024, maxPendingBytes: 8192 });
  const engine = new Engine();
  const host = engine.createHostModule('host');
  host.addRecordedFunction('r', { params: ['i32'], results: [] }, limited, { index: 0 }, () => undefined);
  engine.register(host);
  const guest = engine.instantiate(
    engine.load(
      wat(`(module (import "host" "r" (func $r (param i32)))
        (func (export "f") (param $n i32)
          (loop $l (call $r (local.get $n)) (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))))`),
    ),
  );
  const drainer = startWorker('drainer.ts', { recorder: limited.sharedId });
  await nextMessage(drainer);
  limited.call(guest.func('f'), [5000], { index: 0, callId: 1 });
  drainer.postMessage('end');
  const report = (await nextMessage(drainer)) as { records: number; largest: number };
  assert.equal(report.records, 5000 * 2 + 2);
  // One record more than the limit may wait.
  assert.ok(report.largest <= 8192 + 64, `${report.largest}`);
  assert.equal(await exitCode(drainer), 0);
});

test('a drainer that goes away does not leave the recording thread waiting', async () => {
  const limited = new Recorder({ wakeBytes: 1024, maxPendingBytes: 8192 });
  const shared = attachRecorder(limited.sharedId);
  shared.onData(() => undefined);
  shared.onData(null);
  for (let i = 0; i < 1000; i++) limited.recordBuffer(buffer());
  shared.onData(() => undefined);
  shared.dispose();
  for (let i = 0; i < 1000; i++) limited.recordBuffer(buffer());
  assert.equal([...readRecords(limited.drain() ?? new Uint8Array())].length, 2000);
  const drainer = startWorker('drainer.ts', { recorder: limited.sharedId });
  await nextMessage(drainer);
  await drainer.terminate();
  for (let i = 0; i < 1000; i++) limited.recordBuffer(buffer());
  assert.equal([...readRecords(limited.drain() ?? new Uint8Array())].length, 1000);
});

test('plans are checked against the import’s signature', () => {
  const host = new Engine().createHostModule('host');
  const add = (plan: unknown, params: string[] = ['i32', 'f32']): void =>
    host.addRecordedFunction(
      'f',
      { params, results: [] } as never,
      recorder,
      plan as RecordPlan,
      () => undefined,
    );
  const role = { kind: 'storeArgument', pointer: 0 };
  add({ index: 65534, role });
  assert.throws(() => add({ index: 65535 }), {
    name: 'RangeError',
    message: /index must be from 0 to 65534/,
  });
  assert.throws(() => add({}), { name: 'TypeError', message: /index/ });
  assert.throws(() => add(undefined), TypeError);
  assert.throws(() => add({ index: 0, role: { ...role, pointer: 2 } }), {
    name: 'RangeError',
    message: /role\.pointer/,
  });
  assert.throws(() => add({ index: 0, role: { ...role, size: 1 } }), {
    name: 'TypeError',
    message: /role\.size: parameter 1 is an f32/,
  });
  assert.throws(() => add({ index: 0, role }, []), { name: 'RangeError', message: /has no parameters/ });
  assert.throws(() => add({ index: 0, role: { kind: 'other', pointer: 0 } }), {
    name: 'TypeError',
    message: /role\.kind/,
  });
  assert.throws(() => add({ index: 0, role: { kind: 'returnResult', pointer: 0 } }), {
    name: 'TypeError',
    message: /role\.size/,
  });
  assert.throws(() => add({ index: 0, role: { kind: 'returnResult', pointer: 0, size: { kind: 'x' } } }), {
    name: 'TypeError',
    message: /'x' is no size policy/,
  });
  assert.throws(
    () =>
      host.addRecordedFunction(
        'f',
        { params: ['i32'], results: ['externref'] },
        recorder,
        { index: 0, role } as RecordPlan,
        () => null,
      ),
    { name: 'TypeError', message: /cannot return a reference/ },
  );
  assert.throws(
    () =>
      host.addRecordedFunction('f', { params: [], results: [] }, wrong({}), { index: 0 }, () => undefined),
    {
      name: 'TypeError',
      message: /must be an object of class Recorder/,
    },
  );
});

test('calls are checked before anything is recorded', () => {
  const echo = instance.func('echo');
  const good = { index: 0, callId: 1 };
  assert.throws(() => recorder.call(echo, [1], good), {
    name: 'TypeError',
    message: /takes 2 parameters, not 1/,
  });
  assert.throws(() => recorder.call(echo, [1, 'x' as never], good), TypeError);
  assert.throws(() => recorder.call(wrong({}), [1, 1], good), {
    name: 'TypeError',
    message: /of class Func/,
  });
  assert.throws(() => recorder.call(echo, wrong(7), good), {
    name: 'TypeError',
    message: /must be an array/,
  });
  assert.throws(() => recorder.call(echo, [1, 1], wrong()), TypeError);
  assert.throws(() => recorder.call(echo, [1, 1], wrong({ index: 0 })), {
    name: 'TypeError',
    message: /callId/,
  });
  assert.throws(() => recorder.call(echo, [1, 1], { index: 0, callId: 0.5 }), {
    name: 'TypeError',
    message: /callId/,
  });
  assert.throws(() => recorder.call(echo, [1, 1], { index: -1, callId: 1 }), RangeError);
  assert.throws(() => recorder.call(echo, [1, 1], { ...good, argument: wrong('x') }), {
    name: 'TypeError',
    message: /argument/,
  });
  assert.throws(() => recorder.setMemory(wrong(instance)), { name: 'TypeError', message: /of class Memory/ });
  assert.throws(() => recorder.arm(65535, true), RangeError);
  assert.throws(() => recorder.armAll(wrong(1)), TypeError);
  assert.throws(() => new Recorder({ wakeBytes: -1 }), RangeError);
  assert.equal(recorder.nextSequence, 0);
  assert.equal(recorder.drain(), null);
});

test('after dispose', () => {
  recorder.dispose();
  recorder.dispose();
  for (const use of [
    () => recorder.drain(),
    () => recorder.nextSequence,
    () => recorder.isArmed(0),
    () => recorder.call(instance.func('echo'), [1, 1], { index: 0, callId: 1 }),
    () => recorder.sharedId,
  ]) {
    assert.throws(use, { name: 'DisposedError' });
  }
  // The imports still record, to nobody.
  onPlain = () => 1;
  assert.deepEqual(instance.func('plain').call(1), [1]);
});
