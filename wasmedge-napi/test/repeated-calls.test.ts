import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Engine, type Instance, Recorder, type RepeatedCalls, WasmEdgeError } from 'wasmedge-napi';
import { type BoundaryRecord, readRecords } from 'wasmedge-napi/records.js';
import { library } from './support/engine.ts';
import { wat } from './support/wat.ts';
import { wrong } from './support/wrong.ts';

library();

const WATCHED = 0;
const SEQUENCE = 1;
const INDEX = 7;

let recorder: Recorder;
let instance: Instance;
let words: Int32Array;
/** What runs when the guest calls `note`. */
let onNote: (callId: unknown) => void;

beforeEach(() => {
  recorder = new Recorder();
  words = new Int32Array(new SharedArrayBuffer(8));
  onNote = () => undefined;
  const engine = new Engine();
  const host = engine.createHostModule('host');
  const store = { params: ['i32', 'i32'], results: [] };
  const role = { kind: 'storeArgument', pointer: 0, callId: 1 } as const;
  host.addRecordedFunction('store', store as never, recorder, { index: 0, role }, () => undefined);
  const note = { params: ['i32'], results: [] };
  host.addRecordedFunction('note', note as never, recorder, { index: 1 }, (callId) => onNote(callId));
  engine.register(host);
  instance = engine.instantiate(
    engine.load(
      wat(`(module
        (import "host" "store" (func $store (param i32 i32)))
        (import "host" "note" (func $note (param i32)))
        (memory (export "memory") 1)
        (func (export "take") (param $callId i32) (call $store (i32.const 16) (local.get $callId)))
        (func (export "wide") (param $callId i64) (param f64) (result i64) local.get $callId)
        (func (export "noteAt") (param $callId i32) (param $at i32)
          (if (i32.eq (local.get $callId) (local.get $at)) (then (call $note (local.get $callId)))))
        (func (export "growAt") (param $callId i32) (param $at i32)
          (if (i32.eq (local.get $callId) (local.get $at)) (then (drop (memory.grow (i32.const 1))))))
        (func (export "trapAt") (param $callId i32) (param $at i32)
          (if (i32.eq (local.get $callId) (local.get $at)) (then unreachable))))`),
    ),
  );
  recorder.setMemory(instance.memory('memory'));
});

type Options = Partial<RepeatedCalls> & { argument?: string };

/** Calls with the callIds from 5 on. */
function repeat(name: string, params: (number | bigint)[], { argument, ...options }: Options): unknown[] {
  const call = {
    index: INDEX,
    callId: 5,
    ...(argument !== undefined && { argument: Uint8Array.from(Buffer.from(argument)) }),
  };
  const repeated = {
    callIdParams: [0],
    words,
    watched: WATCHED,
    expected: 0,
    sequence: SEQUENCE,
    ...options,
  };
  return recorder.callRepeatedly(instance.func(name), params, call, { count: 10, ...repeated });
}

function records(): BoundaryRecord[] {
  return [...readRecords(recorder.drain() ?? new Uint8Array())];
}

/** The calls that began, and how those that ended did: `5 returned`. */
function calls(): string[] {
  const all = records();
  return all.flatMap((record) => {
    if (record.kind !== 'callBegin') return [];
    const end = all.find(({ kind, sequence }) => kind === 'callEnd' && sequence === record.sequence);
    return [`${record.callId} ${end?.kind === 'callEnd' ? end.status : 'open'}`];
  });
}

const returned = (...callIds: number[]): string[] => callIds.map((callId) => `${callId} returned`);

test('each is recorded as a call of its own, with its callId and the argument', () => {
  repeat('take', [0], { count: 3, argument: 'Ada' });
  const all = records();
  assert.deepEqual(
    all.map(({ kind, sequence }) => `${kind} ${sequence}`),
    [0, 1, 2].flatMap((sequence) =>
      ['callBegin', 'crossing', 'buffer', 'callEnd'].map((kind) => `${kind} ${sequence}`),
    ),
  );
  const begun = all.filter((record) => record.kind === 'callBegin');
  assert.deepEqual(
    begun.map(({ callId, index, params }) => [callId, index, params]),
    [5, 6, 7].map((callId) => [BigInt(callId), INDEX, [{ type: 'i32', value: callId }]]),
  );
  const buffers = all.filter((record) => record.kind === 'buffer');
  assert.deepEqual(
    buffers.map(({ bytes }) => Buffer.from(bytes).toString()),
    ['Ada', 'Ada', 'Ada'],
  );
  assert.equal(Atomics.load(words, SEQUENCE), 2);
});

test('64-bit callIds; parameters that are none stay; what the last one returned is returned', () => {
  assert.deepEqual(repeat('wide', [0n, 0.5], { count: 4 }), [8n]);
  const begun = records().filter((record) => record.kind === 'callBegin');
  assert.deepEqual(
    begun.map(({ params }) => params.map(({ value }) => value)),
    [5n, 6n, 7n, 8n].map((callId) => [callId, 0.5]),
  );
});

test('no call follows one in which JavaScript was entered', () => {
  const seen: unknown[] = [];
  onNote = (callId) => seen.push(callId, Atomics.load(words, SEQUENCE), recorder.nextSequence);
  repeat('noteAt', [0, 7], {});
  assert.deepEqual(seen, [7, 2, 3]);
  assert.deepEqual(calls(), returned(5, 6, 7));
});

test('no call follows one that changed the size of memory', () => {
  repeat('growAt', [0, 6], {});
  assert.deepEqual(calls(), returned(5, 6));
});

test('no call follows where the watched word is another one than was expected', () => {
  Atomics.store(words, WATCHED, 1);
  repeat('take', [0], { argument: '' });
  assert.deepEqual(calls(), returned(5));
  repeat('take', [0], { argument: '', expected: 1, count: 2 });
  assert.deepEqual(calls(), returned(5, 6));
});

test('one that traps is the last, and throws', () => {
  assert.throws(() => repeat('trapAt', [0, 8], {}), WasmEdgeError);
  assert.deepEqual(calls(), [...returned(5, 6, 7), '8 trapped']);
  assert.equal(recorder.nextSequence, 4);
});

test('what a callback throws comes out of its call', () => {
  onNote = () => {
    throw new RangeError('not this one');
  };
  assert.throws(() => repeat('noteAt', [0, 6], {}), /not this one/);
  assert.deepEqual(calls(), ['5 returned', '6 trapped']);
});

test('what is wrong with them is said before anything is recorded', () => {
  const cases: [Options, RegExp][] = [
    [{ count: 0 }, /count must be at least 1/],
    [{ count: wrong('many') }, /count must be a number/],
    [{ callIdParams: [1] }, /no parameter 1/],
    [{ callIdParams: wrong(0) }, /callIdParams must be an array/],
    [{ words: wrong(new Uint8Array(8)) }, /words must be an Int32Array/],
    [{ watched: 2 }, /watched must be the index of one of the words/],
    [{ sequence: -1 }, /sequence must be from 0/],
    [{ expected: wrong('none') }, /expected must be a number/],
  ];
  for (const [options, says] of cases) assert.throws(() => repeat('take', [0], options), says);
  assert.throws(() => repeat('wide', [0n, 0], { callIdParams: [1] }), /Parameter 1 cannot hold the callId/);
  assert.throws(() => repeat('take', [], {}), /takes 1 parameter, not 0/);
  assert.throws(() => repeat('take', wrong(0), {}), /parameters must be an array/);
  assert.equal(recorder.nextSequence, 0);
  assert.equal(recorder.drain(), null);
});
