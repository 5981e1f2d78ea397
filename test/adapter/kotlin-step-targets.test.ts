import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { DapClient } from '../support/dap-client.ts';
import { SESSION_LIMIT } from '../support/guests.ts';
import { at, places, PLACES_GUESTS, stoppedAt } from '../support/places.ts';
import { resumeToEnd, stopped, topFrame } from '../support/session.ts';

async function targets(client: DapClient): Promise<DebugProtocol.StepInTarget[]> {
  const { id: frameId } = await topFrame(client);
  const body = await client.request<DebugProtocol.StepInTargetsResponse['body']>('stepInTargets', {
    frameId,
  });
  return body.targets;
}

const labels = async (client: DapClient): Promise<string[]> =>
  (await targets(client)).map(({ label }) => label.replace('places.', ''));

/** Steps into the target of that name, and says where that is. */
async function into(client: DapClient, label: string): Promise<string[]> {
  const target = (await targets(client)).find((each) => each.label.replace('places.', '') === label);
  assert.ok(target, `${label} can be stepped into`);
  await client.request('stepIn', { threadId: 1, targetId: target.id });
  assert.equal((await stopped(client)).reason, 'step');
  return places(client);
}

for (const guest of PLACES_GUESTS) {
  const onLine = (t: TestContext, name: string, number: number, mark: string): Promise<DapClient> =>
    stoppedAt(t, guest, { name, params: [number], mark });

  test(`${guest}: each call of a line can be stepped into`, SESSION_LIMIT, async (t) => {
    const client = await onLine(t, 'severalCalls', 1, 'several calls');
    const found = await targets(client);
    assert.deepEqual(
      found.map(({ label, column }) => [label, column]),
      [
        ['places.one', 23],
        ['places.two', 36],
        ['places.both', 18],
      ],
    );
    const line = at('severalCalls', 'several calls');
    assert.deepEqual(await into(client, 'two'), [at('two', 'two'), line]);
    const stale = found[2]?.id;
    await assert.rejects(
      client.request('stepIn', { threadId: 1, targetId: stale }),
      /of an earlier stop/,
      'a target of another stop',
    );
    assert.deepEqual(await targets(client), [], 'a line without calls');
    assert.equal(await resumeToEnd(client), 0);

    const last = await onLine(t, 'severalCalls', 1, 'several calls');
    assert.deepEqual(await into(last, 'both'), [at('both', 'both'), line]);
    assert.equal(await resumeToEnd(last), 0);
  });

  test(`${guest}: inline functions and their lambdas can be stepped into`, SESSION_LIMIT, async (t) => {
    const client = await onLine(t, 'inlined', 1, 'call of measured');
    assert.deepEqual(await labels(client), ['measured (inlined)', 'lambda (inlined)']);
    assert.deepEqual(await into(client, 'lambda (inlined)'), [at('inlined', 'in the lambda')]);
    assert.deepEqual(await labels(client), ['one']);
    assert.equal(await resumeToEnd(client), 0);

    const within = await onLine(t, 'inlined', 1, 'call of measured');
    const call = at('inlined', 'call of measured');
    assert.deepEqual(await into(within, 'measured (inlined)'), [at('measured (inlined)', 'measured'), call]);
    assert.deepEqual(await labels(within), ['host.note']);
    await into(within, 'host.note');
    assert.equal((await topFrame(within)).name, 'host.note');
    assert.equal(await resumeToEnd(within), 0);
  });

  test(`${guest}: virtual calls, and lambdas that the library calls`, SESSION_LIMIT, async (t) => {
    const virtual = await onLine(t, 'targets', 1, 'virtual call');
    const line = at('targets', 'virtual call');
    assert.deepEqual(await labels(virtual), ['age', 'one']);
    assert.deepEqual(await into(virtual, 'age'), [at('Cat.age', 'cat'), line]);
    assert.equal(await resumeToEnd(virtual), 0);

    const library = await onLine(t, 'library', 1, 'library');
    assert.deepEqual(await labels(library), ['library (lambda)']);
    assert.deepEqual((await into(library, 'library (lambda)'))[0], at('library (lambda)', 'library'));
    assert.equal(await resumeToEnd(library), 0);
  });

  test(`${guest}: a target that the guest does not come to ends as a step over`, SESSION_LIMIT, async (t) => {
    const client = await onLine(t, 'targets', 1, 'two ways');
    assert.deepEqual(await labels(client), ['host.note', 'two', 'host.note']);
    assert.deepEqual(await into(client, 'two'), [at('targets', 'after targets')]);
    assert.equal(await resumeToEnd(client), 0);
  });
}

test('frames at the boundary, and callers, have no targets', SESSION_LIMIT, async (t) => {
  const client = await stoppedAt(t, 'places', { name: 'severalCalls', params: [1], mark: 'one' });
  const { stackFrames } = await client.request<DebugProtocol.StackTraceResponse['body']>('stackTrace', {
    threadId: 1,
  });
  assert.ok(stackFrames.length > 2, 'there are callers, and a call');
  for (const { id: frameId } of stackFrames.slice(1)) {
    assert.deepEqual(await client.request('stepInTargets', { frameId }), { targets: [] });
  }
  assert.equal(await resumeToEnd(client), 0);
});
