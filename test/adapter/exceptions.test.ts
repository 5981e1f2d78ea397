import assert from 'node:assert/strict';
import test from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { DapClient } from '../support/dap-client.ts';
import { assertGolden, transcript } from '../support/golden.ts';
import { GUESTS, SESSION_LIMIT } from '../support/guests.ts';
import { hostModule } from '../support/host-module.ts';
import {
  ended,
  evaluate,
  launch,
  resumeTo,
  resumeToEnd,
  boundaryStack,
  stack,
  stopped,
  topFrame,
} from '../support/session.ts';

type ExceptionInfo = DebugProtocol.ExceptionInfoResponse['body'];

function exceptionInfo(client: DapClient): Promise<ExceptionInfo> {
  return client.request('exceptionInfo', { threadId: 1 });
}

test('a trap stops with the reason, the function and the byte offset', SESSION_LIMIT, async (t) => {
  const client = await launch(t, {
    program: GUESTS.calls,
    calls: [
      { export: 'peek', params: [-4] },
      { export: 'divide', params: [7, 2] },
    ],
  });
  const stop = await stopped(client);
  assert.equal(stop.reason, 'exception');
  assert.deepEqual(
    (await stack(client)).map(({ name }) => name),
    ['guest.load', 'guest.peek', 'peek (callId 1)'],
  );
  const info = await exceptionInfo(client);
  assert.equal(info.exceptionId, 'trap');
  assert.match(info.description ?? '', /peek \(callId 1\) trapped: out of bounds memory access/);
  assert.match(info.description ?? '', /in guest\.load, at byte 0x[0-9a-f]+ of calls\.wasm/);
  assert.equal(await resumeToEnd(client), 1, 'the exit code says that a call trapped');
  const { calls } = await client.boundary('boundary/calls', { start: 0, count: 2 });
  assert.deepEqual(
    calls.map(({ status }) => status),
    ['trapped', 'returned'],
    'the other calls still run',
  );
  const { call } = await client.boundary('boundary/call', { sequence: 0 });
  assert.match(call.reason ?? '', /out of bounds memory access.*guest\.load/);
});

test('an uncaught Kotlin exception stops with the export that it left', SESSION_LIMIT, async (t) => {
  const client = await launch(
    t,
    { program: GUESTS.calls, calls: [{ export: 'throwException', argument: 'rain' }] },
    { filters: ['uncaughtExceptions'] },
  );
  const stop = await stopped(client);
  assert.equal(stop.reason, 'exception');
  const info = await exceptionInfo(client);
  assert.equal(info.exceptionId, 'kotlin.IllegalStateException');
  assert.equal(info.breakMode, 'unhandled');
  assert.match(
    info.description ?? '',
    /throwException \(callId 1\) was left by an uncaught kotlin\.IllegalStateException: not today: rain/,
  );
  assert.equal((await evaluate(client, 'argument')).result, '"rain"', 'the argument can still be looked at');
  assert.equal(await resumeToEnd(client), 1);
});

test(
  "an exception in the buffers' scope, which WasmEdge reports as a trap, is told as what it is",
  SESSION_LIMIT,
  async (t) => {
    const client = await launch(
      t,
      {
        program: GUESTS.calls,
        calls: [{ export: 'throwInScope', argument: 'rain' }],
      },
      { filters: ['traps', 'uncaughtExceptions'] },
    );
    await stopped(client);
    const { exceptionId, description } = await exceptionInfo(client);
    assert.equal(exceptionId, 'kotlin.IllegalStateException');
    assert.match(description ?? '', /uncaught kotlin\.IllegalStateException: not in here: rain/);
    assert.equal(await resumeToEnd(client), 1);
  },
);

test('a caught exception stops nothing', SESSION_LIMIT, async (t) => {
  const client = await launch(t, {
    program: GUESTS.calls,
    calls: [{ export: 'catchException', params: [0] }],
  });
  assert.equal(await ended(client), 0);
  const { call } = await client.boundary('boundary/call', { sequence: 0 });
  assert.deepEqual(call.returns, [{ type: 'i32', value: -1 }]);
});

test('unticked boxes do not stop, and the call is told all the same', SESSION_LIMIT, async (t) => {
  const client = await launch(
    t,
    {
      program: GUESTS.calls,
      calls: [
        { export: 'peek', params: [-4] },
        { export: 'throwException', argument: 'rain' },
      ],
    },
    { filters: [] },
  );
  assert.equal(await ended(client), 1);
  assert.equal(client.eventsSoFar('stopped').length, 0);
  assert.match(client.output('stderr'), /peek \(callId 1\) trapped.*guest\.load/);
  assert.match(
    client.output('stderr'),
    /throwException \(callId 2\) was left by an uncaught kotlin\.IllegalStateException: not today: rain/,
  );
});

