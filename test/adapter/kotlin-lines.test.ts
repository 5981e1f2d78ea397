import assert from 'node:assert/strict';
import path from 'node:path';
import test from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { root } from '../../scripts/paths.ts';
import type { DapClient } from '../support/dap-client.ts';
import { GUESTS, markedLine, NESTED_HOST, SESSION_LIMIT } from '../support/guests.ts';
import { onEntry, setLines } from '../support/kotlin-session.ts';
import {
  ended,
  launch,
  resumeTo,
  resumeToEnd,
  scopeVariables,
  type SessionOptions,
  stack,
  startClient,
  stopped,
} from '../support/session.ts';

const GREETER = 'examples/greeter/src/wasmWasiMain/kotlin/Greeter.kt';
const BOUNDARY = 'examples/greeter/src/wasmWasiMain/kotlin/Boundary.kt';
const ENDLESS = 'test/guests/calls/Endless.kt';
const NO_STOPS: SessionOptions = { filters: [] };

/** The frames of a stop, innermost first: `greeter.sum Greeter.kt:38`. */
async function frames(client: DapClient): Promise<string[]> {
  return (await stack(client)).map(({ name, source, line }) => `${name} ${source?.name ?? '-'}:${line}`);
}

async function step(client: DapClient, command: 'next' | 'stepIn' | 'stepOut'): Promise<string[]> {
  await client.request(command, { threadId: 1 });
  const { reason } = await stopped(client);
  assert.equal(reason, 'step');
  return frames(client);
}

test(
  'a breakpoint on a line stops there each time, with the stack and the locals',
  SESSION_LIMIT,
  async (t) => {
    const line = markedLine(GREETER, 'total');
    const client = await onEntry(t, { program: GUESTS.greeter, calls: [{ export: 'sum', params: [3] }] });
    const [breakpoint] = await setLines(client, GREETER, { line });
    assert.equal(breakpoint?.verified, true);
    assert.equal(breakpoint.line, line);
    for (const [number, total] of ['0', '1', '3'].entries()) {
      const stop = await resumeTo(client);
      assert.equal(stop.reason, 'breakpoint');
      assert.deepEqual(stop.hitBreakpointIds, [breakpoint.id]);
      assert.deepEqual(await frames(client), [
        `greeter.sum Greeter.kt:${line}`,
        'sum (callId 1) guest.boundary.wat:9',
      ]);
      const locals = await scopeVariables(client, 'Locals');
      assert.deepEqual(
        [...locals.values()].map(({ name, value, type }) => [name, value, type]),
        [
          ['count', '3', 'Int'],
          ['total', total, 'Int'],
          ['number', String(number + 1), 'Int'],
        ],
      );
    }
    assert.equal(await resumeToEnd(client), 0);
  },
);

test(
  'steps go by lines: into functions and imports, over them, and out to the caller',
  SESSION_LIMIT,
  async (t) => {
    const client = await onEntry(t, {
      program: GUESTS.greeter,
      calls: [{ export: 'greet', argument: 'Ada' }],
    });
    const name = markedLine(GREETER, 'name');
    const store = markedLine(BOUNDARY, 'store argument');
    const call = 'greet (callId 1) guest.boundary.wat:7';
    await setLines(client, GREETER, { line: name });
    await resumeTo(client);
    assert.deepEqual(await frames(client), [`greeter.greet Greeter.kt:${name}`, call]);

    const greet = [`greeter.greet Greeter.kt:${name}`, call];
    assert.deepEqual(await step(client, 'stepIn'), [
      `greeter.receiveText Boundary.kt:${store - 1}`,
      ...greet,
    ]);
    assert.deepEqual(await step(client, 'next'), [`greeter.receiveText Boundary.kt:${store}`, ...greet]);
    assert.deepEqual(await step(client, 'stepIn'), [
      'host.callHostToStoreArgumentData guest.boundary.wat:4',
      `greeter.receiveText Boundary.kt:${store}`,
      ...greet,
    ]);
    assert.deepEqual(await step(client, 'stepOut'), [
      `greeter.receiveText Boundary.kt:${store + 1}`,
      ...greet,
    ]);
    assert.deepEqual(await step(client, 'stepOut'), [`greeter.greet Greeter.kt:${name + 1}`, call]);
    assert.deepEqual(await step(client, 'next'), [`greeter.greet Greeter.kt:${name + 2}`, call]);
    assert.deepEqual(await step(client, 'next'), [`greeter.greet Greeter.kt:${name + 3}`, call]);
    assert.deepEqual(await step(client, 'next'), [`greeter.greet Greeter.kt:${name + 4}`, call]);
    assert.deepEqual(await step(client, 'next'), [call], 'the end of the call');
    assert.equal(await resumeToEnd(client), 0);
  },
);

