import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import type { Call } from '../../protocol/boundary.ts';
import type { LaunchInput } from '../../protocol/launch.ts';
import type { DapClient } from '../support/dap-client.ts';
import { GUESTS, SESSION_LIMIT } from '../support/guests.ts';
import { hostModule } from '../support/host-module.ts';
import { ended, launch, resumeTo, resumeToEnd, stopped } from '../support/session.ts';

const HOST = 'export const imports = { host: { again: () => 0 }, audit: { note() {}, recall: () => 0 } };';

async function violations(
  t: TestContext,
  calls: LaunchInput['calls'],
  snapshots = true,
): Promise<LaunchInput> {
  return {
    program: GUESTS.violations,
    host: await hostModule(t, HOST),
    calls,
    boundary: { snapshots },
  };
}

/** The findings of every call, as code and severity, after a run without stops. */
async function findingsOf(t: TestContext, configuration: LaunchInput): Promise<string[][]> {
  const client = await launch(t, configuration, { filters: [] });
  assert.equal(await ended(client), 0);
  const { total } = await client.boundary('boundary/calls', { start: 0, count: 0 });
  const calls: Call[] = [];
  for (let sequence = 0; sequence < total; sequence++) calls.push(await callOf(client, sequence));
  return calls.map(({ findings }) => findings.map(({ code, severity }) => `${code} ${severity}`));
}

async function callOf(client: DapClient, sequence: number): Promise<Call> {
  return (await client.boundary('boundary/call', { sequence })).call;
}

test(
  'a result that was never written is found, in every call, with snapshots alone',
  SESSION_LIMIT,
  async (t) => {
    const calls = [{ export: 'forget', argument: 'World', repeat: 2 }];
    assert.deepEqual(await findingsOf(t, await violations(t, calls)), [
      ['result-unchanged warning'],
      ['result-unchanged warning'],
    ]);
    assert.deepEqual(await findingsOf(t, await violations(t, calls, false)), [[], []]);
  },
);

test(
  'results that were written are none, also where the same call has the same result',
  SESSION_LIMIT,
  async (t) => {
    const found = await findingsOf(
      t,
      await violations(t, [
        { export: 'echo', argument: 'World', repeat: 3 },
        { export: 'echoInTwoScopes', argument: 'Moon', repeat: 2 },
        { export: 'echo', argument: 'World' },
        { export: 'echoAroundHost', argument: 'Mars' },
      ]),
    );
    assert.deepEqual(found.flat(), []);
    const nested = await findingsOf(t, {
      program: GUESTS.allocating,
      host: await hostModule(
        t,
        "export const imports = { host: { again() { this.call('upper', { argument: 'x' }); return 0; } } };",
      ),
      calls: [{ export: 'announce', argument: 'Ada', repeat: 3 }],
      boundary: {
        snapshots: true,
        exports: {
          announce: { result: { as: 'packed', free: true } },
          upper: { result: { as: 'packed', free: true } },
        },
      },
    });
    assert.deepEqual(nested, [[], [], [], [], [], []]);
  },
);

test('the same answer to another question is worth a look, no more', SESSION_LIMIT, async (t) => {
  const calls = ['One', 'Two', 'Two'].map((argument) => ({ export: 'acknowledge', argument }));
  assert.deepEqual(await findingsOf(t, await violations(t, calls)), [[], ['result-unchanged info'], []]);
});

test('the filter stops there, and names what lay there', SESSION_LIMIT, async (t) => {
  const client = await launch(
    t,
    await violations(t, [
      { export: 'forget', argument: 'World' },
      { export: 'forget', argument: 'World' },
    ]),
    { filters: ['boundaryViolations'] },
  );
  const stop = await stopped(client);
  assert.match(
    stop.text ?? '',
    /The result of forget \(callId 1\), 5 bytes at 0x[\da-f]+, is byte for byte what lay there when the call began\. Nothing/,
  );
  await resumeTo(client);
  assert.equal(await resumeToEnd(client), 0);
});

test('an export that is meant to have no result misses none', SESSION_LIMIT, async (t) => {
  const calls = [{ export: 'swallow', argument: 'World' }];
  assert.deepEqual(await findingsOf(t, await violations(t, calls)), [['result-missing warning']]);
  const configuration = await violations(t, calls);
  const boundary = { exports: { swallow: { result: { as: 'none' } } } } as const;
  assert.deepEqual(await findingsOf(t, { ...configuration, boundary }), [[]]);
});