test('a filter for traps takes a condition', SESSION_LIMIT, async (t) => {
  const client = await launch(
    t,
    { program: GUESTS.calls, calls: [{ export: 'peek', params: [-4], repeat: 3 }] },
    { filters: [], filterOptions: [{ filterId: 'traps', condition: 'callId === 2' }] },
  );
  await stopped(client);
  assert.equal((await boundaryStack(client))[0]?.name, 'peek (callId 2)');
  assert.equal(await resumeToEnd(client), 1);
});

test(
  'a result outside memory stops with address, size and memory size, and traps if it is not corrected',
  SESSION_LIMIT,
  async (t) => {
    const outside = { program: GUESTS.greeter, calls: [{ export: 'greetFromNowhere', argument: 'World' }] };
    const client = await launch(t, outside, { filters: ['returnResult', 'traps'], oneByOne: true });
    const stop = await stopped(client);
    assert.equal(stop.reason, 'exception');
    assert.match(stop.text ?? '', /outside memory/);
    const info = await exceptionInfo(client);
    assert.equal(info.exceptionId, 'pointer-outside-memory');
    assert.match(info.description ?? '', /214748\d{4}.*13 bytes.*outside memory, which has \d+ bytes/s);
    assert.equal(await resumeToEnd(client), 1);
    const { call } = await client.boundary('boundary/call', { sequence: 0 });
    assert.equal(call.status, 'trapped');
    assert.equal(call.findings[0]?.code, 'pointer-outside-memory');
    assertGolden('outside-memory', transcript(client));
  },
);

test('a pointer outside memory is corrected at its stop', SESSION_LIMIT, async (t) => {
  const client = await launch(
    t,
    { program: GUESTS.greeter, calls: [{ export: 'greetFromNowhere', argument: 'World' }] },
    { filters: ['returnResult'] },
  );
  await stopped(client);
  const frameId = (await topFrame(client)).id;
  await client.request('setExpression', { expression: 'params.pointer', value: '8', frameId });
  assert.equal(await resumeToEnd(client), 0);
  const { call } = await client.boundary('boundary/call', { sequence: 0 });
  assert.equal(call.status, 'returned');
  assert.equal(call.result?.text, 'Hello, World!');
});

test('a host function that throws stops there with its message', SESSION_LIMIT, async (t) => {
  const host = await hostModule(
    t,
    `export const imports = {
  rates: { rate_of() { throw new TypeError('no rate today'); }, scale: (factor) => factor },
  clock: { now: (offset) => offset }, audit: { note() {} }, host: { again: () => 0 },
};
`,
  );
  const client = await launch(t, {
    program: GUESTS.imports,
    host,
    calls: [{ export: 'convert', params: [100, 1] }],
  });
  const stop = await stopped(client);
  assert.equal(stop.reason, 'exception');
  assert.deepEqual(
    (await stack(client)).map(({ name }) => name),
    ['rates.rate_of', 'guest.convert', 'convert (callId 1)'],
  );
  const info = await exceptionInfo(client);
  assert.equal(info.exceptionId, 'host-exception');
  assert.match(info.description ?? '', /rates\.rate_of threw TypeError: no rate today \(.*host\.mjs:2\)/);
  assert.match(info.details?.stackTrace ?? '', /host\.mjs:2/);
  assert.equal(await resumeToEnd(client), 1);
});

test('a host function that returns what its type does not allow stops there', SESSION_LIMIT, async (t) => {
  const host = await hostModule(
    t,
    `export const imports = {
  rates: { rate_of: () => 'much', scale: async () => 1 },
  clock: { now: () => 'noon' }, audit: { note() {} }, host: { again: () => 0 },
};
`,
  );
  const client = await launch(t, {
    program: GUESTS.imports,
    host,
    calls: [
      { export: 'convert', params: [100, 1] },
      { export: 'rescale', params: [1] },
      { export: 'later', params: ['5'] },
    ],
  });
  await stopped(client);
  assert.match((await exceptionInfo(client)).description ?? '', /rates\.rate_of must return a number/);
  await resumeTo(client);
  assert.match(
    (await exceptionInfo(client)).description ?? '',
    /rates\.scale must return a number, but returned a Promise/,
  );
  await resumeTo(client);
  assert.match((await exceptionInfo(client)).description ?? '', /clock\.now must return a bigint/);
  assert.equal(await resumeToEnd(client), 1);
});

test('where nothing went wrong there is no exception', SESSION_LIMIT, async (t) => {
  const client = await launch(t, {
    program: GUESTS.greeter,
    calls: [{ export: 'greet', argument: 'World' }],
  });
  await stopped(client);
  await assert.rejects(exceptionInfo(client), /not stopped on anything that went wrong/);
});
