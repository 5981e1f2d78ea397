import assert from 'node:assert/strict';
import test from 'node:test';
import type { BoundaryChanged } from '../../protocol/boundary.ts';
import type { PauseUnanswered } from '../../protocol/dap.ts';
import { GUESTS, SESSION_LIMIT } from '../support/guests.ts';
import { ended, launch, stack, stopped } from '../support/session.ts';

test('pause stops at the next crossing', SESSION_LIMIT, async (t) => {
  const client = await launch(
    t,
    { program: GUESTS.calls, calls: [{ export: 'crossForever', argument: 'x' }], kotlin: false },
    { filters: [] },
  );
  await client.event<BoundaryChanged>('boundary/changed', ({ total }) => total === 1);
  await client.request('pause', { threadId: 1 });
  assert.equal((await stopped(client)).reason, 'pause');
  assert.equal((await stack(client))[0]?.name, 'host.callHostToStoreArgumentData');
  await assert.rejects(client.request('pause', { threadId: 1 }), /stopped already/);
  assert.equal(client.eventsSoFar('boundary/pauseUnanswered').length, 0);
  await client.request('terminate');
  await ended(client);
});

test(
  'where no crossing comes within a second it says so, and that Terminate ends it',
  SESSION_LIMIT,
  async (t) => {
    const client = await launch(
      t,
      { program: GUESTS.calls, calls: [{ export: 'loopForever', params: [] }], kotlin: false },
      { filters: [] },
    );
    await client.event<BoundaryChanged>('boundary/changed', ({ total }) => total === 1);
    await client.request('pause', { threadId: 1 });
    const { message, sequence } = await client.event<PauseUnanswered>('boundary/pauseUnanswered');
    assert.match(
      message,
      /loopForever \(callId 1\) has not crossed the boundary within a second.*Terminate ends it/s,
    );
    assert.equal(sequence, 0);
    assert.ok(client.output('console').includes(message));
    await client.request('terminate');
    await ended(client);
  },
);

test('a pause that waits takes effect at a crossing that comes later', SESSION_LIMIT, async (t) => {
  const client = await launch(
    t,
    {
      program: GUESTS.greeter,
      calls: [
        { export: 'sum', params: [30_000_000] },
        { export: 'greet', argument: 'World' },
      ],
      kotlin: false,
    },
    { filters: [] },
  );
  await client.event<BoundaryChanged>('boundary/changed', ({ total }) => total === 1);
  await client.request('pause', { threadId: 1 });
  assert.equal((await stopped(client)).reason, 'pause');
  await client.request('terminate');
  await ended(client);
});