test('a filter’s stop on the way of a step does not lose the line', SESSION_LIMIT, async (t) => {
  const client = await onEntry(
    t,
    { program: GUESTS.greeter, calls: [{ export: 'greet', argument: 'Ada' }] },
    { filters: ['storeArgument'] },
  );
  const name = markedLine(GREETER, 'name');
  const store = markedLine(BOUNDARY, 'store argument');
  await setLines(client, GREETER, { line: name });
  await resumeTo(client);
  await client.request('next', { threadId: 1 });
  assert.equal((await stopped(client)).reason, 'function breakpoint');
  assert.match((await frames(client))[0] ?? '', /callHostToStoreArgumentData/);
  assert.match((await step(client, 'next'))[0] ?? '', new RegExp(`Boundary\\.kt:${store + 1}$`));
});

test('lines are set and taken away, and the guest is paused, while it runs', SESSION_LIMIT, async (t) => {
  const loop = markedLine(ENDLESS, 'loop');
  const client = await launch(
    t,
    { program: GUESTS.calls, calls: [{ export: 'loopForever', params: [] }] },
    NO_STOPS,
  );
  await client.event('boundary/changed');
  assert.equal((await setLines(client, ENDLESS, { line: loop }))[0]?.verified, true);
  assert.equal((await stopped(client)).reason, 'breakpoint');
  assert.match((await frames(client))[0] ?? '', new RegExp(`loopForever Endless\\.kt:${loop}$`));

  await setLines(client, ENDLESS);
  await client.request('continue', { threadId: 1 });
  await client.request('pause', { threadId: 1 });
  assert.equal((await stopped(client)).reason, 'pause');
  assert.match((await frames(client))[0] ?? '', /loopForever Endless\.kt:\d+$/);
  await client.request('terminate');
  await ended(client);
});

test('hits are counted; a log point writes and goes on', SESSION_LIMIT, async (t) => {
  const client = await onEntry(t, { program: GUESTS.greeter, calls: [{ export: 'sum', params: [5] }] });
  const line = markedLine(GREETER, 'total');
  await setLines(
    client,
    GREETER,
    { line, hitCondition: '>= 4' },
    { line: line + 2, logMessage: 'summed {callId}' },
  );
  await resumeTo(client);
  assert.equal((await scopeVariables(client, 'Locals')).get('number')?.value, '4');
  await resumeTo(client);
  assert.equal(await resumeToEnd(client), 0);
  assert.match(client.output('console'), /^summed 1$/m);
});

test('a breakpoint moves to the next code, or says why it has none', SESSION_LIMIT, async (t) => {
  const client = await onEntry(t, { program: GUESTS.greeter, calls: [{ export: 'sum', params: [1] }] });
  const name = markedLine(GREETER, 'name');
  const [moved, behind, wrong] = await setLines(
    client,
    GREETER,
    { line: name - 4 },
    { line: 10_000 },
    { line: name, condition: 'stringSize >' },
  );
  assert.equal(moved?.verified, true);
  assert.ok((moved.line ?? 0) > name - 4 && (moved.line ?? 0) <= name, `line ${moved.line}`);
  assert.equal(behind?.verified, false);
  assert.match(behind.message ?? '', /No code of Greeter\.kt is at line 10000 or after it/);
  assert.equal(wrong?.verified, false);
  assert.equal(wrong.message, '“stringSize >” is not a Kotlin expression: a value is missing at its end.');
  const [elsewhere] = await setLines(client, ENDLESS, { line: 1 });
  assert.match(elsewhere?.message ?? '', /The guest has no code of Endless\.kt/);

  const { breakpoints } = await client.request<DebugProtocol.BreakpointLocationsResponse['body']>(
    'breakpointLocations',
    { source: { path: path.join(root, GREETER) }, line: name },
  );
  assert.ok(breakpoints.length > 0 && breakpoints.every(({ line, column }) => line === name && column));
});

