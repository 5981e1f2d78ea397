import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { BoundaryChanged } from '../../protocol/boundary.ts';
import { DapClient } from '../support/dap-client.ts';
import { GUESTS, SESSION_LIMIT } from '../support/guests.ts';
import { assertNoneLeft, processTree, waitUntilGone, type ProcessIdentity } from '../support/processes.ts';
import {
  closeClient,
  configure,
  ended,
  evaluate,
  launch,
  resumeTo,
  resumeToEnd,
  scopeVariables,
  boundaryStack,
  stack,
  stopped,
} from '../support/session.ts';

const GREET = { program: GUESTS.greeter, calls: [{ export: 'greet', argument: 'World' }] };
const LOOP = { program: GUESTS.calls, calls: [{ export: 'loopForever', params: [] }] };

/** A session that its test ends itself, with the processes of it. */
async function running(
  t: TestContext,
  configuration: Parameters<typeof configure>[1],
  until: (client: DapClient) => Promise<unknown>,
): Promise<{ client: DapClient; processes: ProcessIdentity[]; runner: ProcessIdentity }> {
  const client = await DapClient.start();
  // Where the test fails, it leaves nothing behind either.
  t.after(() => client.kill());
  await configure(client, configuration);
  const { systemProcessId } = await client.event<DebugProtocol.ProcessEvent['body']>('process');
  await until(client);
  const processes = await processTree(client.pid ?? 0);
  const runner = processes.find(({ pid }) => pid === systemProcessId);
  assert.ok(runner, 'the runner is a child of the adapter');
  assert.match(runner.command, /\/runner\.js$/, 'by the absolute path of its script');
  return { client, processes, runner };
}

/** Resolves when the call has begun. */
const begun = (client: DapClient) =>
  client.event<BoundaryChanged>('boundary/changed', ({ total }) => total > 0);

