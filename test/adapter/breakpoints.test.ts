import assert from 'node:assert/strict';
import test from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { GUESTS, NESTED_HOST, SESSION_LIMIT } from '../support/guests.ts';
import {
  CLIENT,
  configure,
  ended,
  evaluate,
  launch,
  resumeTo,
  resumeToEnd,
  stack,
  startClient,
  stopped,
  topFrame,
} from '../support/session.ts';

type SetBody = DebugProtocol.SetFunctionBreakpointsResponse['body'];

const GREET = { program: GUESTS.greeter, calls: [{ export: 'greet', argument: 'World', repeat: 5 }] };

test('names of imports and exports, with and without module and wildcard', SESSION_LIMIT, async (t) => {
  const client = await launch(t, GREET);
  await stopped(client);
  const set = async (...names: string[]): Promise<DebugProtocol.Breakpoint[]> => {
    const body = await client.request<SetBody>('setFunctionBreakpoints', {
      breakpoints: names.map((name) => ({ name })),
    });
    return body.breakpoints;
  };
  const bound = await set(
    'host.callHostToReturnResultData',
    'callHostToReturnResultData',
    'host.*',
    'greet',
    'callhost*',
  );
  assert.deepEqual(
    bound.map(({ verified }) => verified),
    [true, true, true, true, false],
  );
  assert.equal(new Set(bound.map(({ id }) => id)).size, 5);
  const again = await set('greet', 'gret', 'wasi_snapshot_preview1.fd_write', '');
  assert.equal(again[0]?.id, bound[3]?.id, 'the same breakpoint keeps its id');
  assert.match(again[1]?.message ?? '', /no import, export or Kotlin function “gret”\. Did you mean “greet”/);
  assert.match(again[2]?.message ?? '', /is WASI's/);
  assert.match(again[3]?.message ?? '', /needs a name/);
});

test('an import and an export stop, with the id of the breakpoint', SESSION_LIMIT, async (t) => {
  const client = await launch(
    t,
    { program: GUESTS.nested, host: NESTED_HOST, calls: [{ export: 'seat', argument: 'Grace' }] },
    { filters: [], functionBreakpoints: [{ name: 'rowFor' }, { name: 'countVowels' }] },
  );
  const first = await stopped(client);
  assert.deepEqual(first.hitBreakpointIds, [1]);
  assert.equal((await topFrame(client)).name, 'seating.rowFor');
  const second = await resumeTo(client);
  assert.deepEqual(second.hitBreakpointIds, [2]);
  assert.equal((await topFrame(client)).name, 'countVowels (callId 2)');
  assert.equal(await resumeToEnd(client), 0);
});

test('a condition, a hit condition and both', SESSION_LIMIT, async (t) => {
  const client = await launch(t, GREET, {
    filters: [],
    functionBreakpoints: [
      { name: 'host.callHostToStoreArgumentData', condition: 'callId === 2 && argument.startsWith("Wor")' },
      { name: 'host.callHostToReturnResultData', hitCondition: '>= 5' },
      { name: 'greet', condition: 'callId > 1', hitCondition: '3' },
    ],
  });
  const hits: string[] = [];
  for (let stop = await stopped(client); ; stop = await resumeTo(client)) {
    hits.push(`${String(stop.hitBreakpointIds?.[0])} at callId ${(await evaluate(client, 'callId')).result}`);
    if (hits.length === 3) break;
  }
  assert.deepEqual(hits, ['1 at callId 2', '3 at callId 4', '2 at callId 5']);
  assert.equal(await resumeToEnd(client), 0);
});

test('a log message is printed and does not stop', SESSION_LIMIT, async (t) => {
  const client = await launch(t, GREET, {
    filters: [],
    functionBreakpoints: [
      {
        name: 'host.callHostToReturnResultData',
        logMessage: 'call {callId} answers {result}',
        condition: 'callId < 3',
      },
    ],
  });
  assert.equal(await ended(client), 0);
  assert.equal(client.eventsSoFar('stopped').length, 0);
  assert.match(client.output('console'), /call 1 answers Hello, World!\ncall 2 answers Hello, World!\n/);
  assert.doesNotMatch(client.output('console'), /call 3/);
});

test('a condition that throws stops once and says why', SESSION_LIMIT, async (t) => {
  const client = await launch(t, GREET, {
    filters: [],
    functionBreakpoints: [{ name: 'greet', condition: 'argument.nothing.there' }],
  });
  const stop = await stopped(client);
  assert.match(stop.text ?? '', /“argument\.nothing\.there” threw TypeError/);
  const info = await client.request<DebugProtocol.ExceptionInfoResponse['body']>('exceptionInfo', {
    threadId: 1,
  });
  assert.match(info.description ?? '', /threw TypeError/);
  assert.equal(await resumeToEnd(client), 0);
  assert.equal(client.eventsSoFar('stopped').length, 1);
});

test('what cannot be compiled is unverified with the reason', SESSION_LIMIT, async (t) => {
  const client = await launch(t, GREET);
  await stopped(client);
  const { breakpoints } = await client.request<SetBody>('setFunctionBreakpoints', {
    breakpoints: [
      { name: 'greet', condition: 'callId ===' },
      { name: 'greet', hitCondition: 'sometimes' },
      { name: 'greet', logMessage: 'a {callId' },
      { name: 'greet', condition: ' ' },
    ],
  });
  assert.match(breakpoints[0]?.message ?? '', /“callId ===” is not a JavaScript expression/);
  assert.match(breakpoints[1]?.message ?? '', /sometimes/);
  assert.equal(breakpoints[0]?.verified, false);
  assert.equal(breakpoints[1]?.verified, false);
  assert.equal(breakpoints[3]?.verified, true, 'a blank condition is none');
});

test('breakpoints that are set before the launch are bound by it', SESSION_LIMIT, async (t) => {
  const client = await startClient(t);
  await client.request('initialize', CLIENT);
  const { breakpoints } = await client.request<SetBody>('setFunctionBreakpoints', {
    breakpoints: [{ name: 'greet' }, { name: 'nothing' }],
  });
  assert.deepEqual(
    breakpoints.map(({ verified, message }) => [verified, message?.startsWith('Not bound yet')]),
    [
      [false, true],
      [false, true],
    ],
  );
  await client.request('setExceptionBreakpoints', { filters: [] });
  const launched = client.request('launch', GREET);
  await client.event('initialized');
  await client.request('configurationDone');
  const changed: DebugProtocol.Breakpoint[] = [];
  for (let i = 0; i < 2; i++) {
    changed.push((await client.event<DebugProtocol.BreakpointEvent['body']>('breakpoint')).breakpoint);
  }
  assert.deepEqual(
    changed.map(({ id, verified }) => [id, verified]),
    [
      [breakpoints[0]?.id, true],
      [breakpoints[1]?.id, false],
    ],
  );
  await launched;
  await stopped(client);
  assert.equal((await topFrame(client)).name, 'greet (callId 1)');
});

test('the boxes under Breakpoints: which are offered, and which are on', SESSION_LIMIT, async (t) => {
  const client = await startClient(t);
  const capabilities = await client.request<DebugProtocol.Capabilities>('initialize', CLIENT);
  assert.deepEqual(
    capabilities.exceptionBreakpointFilters?.map(({ filter, default: on, supportsCondition }) => [
      filter,
      on,
      supportsCondition,
    ]),
    [
      ['storeArgument', true, true],
      ['returnResult', true, true],
      ['hostImports', false, true],
      ['traps', true, true],
      ['allExceptions', false, true],
      ['uncaughtExceptions', true, true],
      ['boundaryViolations', false, true],
    ],
  );
});

test('filters with conditions; an unknown one is unverified', SESSION_LIMIT, async (t) => {
  const client = await launch(t, GREET, {
    filters: [],
    filterOptions: [{ filterId: 'returnResult', condition: 'result.length > 5 && callId === 4' }],
  });
  await stopped(client);
  assert.equal((await evaluate(client, 'callId')).result, '4');
  const { breakpoints } = await client.request<{ breakpoints: DebugProtocol.Breakpoint[] }>(
    'setExceptionBreakpoints',
    { filters: ['traps', 'nothing'], filterOptions: [{ filterId: 'storeArgument', condition: '(' }] },
  );
  assert.deepEqual(
    breakpoints.map(({ verified }) => verified),
    [true, false, false],
  );
  assert.match(breakpoints[1]?.message ?? '', /no filter “nothing”/);
  assert.match(breakpoints[2]?.message ?? '', /not a JavaScript expression/);
  assert.equal(await resumeToEnd(client), 0);
});

test('other host imports stop where their box is ticked', SESSION_LIMIT, async (t) => {
  const client = await launch(
    t,
    { program: GUESTS.nested, host: NESTED_HOST, calls: [{ export: 'seat', argument: 'Grace' }] },
    { filters: ['hostImports'] },
  );
  await stopped(client);
  assert.equal((await stack(client))[0]?.name, 'seating.rowFor');
  assert.equal(await resumeToEnd(client), 0);
});

test('breakpoints that are set while the guest runs take effect', SESSION_LIMIT, async (t) => {
  const client = await startClient(t);
  await configure(
    client,
    { program: GUESTS.calls, calls: [{ export: 'crossForever', argument: 'x' }] },
    { filters: [] },
  );
  const { breakpoints } = await client.request<SetBody>('setFunctionBreakpoints', {
    breakpoints: [{ name: 'host.callHostToStoreArgumentData' }],
  });
  assert.equal(breakpoints[0]?.verified, true);
  const stop = await stopped(client);
  assert.deepEqual(stop.hitBreakpointIds, [breakpoints[0].id]);
  await client.request('terminate');
  await ended(client);
});

test(
  'lines of a file that the guest has no code of are unverified, with the reason',
  SESSION_LIMIT,
  async (t) => {
    const client = await launch(t, GREET);
    await stopped(client);
    const { breakpoints } = await client.request<DebugProtocol.SetBreakpointsResponse['body']>(
      'setBreakpoints',
      {
        source: { path: '/src/Greeter.kt' },
        breakpoints: [{ line: 14 }, { line: 15, condition: 'name == "x"' }],
      },
    );
    assert.deepEqual(
      breakpoints.map(({ verified, line }) => [verified, line]),
      [
        [false, 14],
        [false, 15],
      ],
    );
    for (const { message } of breakpoints)
      assert.match(message ?? '', /The guest has no code of Greeter\.kt/);
  },
);
