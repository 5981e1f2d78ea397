import assert from 'node:assert/strict';
import path from 'node:path';
import test, { type TestContext } from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { BoundaryChanged, Call, SizePolicy } from '../../protocol/boundary.ts';
import type { LaunchInput } from '../../protocol/launch.ts';
import { root } from '../../scripts/paths.ts';
import type { DapClient } from '../support/dap-client.ts';
import { GUESTS, NESTED_HOST, SESSION_LIMIT } from '../support/guests.ts';
import { ended, launch, resumeTo, stopped, topFrame, boundaryStack } from '../support/session.ts';

/** Runs to the end without stops. */
async function run(t: TestContext, configuration: LaunchInput): Promise<DapClient> {
  const client = await launch(t, configuration, { filters: [] });
  await ended(client);
  return client;
}

async function callOf(client: DapClient, sequence: number): Promise<Call> {
  return (await client.boundary('boundary/call', { sequence })).call;
}

const RETURN = 'host.callHostToReturnResultData';

test('arguments and results pair up by callId, through nesting', SESSION_LIMIT, async (t) => {
  const client = await run(t, {
    program: GUESTS.nested,
    host: NESTED_HOST,
    calls: [{ export: 'seat', argument: 'Grace', callId: 9, repeat: 2 }],
  });
  const { calls, total } = await client.boundary('boundary/calls', { start: 0, count: 10 });
  assert.equal(total, 4);
  assert.deepEqual(
    calls.map(({ sequence, export: name, parent, argument, result }) => [
      sequence,
      name,
      parent,
      argument?.preview,
      result?.preview,
    ]),
    [
      [0, 'seat', undefined, 'Grace', 'Grace sits in row 3.'],
      [1, 'countVowels', 0, 'Grace', '2'],
      [2, 'seat', undefined, 'Grace', 'Grace sits in row 3.'],
      [3, 'countVowels', 2, 'Grace', '2'],
    ],
  );
  assert.deepEqual([calls[0]?.callId, calls[2]?.callId], [9, 10]);
  assert.notEqual(calls[1]?.callId, 9, 'the nested call has a callId of its own');
  const outer = await callOf(client, 0);
  assert.deepEqual(
    outer.crossings.map((crossing) => [crossing.import, crossing.role]),
    [
      ['host.callHostToStoreArgumentData', 'storeArgument'],
      ['seating.rowFor', undefined],
      [RETURN, 'returnResult'],
    ],
    "the nested call's crossings are not the outer one's",
  );
  assert.equal(outer.crossings[1]?.results[0]?.value, 3);
});

test('a callId that is used again belongs to another call', SESSION_LIMIT, async (t) => {
  const client = await run(t, {
    program: GUESTS.greeter,
    calls: [
      { export: 'greet', argument: 'Ada', callId: 5 },
      { export: 'greet', argument: 'Bob', callId: 5 },
    ],
  });
  assert.equal((await callOf(client, 0)).result?.text, 'Hello, Ada!');
  assert.equal((await callOf(client, 1)).result?.text, 'Hello, Bob!');
  assert.equal((await callOf(client, 1)).callId, 5);
});

test('a call that never returns a result', SESSION_LIMIT, async (t) => {
  const client = await run(t, { program: GUESTS.calls, calls: [{ export: 'neverReturn', argument: 'x' }] });
  const call = await callOf(client, 0);
  assert.equal(call.status, 'returned');
  assert.equal(call.argument?.text, 'x');
  assert.equal(call.result, undefined);
});

test('a result that is returned twice: the last one counts, and is found', SESSION_LIMIT, async (t) => {
  const client = await run(t, {
    program: GUESTS.calls,
    calls: [{ export: 'returnTwice', argument: 'once' }],
  });
  const call = await callOf(client, 0);
  assert.equal(call.result?.text, 'again');
  assert.deepEqual(
    call.findings.map(({ code }) => code),
    ['result-returned-twice'],
  );
  const { calls } = await client.boundary('boundary/calls', { start: 0, count: 1 });
  assert.equal(calls[0]?.problems, 1);
});

test('copies are taken inside the callback, also after memory has grown', SESSION_LIMIT, async (t) => {
  const client = await run(t, {
    program: GUESTS.calls,
    calls: [
      { export: 'echoAfterGrowth', argument: 'same addresses' },
      { export: 'echo', argument: 'overwritten!!!' },
    ],
  });
  assert.equal((await callOf(client, 0)).result?.text, 'same addresses');
});

