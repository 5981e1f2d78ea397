import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import type { DapClient } from '../support/dap-client.ts';
import { GUESTS, NESTED_HOST, SESSION_LIMIT } from '../support/guests.ts';
import { boundaryStack, ended, launch, resumeTo, stopped } from '../support/session.ts';

const SEAT = { program: GUESTS.nested, host: NESTED_HOST, calls: [{ export: 'seat', argument: 'Grace' }] };

/** Where the guest is: what the top frame is, and how many calls and imports deep. */
async function where(client: DapClient): Promise<string> {
  const frames = await boundaryStack(client);
  return `${frames.length}: ${frames[0]?.name ?? ''}`;
}

async function step(client: DapClient, command: string): Promise<string> {
  const { reason } = await resumeTo(client, command);
  assert.equal(reason, 'step');
  return where(client);
}

/** Stopped at the import `rowFor`, which will make a nested call. */
async function atNestedCall(t: TestContext): Promise<DapClient> {
  const client = await launch(t, SEAT, { filters: [], functionBreakpoints: [{ name: 'seating.rowFor' }] });
  await stopped(client);
  assert.equal(await where(client), '2: seating.rowFor');
  return client;
}

test('into goes to the next crossing, also that of a nested call', SESSION_LIMIT, async (t) => {
  const client = await atNestedCall(t);
  assert.equal(await step(client, 'stepIn'), '3: countVowels (callId 2)');
  assert.equal(await step(client, 'stepIn'), '4: host.callHostToStoreArgumentData');
  assert.equal(await step(client, 'stepIn'), '4: host.callHostToReturnResultData');
  assert.equal(await step(client, 'stepIn'), '3: countVowels (callId 2)');
  assert.equal(await step(client, 'stepIn'), '2: host.callHostToReturnResultData');
  assert.equal(await step(client, 'stepIn'), '1: seat (callId 1)');
});

test('over goes to the next crossing of the same call', SESSION_LIMIT, async (t) => {
  const client = await atNestedCall(t);
  assert.equal(await step(client, 'next'), '2: host.callHostToReturnResultData');
});

test('over at the end of a call goes to the next one of the outer call', SESSION_LIMIT, async (t) => {
  const client = await atNestedCall(t);
  await step(client, 'stepIn');
  await step(client, 'stepOut');
  assert.equal(await where(client), '3: countVowels (callId 2)');
  assert.equal(await step(client, 'next'), '2: host.callHostToReturnResultData');
});

test('out goes to the end of the call', SESSION_LIMIT, async (t) => {
  const client = await atNestedCall(t);
  assert.equal(await step(client, 'stepOut'), '1: seat (callId 1)');
  const { call } = await client.boundary('boundary/call', { sequence: 0 });
  assert.equal(call.result?.text, 'Grace sits in row 3.', 'the call has returned its result');
});

test('over from one call goes to the next one', SESSION_LIMIT, async (t) => {
  const client = await launch(
    t,
    { program: GUESTS.greeter, calls: [{ export: 'greet', argument: 'Ada', repeat: 2 }] },
    { functionBreakpoints: [{ name: 'greet', hitCondition: '1' }], filters: [] },
  );
  await stopped(client);
  assert.equal(await where(client), '1: greet (callId 1)');
  await step(client, 'stepOut');
  assert.equal(await step(client, 'next'), '1: greet (callId 2)');
  await client.request('continue', { threadId: 1 });
  assert.equal(await ended(client), 0);
});

test('a breakpoint ends a step before the step does', SESSION_LIMIT, async (t) => {
  const client = await launch(t, SEAT, {
    filters: [],
    functionBreakpoints: [{ name: 'seating.rowFor' }, { name: 'countVowels' }],
  });
  await stopped(client);
  const stop = await resumeTo(client, 'next');
  assert.equal(stop.reason, 'function breakpoint');
  assert.equal(await where(client), '3: countVowels (callId 2)');
});

test('what can only be done at a stop says so while the guest runs', SESSION_LIMIT, async (t) => {
  const client = await launch(t, { program: GUESTS.calls, calls: [{ export: 'loopForever', params: [] }] });
  for (const command of ['continue', 'next', 'stepIn', 'stepOut', 'stackTrace']) {
    await assert.rejects(client.request(command, { threadId: 1 }), /The guest is running/);
  }
  await client.request('terminate');
  await ended(client);
});
