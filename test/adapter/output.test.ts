import assert from 'node:assert/strict';
import { constants } from 'node:fs';
import { readFile } from 'node:fs/promises';
import test from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { GUESTS, SESSION_LIMIT } from '../support/guests.ts';
import { hostModule } from '../support/host-module.ts';
import { processTree } from '../support/processes.ts';
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

test('the guest and its host module write to pipes that wait for their reader', SESSION_LIMIT, async (t) => {
  const client = await launch(t, {
    program: GUESTS.imports,
    host: await hostModule(
      t,
      `console.log('said by the host');
export const imports = {
  rates: { rate_of: () => 1, scale: (factor) => factor },
  clock: { now: (offset) => offset }, audit: { note() {} }, host: { again: () => 0 },
};
`,
    ),
    stopOnEntry: true,
    calls: [{ export: 'convert', params: [100, 1] }],
  });
  await stopped(client);
  assert.match(client.output('stdout'), /said by the host/);
  assert.ok(client.pid);
  const [, runner] = await processTree(client.pid);
  assert.ok(runner);
  for (const descriptor of [1, 2]) {
    const facts = await readFile(`/proc/${runner.pid}/fdinfo/${descriptor}`, 'utf8').catch(() => null);
    if (facts === null) return t.skip('there is no /proc here');
    const flags = Number.parseInt(/^flags:\s+(\d+)$/m.exec(facts)?.[1] ?? '', 8);
    assert.equal(flags & constants.O_NONBLOCK, 0, `descriptor ${descriptor} does not block`);
  }
  assert.equal(await resumeToEnd(client), 0);
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