test('a call id of 64 bits, other names and another order of parameters', SESSION_LIMIT, async (t) => {
  const client = await run(t, {
    program: GUESTS.renamed,
    calls: [
      { export: 'handle', argument: 'loud', callId: '9007199254740993' },
      { export: 'handle', argument: 'small', callId: 3 },
    ],
  });
  const call = await callOf(client, 0);
  assert.equal(call.callId, '9007199254740993');
  assert.equal(call.result?.text, 'LOUD');
  assert.equal((await callOf(client, 1)).callId, 3);
  assert.match(client.output('console'), /storeArgument is env\.fill_args/);
});

test(
  'the first form in the thread: without a callId the innermost running call is meant',
  SESSION_LIMIT,
  async (t) => {
    const client = await run(t, {
      program: GUESTS.innermost,
      calls: [{ export: 'greet', argument: 'World' }],
    });
    const call = await callOf(client, 0);
    assert.equal(call.argument?.text, 'World');
    assert.equal(call.result?.text, 'Hello, World!');
  },
);

test('names that say nothing, with a boundary block', SESSION_LIMIT, async (t) => {
  const client = await run(t, {
    program: GUESTS.undeducible,
    calls: [{ export: 'run', argument: 'abc', params: ['$size', '$callId'] }],
    boundary: {
      storeArgument: { import: 'io.op1', params: ['callId', 'pointer'] },
      returnResult: { import: 'io.op2', params: ['size', 'callId', 'pointer'] },
    },
  });
  assert.equal((await callOf(client, 0)).result?.text, 'cba');
});

test("each way to know a result's size", SESSION_LIMIT, async (t) => {
  const sized = (name: string, size?: SizePolicy): LaunchInput => ({
    program: GUESTS.sizes,
    calls: [{ export: name, argument: 'World' }],
    ...(size === undefined
      ? {}
      : { boundary: { returnResult: { import: RETURN, params: ['pointer', 'callId'], size } } }),
  });
  const results = [];
  for (const configuration of [
    sized('greetWithPrefix', 'u32le-prefix'),
    sized('greetWithNul', 'nul'),
    sized('fingerprint', { fixed: 16 }),
    sized('greetOpenEnded'),
  ]) {
    results.push((await callOf(await run(t, configuration), 0)).result);
  }
  const [prefixed, ended_, fixed, open] = results;
  assert.deepEqual(
    [prefixed?.sizePolicy, prefixed?.size, prefixed?.text],
    ['u32le-prefix', 13, 'Hello, World!'],
  );
  assert.deepEqual([ended_?.sizePolicy, ended_?.size, ended_?.text], ['nul', 13, 'Hello, World!']);
  assert.deepEqual([fixed?.sizePolicy, fixed?.size], [{ fixed: 16 }, 16]);
  assert.deepEqual([open?.sizePolicy, open?.captured], ['unknown', 256]);
  assert.ok(
    Buffer.from(open?.data ?? '', 'base64')
      .toString('latin1')
      .startsWith('Hello, World!'),
  );
});

test('decoders: of the configuration, automatic, and chosen for one answer', SESSION_LIMIT, async (t) => {
  const client = await run(t, {
    program: GUESTS.calls,
    calls: [
      { export: 'echo', argument: { json: { a: [1, 2] } } },
      { export: 'returnInvalidText', params: ['$callId'] },
    ],
    decoders: { echo: { argument: 'utf-8' }, returnInvalidText: { result: 'utf-8' } },
  });
  const echo = await callOf(client, 0);
  assert.deepEqual([echo.argument?.decoder, echo.argument?.decoderReason], ['utf-8', 'launch configuration']);
  assert.equal(echo.result?.decoder, 'json');
  assert.match(echo.result.decoderReason, /^auto: /);
  assert.equal(echo.result.tree?.children?.[0]?.name, 'a');
  const { call } = await client.boundary('boundary/call', {
    sequence: 0,
    decoders: { argument: 'json', result: 'hex' },
  });
  assert.deepEqual([call.argument?.decoder, call.argument?.decoderReason], ['json', 'chosen here']);
  assert.equal(call.result?.decoder, 'hex');
  assert.match((await callOf(client, 1)).result?.decodeError ?? '', /0xff at byte 1/);
  await assert.rejects(
    client.boundary('boundary/call', { sequence: 0, decoders: { result: 'morse' } }),
    /no decoder “morse”/,
  );
  const { decoders } = await client.boundary('boundary/decoders', {});
  assert.equal(decoders[0]?.id, 'auto');
  assert.ok(decoders.some(({ id, label }) => id === 'utf-8' && label === 'UTF-8 text'));
});

