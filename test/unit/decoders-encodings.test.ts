import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import iconv from 'iconv-lite';
import { ENCODING_NAMES } from '../../debug-adapter/boundary/decoders/encoding-names.ts';
import { decodeWith, decoderById, encodeWith, labels } from '../../debug-adapter/boundary/decoders/index.ts';
import { launchSchema } from '../../protocol/launch.ts';

const fromHex = (hex: string) => Uint8Array.from(Buffer.from(hex.replace(/\s/g, ''), 'hex'));
const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

describe('text made by Python', () => {
  const file = path.join(import.meta.dirname, 'fixtures/decoders/text.json');
  const cases = JSON.parse(readFileSync(file, 'utf8')) as { encoding: string; hex: string; text: string }[];
  for (const { encoding, hex, text } of cases) {
    test(`${encoding}: read, and written as the same bytes`, () => {
      const { text: decoded, error } = decodeWith(encoding, fromHex(hex));
      assert.deepEqual([decoded, error], [text, undefined]);
      // There are several ways of writing UTF-7.
      if (encoding !== 'utf-7') assert.equal(toHex(encodeWith(encoding, text, new Uint8Array())), hex);
      else assert.equal(decodeWith(encoding, encodeWith(encoding, text, new Uint8Array())).text, text);
    });
  }
});

describe('bytes that are no characters', () => {
  const shown: [string, string, string, [number, number][]][] = [
    ['windows-1252', '41 81 ff 42', 'A\ufffdÿB', [[1, 2]]],
    [
      'us-ascii',
      '41 80 42 ff',
      'A\ufffdB\ufffd',
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ['shift_jis', '93fa ff 967b', '日\ufffd本', [[2, 3]]],
    ['euc-jp', '41 c6', 'A\ufffd', [[1, 2]]],
    ['utf-32le', '41000000 00001100 42000000', 'A\ufffdB', [[4, 8]]],
    [
      'utf-8',
      '61 ff e4b8 62',
      'a\ufffd\ufffdb',
      [
        [1, 2],
        [2, 4],
      ],
    ],
    [
      'utf-16le',
      '4100 00d8 4200 61',
      'A\ud800B\ufffd',
      [
        [2, 4],
        [6, 7],
      ],
    ],
  ];
  for (const [id, hex, text, invalid] of shown) {
    test(`${id}: each is marked in the text, with its place`, () => {
      const decoded = decodeWith(id, fromHex(hex));
      assert.equal(decoded.text, text);
      assert.deepEqual(decoded.invalid, invalid);
      assert.match(decoded.error ?? '', new RegExp(` byte ${invalid[0]?.[0]}\\b`));
    });
  }

  test('the places of several are told, and there is an end to them', () => {
    const { error, invalid } = decodeWith('us-ascii', new Uint8Array(5000).fill(0x80));
    assert.match(error ?? '', /at byte 0 .*; the same at bytes 1, 2, 3, 4, 5, …\.$/);
    assert.equal(invalid?.length, 1000);
    assert.equal(decodeWith('utf-8', new Uint8Array(5000).fill(0x80)).invalid?.length, 1000);
  });

  test('a character that an encoding does not have is refused with its place', () => {
    assert.throws(
      () => encodeWith('shift_jis', 'ab😀', new Uint8Array()),
      /shift_jis has no “😀” \(character 2/,
    );
    assert.throws(() => encodeWith('windows-1252', 5, new Uint8Array()), /writes text/);
  });
});

describe('the encodings', () => {
  test('are all that the library has, each once', () => {
    iconv.getCodec('utf-8');
    const own = ['utf8', 'ucs2', 'utf16', 'utf16be', 'utf32', 'iso88591', 'binary', 'base64', 'hex'];
    const known = Object.keys(iconv.encodings ?? {}).filter(
      (name) => typeof iconv.encodings?.[name] !== 'string' && !name.startsWith('_') && !own.includes(name),
    );
    const codecs = new Map(ENCODING_NAMES.map(([id]) => [iconv.getCodec(id), id]));
    assert.equal(codecs.size, ENCODING_NAMES.length);
    for (const name of known) assert(codecs.has(iconv.getCodec(name)), name);
    assert.equal(known.length, ENCODING_NAMES.length);
  });

  test('are found by the other names that people write', () => {
    const spellings = {
      cp1252: 'windows-1252',
      SJIS: 'shift_jis',
      'x-sjis': 'shift_jis',
      ascii: 'us-ascii',
      latin9: 'iso-8859-15',
    };
    for (const [spelling, id] of Object.entries(spellings)) assert.equal(decoderById(spelling)?.id, id);
    assert.equal(decoderById('no-such-encoding'), undefined);
    assert.equal(decoderById('base64'), undefined);
  });

  test('stand in menus behind what is used more, under a heading', () => {
    const first = labels.findIndex(({ group }) => group === 'Other text encodings');
    assert(labels.slice(first).every(({ group }) => group === 'Other text encodings'));
    assert.deepEqual(
      labels.slice(0, 4).map(({ id }) => id),
      ['auto', 'utf-8', 'json', 'cbor'],
    );
  });

  test('may be named in a launch configuration', () => {
    const decoders = { greet: { argument: 'shift_jis' } };
    assert.deepEqual(launchSchema.parse({ program: 'a.wasm', decoders }).decoders, decoders);
  });
});
