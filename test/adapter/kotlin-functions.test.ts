import assert from 'node:assert/strict';
import test from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { DapClient } from '../support/dap-client.ts';
import { GUESTS, markedLine, NOTE_HOST, SESSION_LIMIT } from '../support/guests.ts';
import { onEntry } from '../support/kotlin-session.ts';
import { resumeTo, resumeToEnd, stack } from '../support/session.ts';

const PLACES = 'test/guests/places/Places.kt';

async function setFunctions(
  client: DapClient,
  ...breakpoints: DebugProtocol.FunctionBreakpoint[]
): Promise<DebugProtocol.Breakpoint[]> {
  const body = await client.request<DebugProtocol.SetFunctionBreakpointsResponse['body']>(
    'setFunctionBreakpoints',
    { breakpoints },
  );
  return body.breakpoints;
}

async function top(client: DapClient): Promise<string> {
  const [frame] = await stack(client);
  return `${frame?.name} ${frame?.line}`;
}

for (const guest of ['places', 'places-2.3.0'] as const) {
  test(`${guest}: a Kotlin name stops where each overload begins`, SESSION_LIMIT, async (t) => {
    const client = await onEntry(t, {
      program: GUESTS[guest],
      host: NOTE_HOST,
      calls: [{ export: 'counters', params: [2] }],
    });
    const [method, loop, property] = await setFunctions(
      client,
      { name: 'places.Counter.add' },
      { name: 'countDown' },
      { name: 'Counter.doubled' },
    );
    assert.deepEqual(
      [method?.verified, loop?.verified, property?.verified],
      [true, true, true],
      method?.message,
    );
    assert.equal(method?.line, markedLine(PLACES, 'add'));
    const add = `places.Counter.add ${markedLine(PLACES, 'add')}`;
    const times = `places.Counter.add ${markedLine(PLACES, 'add times')}`;
    for (const expected of [add, times, add, add]) {
      const stop = await resumeTo(client);
      assert.equal(stop.reason, 'function breakpoint');
      assert.deepEqual(stop.hitBreakpointIds, [method.id]);
      assert.equal(await top(client), expected);
    }
    assert.deepEqual((await resumeTo(client)).hitBreakpointIds, [property?.id]);
    assert.equal(await top(client), `places.Counter.doubled (getter) ${markedLine(PLACES, 'doubled')}`);
    assert.deepEqual((await resumeTo(client)).hitBreakpointIds, [loop?.id]);
    assert.equal(await top(client), `places.countDown ${markedLine(PLACES, 'count down')}`);
    assert.equal(await resumeToEnd(client), 0, 'a loop at its beginning is no beginning of its own');
  });
}

test(
  'a name that is none says which are near; conditions are over the parameters',
  SESSION_LIMIT,
  async (t) => {
    const client = await onEntry(t, {
      program: GUESTS.places,
      host: NOTE_HOST,
      calls: [{ export: 'recursion', params: [3] }],
    });
    const [near, conditional, counted] = await setFunctions(
      client,
      { name: 'places.factorail' },
      { name: 'left', condition: 'callId ===' },
      { name: 'places.factorial', condition: 'number <= 2', hitCondition: '2' },
    );
    assert.match(
      near?.message ?? '',
      /no import, export or Kotlin function .*Did you mean “places\.factorial”/,
    );
    assert.equal(conditional?.verified, false);
    assert.match(conditional.message ?? '', /“callId ===” is not a Kotlin expression/);
    assert.deepEqual((await resumeTo(client)).hitBreakpointIds, [counted?.id]);
    assert.equal((await stack(client)).filter(({ name }) => name === 'places.factorial').length, 3);
    assert.equal(await resumeToEnd(client), 0);
  },
);
