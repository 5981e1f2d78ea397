import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Engine, type RecordPlan, Recorder, type WasmValue } from 'wasmedge-napi';
import { type BoundaryRecord, readRecords } from 'wasmedge-napi/records.js';
import { library } from './support/engine.ts';
import { wat } from './support/wat.ts';

library();

/** What armed crossings of a storing and a returning import give to their callbacks and to the record. */
function crossArmed(
  pointer: number,
  beforeCallback: boolean,
): { seen: unknown[][]; records: string[]; text: string } {
  const engine = new Engine();
  const recorder = new Recorder();
  const host = engine.createHostModule('host');
  const seen: unknown[][] = [];
  const add = (name: string, params: 'i32'[], index: number, role: RecordPlan['role']): void => {
    const plan = { index, ...(role && { role: { ...role, beforeCallback } }) };
    host.addRecordedFunction(name, { params, results: [] }, recorder, plan, (...given: WasmValue[]) => {
      seen.push(given);
    });
    recorder.arm(index, true);
  };
  add('store', ['i32'], 0, { kind: 'storeArgument', pointer: 0 });
  add('return', ['i32', 'i32'], 1, { kind: 'returnResult', pointer: 0, size: { kind: 'param', param: 1 } });
  engine.register(host);
  const instance = engine.instantiate(
    engine.load(
      wat(`(module (import "host" "store" (func $store (param i32))) (import "host" "return" (func $return (param i32 i32)))
        (memory (export "memory") 1)
        (func (export "call") (param i32) local.get 0 call $store local.get 0 i32.const 2 call $return))`),
    ),
  );
  const memory = instance.memory('memory');
  recorder.setMemory(memory);
  recorder.call(instance.func('call'), [pointer], {
    index: 0,
    callId: 1,
    argument: new TextEncoder().encode('abc'),
  });
  const records = [...readRecords(recorder.drain() ?? new Uint8Array())];
  return { seen, records: records.map(describe), text: new TextDecoder().decode(memory.read(16, 3)) };
}

function describe(record: BoundaryRecord): string {
  return record.kind === 'buffer'
    ? `${record.direction} ${record.address} ${new TextDecoder().decode(record.bytes)}`
    : record.kind;
}

test('beforeCallback: an armed role is performed and recorded before its callback is entered, and says so', () => {
  const { seen, records, text } = crossArmed(16, true);
  assert.deepEqual(seen, [
    [16, true],
    [16, 2, true],
  ]);
  assert.deepEqual(records, [
    'callBegin',
    ...['importEnter', 'argument 16 abc', 'importLeave'],
    ...['importEnter', 'result 16 ab', 'importLeave'],
    'callEnd',
  ]);
  assert.equal(text, 'abc');
});

test('beforeCallback: what cannot be performed is left to the callback', () => {
  const { seen, records } = crossArmed(-1, true);
  assert.deepEqual(seen, [
    [-1, false],
    [-1, 2, false],
  ]);
  assert.ok(!records.some((record) => /argument|result/.test(record)));
});

test('without beforeCallback an armed role is left to the callback, which gets its parameters alone', () => {
  const { seen, records, text } = crossArmed(16, false);
  assert.deepEqual(seen, [[16], [16, 2]]);
  assert.deepEqual(records, [
    'callBegin',
    'importEnter',
    'importLeave',
    'importEnter',
    'importLeave',
    'callEnd',
  ]);
  assert.equal(text, '\0\0\0');
});