test('calls come in pages, and are found by their text', SESSION_LIMIT, async (t) => {
  const client = await run(t, {
    program: GUESTS.greeter,
    calls: [
      { export: 'greet', argument: 'Ada', repeat: 20 },
      { export: 'greet', argument: 'Bob', repeat: 3 },
      { export: 'sum', params: [3] },
    ],
  });
  const page = await client.boundary('boundary/calls', { start: 18, count: 4 });
  assert.equal(page.total, 24);
  assert.deepEqual(
    page.calls.map(({ sequence }) => sequence),
    [18, 19, 20, 21],
  );
  const found = await client.boundary('boundary/calls', { start: 1, count: 10, query: 'BOB' });
  assert.equal(found.total, 3);
  assert.deepEqual(
    found.calls.map(({ sequence }) => sequence),
    [21, 22],
  );
  assert.equal((await client.boundary('boundary/calls', { start: 0, count: 5, query: 'sum' })).total, 1);
  const ordered = await client.boundary('boundary/calls', {
    start: 0,
    count: 3,
    query: 'export:greet text:"Hello, A" duration>0',
    sort: { by: 'callId', descending: true },
  });
  assert.equal(ordered.total, 20);
  assert.deepEqual(
    ordered.calls.map(({ callId }) => callId),
    [20, 19, 18],
  );
  assert.deepEqual(await client.boundary('boundary/findProblem', { from: -1, direction: 'next' }), {
    sequence: null,
  });
  assert.deepEqual(await client.boundary('boundary/calls', { start: 500, count: 5 }), {
    total: 24,
    calls: [],
  });
  await assert.rejects(client.boundary('boundary/call', { sequence: 24 }), /no call 24\. There are 0 to 23/);
  await assert.rejects(client.boundary('boundary/calls', { start: -1, count: 5 }), /start: /);
});

test('the ledger is complete at each stop, and its change is told before it', SESSION_LIMIT, async (t) => {
  const client = await launch(
    t,
    { program: GUESTS.greeter, calls: [{ export: 'greet', argument: 'World', repeat: 300 }] },
    { filters: [], functionBreakpoints: [{ name: 'greet', condition: 'callId === 251' }] },
  );
  await stopped(client);
  const events = client.exchanges.flatMap(({ message }) =>
    message.type === 'event' && 'event' in message ? [message] : [],
  );
  const at = events.findIndex(({ event }) => event === 'stopped');
  const before = events.slice(0, at).findLast(({ event }) => event === 'boundary/changed');
  const changed = before?.body as BoundaryChanged;
  assert.equal(changed.total, 250);
  assert.ok((changed.memoryBytes ?? 0) > 0);
  const { calls, total } = await client.boundary('boundary/calls', { start: 249, count: 1 });
  assert.equal(total, 250);
  assert.equal(calls[0]?.status, 'returned');
  await client.request('continue', { threadId: 1 });
  await ended(client);
  const last = client.eventsSoFar('boundary/changed').at(-1)?.body as BoundaryChanged;
  assert.equal(last.total, 300);
  assert.equal(last.current, null);
});

test('the current call is told at a stop, and which call a frame belongs to', SESSION_LIMIT, async (t) => {
  const client = await launch(t, {
    program: GUESTS.nested,
    host: NESTED_HOST,
    calls: [{ export: 'seat', argument: 'Grace' }],
  });
  await stopped(client);
  const first = await client.event<BoundaryChanged>('boundary/changed');
  assert.equal(first.current, 0);
  await resumeTo(client);
  assert.equal(
    (await client.event<BoundaryChanged>('boundary/changed', ({ current }) => current === 1)).total,
    2,
  );
  const frames = await boundaryStack(client);
  const located = [];
  for (const { id } of frames)
    located.push((await client.boundary('boundary/locate', { frameId: id })).sequence);
  assert.deepEqual(located, [1, 1, 0, 0]);
  assert.equal((await callOf(client, 1)).status, 'running');
  await assert.rejects(
    client.boundary('boundary/locate', { frameId: 999_999 }),
    /stack frame 999999 has not been given out/,
  );
  assert.ok((await topFrame(client)).id > 0);
});

