import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type TestContext } from 'node:test';
import { decodeSequence } from 'cbor2';
import type { LaunchInput } from '../../protocol/launch.ts';
import { keepLedger } from '../../extension/calls/kept-ledger.ts';
import { compareLedgers } from '../../extension/calls/ledger-comparison.ts';
import { LiveLedger } from '../../extension/calls/ledger.ts';
import { openSavedLedger } from '../../extension/calls/saved-ledger.ts';
import { cli } from '../support/cli.ts';
import { ADAPTER, DapClient } from '../support/dap-client.ts';
import { GUESTS, NESTED_HOST, SESSION_LIMIT } from '../support/guests.ts';
import { configure, ended, launch, stopped } from '../support/session.ts';

async function folderFor(t: TestContext): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ledger-'));
  t.after(() => rm(folder, { recursive: true }));
  return folder;
}

async function launchFile(folder: string, configuration: LaunchInput): Promise<string> {
  const file = path.join(folder, 'launch.json');
  const entry = { name: 'Only', type: 'kotlin-wasmedge', request: 'launch', ...configuration };
  await writeFile(file, JSON.stringify({ configurations: [entry] }));
  return file;
}

const jsonLines = (text: string): Record<string, unknown>[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test('a saved ledger shows what the session showed', SESSION_LIMIT, async (t) => {
  const folder = await folderFor(t);
  const saved = path.join(folder, 'calls.ledger');
  const configurations: LaunchInput[] = [
    { program: GUESTS.nested, host: NESTED_HOST, calls: [{ export: 'seat', argument: 'Grace', repeat: 3 }] },
    {
      program: GUESTS.calls,
      calls: [
        { export: 'neverReturn', argument: 'x' },
        { export: 'storeForUnknownCall', argument: 'x' },
        { export: 'peek', params: [-4] },
        { export: 'returnMany', params: [100_000, '$callId'] },
      ],
    },
  ];
  for (const configuration of configurations) {
    const live = await cli(['run', await launchFile(folder, configuration), '--json', '--save', saved]);
    const shown = await cli(['show', saved, '--json']);
    assert.deepEqual(jsonLines(shown.stdout), jsonLines(live.stdout));
    assert.equal(shown.code, live.code);
    assert.equal(shown.stderr, '', 'no guest runs');
  }
});

test(
  'whole calls are there: buffers, crossings and the declarations of findings',
  SESSION_LIMIT,
  async (t) => {
    const saved = path.join(await folderFor(t), 'calls.ledger');
    const client = await launch(
      t,
      {
        program: GUESTS.calls,
        calls: [
          { export: 'returnTwice', argument: 'once' },
          { export: 'echo', argument: { hex: '00ff41' } },
        ],
        ledger: { save: saved },
      },
      { filters: [] },
    );
    await ended(client);
    const opened = await DapClient.start({ args: ['open', saved] });
    t.after(async () => {
      await opened.request('disconnect', {});
      await opened.closed;
    });
    await opened.request('initialize', { adapterID: 'kotlin-wasmedge' });
    for (const sequence of [0, 1]) {
      const { call } = await client.boundary('boundary/call', { sequence });
      assert.deepEqual((await opened.boundary('boundary/call', { sequence })).call, call);
      assert.ok(call.crossings.length > 0 && call.argument);
      if (sequence === 0) assert.ok(call.findings[0]?.location);
    }
    const found = await opened.boundary('boundary/calls', { start: 0, count: 9, query: 'problem' });
    assert.deepEqual(
      found.calls.map(({ sequence }) => sequence),
      [0],
    );
    await assert.rejects(
      opened.request('launch', { program: GUESTS.calls }),
      /This is a saved ledger: no guest can be launched here/,
    );
  },
);

test('the view opens a saved ledger in a process of its own, which it ends', SESSION_LIMIT, async (t) => {
  const folder = await folderFor(t);
  const saved = path.join(folder, 'calls.ledger');
  const configuration: LaunchInput = {
    program: GUESTS.greeter,
    calls: [{ export: 'greet', argument: 'World', repeat: 3 }],
  };
  await cli(['run', await launchFile(folder, configuration), '--save', saved]);
  const program = { command: process.execPath, script: ADAPTER, env: process.env };
  let died = (reason: string): void => assert.fail(`It ended ${reason}.`);
  const options = { died: (reason: string) => died(reason), log: () => undefined };

  const { ledger, total, close } = await openSavedLedger(program, saved, options);
  assert.equal(total, 3);
  assert.equal((await ledger.call(2)).call.result?.text, 'Hello, World!');
  assert.equal((await ledger.call(2, { decoders: { result: 'hex' } })).call.result?.decoder, 'hex');
  close();
  await assert.rejects(ledger.call(0), /has ended/);

  const other = path.join(folder, 'launch.json');
  await assert.rejects(openSavedLedger(program, other, options), {
    message: `The ledger ${other} is no saved ledger of this debugger. Choose a file that “ledger.save” made.`,
  });
  await assert.rejects(openSavedLedger(program, saved, { ...options, signal: AbortSignal.abort() }), {
    name: 'AbortError',
  });

  const reason = new Promise<string>((resolve) => (died = resolve));
  const killed = await openSavedLedger(program, saved, options);
  assert.ok(killed.pid !== undefined);
  process.kill(killed.pid, 'SIGKILL');
  assert.match(await reason, /SIGKILL/);
});

test(
  'calls are compared with those of another session, saved, running or ended',
  SESSION_LIMIT,
  async (t) => {
    const saved = path.join(await folderFor(t), 'calls.ledger');
    const calls = ['World', 'Ada', 'Grace'].map((argument) => ({ export: 'greet', argument }));
    await cli([
      'run',
      await launchFile(path.dirname(saved), { program: GUESTS.greeter, calls }),
      '--save',
      saved,
    ]);
    const program = { command: process.execPath, script: ADAPTER, env: process.env };
    const options = { died: () => undefined, log: () => undefined };
    const { ledger: before, close } = await openSavedLedger(program, saved, options);
    t.after(close);

    const others = [
      calls[0],
      { export: 'greet', argument: 'Bob' },
      { ...calls[2], callId: 9 },
      { export: 'sum', params: [3] },
    ];
    const client = await launch(
      t,
      { program: GUESTS.greeter, calls: others as typeof calls },
      { filters: [] },
    );
    await ended(client);
    const now = new LiveLedger({
      request: (command, parameters) => client.boundary(command, parameters),
      requestStandard: (command, parameters) => client.request(command, parameters),
    });
    const quiet = { signal: new AbortController().signal, progress: () => undefined };
    const { differences, comparison } = await compareLedgers(before, now, quiet);
    assert.deepEqual(
      differences.map(({ left, right, differs }) => [left?.sequence, right?.sequence, differs.join(' ')]),
      [
        [1, 1, 'argument result'],
        [2, 2, 'callId parameters'],
        [undefined, 3, ''],
      ],
    );
    assert.equal(comparison.same, 1);

    const kept = await keepLedger(
      now,
      () => Promise.reject(new Error('not asked for')),
      () => false,
    );
    const same = await compareLedgers(now, kept, quiet);
    assert.deepEqual([same.comparison.same, same.comparison.bySizeOnly, same.differences], [4, 0, []]);
  },
);

test('what was written before an adapter is killed can be opened', SESSION_LIMIT, async (t) => {
  const saved = path.join(await folderFor(t), 'calls.ledger');
  const client = await DapClient.start();
  await configure(
    client,
    {
      program: GUESTS.greeter,
      calls: [{ export: 'greet', argument: 'World', repeat: 10 }],
      ledger: { save: saved },
    },
    { filters: [], functionBreakpoints: [{ name: 'callHostToReturnResultData', condition: 'callId === 5' }] },
  );
  await stopped(client);
  assert.ok(client.pid !== undefined);
  process.kill(client.pid, 'SIGKILL');
  await client.closed;
  const calls = jsonLines((await cli(['show', saved, '--json'])).stdout).filter(
    ({ type }) => type === 'call',
  );
  assert.deepEqual(
    calls.map(({ status }) => status),
    ['returned', 'returned', 'returned', 'returned', 'cancelled'],
  );
  assert.equal(calls[4]?.['reason'], 'The saved ledger ends while this call runs.');
  // Cut off where nobody would cut it.
  const bytes = await readFile(saved);
  for (const length of [bytes.length - 1, bytes.length - 100]) {
    await writeFile(saved, bytes.subarray(0, length));
    const cut = jsonLines((await cli(['show', saved, '--json'])).stdout).filter(
      ({ type }) => type === 'call',
    );
    assert.ok(cut.length <= 5);
  }
});

test('the file is a CBOR sequence that another program reads', SESSION_LIMIT, async (t) => {
  const folder = await folderFor(t);
  const saved = path.join(folder, 'calls.ledger');
  const configuration: LaunchInput = {
    program: GUESTS.greeter,
    calls: [{ export: 'greet', argument: 'World' }],
  };
  await cli(['run', await launchFile(folder, configuration), '--save', saved]);
  const items = [...decodeSequence<Record<string, unknown>>(new Uint8Array(await readFile(saved)))];
  assert.deepEqual(items[0], { ledger: { format: 'kotlin-wasmedge', version: 1 } });
  const kinds = new Set(items.map((item) => Object.keys(item)[0]));
  assert.deepEqual([...kinds], ['ledger', 'run', 'records', 'end']);
});

test('a decoder that is not there any more is chosen by the bytes', SESSION_LIMIT, async (t) => {
  const folder = await folderFor(t);
  const [saved, schema] = [path.join(folder, 'calls.ledger'), path.join(folder, 'p.proto')];
  await writeFile(schema, 'syntax = "proto3"; message P { string name = 1; }');
  const configuration: LaunchInput = {
    program: GUESTS.calls,
    calls: [{ export: 'echo', argument: { hex: '0a03416461' } }],
    decoders: { echo: { argument: { protobuf: { files: [schema], message: 'P' } } } },
  };
  await cli(['run', await launchFile(folder, configuration), '--save', saved]);
  assert.match((await cli(['show', saved])).stdout, /"name": ?"Ada"|name: "Ada"/);
  await rm(schema);
  const { code, stdout } = await cli(['show', saved]);
  assert.equal(code, 0);
  assert.match(stdout, /echo +returned.* 5 B “/);
});

test('what is no saved ledger, and a file that cannot be written, are told', SESSION_LIMIT, async (t) => {
  const folder = await folderFor(t);
  const other = path.join(folder, 'other');
  const cases: [Uint8Array, RegExp][] = [
    [new TextEncoder().encode('Hello'), /other is no saved ledger/],
    [new Uint8Array(), /is no saved ledger/],
    [
      Buffer.from(
        'a1666c6564676572a266666f726d61746f6b6f746c696e2d7761736d656467656776657273696f6e02',
        'hex',
      ),
      /version 2/,
    ],
  ];
  for (const [bytes, says] of cases) {
    await writeFile(other, bytes);
    const { code, stdout, stderr } = await cli(['show', other]);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, says);
  }
  const unwritable = await cli([
    'run',
    await launchFile(folder, { program: GUESTS.greeter }),
    '--save',
    path.join(folder, 'nowhere/calls.ledger'),
  ]);
  assert.equal(unwritable.code, 2);
  assert.match(unwritable.stderr, /nowhere\/calls\.ledger cannot be written: .*Change "ledger\.save"/);
});
