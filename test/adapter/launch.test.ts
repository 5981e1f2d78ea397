import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { assertGolden, transcript } from '../support/golden.ts';
import { GUESTS, SESSION_LIMIT } from '../support/guests.ts';
import {
  CLIENT,
  ended,
  launch,
  resumeTo,
  resumeToEnd,
  scopeVariables,
  stack,
  startClient,
  stopped,
  topFrame,
} from '../support/session.ts';

test('a greet call stops on both callbacks and ends', SESSION_LIMIT, async (t) => {
  const client = await launch(
    t,
    { program: GUESTS.greeter, calls: [{ export: 'greet', argument: 'World' }] },
    { oneByOne: true },
  );
  await stopped(client);
  await stack(client);
  await scopeVariables(client, 'Call', (await topFrame(client)).id);
  await resumeTo(client);
  await scopeVariables(client, 'Call', (await topFrame(client)).id);
  assert.equal(await resumeToEnd(client), 0);
  await client.boundary('boundary/calls', { start: 0, count: 10 });
  await client.boundary('boundary/call', { sequence: 0 });
  assertGolden('greet', transcript(client));
});

test('what was deduced and where WasmEdge was found is printed at launch', SESSION_LIMIT, async (t) => {
  const client = await launch(t, {
    program: GUESTS.greeter,
    calls: [{ export: 'greet', argument: 'World' }],
  });
  await stopped(client);
  const printed = client.output('console');
  assert.match(printed, /guest\.wasm on WasmEdge 0\.1[47]\./);
  assert.match(printed, /storeArgument is host\.callHostToStoreArgumentData/);
  assert.match(printed, /returnResult is host\.callHostToReturnResultData/);
});

test('the guest runs when it is configured, not before', SESSION_LIMIT, async (t) => {
  const client = await startClient(t);
  await client.request('initialize', CLIENT);
  const launched = client.request('launch', { program: GUESTS.wasi, args: ['hello'] });
  await client.event('initialized');
  await launched;
  await client.request('setFunctionBreakpoints', { breakpoints: [{ name: '_start' }] });
  await client.request('setExceptionBreakpoints', { filters: [] });
  assert.equal(client.output('stdout'), '');
  await client.request('configurationDone');
  assert.deepEqual((await stopped(client)).hitBreakpointIds, [1]);
  assert.equal(client.output('stdout'), '', 'stopped before the first instruction');
  assert.equal(await resumeToEnd(client), 0);
  assert.equal(client.output('stdout'), 'main [hello]\n');
});

test('stopOnEntry stops before _start', SESSION_LIMIT, async (t) => {
  const client = await launch(t, { program: GUESTS.wasi, stopOnEntry: true });
  assert.equal((await stopped(client)).reason, 'entry');
  assert.equal(client.output('stdout'), '');
  assert.deepEqual(
    (await stack(client)).map(({ name }) => name),
    ['_start'],
  );
  assert.equal(await resumeToEnd(client), 0);
  assert.match(client.output('stdout'), /main \[\]/);
});

test('without debugging nothing stops', SESSION_LIMIT, async (t) => {
  const client = await launch(
    t,
    { program: GUESTS.greeter, calls: [{ export: 'greet', argument: 'World' }], stopOnEntry: true },
    { noDebug: true, functionBreakpoints: [{ name: 'greet' }] },
  );
  assert.equal(await ended(client), 0);
  assert.equal(client.eventsSoFar('stopped').length, 0);
  const { total } = await client.boundary('boundary/calls', { start: 0, count: 0 });
  assert.equal(total, 1, 'the ledger is kept all the same');
});

