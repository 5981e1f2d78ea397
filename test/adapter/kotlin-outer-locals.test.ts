import assert from 'node:assert/strict';
import test from 'node:test';
import type { DapClient } from '../support/dap-client.ts';
import { GUESTS, markedLine, NOTE_HOST, SESSION_LIMIT } from '../support/guests.ts';
import { localsReference, onEntry, setLines, setVariable } from '../support/kotlin-session.ts';
import { at, marked, places, PLACES, PLACES_GUESTS, placesFrames, stoppedAt } from '../support/places.ts';
import { launch, resumeTo, resumeToEnd, scopeVariables, stack, stopped } from '../support/session.ts';

/** Sets a local of a frame; what is shown then. */
async function setLocal(client: DapClient, frameId: number | undefined, name: string, value: string) {
  return setVariable(client, await localsReference(client, frameId), name, value);
}

for (const guest of PLACES_GUESTS) {
  test(`${guest}: locals of a caller are set, and it goes on with them`, SESSION_LIMIT, async (t) => {
    const call = { name: 'severalCalls', params: [1], mark: 'one' };
    const client = await stoppedAt(t, guest, call);
    const [inner, caller] = await placesFrames(client);
    // `one(before)` has been given what it was; `two(number)` comes after.
    assert.equal(await setLocal(client, caller?.id, 'number', '10'), '10');
    assert.equal(await setLocal(client, inner?.id, 'value', '4'), '4');
    assert.equal((await scopeVariables(client, 'Locals', caller?.id)).get('number')?.value, '10');
    await setLines(client, PLACES, { line: marked('both') });
    await resumeTo(client);
    const given = await scopeVariables(client, 'Locals');
    assert.equal(given.get('first')?.value, '5');
    assert.equal(given.get('second')?.value, '12');
    assert.equal(await resumeToEnd(client), 0);
  });

  test(`${guest}: a local set in a caller reaches its handler`, SESSION_LIMIT, async (t) => {
    const client = await stoppedAt(t, guest, { name: 'tries', params: [3], mark: 'throw' });
    const [, caller] = await placesFrames(client);
    assert.equal(await setLocal(client, caller?.id, 'number', '77'), '77');
    await client.request('stepOut', { threadId: 1 });
    await stopped(client);
    assert.equal((await scopeVariables(client, 'Locals')).get('number')?.value, '77');
    assert.equal(await resumeToEnd(client), 0);
  });
}

test('a local is set where the guest stands at an import', SESSION_LIMIT, async (t) => {
  const client = await stoppedAt(t, 'places', { name: 'tries', params: [0], mark: 'in finally' });
  await client.request('stepIn', { threadId: 1 });
  await stopped(client);
  const [top, function_] = await stack(client);
  assert.equal(top?.name, 'host.note');
  assert.equal(await setLocal(client, function_?.id, 'result', '50'), '50');
  await client.request('next', { threadId: 1 });
  await stopped(client);
  const [after] = await places(client);
  assert.equal(after, at('tries', 'after try'));
  assert.equal((await scopeVariables(client, 'Locals')).get('result')?.value, '50');
  assert.equal(await resumeToEnd(client), 0);
});

const VALUES = 'test/guests/values/Values.kt';

test('texts of a caller are set', SESSION_LIMIT, async (t) => {
  const client = await onEntry(t, { program: GUESTS.values, calls: [{ export: 'changed', params: [3] }] });
  await setLines(client, VALUES, { line: markedLine(VALUES, 'changed') });
  await resumeTo(client);
  await client.request('stepIn', { threadId: 1 });
  await stopped(client);
  const [lambda, caller] = await stack(client);
  assert.match(lambda?.name ?? '', /lambda/);
  assert.equal(await setLocal(client, caller?.id, 'text', '"other"'), '"other"');
  await setLines(client, VALUES, { line: markedLine(VALUES, 'told') });
  await resumeTo(client);
  const all = (await scopeVariables(client, 'Locals')).get('all')?.value;
  assert.equal(all, '"4 1 true a other 1 0.5 1"');
});

test('locals of functions that a trap has ended cannot be set', SESSION_LIMIT, async (t) => {
  const client = await launch(
    t,
    {
      program: GUESTS.places,
      host: NOTE_HOST,
      calls: [{ export: 'recursion', params: [3000] }],
      limits: { stackDepth: 100 },
    },
    { filters: ['traps'] },
  );
  await stopped(client);
  const [, caller] = await placesFrames(client);
  const locals = await scopeVariables(client, 'Locals', caller?.id);
  assert.deepEqual(locals.get('number')?.presentationHint?.attributes, ['readOnly']);
  await assert.rejects(
    setLocal(client, caller?.id, 'number', '1'),
    /“number” is nothing that can be assigned here/,
  );
});
