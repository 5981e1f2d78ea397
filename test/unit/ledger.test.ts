import assert from 'node:assert/strict';
import test from 'node:test';
import { CallListing } from '../../debug-adapter/boundary/call-listing.ts';
import { ordered } from '../../debug-adapter/boundary/call-order.ts';
import {
  describe,
  jsonCallId,
  parseCaptureReference,
  summarize,
} from '../../debug-adapter/boundary/calls.ts';
import { labels } from '../../debug-adapter/boundary/decoders/index.ts';
import { KEPT_CROSSINGS, Ledger } from '../../debug-adapter/boundary/ledger.ts';
import { redecode } from '../../debug-adapter/boundary/redecode.ts';
import { searchableText } from '../../debug-adapter/boundary/searchable-text.ts';
import { randomNumbers } from './support/random.ts';
import type { CallColumn } from '../../protocol/boundary.ts';
import type { PlannedExport, PlannedImport } from '../../protocol/runner.ts';

const NONE = 0xffffffff;
const signature = { params: ['i32' as const, 'i32' as const], results: [] };
const imports: PlannedImport[] = [{ module: 'host', name: 'store', type: signature }];
const exports: PlannedExport[] = ['greet', 'inner'].map((name) => ({
  name,
  type: signature,
  parameterNames: [null, null],
  decoders: { argument: 'auto', result: 'auto' },
}));

/** Records as the binding writes them: the format is in wasmedge-napi/records.d.ts. */
class Recording {
  readonly #records: Buffer[] = [];
  #micros = 0;

  #add(kind: number, flags: number, index: number, sequence: number, aux: number, body: Buffer): this {
    const record = Buffer.alloc((24 + body.length + 7) & ~7);
    record.writeUInt32LE(record.length, 0);
    record.writeUInt8(kind, 4);
    record.writeUInt8(flags, 5);
    record.writeUInt16LE(index, 6);
    record.writeUInt32LE(sequence, 8);
    record.writeUInt32LE(aux, 12);
    record.writeDoubleLE(this.#micros++, 16);
    body.copy(record, 24);
    this.#records.push(record);
    return this;
  }

