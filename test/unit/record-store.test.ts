import assert from 'node:assert/strict';
import test from 'node:test';
import { RecordStore } from '../../debug-adapter/boundary/record-store.ts';

/** The words of a record of 64 bytes, in which `number` lies behind the length. */
function record(number: number): Uint32Array {
  return Uint32Array.from({ length: 16 }, (_, word) => (word === 0 ? 64 : word === 1 ? number : 0));
}

const numberOf = (bytes: Uint8Array): number =>
  new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true);

/** Resolves when what is compressed in the background has been. */
async function untilSmall(store: RecordStore, bytes: number): Promise<void> {
  while (store.byteLength > bytes) await new Promise((resolve) => setImmediate(resolve));
}

test('chains of records are read while their chunks are compressed, and after', async () => {
  const store = new RecordStore(2);
  const chains = [0, 0, 0];
  const RECORDS = 100_000;
  for (let number = 0; number < RECORDS; number++) {
    const chain = number % chains.length;
    chains[chain] = store.append(chains[chain] ?? 0, record(number), 0, 64);
  }
  const check = (): void => {
    chains.forEach((last, chain) => {
      let expected = RECORDS - 1 - ((RECORDS - 1 - chain) % chains.length);
      for (let at = last; at !== 0;) {
        const read = store.read(at);
        assert.equal(numberOf(read.record), expected);
        expected -= chains.length;
        at = read.previous;
      }
      assert.ok(expected < 0);
    });
  };
  check();
  // 7.2 MB of records and links; two full chunks and the last stay as they are.
  await untilSmall(store, 5 << 20);
  assert.ok(store.byteLength > 3 << 20, 'the newest are not compressed');
  check();
  const more = store.append(0, record(7), 0, 64);
  assert.equal(numberOf(store.read(more).record), 7);
});
