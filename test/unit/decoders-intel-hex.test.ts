import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { decodeWith, encodeWith } from '../../debug-adapter/boundary/decoders/index.ts';
import { assertRanges } from './support/trees.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);

interface Case {
  name: string;
  hex: string;
  blocks: [number, string][];
}

describe('Intel HEX made by Python', () => {
  const file = path.join(import.meta.dirname, 'fixtures/decoders/intel-hex.json');
  for (const { name, hex, blocks } of JSON.parse(readFileSync(file, 'utf8')) as Case[]) {
    test(name, () => {
      const bytes = Uint8Array.from(Buffer.from(hex, 'hex'));
      const { value, error, tree } = decodeWith('intel-hex', bytes);
      assert.equal(error, undefined);
      const merged = (value as { address: number; data: Uint8Array }[]).map(({ address, data }) => [
        address,
        Buffer.from(data).toString('hex'),
      ]);
      assert.deepEqual(merged, blocks);
      assert(tree);
      assertRanges(tree, bytes.length);
      const again = decodeWith('intel-hex', encodeWith('intel-hex', value, bytes));
      assert.deepEqual([again.value, again.error], [value, undefined]);
    });
  }
});

describe('records', () => {
  const END = ':00000001FF\n';

  test('are a tree whose fields know their bytes', () => {
    const { tree } = decodeWith('intel-hex', bytesOf(`:0300300002337A1E\n${END}`));
    const record = tree?.children?.[0];
    assert.deepEqual([record?.type, record?.value, record?.range], ['data', '0x00000030: 02 33 7a', [0, 17]]);
    assert.deepEqual(
      record?.children?.map(({ name, value, range }) => [name, value, range]),
      [
        ['length', '3', [1, 3]],
        ['offset', '0x0030', [3, 7]],
        ['type', '0 (data)', [7, 9]],
        ['data', '02 33 7a', [9, 15]],
        ['checksum', '0x1e', [15, 17]],
      ],
    );
  });

  const faults: [string, string, RegExp, [number, number]][] = [
    [
      'a wrong checksum',
      ':0300300002337A1F',
      /^Record 1 at byte 0 has the checksum 0x1f, and its bytes make 0x1e\.$/,
      [0, 17],
    ],
    ['a wrong length', ':0400300002337A1E', /states 4 bytes of data and has 3/, [0, 17]],
    ['half a byte', ':0300300002337A1', /half a byte/, [0, 16]],
    ['a character that is no digit', ':03003000023x7A1E', /"x" at column 13/, [0, 17]],
    ['no colon', '0300300002337A1E', /does not begin with a colon/, [0, 16]],
    ['a record that is too short', ':0000', /shortest record has 5/, [0, 5]],
  ];
  for (const [what, line, message, range] of faults) {
    test(`${what} is told, and the other records are read`, () => {
      const { error, invalid, value, tree } = decodeWith(
        'intel-hex',
        bytesOf(`${line}\n:0100000041BE\n${END}`),
      );
      assert.match(error ?? '', message);
      assert.deepEqual(invalid, [range]);
      assert.deepEqual(value, [{ address: 0, data: Uint8Array.of(0x41) }]);
      assert.equal(tree?.children?.[0]?.type, 'fault');
    });
  }

  test('a file without an end, and what is none', () => {
    assert.equal(
      decodeWith('intel-hex', bytesOf(':0100000041BE\n')).error,
      'The record that ends the file is missing at byte 14.',
    );
    assert.equal(decodeWith('intel-hex', bytesOf('')).error, 'Not Intel HEX: there is no record at byte 0.');
    assert.throws(() => encodeWith('intel-hex', [{ address: -1, data: [1] }], bytesOf('')), /Block 0 is no/);
  });
});

describe('half floats', () => {
  test('are read and written at every exponent', () => {
    const known: [number, number][] = [
      [0x3c00, 1],
      [0xc000, -2],
      [0x7bff, 65504],
      [0x0400, 2 ** -14],
      [0x03ff, (1023 / 1024) * 2 ** -14],
      [0x0001, 2 ** -24],
      [0x8000, -0],
      [0x7c00, Infinity],
      [0xfc00, -Infinity],
      [0x3555, 0.333251953125],
    ];
    for (const [bits, value] of known) {
      const bytes = Uint8Array.of(bits & 0xff, bits >> 8);
      assert.deepEqual(decodeWith('f16le', bytes).value, [value]);
      assert.deepEqual(encodeWith('f16le', [value], bytes), bytes);
    }
    assert.deepEqual(decodeWith('f16be', Uint8Array.of(0x7e, 0)).value, [NaN]);
  });

  test('all 65536 are written as they were read', () => {
    const bytes = new Uint8Array(Uint16Array.from({ length: 65536 }, (_, i) => i).buffer);
    const { value } = decodeWith('f16le', bytes);
    const again = new Uint16Array(encodeWith('f16le', value, bytes).buffer);
    again.forEach((bits, i) => {
      if (Number.isNaN((value as number[])[i])) assert.equal(bits, 0x7e00);
      else assert.equal(bits, i);
    });
  });

  test('what is between two is rounded to the nearer, and a tie to the even one', () => {
    const bits = (value: number) =>
      Buffer.from(encodeWith('f16be', [value], new Uint8Array())).toString('hex');
    assert.equal(bits(1 + 2 ** -11), '3c00');
    assert.equal(bits(1 + 3 * 2 ** -11), '3c02');
    assert.equal(bits(65519.99), '7bff');
    assert.equal(bits(65520), '7c00');
    assert.equal(bits(2 ** -25), '0000');
    assert.equal(bits(2 ** -25 * 1.01), '0001');
  });
});