  begin(sequence: number, callId: bigint, parent = NONE, index = 0): this {
    const body = Buffer.alloc(16);
    body.writeBigInt64LE(callId, 0);
    body.writeUInt32LE(parent, 8);
    return this.#add(1, 0, index, sequence, 0, body);
  }
  end(sequence: number, status = 0): this {
    return this.#add(2, status, 0, sequence, 0, Buffer.alloc(0));
  }
  enter(sequence: number): this {
    return this.#add(3, 0, 0, sequence, 0, Buffer.alloc(0));
  }
  leave(sequence: number): this {
    return this.#add(4, 0, 0, sequence, 0, Buffer.alloc(0));
  }
  buffer(
    sequence: number,
    direction: 'argument' | 'result',
    text: string,
    options: { edited?: boolean } = {},
  ): this {
    const bytes = Buffer.from(text);
    const body = Buffer.alloc(16 + bytes.length);
    body.writeBigUInt64LE(64n, 0);
    body.writeUInt32LE(bytes.length, 8);
    bytes.copy(body, 16);
    const flags = (direction === 'result' ? 1 | (1 << 4) : 0) | (options.edited ? 2 : 0);
    return this.#add(6, flags, 0, sequence, bytes.length, body);
  }
  batch(): Buffer {
    return Buffer.concat(this.#records.splice(0));
  }
}

function ledgerOf(recording: Recording): Ledger {
  const ledger = new Ledger();
  ledger.beginRun({ imports, exports });
  ledger.ingest(recording.batch());
  return ledger;
}

test('of a call that hands buffers over without end, the first are kept and the newest', () => {
  const recording = new Recording().begin(0, 1n);
  for (let i = 0; i < KEPT_CROSSINGS + 5; i++) {
    recording.enter(0).buffer(0, 'argument', `argument ${i}`).leave(0);
  }
  recording.buffer(0, 'argument', 'edited', { edited: true });
  const call = describe(ledgerOf(recording), 0);
  assert.equal(call?.buffers.length, KEPT_CROSSINGS + 1);
  assert.deepEqual(
    [0, KEPT_CROSSINGS - 1, KEPT_CROSSINGS].map((index) => call.buffers[index]?.preview),
    ['argument 0', `argument ${KEPT_CROSSINGS - 1}`, 'edited'],
  );
  const original = Buffer.from(call.argument?.original ?? '', 'base64').toString();
  assert.equal(original, `argument ${KEPT_CROSSINGS + 4}`);
});

test('nested calls, and which one runs innermost', () => {
  const recording = new Recording().begin(0, 7n).enter(0).begin(1, 8n, 0, 1);
  const ledger = ledgerOf(recording);
  assert.equal(ledger.innermostRunning, 1);
  assert.deepEqual(
    [summarize(ledger, 1)?.export, summarize(ledger, 1)?.parent, summarize(ledger, 0)?.parent],
    ['inner', 0, undefined],
  );
  ledger.ingest(recording.end(1).leave(0).end(0).batch());
  assert.equal(ledger.innermostRunning, null);
  const outer = describe(ledger, 0);
  assert.equal(outer?.status, 'returned');
  assert.equal(outer.crossings.length, 1);
  assert.equal(outer.crossings[0]?.import, 'host.store');
  assert.equal(outer.crossings[0].durationMicros, 3, 'the nested call is within it');
});

test('the last of several results counts, an edit is no second result', () => {
  const recording = new Recording().begin(0, 1n).buffer(0, 'result', 'first').buffer(0, 'result', 'second');
  const twice = describe(ledgerOf(recording), 0);
  assert.equal(twice?.result?.text, 'second');
  assert.deepEqual(
    twice.findings.map(({ code }) => code),
    ['result-returned-twice'],
  );
  const edited = describe(
    ledgerOf(
      new Recording()
        .begin(0, 1n)
        .buffer(0, 'result', 'as was')
        .buffer(0, 'result', 'edited', { edited: true }),
    ),
    0,
  );
  assert.deepEqual([edited?.result?.text, edited?.result?.edited, edited?.findings], ['edited', true, []]);
});

test('statuses, and why a call ended', () => {
  const recording = new Recording();
  for (const [sequence, status] of [0, 1, 2, 3].entries()) {
    recording.begin(sequence, 1n).end(sequence, status);
  }
  const ledger = ledgerOf(recording.begin(4, 1n));
  ledger.setReason(1, 'it trapped');
  ledger.endRun('trapped', 'the runner died');
  assert.deepEqual(
    [0, 1, 2, 3, 4].map((sequence) => [
      describe(ledger, sequence)?.status,
      describe(ledger, sequence)?.reason,
    ]),
    [
      ['returned', undefined],
      ['trapped', 'it trapped'],
      ['cancelled', 'the runner died'],
      ['cancelled', 'The guest ended itself with proc_exit.'],
      ['trapped', 'the runner died'],
    ],
  );
});

test('a run after another goes on with the sequences, and has names of its own', () => {
  const ledger = ledgerOf(new Recording().begin(0, 1n).begin(1, 2n, 0));
  ledger.endRun('cancelled', 'restarted');
  const [greet] = exports;
  assert.ok(greet);
  assert.equal(ledger.beginRun({ imports, exports: [{ ...greet, name: 'renamed' }] }), 2);
  ledger.ingest(new Recording().begin(0, 1n).begin(1, 2n, 0).buffer(1, 'argument', 'x').batch());
  assert.deepEqual(
    [0, 1, 2, 3].map((sequence) => {
      const summary = summarize(ledger, sequence);
      return [summary?.export, summary?.status, summary?.parent, summary?.argument?.preview];
    }),
    [
      ['greet', 'cancelled', undefined, undefined],
      ['greet', 'cancelled', 0, undefined],
      ['renamed', 'running', undefined, undefined],
      ['renamed', 'running', 2, 'x'],
    ],
  );
});

test('crossings beyond what is kept of a call are counted', () => {
  const recording = new Recording().begin(0, 1n);
  for (let i = 0; i < KEPT_CROSSINGS + 5; i++) recording.enter(0).leave(0);
  const call = describe(ledgerOf(recording.end(0)), 0);
  assert.equal(call?.crossings.length, KEPT_CROSSINGS);
  assert.equal(call.crossingsOmitted, 5);
  assert.ok(call.crossings.every(({ durationMicros }) => durationMicros === 1));
  assert.equal(call.status, 'returned');
});

test('findings of stops, the same one only once', () => {
  const ledger = ledgerOf(new Recording().begin(0, 1n));
  const finding = { code: 'x', message: 'y', severity: 'error', at: null } as const;
  ledger.addFinding(0, finding);
  ledger.addFinding(0, { ...finding });
  assert.equal(summarize(ledger, 0)?.problems, 1);
});

test('malformed batches are refused, with the byte', () => {
  const ledger = new Ledger();
  ledger.beginRun({ imports, exports });
  const batch = new Recording().begin(0, 1n).batch();
  assert.throws(() => ledger.ingest(batch.subarray(0, 20)), /malformed at byte 0 of 20/);
  assert.throws(() => ledger.ingest(new Recording().end(3).batch()), /names call 3 before it began/);
  assert.throws(() => ledger.ingest(new Recording().begin(5, 1n).batch()), /began call 5, but 0 is next/);
});

test('100,000 calls take no objects and little memory', () => {
  const count = 100_000;
  const recording = new Recording();
  for (let sequence = 0; sequence < count; sequence++) {
    recording.begin(sequence, BigInt(sequence)).buffer(sequence, 'argument', 'World').end(sequence);
  }
  const batch = recording.batch();
  const ledger = new Ledger();
  ledger.beginRun({ imports, exports });
  ledger.ingest(batch);
  assert.equal(ledger.total, count);
  const beside = (ledger.byteLength - batch.length) / count;
  assert.ok(beside < 200, `${beside} bytes a call beside the records`);
  assert.equal(summarize(ledger, count - 1)?.argument?.preview, 'World');
});

test('call ids beyond 2^53 stay exact', () => {
  assert.equal(jsonCallId(9007199254740993n), '9007199254740993');
  assert.equal(jsonCallId(-5n), -5);
});

test('references of captured buffers', () => {
  assert.deepEqual(parseCaptureReference('call-12-result'), {
    sequence: 12,
    direction: 'result',
    index: 0,
  });
  assert.equal(parseCaptureReference('call-12-argument-3')?.index, 3);
  assert.equal(parseCaptureReference('call-1-results'), undefined);
  assert.equal(parseCaptureReference('memory'), undefined);
});

test('a kept buffer is decoded again', async () => {
  const buffer = describe(
    ledgerOf(new Recording().begin(0, 1n).buffer(0, 'argument', '{"a":1}')),
    0,
  )?.argument;
  assert.ok(buffer);
  const decoded = await redecode({ buffer, decoder: 'hex' });
  assert.deepEqual(
    [decoded.decoder, decoded.decoderReason, decoded.data],
    ['hex', 'chosen here', buffer.data],
  );
  assert.equal(decoded.tree, undefined, "the other decoder's tree is gone");
  await assert.rejects(redecode({ buffer, decoder: 'morse' }), /no decoder “morse”/);
  await assert.rejects(redecode({ decoder: 'hex' }), /no request to decode/);
});

test('calls are listed by any column, those without a value last', async () => {
  const recording = new Recording()
    .begin(0, 30n)
    .buffer(0, 'argument', 'four')
    .end(0)
    .begin(1, -2n, NONE, 1)
    .end(1, 1)
    .begin(2, 7n)
    .buffer(2, 'argument', 'a')
    .buffer(2, 'result', 'x')
    .buffer(2, 'result', 'y')
    .end(2);
  const listing = new CallListing(ledgerOf(recording));
  const listed = async (by: CallColumn, descending = false, query = ''): Promise<number[]> => {
    const request = { start: 0, count: 10, query, order: { by, descending } };
    const { calls } = await listing.page(request, new AbortController().signal);
    return calls.map(({ sequence }) => sequence);
  };
  assert.deepEqual(await listed('sequence', true), [2, 1, 0]);
  assert.deepEqual(await listed('callId'), [1, 2, 0]);
  assert.deepEqual(await listed('export'), [0, 2, 1]);
  assert.deepEqual(await listed('status', true), [1, 0, 2]);
  assert.deepEqual(await listed('argumentSize'), [2, 0, 1]);
  assert.deepEqual(await listed('argumentSize', true), [0, 2, 1]);
  assert.deepEqual(await listed('problems', true), [2, 0, 1]);
  assert.deepEqual(await listed('duration', true), [2, 0, 1]);
  assert.deepEqual(await listed('callId', false, 'status:returned'), [2, 0]);
  assert.equal(listing.findProblem(-1, 'next'), 2);
  assert.equal(listing.findProblem(2, 'next'), null);
  assert.equal(listing.findProblem(99, 'previous'), 2);
  assert.equal(listing.findProblem(2, 'previous'), null);
});

test('a search that is cancelled ends', async () => {
  const recording = new Recording();
  for (let sequence = 0; sequence < 2000; sequence++) recording.begin(sequence, 1n).end(sequence);
  const listing = new CallListing(ledgerOf(recording));
  const cancelled = new AbortController();
  const page = listing.page(
    { start: 0, count: 1, query: 'text:x', order: { by: 'sequence' } },
    cancelled.signal,
  );
  cancelled.abort(new Error('cancelled'));
  await assert.rejects(page, /cancelled/);
});

test('a search tells now and then how far it is, and ends when it is given up', async (t) => {
  const recording = new Recording();
  for (let sequence = 0; sequence < 3000; sequence++)
    recording.begin(sequence, BigInt(sequence)).end(sequence);
  const listing = new CallListing(ledgerOf(recording));
  // Each look at the clock finds that 100 ms have gone by.
  let now = 0;
  t.mock.method(performance, 'now', () => (now += 100));
  const request = { start: 0, count: 5, query: 'callId:2999', order: { by: 'sequence' } } as const;
  const told: number[] = [];
  const { total } = await listing.page(request, new AbortController().signal, (done) => told.push(done));
  assert.equal(total, 1);
  assert.ok(told.length > 3, `told ${told.length} times`);
  assert.deepEqual(
    told,
    [...told].sort((one, other) => one - other),
  );
  const abort = new AbortController();
  const given = listing.page({ ...request, query: 'callId:7' }, abort.signal, () => abort.abort());
  await assert.rejects(given, { name: 'AbortError' });
});

test('menus list decoders under headings', () => {
  const groups = new Map(labels.map(({ id, group }) => [id, group]));
  assert.equal(groups.get('auto'), undefined);
  for (const [id, group] of [
    ['utf-16le', 'Text'],
    ['cbor', 'Structured values'],
    ['hex', 'Bytes'],
    ['u16le', 'Arrays of numbers'],
    ['shift_jis', 'Other text encodings'],
  ] as const)
    assert.equal(groups.get(id), group, id);
  assert.ok(labels.slice(1).every(({ group }) => group !== undefined));
});

test('what a search finds without decoding is what decoding finds', async () => {
  const texts = [
    'Ada',
    'ADA Lovelace',
    'Größe',
    'ΟΔΟΣ',
    '3 \u212a',
    '\u0000ada',
    '{"a":"ada"}',
    'x'.repeat(100) + 'ada',
    '',
  ];
  const recording = new Recording();
  texts.forEach((text, i) =>
    recording.begin(i, BigInt(i)).enter(i).buffer(i, 'argument', text).leave(i).end(i),
  );
  const ledger = ledgerOf(recording);
  const listing = new CallListing(ledger);
  const { signal } = new AbortController();
  const found = async (query: string) => {
    const order = { by: 'sequence' as const };
    return (await listing.page({ start: 0, count: 100, query, order }, signal)).calls.map(
      (call) => call.sequence,
    );
  };
  for (const word of ['ada', 'größe', 'οδος', 'k', 'lovelace', 'absent']) {
    const having = (text: (sequence: number) => string): number[] =>
      texts.flatMap((_, i) => (text(i).toLowerCase().includes(word) ? [i] : []));
    assert.deepEqual(
      await found(`text:${word}`),
      having((i) => searchableText('auto', Buffer.from(texts[i] ?? ''))),
      word,
    );
    assert.deepEqual(
      await found(word),
      having((i) => summarize(ledger, i)?.argument?.preview ?? ''),
      word,
    );
  }
});

test('many calls are sorted in turns, and it can be given up', async () => {
  const count = 40_000;
  const random = randomNumbers(7);
  const base = 2n ** 60n;
  // Ids that no JavaScript number tells apart, each several times.
  const ids = Array.from({ length: count }, () => base + BigInt(Math.floor(random() * 1000)));
  const recording = new Recording();
  ids.forEach((id, i) => recording.begin(i, id, NONE, i % 2).end(i));
  const ledger = ledgerOf(recording);
  let taken = 0;
  const turns = { isOver: true, next: () => Promise.resolve().then(() => void (taken += 1)) };
  const sequences = await ordered(ledger, undefined, { by: 'callId', descending: true }, turns);
  const wanted = ids.map((id, i) => ({ id, i })).sort((a, b) => Number(b.id - a.id) || a.i - b.i);
  assert.deepEqual(
    [...sequences],
    wanted.map(({ i }) => i),
  );
  assert.ok(taken >= 8, `others had ${taken} turns`);
  const aborted = new AbortController();
  const order = { by: 'export' as const };
  const sorting = new CallListing(ledger).page({ start: 0, count: 1, query: '', order }, aborted.signal);
  aborted.abort(new Error('given up'));
  await assert.rejects(sorting, /given up/);
});
