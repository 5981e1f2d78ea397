import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Call } from '../../protocol/boundary.ts';
import type { LaunchInput } from '../../protocol/launch.ts';
import type { DapClient } from '../support/dap-client.ts';
import { GUESTS, SESSION_LIMIT } from '../support/guests.ts';
import { ended, evaluate, launch, resumeTo, resumeToEnd, stopped } from '../support/session.ts';

const JOIN: LaunchInput = {
  program: GUESTS.parts,
  calls: [{ export: 'join', arguments: ['Ada', { hex: '4c 6f 76 65 6c 61 63 65' }], repeat: 2 }],
};
const SPLIT = { export: 'split', argument: 'one two three' };
const PARTS: LaunchInput['boundary'] = {
  returnResult: { import: 'host.callHostToReturnResultData', parts: true },
};

async function callOf(client: DapClient, sequence: number): Promise<Call> {
  return (await client.boundary('boundary/call', { sequence })).call;
}

/** What the call handed over, in order. */
const handedOver = ({ buffers }: Call): string[] =>
  buffers.map(({ direction, index, preview }) => `${direction} ${index}: ${preview}`);

async function ran(t: TestContext, configuration: LaunchInput): Promise<DapClient> {
  const client = await launch(t, configuration, { filters: [] });
  assert.equal(await ended(client), 0);
  return client;
}

test('a guest that asks again gets the next argument, in each call', SESSION_LIMIT, async (t) => {
  const client = await ran(t, JOIN);
  for (const sequence of [0, 1]) {
    const call = await callOf(client, sequence);
    assert.deepEqual(
      call.params.map(({ value }) => value),
      [3, 8, sequence + 1],
    );
    assert.deepEqual(handedOver(call), ['argument 0: Ada', 'argument 1: Lovelace', 'result 0: Ada Lovelace']);
    assert.equal(call.argument?.text, 'Lovelace', 'the latest');
    assert.deepEqual(call.findings, []);
  }
});

test('each buffer of a call is shown when it is asked for, and read as memory', SESSION_LIMIT, async (t) => {
  const client = await ran(t, JOIN);
  const { call } = await client.boundary('boundary/call', { sequence: 1, buffers: { argument: 0 } });
  assert.equal(call.argument?.text, 'Ada');
  assert.equal(call.result?.text, 'Ada Lovelace');
  const texts = await Promise.all(
    call.buffers.map(async ({ memoryReference, size }) => {
      const read = await client.request<DebugProtocol.ReadMemoryResponse['body']>('readMemory', {
        memoryReference,
        count: size,
      });
      return Buffer.from(read?.data ?? '', 'base64').toString();
    }),
  );
  assert.deepEqual(texts, ['Ada', 'Lovelace', 'Ada Lovelace']);
  await assert.rejects(
    client.request('readMemory', { memoryReference: 'call-1-argument-2', count: 1 }),
    /call 1 has only 2 of them/,
  );
});

test('the second argument is changed at its own stop', SESSION_LIMIT, async (t) => {
  const client = await launch(t, JOIN, { filters: ['storeArgument'] });
  await stopped(client);
  assert.equal((await evaluate(client, 'argument')).result, '"Ada"');
  await resumeTo(client);
  assert.equal((await evaluate(client, 'argument')).result, '"Lovelace"');
  await assert.rejects(evaluate(client, 'argument = "Byron"'), /takes 5 bytes, but the guest was told 8/);
  await evaluate(client, 'argument = "Countess"');
  await client.request('setExceptionBreakpoints', { filters: [] });
  assert.equal(await resumeToEnd(client), 0);
  const changed = await callOf(client, 0);
  assert.equal(changed.result?.text, 'Ada Countess');
  assert.deepEqual(handedOver(changed).slice(0, 2), ['argument 0: Ada', 'argument 1: Countess']);
  assert.equal(changed.argument?.edited, true);
  assert.equal(Buffer.from(changed.argument.original ?? '', 'base64').toString(), 'Lovelace');
  const untouched = await callOf(client, 1);
  assert.equal(untouched.result?.text, 'Ada Lovelace');
  assert.equal(untouched.argument?.original, undefined);
});

test('parts of a result are no second results where the configuration says so', SESSION_LIMIT, async (t) => {
  const parts = ['argument 0: one two three', 'result 0: one', 'result 1: two', 'result 2: three'];
  let call = await callOf(await ran(t, { program: GUESTS.parts, boundary: PARTS, calls: [SPLIT] }), 0);
  assert.deepEqual(handedOver(call), parts);
  assert.deepEqual(call.findings, []);
  call = await callOf(await ran(t, { program: GUESTS.parts, calls: [SPLIT] }), 0);
  assert.deepEqual(handedOver(call), parts);
  assert.deepEqual(
    call.findings.map(({ code }) => code),
    ['result-returned-twice'],
  );
  assert.match(call.findings[0]?.message ?? '', /"parts" of boundary\.returnResult/);
});

test('arguments that do not fit the parameters are refused with what to do', SESSION_LIMIT, async (t) => {
  const join = (more: object): LaunchInput => ({
    program: GUESTS.parts,
    calls: [{ export: 'join', ...more }],
  });
  await assert.rejects(
    launch(t, join({ argument: 'Ada', arguments: ['Ada'] })),
    /calls\[0\] has both "argument" and "arguments"/,
  );
  await assert.rejects(
    launch(t, join({ arguments: ['Ada'], params: ['$size', '$size2', '$callId'] })),
    /calls\[0\]\.params\[1\] is "\$size2".*the call has 1: list them in "arguments"/,
  );
});
