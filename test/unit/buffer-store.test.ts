import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import test from 'node:test';
import { BufferStore, type StoredBuffer } from '../../debug-adapter/boundary/buffer-store.ts';

const MIB = 1 << 20;

function entry(bytes: Uint8Array | string, more: Partial<StoredBuffer> = {}): StoredBuffer {
  return {
    direction: 'argument',
    edited: false,
    policy: 'host',
    micros: 0,
    address: 0,
    size: bytes.length,
    bytes: typeof bytes === 'string' ? Buffer.from(bytes) : bytes,
    ...more,
  };
}

/** The bytes as plain ones: what is read is a view. */
const plain = ({ bytes, ...rest }: StoredBuffer) => ({ ...rest, bytes: [...bytes] });

test('what was stored is read again, whatever its numbers', () => {
  const store = new BufferStore();
  const stored = [
    entry('', { micros: 0 }),
    entry('Ada', { direction: 'result', policy: 'nul', micros: 12.345, address: 127, size: 3 }),
    entry('x', { edited: true, policy: 'unknown', micros: 3.6e12, address: 128, size: 256 }),
    entry('y', { direction: 'result', policy: 'u32le-prefix', address: 2 ** 32 - 1, size: 2 ** 31 }),
    entry('z', { policy: 'fixed', address: Number.MAX_SAFE_INTEGER, size: 16384 }),
  ];
  const references = stored.map((each) => store.append(each, 0));
  references.forEach((reference, i) => {
    const { previous, ...read } = store.read(reference);
    assert.equal(previous, 0);
    assert.deepEqual(plain(read), plain(stored[i] ?? entry('')));
    assert.equal(store.size(reference), stored[i]?.size);
  });
});

test('copies of a buffer form a chain, across chunks too', () => {
  const store = new BufferStore();
  const first = store.append(entry('first'), 0);
  const second = store.append(entry(new Uint8Array(2 * MIB)), first);
  const third = store.append(entry('third', { edited: true }), second);
  const chain: string[] = [];
  for (let reference = third; reference !== 0; reference = store.read(reference).previous) {
    chain.push(Buffer.from(store.read(reference).bytes.subarray(0, 5)).toString());
  }
  assert.deepEqual(chain, ['third', '\0\0\0\0\0', 'first']);
  assert.equal(store.size(second), 2 * MIB);
});

test('plain text is searched without being decoded, whatever its case', () => {
  const store = new BufferStore();
  const without = (text: string | Uint8Array, word: string, previous = 0) =>
    store.isTextWithout(store.append(entry(text), previous), Buffer.from(word));
  assert.equal(without('{"name": "Ada"}', 'bob'), true);
  assert.equal(without('{"name": "Ada"}', 'ada'), false);
  assert.equal(without('HELLO', 'hello'), false);
  assert.equal(without('hell', 'hello'), true);
  assert.equal(without('', 'x'), true);
  assert.equal(without('aab', 'ab'), false);
  assert.equal(without('tab\tand\r\nline', 'x'), true);
  // Not plain ASCII: a decoder has to look.
  for (const bytes of ['Zoë', '\u0000', '\u001b[1m', Uint8Array.of(0xd9, 0xd9, 0xf7)]) {
    assert.equal(without(bytes, 'x'), false);
  }
  const linked = store.append(entry('first'), 0);
  assert.equal(without('second', 'first', linked), true, 'the link is no part of the text');
});

test('beyond its limit the oldest payloads leave memory, and are read from the file', (t) => {
  const store = new BufferStore(4 * MIB);
  t.after(() => store.dispose());
  const before = readdirSync(tmpdir()).filter((name) => name.startsWith('kotlin-wasmedge-ledger-'));
  const references = Array.from({ length: 40 }, (_, i) =>
    store.append(entry(new Uint8Array(MIB / 2).fill(i), { address: i }), 0),
  );
  assert.ok(store.byteLength <= 5 * MIB, `${store.byteLength} bytes in memory`);
  assert.ok(store.spilledBytes >= 15 * MIB);
  for (const order of [references, references.toReversed()]) {
    for (const reference of order) {
      const { address, bytes } = store.read(reference);
      assert.equal(bytes.length, MIB / 2);
      assert.ok(bytes.every((byte) => byte === address));
    }
  }
  const after = readdirSync(tmpdir()).filter((name) => name.startsWith('kotlin-wasmedge-ledger-'));
  assert.deepEqual(after, before, 'the file has no name that could be left behind');
});