test(
  'the guest gets the arguments, variables, folders and input of the configuration, and no others',
  SESSION_LIMIT,
  async (t) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'guest-files-'));
    t.after(() => rm(folder, { recursive: true }));
    await writeFile(path.join(folder, 'note.txt'), 'from the folder');
    await writeFile(path.join(folder, 'in.txt'), 'from the input');
    const client = await launch(
      t,
      {
        program: GUESTS.wasi,
        args: ['one', 'two'],
        env: { GREETING: 'hello' },
        preopens: { '/data': folder },
        stdin: path.join(folder, 'in.txt'),
        calls: [
          { export: 'listArguments', params: ['$callId'] },
          { export: 'listEnvironment', params: ['$callId'] },
          { export: 'readPreopened', argument: 'note.txt' },
          { export: 'readPreopened', argument: '../etc/passwd' },
          { export: 'readStandardInput', params: ['$callId'] },
        ],
      },
      { filters: [], env: { SECRET_OF_THE_ADAPTER: 'must not be seen' } },
    );
    assert.equal(await ended(client), 0);
    const texts: (string | undefined)[] = [];
    for (let sequence = 0; sequence < 5; sequence++) {
      texts.push((await client.boundary('boundary/call', { sequence })).call.result?.text);
    }
    assert.equal(texts[0], 'one\ntwo');
    assert.equal(texts[1], 'GREETING=hello');
    assert.equal(texts[2], 'from the folder');
    assert.match(texts[3] ?? '', /^errno \d+$/);
    assert.equal(texts[4], 'from the input');
  },
);

test('without stdin the guest reads nothing', SESSION_LIMIT, async (t) => {
  const client = await launch(
    t,
    { program: GUESTS.wasi, calls: [{ export: 'readStandardInput', params: ['$callId'] }] },
    { filters: [] },
  );
  assert.equal(await ended(client), 0);
  const { call } = await client.boundary('boundary/call', { sequence: 0 });
  assert.equal(call.result?.size, 0);
});

test('calls are repeated with callIds that count up', SESSION_LIMIT, async (t) => {
  const client = await launch(
    t,
    {
      program: GUESTS.greeter,
      calls: [
        { export: 'greet', argument: 'World', callId: 40, repeat: 3 },
        { export: 'sum', params: [100] },
      ],
    },
    { filters: [] },
  );
  assert.equal(await ended(client), 0);
  const { calls } = await client.boundary('boundary/calls', { start: 0, count: 10 });
  assert.deepEqual(calls.map(({ callId, export: name }) => `${name} ${callId}`).slice(0, 3), [
    'greet 40',
    'greet 41',
    'greet 42',
  ]);
  const { call } = await client.boundary('boundary/call', { sequence: 3 });
  assert.deepEqual(call.returns, [{ type: 'i32', value: 5050 }]);
  assert.equal(call.argument, undefined);
});

test('the trace holds the whole DAP traffic', SESSION_LIMIT, async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'trace-'));
  t.after(() => rm(folder, { recursive: true }));
  const trace = path.join(folder, 'dap.log');
  const client = await startClient(t);
  await client.request('initialize', CLIENT);
  const launched = client.request('launch', { program: GUESTS.greeter, trace });
  await client.event('initialized');
  await client.request('configurationDone');
  await launched;
  await ended(client);
  await client.request('disconnect');
  await client.closed;
  const lines = (await readFile(trace, 'utf8')).trimEnd().split('\n');
  const traced = lines.map((line) => JSON.parse(line) as { at: number; from: string; message: unknown });
  assert.deepEqual(
    traced.map(({ from, message }) => ({ from, message })),
    client.exchanges.map(({ from, message }) => ({ from, message })),
  );
});

test('a trace file that cannot be written is refused', SESSION_LIMIT, async (t) => {
  const client = await startClient(t);
  await client.request('initialize', CLIENT);
  await assert.rejects(
    client.request('launch', { program: GUESTS.greeter, trace: '/no/such/folder/dap.log' }),
    /The trace file \/no\/such\/folder\/dap\.log cannot be written/,
  );
});

test('a launch that was refused can be sent again', SESSION_LIMIT, async (t) => {
  const client = await startClient(t);
  await client.request('initialize', CLIENT);
  await assert.rejects(client.request('launch', { program: '/no/such.wasm' }), /There is no file/);
  const launched = client.request('launch', { program: GUESTS.greeter });
  await client.event('initialized');
  await client.request('configurationDone');
  await launched;
  assert.equal(await ended(client), 0);
});
