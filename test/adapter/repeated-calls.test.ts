import assert from 'node:assert/strict';
import test from 'node:test';
import type { BoundaryChanged } from '../../protocol/boundary.ts';
import type { DapClient } from '../support/dap-client.ts';
import { GUESTS, markedLine, SESSION_LIMIT } from '../support/guests.ts';
import { setLines } from '../support/kotlin-session.ts';
import { ended, launch, resumeToEnd, stack, stopped } from '../support/session.ts';

const GREETER = 'examples/greeter/src/wasmWasiMain/kotlin/Greeter.kt';
const FIRST_ID = 41;
const REPEATED = 100_000;
const GREETINGS = {
  program: GUESTS.greeter,
  calls: [{ export: 'greet', argument: 'World', callId: FIRST_ID, repeat: REPEATED }],
};

/** The callId that the call's frame of a stop shows. */
async function shownCallId(client: DapClient): Promise<number> {
  const frames = await stack(client);
  return Number(frames.map(({ name }) => /^greet \(callId (\d+)\)/.exec(name)?.[1]).find(Boolean));
}

/** Sequence of the newest call in the ledger. */
async function newestCall(client: DapClient): Promise<number> {
  return (await client.boundary('boundary/calls', { start: 0, count: 0 })).total - 1;
}

test(
  'a pause among many calls is in the one that runs, and steps go on from it',
  SESSION_LIMIT,
  async (t) => {
    const client = await launch(t, { ...GREETINGS, kotlin: false }, { filters: [] });
    await client.event<BoundaryChanged>('boundary/changed', ({ total }) => total > 1);
    await client.request('pause', { threadId: 1 });
    assert.equal((await stopped(client)).reason, 'pause');
    const sequence = await newestCall(client);
    assert.ok(sequence > 0);
    const paused = await shownCallId(client);
    const steps: number[] = [];
    // A call has four places to stop at: its begin, its two crossings, its end.
    for (let count = 0; count < 8; count++) {
      await client.request('stepIn', { threadId: 1 });
      assert.equal((await stopped(client)).reason, 'step');
      steps.push((await shownCallId(client)) - paused);
    }
    assert.deepEqual(
      steps.toSorted((a, b) => a - b),
      steps,
    );
    assert.equal(new Set(steps).size, steps[0] === 0 ? 3 : 2);
    const { calls } = await client.boundary('boundary/calls', { start: sequence - 1, count: 4 });
    assert.deepEqual(
      calls.map(({ callId }) => callId),
      calls.map((_, i) => FIRST_ID + sequence - 1 + i),
    );
    // Where a call begins it is not in the ledger yet.
    assert.ok([sequence, sequence + 1].includes(paused - FIRST_ID), `${paused} of ${sequence}`);
    await client.request('terminate');
    await ended(client);
  },
);

test('a line that is set among many calls stops in the one that runs', SESSION_LIMIT, async (t) => {
  const client = await launch(t, GREETINGS, { filters: [] });
  await client.event<BoundaryChanged>('boundary/changed', ({ total }) => total > 1);
  const line = markedLine(GREETER, 'greeting');
  await setLines(client, GREETER, { line, hitCondition: '3' });
  assert.equal((await stopped(client)).reason, 'breakpoint');
  const [callId, sequence] = [await shownCallId(client), await newestCall(client)];
  assert.ok(sequence > 2);
  assert.equal(callId, FIRST_ID + sequence);
  const { call } = await client.boundary('boundary/call', { sequence });
  assert.equal(call.status, 'running');
  assert.equal(call.callId, callId);
  await client.request('terminate');
  await ended(client);
});

test('each of many calls is in the ledger as if it had been made alone', SESSION_LIMIT, async (t) => {
  const client = await launch(
    t,
    {
      program: GUESTS.greeter,
      calls: [
        { export: 'greet', argument: 'Ada', repeat: 3 },
        { export: 'nextBirthday', argument: '12a', repeat: 2 },
        { export: 'greet', argument: 'Bob', callId: -7 },
        { export: 'sum', params: [4], repeat: 2 },
      ],
    },
    { filters: [] },
  );
  assert.equal(await ended(client), 1);
  const { calls } = await client.boundary('boundary/calls', { start: 0, count: 10 });
  assert.deepEqual(
    calls.map((call) => `${call.callId} ${call.export} ${call.status} ${call.result?.preview ?? ''}`),
    [
      '1 greet returned Hello, Ada!',
      '2 greet returned Hello, Ada!',
      '3 greet returned Hello, Ada!',
      '4 nextBirthday trapped ',
      '5 nextBirthday trapped ',
      '-7 greet returned Hello, Bob!',
      '7 sum returned ',
      '8 sum returned ',
    ],
  );
});

test(
  'an argument that is edited as a call begins is not that of the calls that follow',
  SESSION_LIMIT,
  async (t) => {
    const client = await launch(
      t,
      { program: GUESTS.greeter, calls: [{ export: 'greet', argument: 'World', repeat: 3 }] },
      { functionBreakpoints: [{ name: 'greet', hitCondition: '1' }], filters: [] },
    );
    await stopped(client);
    const [frame] = await stack(client);
    await client.request('setExpression', { expression: 'argument', value: '"Earth"', frameId: frame?.id });
    assert.equal(await resumeToEnd(client), 0);
    const { calls } = await client.boundary('boundary/calls', { start: 0, count: 3 });
    assert.deepEqual(
      calls.map(({ result }) => result?.preview),
      ['Hello, Earth!', 'Hello, World!', 'Hello, World!'],
    );
  },
);
