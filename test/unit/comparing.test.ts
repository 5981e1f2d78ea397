import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ByteDifferences, type ByteSource } from '../../extension/calls/byte-differences.ts';
import { compareLedgers } from '../../extension/calls/ledger-comparison.ts';
import type { CallFingerprint } from '../../protocol/boundary.ts';
import { randomNumbers } from './support/random.ts';

function source(bytes: Uint8Array): ByteSource & { most: number } {
  return {
    size: bytes.length,
    most: 0,
    read(start, count) {
      this.most = Math.max(this.most, count);
      return Promise.resolve(bytes.subarray(start, start + count));
    },
  };
}

test('bytes: places that differ, forwards and backwards, and what only the longer one has', async () => {
  const differences = new ByteDifferences([
    source(Buffer.from('Hello, World')),
    source(Buffer.from('Jello, w0rld!!')),
  ]);
  assert.deepEqual(await differences.count(), { bytes: 5, places: 3 });
  const next = await Promise.all([-1, 0, 3, 7, 8, 12, 13].map((from) => differences.next(from)));
  assert.deepEqual(next, [
    [0, 1],
    [7, 9],
    [7, 9],
    [12, 14],
    [12, 14],
    [0, 1],
    [0, 1],
  ]);
  const previous = await Promise.all([0, 7, 8, 12, 14].map((from) => differences.previous(from)));
  assert.deepEqual(previous, [
    [12, 14],
    [0, 1],
    [7, 9],
    [7, 9],
    [12, 14],
  ]);
  const same = new ByteDifferences([source(Buffer.from('same')), source(Buffer.from('same'))]);
  assert.deepEqual(await same.count(), { bytes: 0, places: 0 });
  assert.equal(await same.next(-1), null);
  assert.equal(await same.previous(4), null);
});

test('bytes: large buffers are read in pages, and a place may reach over several', async () => {
  const size = 5 * 1024 * 1024 + 17;
  const one = Buffer.alloc(size);
  const other = Buffer.alloc(size);
  const from = 1024 * 1024 - 3;
  const to = 3 * 1024 * 1024 + 5;
  other.fill(1, from, to);
  other[size - 1] = 1;
  const sides: [ReturnType<typeof source>, ReturnType<typeof source>] = [source(one), source(other)];
  const differences = new ByteDifferences(sides);
  assert.deepEqual(await differences.count(), { bytes: to - from + 1, places: 2 });
  assert.deepEqual(await differences.next(-1), [from, to]);
  assert.deepEqual(await differences.next(from + 10), [size - 1, size]);
  assert.deepEqual(await differences.previous(size - 1), [from, to]);
  assert.deepEqual(await differences.previous(2 * 1024 * 1024), [from, to]);
  assert.ok(Math.max(...sides.map(({ most }) => most)) <= 1024 * 1024);
});

test('bytes: as comparing them one by one', async () => {
  const random = randomNumbers(7);
  const next = (): number => Math.floor(random() * 1000);
  for (let round = 0; round < 30; round++) {
    const one = Buffer.from(Array.from({ length: 40 }, () => next() % 3));
    const other = Buffer.from(
      Array.from({ length: 30 + (next() % 15) }, (_, at) => (next() % 4 ? (one[at] ?? 9) : 2)),
    );
    const places: [number, number][] = [];
    for (let at = 0; at < Math.max(one.length, other.length); at++) {
      if (one[at] === other[at]) continue;
      const last = places.at(-1);
      if (last?.[1] === at) last[1]++;
      else places.push([at, at + 1]);
    }
    const differences = new ByteDifferences([source(one), source(other)]);
    const walked: [number, number][] = [];
    for (let from = -1; walked.length < places.length; from = walked.at(-1)?.[0] ?? 0)
      walked.push((await differences.next(from)) ?? [-1, -1]);
    assert.deepEqual(walked, places);
    assert.deepEqual(await differences.previous(0), places.at(-1) ?? null);
  }
});

/** A ledger of calls `[callId, argument]` of one export. */
function ledger(calls: readonly [number, string, Partial<CallFingerprint>?][]) {
  const made = calls.map(([callId, digest, more], sequence): CallFingerprint => {
    const argument = { size: 5, ...(digest !== '' && { digest }) };
    return { sequence, callId, export: 'greet', status: 'returned', argument, ...more };
  });
  return {
    fingerprints: (start: number, count: number) =>
      Promise.resolve({ total: made.length, calls: made.slice(start, start + count) }),
  };
}
const quiet = () => ({ signal: new AbortController().signal, progress: () => undefined });
async function compared(left: ReturnType<typeof ledger>, right: ReturnType<typeof ledger>) {
  const { comparison, differences } = await compareLedgers(left, right, quiet());
  const pairs = differences.map((each) => [each.left?.sequence, each.right?.sequence, each.differs.join()]);
  return { comparison, pairs };
}

test('ledgers: calls belong together by export and callId, whatever is missing between', async () => {
  const { comparison, pairs } = await compared(
    ledger([
      [1, 'a'],
      [2, 'b'],
      [4, 'd'],
      [5, 'e'],
      [6, 'f'],
    ]),
    ledger([
      [1, 'a'],
      [2, 'x'],
      [3, 'c'],
      [4, 'd'],
      [6, 'f', { status: 'trapped' }],
    ]),
  );
  assert.deepEqual(pairs, [
    [1, 1, 'argument'],
    [undefined, 2, ''],
    [3, undefined, ''],
    [4, 4, 'status'],
  ]);
  assert.deepEqual(comparison, {
    leftCalls: 5,
    rightCalls: 5,
    same: 2,
    differing: 2,
    onlyLeft: 1,
    onlyRight: 1,
    bySizeOnly: 0,
    listed: 4,
  });
});

test('ledgers: with other callIds throughout, calls of one export belong together in their order', async () => {
  const { pairs } = await compared(
    ledger([
      [1, 'a'],
      [2, 'b'],
      [3, 'c', { export: 'only' }],
    ]),
    ledger([
      [901, 'a'],
      [902, 'x'],
    ]),
  );
  assert.deepEqual(pairs, [
    [0, 0, 'callId'],
    [1, 1, 'callId,argument'],
    [2, undefined, ''],
  ]);
});

test('ledgers: what is not known of both is no difference, but told', async () => {
  const { comparison } = await compared(
    ledger([
      [1, '', { params: 'i32 1' }],
      [2, 'b', { params: 'i32 1', findings: ['invalid-text'] }],
    ]),
    ledger([
      [1, 'a'],
      [2, 'b', { params: 'i32 1' }],
    ]),
  );
  assert.deepEqual([comparison.same, comparison.bySizeOnly, comparison.differing], [2, 1, 0]);
});

test('ledgers: a hundred thousand calls are read in pages; comparing tells how far it is and is given up', async () => {
  const calls = Array.from({ length: 100_000 }, (_, at): [number, string] => [at, at === 77_777 ? 'x' : 'a']);
  const left = ledger(calls);
  const right = ledger(calls.map(([callId]) => [callId, 'a']));
  const told: number[] = [];
  const { comparison, differences } = await compareLedgers(left, right, {
    signal: new AbortController().signal,
    progress: (done) => told.push(done),
  });
  assert.equal(comparison.same, 99_999);
  assert.deepEqual(
    differences.map((each) => each.left?.sequence),
    [77_777],
  );
  assert.ok(told.length > 10 && told.every((done, at) => done > (told[at - 1] ?? 0)));
  const abort = new AbortController();
  const given = compareLedgers(left, right, {
    signal: abort.signal,
    progress: () => abort.abort(new Error('enough')),
  });
  await assert.rejects(given, /enough/);
});
