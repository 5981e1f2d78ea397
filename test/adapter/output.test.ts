import assert from 'node:assert/strict';
import test from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { GUESTS, SESSION_LIMIT } from '../support/guests.ts';
import { ended, launch, resumeToEnd, stopped } from '../support/session.ts';

const lines = (prefix: string, count: number): string =>
  Array.from({ length: count }, (_, index) => `${prefix} ${index + 1}\n`).join('');

test("the guest's output comes with the right category, all of it", SESSION_LIMIT, async (t) => {
  const client = await launch(
    t,
    { program: GUESTS.wasi, calls: [{ export: 'printLines', params: [3000] }] },
    { filters: [] },
  );
  assert.equal(await ended(client), 0);
  assert.equal(client.output('stdout'), `main []\n${lines('out', 3000)}`);
  assert.equal(client.output('stderr'), lines('err', 3000));
});

test('output that looks like DAP is output', SESSION_LIMIT, async (t) => {
  const client = await launch(
    t,
    { program: GUESTS.wasi, calls: [{ export: 'printPartial' }] },
    { filters: [] },
  );
  assert.equal(await ended(client), 0);
  assert.match(client.output('stdout'), /Content-Length: 17\r\n\r\n\{"seq":1\} partial$/);
});

test('what was printed before a stop comes before it', SESSION_LIMIT, async (t) => {
  const client = await launch(
    t,
    {
      program: GUESTS.wasi,
      calls: [
        { export: 'printLines', params: [5] },
        { export: 'listArguments', params: ['$callId'] },
      ],
    },
    { filters: ['returnResult'] },
  );
  await stopped(client);
  assert.equal(client.output('stdout'), `main []\n${lines('out', 5)}`);
  assert.equal(client.output('stderr'), lines('err', 5));
  assert.equal(await resumeToEnd(client), 0);
});

test('characters that arrive in parts are put together', SESSION_LIMIT, async (t) => {
  const text = 'žluťoučký kůň 🐎 '.repeat(8000);
  const client = await launch(t, { program: GUESTS.wasi, args: [text] }, { filters: [] });
  assert.equal(await ended(client), 0);
  assert.equal(client.output('stdout'), `main [${text}]\n`);
  for (const { body } of client.eventsSoFar('output')) {
    assert.doesNotMatch((body as DebugProtocol.OutputEvent['body']).output, /\ufffd/);
  }
});
