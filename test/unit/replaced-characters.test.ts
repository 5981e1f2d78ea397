import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeWith } from '../../debug-adapter/boundary/decoders/index.ts';
import { ReplacedCharacters } from '../../protocol/replaced-characters.ts';
import { textPage, TextRows } from '../../protocol/text-rows.ts';

/** Places in the text that are marked, however it is cut into rows. */
function marked(id: string, bytes: Uint8Array, columns: number): number[] {
  const { decoder, text, invalid } = decodeWith(id, bytes);
  const rows = new TextRows(text, columns);
  const { replaced } = textPage(rows, new ReplacedCharacters(decoder, bytes, invalid), 0, rows.total);
  const starts = rows.page(0, rows.total).map(({ start }) => start);
  return replaced.flatMap((places, row) => places.map((place) => (starts[row] ?? 0) + place));
}

test('a U+FFFD that the text itself has is not marked; one that stands for bytes is', () => {
  const text = Buffer.from('a\ufffd🙂é\n\ufffdb');
  const cut = Buffer.concat([text, Buffer.from([0xff]), text, Buffer.from([0xe2, 0x82]), text]);
  for (const columns of [8, 80]) {
    assert.deepEqual(marked('utf-8', text, columns), []);
    assert.deepEqual(marked('utf-8', cut, columns), [8, 17]);
  }
  const wide = Buffer.from('\ufffdx\ud800y', 'utf16le');
  assert.deepEqual(marked('utf-16le', wide, 80), []);
  assert.deepEqual(marked('utf-16le', Buffer.concat([wide, Buffer.from([0x41])]), 80), [4]);
  assert.deepEqual(marked('shift_jis', Buffer.from([0x41, 0xfd, 0x42]), 80), [1]);
});

test('behind a thousand faults every one counts', () => {
  const bytes = Buffer.concat([Buffer.from('\ufffd'), Buffer.alloc(1500, 0xff)]);
  assert.equal(marked('utf-8', bytes, 80).length, 1500);
});
