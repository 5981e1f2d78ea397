import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { Decoding } from '../../debug-adapter/decoding/decoding.ts';
import type { DecodedAnswers, DecodedAsk } from '../../protocol/decoded.ts';
import { root } from '../../scripts/paths.ts';
import { GUESTS, SESSION_LIMIT } from '../support/guests.ts';
import { ended, launch } from '../support/session.ts';

test('a thread decodes: others go on meanwhile, a job is cancelled, and the next is answered', async (t) => {
  const decoding = new Decoding(path.join(root, 'dist/decoding-worker.js'));
  t.after(() => decoding.close());
  const bytes = Buffer.from(`[${'{"a":[1,2,3]},'.repeat(400_000)}0]`);
  const never = new AbortController().signal;
  const buffer = { key: 'one', id: 'json', reason: 'test', bytes: () => bytes };
  let turns = 0;
  const counting = setInterval(() => turns++, 1);
  t.after(() => clearInterval(counting));
  const head = await decoding.ask(buffer, { kind: 'head' }, never);
  clearInterval(counting);
  assert.equal(head.tree?.childCount, 400_001);
  assert.ok(turns > 3, `${turns} turns`);

  let copies = 0;
  const again = { ...buffer, bytes: () => (copies++, bytes) };
  const last = { kind: 'tree', path: [], start: 400_000, count: 1 } satisfies DecodedAsk;
  assert.equal((await decoding.ask(again, last, never)).nodes[0]?.value, '0');
  assert.equal(copies, 0, 'the thread has it');

  const abort = new AbortController();
  const other = { ...buffer, key: 'two' };
  const given = decoding.ask(other, { kind: 'head' }, abort.signal);
  const waiting = decoding.ask(other, { kind: 'nodeAt', range: [1, 2] }, never);
  setImmediate(() => abort.abort(new Error('enough')));
  await assert.rejects(given, /enough/);
  assert.deepEqual((await waiting).path, [0]);
  await assert.rejects(decoding.ask(other, { kind: 'tree', path: [9, 9, 9], start: 0, count: 1 }, never), {
    message: 'The decoded value has no part at 9.9.9.',
  });
});

test(
  'a large buffer is decoded in a thread: other requests are answered, and it can be cancelled',
  SESSION_LIMIT,
  async (t) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'decoding-'));
    t.after(() => rm(folder, { recursive: true }));
    const file = path.join(folder, 'large.json');
    const rows = 150_000;
    const text = `[${'{"name":"Ada","n":[1,2]},'.repeat(rows)}"the end"]`;
    await writeFile(file, text);
    const client = await launch(
      t,
      { program: GUESTS.calls, calls: [{ export: 'echo', argument: { file } }] },
      { filters: [] },
    );
    await ended(client);
    const beginning = await client.boundary('boundary/call', { sequence: 0, maxBytes: 1000 });
    assert.equal(beginning.call.result?.isBeginning, true);
    assert.equal(Buffer.from(beginning.call.result.data, 'base64').length, 1000);
    const shorter = await client.boundary('boundary/call', { sequence: 0, maxBytes: 1000, beginning: 100 });
    assert.equal(Buffer.from(shorter.call.result?.data ?? '', 'base64').toString(), text.slice(0, 100));
    assert.match(shorter.call.result?.decodeError ?? '', /^Only the first 100 of \d+ bytes/);
    const both = await client.boundary('boundary/call', {
      sequence: 0,
      maxBytes: text.length,
      beginning: 100,
    });
    assert.equal(both.call.result?.isBeginning, undefined, 'what is no larger comes whole');
    const memoryReference = beginning.call.result.memoryReference;
    const ask = async <A extends DecodedAsk>(asked: A) =>
      (await client.boundary('boundary/decoded', {
        memoryReference,
        ask: asked,
      })) as DecodedAnswers[A['kind']];

    const order: string[] = [];
    const head = ask({ kind: 'head' }).then((answer) => (order.push('decoded'), answer));
    await client.boundary('boundary/calls', { start: 0, count: 1 }).then(() => order.push('listed'));
    assert.equal((await head).tree?.childCount, rows + 1);
    assert.deepEqual(order, ['listed', 'decoded']);
    assert.equal((await head).textLength, text.length);
    const { nodes } = await ask({ kind: 'tree', path: [], start: rows - 1, count: 5 });
    assert.deepEqual(
      nodes.map(({ value }) => value),
      ['{"name":"Ada","n":[1,2]}', '"the end"'],
    );
    assert.deepEqual(
      (await ask({ kind: 'find', text: 'the END', after: null, backwards: false })).found?.path,
      [rows],
    );
    assert.deepEqual((await ask({ kind: 'nodeAt', range: [text.length - 3, text.length - 2] })).path, [rows]);

    const { seq, answer } = client.requestWithSeq('boundary/decoded', {
      ...{ memoryReference, decoder: 'utf-16le', ask: { kind: 'head' } },
    });
    await Promise.all([assert.rejects(answer, /cancelled/), client.request('cancel', { requestId: seq })]);
    assert.equal((await ask({ kind: 'head' })).decoder, 'json');

    const { call } = await client.boundary('boundary/call', { sequence: 0 });
    assert.equal(call.result?.isBeginning, undefined);
    assert.equal(call.result?.text.length, text.length);
    assert.equal(Buffer.from(call.result.data, 'base64').toString(), text);
    assert.equal(call.result.decodeError, undefined);
    assert.equal(call.result.tree?.children?.length, 1001);
    await assert.rejects(
      client.boundary('boundary/decoded', { memoryReference: 'call-9-result', ask: { kind: 'head' } }),
      /There is no captured buffer “call-9-result”/,
    );
  },
);