for (const [name, configuration, until] of [
  ['at a stop', GREET, stopped],
  ['in a loop without crossings', LOOP, begun],
] as const) {
  test(`disconnect ${name} ends everything`, SESSION_LIMIT, async (t) => {
    const { client, processes, runner } = await running(t, configuration, until);
    await client.request('disconnect', { terminateDebuggee: true });
    await assertNoneLeft([runner]);
    await client.closed;
    assert.equal(await client.exit(), 0);
    await waitUntilGone(processes);
  });

  test(`terminate ${name} ends the guest, and the session says so`, SESSION_LIMIT, async (t) => {
    const { client, processes, runner } = await running(t, configuration, until);
    await client.request('terminate');
    await ended(client);
    await assertNoneLeft([runner]);
    assert.match(client.output('console'), /The guest was ended at your request/);
    const { calls } = await client.boundary('boundary/calls', { start: 0, count: 1 });
    assert.equal(calls[0]?.status, 'cancelled', 'the ledger is still answered');
    await closeClient(client);
    await waitUntilGone(processes);
  });

  test(`an adapter that is killed ${name} leaves nothing behind`, SESSION_LIMIT, async (t) => {
    const { client, processes } = await running(t, configuration, until);
    client.kill();
    await waitUntilGone(processes);
  });

  test(`an editor that goes away ${name} leaves nothing behind`, SESSION_LIMIT, async (t) => {
    const { client, processes } = await running(t, configuration, until);
    client.endInput();
    await client.closed;
    assert.equal(await client.exit(), 0);
    await waitUntilGone(processes);
  });

  test(`a runner that is killed ${name}: the session ends with the reason`, SESSION_LIMIT, async (t) => {
    const { client, runner } = await running(t, configuration, until);
    process.kill(runner.pid, 'SIGKILL');
    assert.equal(await ended(client), 128 + 9);
    const said = client.output('important');
    assert.match(
      said,
      /The runner has died while (greet|loopForever) \(callId 1\) was running \(ended by SIGKILL/,
    );
    const { call } = await client.boundary('boundary/call', { sequence: 0 });
    assert.equal(call.status, 'trapped');
    assert.match(call.reason ?? '', /The runner has died/);
    await assert.rejects(client.request('continue', { threadId: 1 }), /The guest has ended/);
    await closeClient(client);
  });
}

test('SIGTERM ends the adapter and its runner', SESSION_LIMIT, async (t) => {
  const { client, processes } = await running(t, LOOP, begun);
  process.kill(client.pid ?? 0, 'SIGTERM');
  await waitUntilGone(processes);
  assert.equal(client.stderr, '');
});

test('the exit code of proc_exit is that of the session', SESSION_LIMIT, async (t) => {
  const client = await launch(
    t,
    {
      program: GUESTS.wasi,
      calls: [
        { export: 'exit', params: [3] },
        { export: 'printLines', params: [1] },
      ],
    },
    { filters: [] },
  );
  assert.equal(await ended(client), 3);
  assert.match(client.output('console'), /ended itself \(proc_exit\) with exit code 3/);
  assert.doesNotMatch(client.output('stdout'), /out 1/, 'nothing runs after it');
  const { call } = await client.boundary('boundary/call', { sequence: 0 });
  assert.match(call.reason ?? '', /proc_exit/);
});

/** How soon a guest that never crosses is gone: measured by the events, on a machine that may be slow. */
async function assertTerminates(
  t: TestContext,
  exportName: string,
  params: (number | string)[],
): Promise<void> {
  const client = await launch(
    t,
    { program: GUESTS.calls, calls: [{ export: exportName, params }], limits: { memory: '1GiB' } },
    { filters: [] },
  );
  await begun(client);
  await client.request('terminate');
  await ended(client);
  assert.match(client.output('console'), /The guest was ended at your request/);
}

test('terminate ends a guest that loops', SESSION_LIMIT, (t) => assertTerminates(t, 'loopForever', []));

test('terminate ends a guest that crosses without end', SESSION_LIMIT, async (t) => {
  const client = await launch(
    t,
    { program: GUESTS.calls, calls: [{ export: 'crossForever', argument: 'x' }] },
    { filters: [] },
  );
  await begun(client);
  await client.request('terminate');
  await ended(client);
  const { call } = await client.boundary('boundary/call', { sequence: 0 });
  assert.equal(call.status, 'cancelled');
  assert.ok(call.crossings.length <= 10_000, 'what is kept of one call is bounded');
});

for (const [name, exportName, says] of [
  ['recurses', 'recurseForever', /nested 10000 deep.*recursion/],
  ['grows memory', 'growMemoryForever', /limit of 400 MiB|out of memory|trapped|memory/i],
  ['allocates objects', 'allocateForever', /limit of 400 MiB/],
] as const) {
  test(`a guest that ${name} without end is ended, with the reason`, SESSION_LIMIT, async (t) => {
    const client = await launch(
      t,
      {
        program: GUESTS.calls,
        calls: [{ export: exportName, params: [] }],
        limits: { memory: '400MiB' },
      },
      { filters: [] },
    );
    assert.notEqual(await ended(client), 0);
    const said = client.output('important') + client.output('stderr');
    assert.match(said, says);
    assert.match(said, new RegExp(`${exportName} \\(callId 1\\)`));
    const { call } = await client.boundary('boundary/call', { sequence: 0 });
    assert.notEqual(call.status, 'running');
    assert.ok((call.reason ?? '').length > 0);
  });
}

test('restart keeps the breakpoints and goes on with the ledger', SESSION_LIMIT, async (t) => {
  const client = await launch(t, GREET, {
    filters: ['returnResult'],
    functionBreakpoints: [{ name: 'greet', condition: 'callId === 1' }],
  });
  await stopped(client);
  assert.equal((await stack(client))[0]?.name, 'greet (callId 1)');
  await resumeTo(client);
  const first = await client.event<DebugProtocol.ProcessEvent['body']>('process');
  const [old] = await stack(client);
  await client.request('restart', {});
  await client.event('continued');
  const second = await client.event<DebugProtocol.ProcessEvent['body']>('process');
  assert.notEqual(second.systemProcessId, first.systemProcessId);
  const again = await stopped(client);
  assert.deepEqual(again.hitBreakpointIds, [1]);
  await assert.rejects(client.request('scopes', { frameId: old?.id }), /earlier stop/);
  await resumeTo(client);
  assert.equal((await evaluate(client, 'result')).result, '"Hello, World!"');
  assert.ok((await scopeVariables(client, 'Call')).has('result'));
  assert.equal(await resumeToEnd(client), 0);
  assert.equal(client.eventsSoFar('exited').length, 1, 'the end of the first run is not announced');
  const { calls } = await client.boundary('boundary/calls', { start: 0, count: 10 });
  assert.deepEqual(
    calls.map(({ sequence, status, result }) => [sequence, status, result?.preview]),
    [
      [0, 'cancelled', 'Hello, World!'],
      [1, 'returned', 'Hello, World!'],
    ],
    'a sequence is not used again',
  );
});

test(
  'restart takes a changed configuration, and refuses one that cannot be used',
  SESSION_LIMIT,
  async (t) => {
    const client = await launch(t, GREET, { filters: ['returnResult'] });
    await stopped(client);
    await assert.rejects(
      client.request('restart', { arguments: { ...GREET, calls: [{ export: 'nothing' }] } }),
      /exports no function “nothing”/,
    );
    assert.equal(
      (await evaluate(client, 'result')).result,
      '"Hello, World!"',
      'the guest is still stopped there',
    );
    await client.request('restart', {
      arguments: { ...GREET, calls: [{ export: 'greet', argument: 'Mars' }] },
    });
    await stopped(client);
    assert.equal((await evaluate(client, 'result')).result, '"Hello, Mars!"');
  },
);

test('restart while the guest runs', SESSION_LIMIT, async (t) => {
  const client = await launch(t, LOOP);
  await begun(client);
  await client.request('restart', { arguments: GREET });
  await stopped(client);
  assert.equal((await boundaryStack(client))[1]?.name, 'greet (callId 1)');
});

test('after the end nothing can be restarted', SESSION_LIMIT, async (t) => {
  const client = await launch(t, GREET, { filters: [] });
  await ended(client);
  await assert.rejects(client.request('restart', {}), /The guest has ended and so has the session/);
});