test('an edit is in the ledger when it is answered', SESSION_LIMIT, async (t) => {
  const client = await launch(t, {
    program: GUESTS.greeter,
    calls: [{ export: 'greet', argument: 'World' }],
  });
  await stopped(client);
  const frameId = (await topFrame(client)).id;
  await client.request('setExpression', { expression: 'argument', value: '"Earth"', frameId });
  const { argument } = await callOf(client, 0);
  assert.equal(argument?.text, 'Earth');
  assert.equal(argument.edited, true);
});

test('100,000 calls: few events, and every call is there', { timeout: 300_000 }, async (t) => {
  const client = await run(t, {
    program: GUESTS.greeter,
    calls: [{ export: 'greet', argument: 'World', repeat: 100_000 }],
  });
  const { total, calls } = await client.boundary('boundary/calls', { start: 99_990, count: 20 });
  assert.equal(total, 100_000);
  assert.equal(calls.length, 10);
  assert.ok(
    calls.every(({ status, result }) => status === 'returned' && result?.preview === 'Hello, World!'),
  );
  const trace = client.exchanges.filter(
    ({ message }) => message.type === 'event' && 'event' in message && message.event === 'boundary/changed',
  );
  const { startMicros, durationMicros } = await callOf(client, 99_999);
  const seconds = (startMicros + (durationMicros ?? 0)) / 1e6;
  assert.ok(trace.length <= 20 * Math.ceil(seconds + 1), `${trace.length} events in ${seconds} s`);
});

test('payloads beyond ledger.maxBytes are still there, whole', SESSION_LIMIT, async (t) => {
  const CALLS = 40;
  const argument = { base64: Buffer.alloc(64 << 10, 'Kotlin').toString('base64') };
  const client = await launch(
    t,
    {
      program: path.join(root, 'test/guests/bench/bench.wasm'),
      host: path.join(root, 'test/bench/host.mjs'),
      ledger: { maxBytes: '1MiB' },
      calls: [{ export: 'storeMany', argument, params: ['$size', '$callId', 1], repeat: CALLS }],
    },
    { filters: [] },
  );
  assert.equal(await ended(client), 0);
  for (const sequence of [0, CALLS - 1, 0]) {
    const { call } = await client.boundary('boundary/call', { sequence });
    assert.equal(call.argument?.data, argument.base64);
    assert.equal(call.result?.data, argument.base64);
  }
});

test('of a large buffer a client may ask for the beginning, and read the rest', SESSION_LIMIT, async (t) => {
  const text = 'Grüße, '.repeat(1000);
  const client = await run(t, {
    program: GUESTS.calls,
    calls: [
      { export: 'echo', argument: text },
      { export: 'echo', argument: { json: ['x'.repeat(5000)] } },
      { export: 'echo', argument: 'short' },
    ],
  });
  const { call } = await client.boundary('boundary/call', { sequence: 0, maxBytes: 12 });
  const { result } = call;
  assert.equal(result?.size, Buffer.byteLength(text));
  assert.equal(result.captured, result.size);
  assert.equal(Buffer.from(result.data, 'base64').length, 12);
  assert.equal(result.text, 'Grüße, Gr', 'the character that is cut is left out');
  assert.equal(result.invalid, undefined);
  assert.equal(result.decodeError, `Only the first 12 of ${result.size} bytes were decoded.`);
  const rest = await client.request<DebugProtocol.ReadMemoryResponse['body']>('readMemory', {
    memoryReference: result.memoryReference,
    offset: 12,
    count: result.size,
  });
  const whole = Buffer.concat([Buffer.from(result.data, 'base64'), Buffer.from(rest?.data ?? '', 'base64')]);
  assert.equal(whole.toString(), text);
  const json = await client.boundary('boundary/call', { sequence: 1, maxBytes: 100 });
  assert.equal(json.call.argument?.decoder, 'utf-8', 'a part of a document is no document');
  assert.match(json.call.argument.decodeError ?? '', /^Only the first 100 of 5004 bytes were decoded\.$/);
  const short = await client.boundary('boundary/call', { sequence: 2, maxBytes: 12 });
  assert.equal(short.call.argument?.text, 'short');
  assert.equal(short.call.argument.decodeError, undefined);
});