test('"kotlin": false leaves the guest as it is, and says so', SESSION_LIMIT, async (t) => {
  const client = await onEntry(t, {
    program: GUESTS.greeter,
    calls: [{ export: 'sum', params: [1] }],
    kotlin: false,
  });
  const [breakpoint] = await setLines(client, GREETER, { line: markedLine(GREETER, 'total') });
  assert.equal(breakpoint?.verified, false);
  assert.match(breakpoint.message ?? '', /"kotlin" is false in launch\.json/);
  assert.equal(await resumeToEnd(client), 0);
});

test(
  'lines that come before the launch are bound, with an event, once the guest is there',
  SESSION_LIMIT,
  async (t) => {
    const client = await startClient(t);
    await client.request('initialize', { adapterID: 'kotlin-wasmedge', linesStartAt1: false });
    const line = markedLine(GREETER, 'total') - 1;
    const [pending] = await setLines(client, GREETER, { line });
    assert.equal(pending?.verified, false);
    assert.match(pending.message ?? '', /has not been loaded/);
    const launched = client.request('launch', {
      program: GUESTS.greeter,
      calls: [{ export: 'sum', params: [1] }],
    });
    const changed = client.event<DebugProtocol.BreakpointEvent['body']>('breakpoint');
    await client.event('initialized');
    await client.request('setExceptionBreakpoints', { filters: [] });
    await client.request('configurationDone');
    await launched;
    const { breakpoint } = await changed;
    assert.deepEqual([breakpoint.id, breakpoint.verified, breakpoint.line], [pending.id, true, line]);
    assert.equal((await stopped(client)).reason, 'breakpoint');
    assert.equal(await resumeToEnd(client), 0);
  },
);

test('a stop in a nested call shows the functions of both where they belong', SESSION_LIMIT, async (t) => {
  const client = await launch(
    t,
    { program: GUESTS.nested, host: NESTED_HOST, calls: [{ export: 'seat', argument: 'Ada' }] },
    { filters: ['storeArgument'] },
  );
  await stopped(client);
  await resumeTo(client);
  const names = (await stack(client)).map(({ name }) => name);
  const at = (pattern: RegExp): number => names.findIndex((name) => pattern.test(name));
  assert.equal(at(/^host\.callHostToStoreArgumentData$/), 0);
  const inner = at(/^countVowels \(callId/);
  const rowFor = at(/^seating\.rowFor$/);
  const outer = at(/^seat \(callId/);
  assert.ok(
    inner > 1 && rowFor === inner + 1 && outer > rowFor + 1 && outer === names.length - 1,
    names.join('\n'),
  );
});

test('a trap shows the line and the functions that led to it', SESSION_LIMIT, async (t) => {
  const client = await launch(
    t,
    { program: GUESTS.calls, calls: [{ export: 'recurseForever', params: [] }], limits: { stackDepth: 50 } },
    { filters: ['traps'] },
  );
  const stop = await stopped(client);
  assert.match(stop.text ?? '', /nested 50 deep.*"limits\.stackDepth"/);
  const shown = await frames(client);
  assert.ok(shown.length >= 50);
  assert.match(shown[1] ?? '', new RegExp(`descend Endless\\.kt:${markedLine(ENDLESS, 'recursion')}$`));
  assert.match(shown.at(-1) ?? '', /^recurseForever \(callId 1\)/);
});
