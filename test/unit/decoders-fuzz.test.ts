import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  decodeWith,
  decoderIds,
  decoders,
  previewWith,
} from '../../debug-adapter/boundary/decoders/index.ts';
import { ENCODING_NAMES } from '../../debug-adapter/boundary/decoders/encoding-names.ts';
import { assertRanges } from './support/trees.ts';

/** Real data, of which mutations come further into a decoder than noise does. */
function seeds(): Uint8Array[] {
  const folder = path.join(import.meta.dirname, 'fixtures/decoders');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as { hex: string }[])
    .map(({ hex }) => Uint8Array.from(Buffer.from(hex, 'hex')));
}

const real = fc.constantFrom(...seeds());
const encodings = new Set(ENCODING_NAMES.map(([id]) => id));
/** Real data with some bytes changed, and something cut out of it. */
const mutated = fc
  .tuple(real, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }), fc.nat(), fc.nat(8))
  .map(([bytes, changes, at, removed]) => {
    const copy = [...bytes];
    for (const [index, byte] of changes) if (copy.length > 0) copy[index % copy.length] = byte;
    copy.splice(at % (copy.length + 1), removed);
    return Uint8Array.from(copy);
  });
const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 600 }),
  mutated,
  fc.tuple(real, real).map(([a, b]) => new Uint8Array([...a, ...b])),
);

describe('no bytes break a decoder', () => {
  for (const id of decoderIds) {
    test(`${id}: it never throws, its ranges nest, and its preview is the beginning of its text`, () => {
      fc.assert(
        fc.property(anyBytes, (bytes) => {
          const before = bytes.slice();
          const { text, tree, error } = decodeWith(id, bytes);
          assert.deepEqual(bytes, before);
          if (tree) assertRanges(tree, bytes.length);
          if (error !== undefined) assert.match(error, /\S\.$/);
          const preview = previewWith(id, bytes);
          if (text.length <= 80) assert.equal(preview, text);
          else assert(preview.endsWith('…') && text.startsWith(preview.slice(0, -1)), preview);
        }),
        { seed: 20_261_127, numRuns: encodings.has(id) ? 40 : id === 'auto' ? 2000 : 400 },
      );
    });
  }

  test('trees are bounded, whatever the bytes', () => {
    for (const decoder of decoders) {
      for (const byte of [0, 0x0a, 0x5b, 0x81, 0x91, 0xff]) {
        const { tree } = decoder.decode(new Uint8Array(200_000).fill(byte));
        assert(JSON.stringify(tree ?? null).length < 4_000_000, `${decoder.id} ${byte}`);
      }
    }
  });
});
