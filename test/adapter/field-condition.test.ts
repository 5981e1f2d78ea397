import assert from 'node:assert/strict';
import test from 'node:test';
import { fieldCondition } from '../../extension/adapter/program.ts';
import { ADAPTER } from '../support/dap-client.ts';
import { GUESTS, SESSION_LIMIT } from '../support/guests.ts';
import { evaluate, launch, resumeToEnd, stopped } from '../support/session.ts';

const PROGRAM = { command: process.execPath, script: ADAPTER, env: process.env };

test(
  'a condition that is made of a part of one call stops at the next that has the same',
  SESSION_LIMIT,
  async (t) => {
    const data = Buffer.from('{"user":{"id":7}}').toString('base64');
    const request = {
      data,
      decoder: 'json',
      direction: 'argument',
      export: 'echo',
      names: ['user', 'id'],
    } as const;
    const { filter, expression } = await fieldCondition(PROGRAM, { ...request, names: [...request.names] });
    const calls = [
      { user: { id: 1 } },
      { user: null },
      'text',
      { user: { id: 7, name: 'Ada' } },
      { user: { id: 8 } },
    ];
    const client = await launch(
      t,
      { program: GUESTS.calls, calls: calls.map((json) => ({ export: 'echo', argument: { json } })) },
      { filters: [], filterOptions: [{ filterId: filter, condition: expression }] },
    );
    await stopped(client);
    assert.equal((await evaluate(client, 'callId')).result, '4');
    assert.equal((await evaluate(client, 'argument.user.name')).result, '"Ada"');
    assert.equal(await resumeToEnd(client), 0);
  },
);

test('what no condition can be made of is told', SESSION_LIMIT, async () => {
  const data = Buffer.from('{"list":[]}').toString('base64');
  await assert.rejects(
    fieldCondition(PROGRAM, { data, decoder: 'json', direction: 'result', export: 'echo', names: ['list'] }),
    {
      message:
        'No condition can be made of this: Only a text, a number, true, false or null can be compared.',
    },
  );
});
