import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import test from 'node:test';
import { BufferStore, type StoredBuffer } from '../../debug-adapter/boundary/buffer-store.ts';
import { SoughtText } from '../../debug-adapter/boundary/sought-text.ts';

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
  const has = (text: string | Uint8Array, word: string, { previous = 0, within = 100 } = {}) =>
    store.contains(store.append(entry(text), previous), new SoughtText(word), within);
  assert.equal(has('{"name": "Ada"}', 'bob'), false);
  assert.equal(has('{"name": "Ada"}', 'ada'), true);
  assert.equal(has('HELLO', 'hello'), true);
  assert.equal(has('hell', 'hello'), false);
  assert.equal(has('', 'x1'), false);
  assert.equal(has('aab', 'ab'), true);
  assert.equal(has('tab\tand\r\nline', 'x2'), false);
  assert.equal(has('Zoë and Ada', 'ada'), true);
  assert.equal(has('a'.repeat(60) + 'far', 'far', { within: 62 }), undefined, 'too far for a preview');
  assert.equal(has('a'.repeat(60) + 'near', 'near', { within: 64 }), true);
  // A decoder has to look: what is no text, and letters that are ASCII only in lower case.
  for (const bytes of [
    '\u0000',
    '\u001b[1m',
    'a\u0085',
    '3 \u212a',
    'DİL',
    Uint8Array.of(0xd9, 0xd9, 0xf7),
  ]) {
    assert.equal(has(bytes, 'x3'), undefined);
  }
  const linked = store.append(entry('first'), 0);
  assert.equal(has('second', 'first', { previous: linked }), false, 'the link is no part of the text');
});

test('text beyond ASCII is looked for, too: where a chunk has it, a decoder has to say which buffer', () => {
  const store = new BufferStore();
  const reference = store.append(entry('nothing of that kind'), 0);
  assert.equal(store.contains(reference, new SoughtText('größe'), 100), false);
  const sought = new SoughtText('größe');
  const other = store.append(entry('Die GRÖSSE ist keine GRÖßE'), 0);
  assert.equal(store.contains(other, sought, 100), undefined);
  assert.equal(store.contains(other, new SoughtText('grüße'), 100), false);
  // The end of a word has another sigma than its middle.
  assert.equal(store.contains(store.append(entry('ΟΔΟΣ'), 0), new SoughtText('οδος'), 100), undefined);
});

test('a search goes on while buffers are added to the chunk that it has seen', () => {
  const store = new BufferStore();
  const sought = new SoughtText('ada');
  assert.equal(store.contains(store.append(entry('Bob'), 0), sought, 100), false);
  assert.equal(store.contains(store.append(entry('Ada'), 0), sought, 100), true);
});

test('a chunk that does not have a text does not speak for the next one, nor for what is no text in it', () => {
  const store = new BufferStore();
  const filler = new Uint8Array(300 * 1024).fill(0x61);
  const first = store.append(entry('Bob'), 0);
  const binary = store.append(entry(Uint8Array.of(0, 1, 2)), 0);
  for (let i = 0; i < 4; i++) store.append(entry(filler), 0);
  const last = store.append(entry('Ada'), 0);
  const sought = new SoughtText('ada');
  assert.equal(store.contains(first, sought, 100), false);
  assert.equal(store.contains(binary, sought, 100), undefined);
  assert.equal(store.contains(last, sought, 100), true);
  assert.equal(store.contains(first, sought, 100), false);
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
