import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { decodeWith, decoderById, encodeWith } from '../../debug-adapter/boundary/decoders/index.ts';
import { assertRanges, countNodes, ranges } from './support/trees.ts';

const fromHex = (hex: string) => Uint8Array.from(Buffer.from(hex.replace(/\s/g, ''), 'hex'));
const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

interface Case {
  name: string;
  hex: string;
  value: unknown;
  canonical?: boolean;
}

function cases(format: string): Case[] {
  const file = path.join(import.meta.dirname, 'fixtures/decoders', `${format}.json`);
  return JSON.parse(readFileSync(file, 'utf8')) as Case[];
}

/** A decoded value in the spelling of the fixtures (serialization.py). */
function spelled(value: unknown): unknown {
  if (typeof value === 'bigint') return { $integer: String(value) };
  if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))) {
    return { $float: pythonFloat(value) };
  }
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) return { $bytes: toHex(value) };
  if (value instanceof Date) {
    const seconds = Math.floor(value.getTime() / 1000);
    return { $timestamp: [seconds, (value.getTime() - seconds * 1000) * 1_000_000] };
  }
  if (Array.isArray(value)) return value.map(spelled);
  if (value instanceof Map) return { $map: [...value].map((entry: unknown[]) => entry.map(spelled)) };
  if ('contents' in value && 'tag' in value) return { $tag: [value.tag, spelled(value.contents)] };
  if ('data' in value && 'type' in value && value.data instanceof Uint8Array) {
    return { $extension: [value.type, toHex(value.data)] };
  }
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, spelled(each)]));
}

function pythonFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  return Number.isFinite(value) ? '-0.0' : value > 0 ? 'inf' : '-inf';
}

/** JavaScript's objects have no integer keys, and its dates no nanoseconds. */
function inJavaScript(value: unknown, format: string): unknown {
  if (format !== 'messagepack' || typeof value !== 'object' || value === null) return value;
  if ('$map' in value) return Object.fromEntries(value.$map as [string, unknown][]);
  if ('$timestamp' in value) {
    const [seconds, nanoseconds] = value.$timestamp as [number, number];
    return { $timestamp: [seconds, nanoseconds - (nanoseconds % 1_000_000)] };
  }
  return value;
}

for (const format of ['cbor', 'messagepack']) {
  describe(`${format} made by Python`, () => {
    for (const { name, hex, value, canonical } of cases(format)) {
      test(name, () => {
        const bytes = fromHex(hex);
        const decoded = decodeWith(format, bytes);
        assert.equal(decoded.error, undefined);
        assert.deepEqual(spelled(decoded.value), inJavaScript(value, format));
        assert(decoded.tree);
        assert.deepEqual(decoded.tree.range, [0, bytes.length]);
        assertRanges(decoded.tree, bytes.length);
        const integerKeys = typeof value === 'object' && value !== null && '$map' in value;
        if (canonical && !(format === 'messagepack' && integerKeys)) {
          assert.equal(toHex(encodeWith(format, decoded.value, bytes)), hex);
        }
      });
    }
  });

  describe(`${format}, any value`, () => {
    const values = fc.letrec((tie) => ({
      any: fc.oneof(
        { depthSize: 'small' },
        fc.string({ unit: 'binary' }),
        fc.maxSafeInteger(),
        fc.double(),
        fc.boolean(),
        fc.constant(null),
        fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n - 1n }),
        fc.uint8Array(),
        fc.array(tie('any')),
        fc.dictionary(
          fc.string().filter((key) => key !== '__proto__'),
          tie('any'),
        ),
      ),
    })).any;

    test('is written and read back, its tree has every range, and its text is all of it', () => {
      fc.assert(
        fc.property(values, (value) => {
          const bytes = encodeWith(format, value, new Uint8Array());
          const decoded = decodeWith(format, bytes);
          assert.equal(decoded.error, undefined);
          assert.deepEqual(spelled(decoded.value), spelled(value));
          assert(decoded.tree);
          assertRanges(decoded.tree, bytes.length);
        }),
        { seed: 20_261_123, numRuns: 500 },
      );
    });

    test('cut anywhere, the error is at the cut, and what precedes it is shown', () => {
      fc.assert(
        fc.property(values, fc.nat(), (value, at) => {
          const bytes = encodeWith(format, value, new Uint8Array());
          const whole = decodeWith(format, bytes).text;
          const cut = bytes.subarray(0, at % bytes.length);
          const decoded = decodeWith(format, cut);
          const offset = Number(/ at byte (\d+)\.$/.exec(decoded.error ?? '')?.[1]);
          assert(offset <= cut.length, decoded.error);
          assert(whole.startsWith(decoded.text), decoded.text);
          if (decoded.tree) assertRanges(decoded.tree, cut.length);
        }),
        { seed: 20_261_124, numRuns: 500 },
      );
    });
  });
}

describe('cbor', () => {
  test('ranges of entries begin with their keys, and tags have their content below them', () => {
    // {"a": [1, h'0203'], "t": 1(1363896240)}
    const bytes = fromHex('a2 6161 82 01 42 0203 6174 c1 1a514b67b0');
    const { tree, text } = decodeWith('cbor', bytes);
    assert.equal(text, `{"a": [1, h'0203'], "t": 1(1363896240)}`);
    const a = [
      'a',
      [1, 8],
      [
        ['0', [4, 5]],
        ['1', [5, 8]],
      ],
    ];
    assert.deepEqual(tree && ranges(tree), ['', [0, 16], [a, ['t', [8, 16], [['content', [11, 16]]]]]]);
    const time = tree?.children?.[1];
    assert.deepEqual(
      [time?.type, time?.value],
      ['tag 1 (time in seconds)', '1(1363896240) = 2013-03-21T20:04:00.000Z'],
    );
  });

  test('chunks, simple values, keys that are no text', () => {
    const notation = (hex: string) => decodeWith('cbor', fromHex(hex)).text;
    assert.equal(notation('5f42010243030405ff'), "(_ h'0102', h'030405')");
    assert.equal(notation('7f657374726561646d696e67ff'), '(_ "strea", "ming")');
    assert.equal(notation('9f018202039f0405ffff'), '[_ 1, [2, 3], [_ 4, 5]]');
    assert.equal(notation('bf61610161629f0203ffff'), '{_ "a": 1, "b": [_ 2, 3]}');
    assert.equal(notation('84f7f0f8fff90001'), '[undefined, simple(16), simple(255), 5.960464477539063e-8]');
    const { tree, value } = decodeWith('cbor', fromHex('a201820203820405f5'));
    assert.deepEqual(
      tree?.children?.map(({ name }) => name),
      ['1', '[4, 5]'],
    );
    assert(value instanceof Map);
  });

  const faults: [string, string, number, RegExp][] = [
    ['nothing', '', 0, /bytes end where an item begins/],
    ['a length beyond the end', '43 0102', 1, /a byte string takes 3 bytes, but 2 bytes are left/],
    ['an array that ends too soon', '83 01 02', 3, /bytes end where an item begins/],
    ['a reserved initial byte', '82 01 1c', 2, /0x1c has no meaning/],
    ['a break without a beginning', '82 01 ff', 2, /break/],
    ['a map whose break stands for a value', 'bf 6161 ff', 3, /break/],
    ['a chunk of another type', '5f 41 00 61 61 ff', 3, /something else/],
    ['a simple value in two bytes', 'f8 18', 0, /takes one byte/],
    ['more after the item', '01 02 03', 1, /2 bytes are left over/],
    ['a length of 2^64 - 1', '9b ffffffffffffffff', 0, /longer than any buffer/],
  ];
  for (const [what, hex, offset, message] of faults) {
    test(`${what} is refused at byte ${offset}`, () => {
      const { error } = decodeWith('cbor', fromHex(hex));
      assert.match(error ?? '', message);
      assert.match(error ?? '', new RegExp(`^Not CBOR: .* at byte ${offset}\\.$`));
    });
  }

  test('a text that is not UTF-8 is named, and the rest is read', () => {
    const { error, text } = decodeWith('cbor', fromHex('82 62 61ff 05'));
    assert.equal(error, 'A text is not UTF-8 at byte 3.');
    assert.equal(text, '["a\ufffd", 5]');
  });

  test('endless nesting is refused, not overflowed', () => {
    for (const byte of [0x81, 0xc1, 0x9f, 0xa1]) {
      const { error } = decodeWith('cbor', new Uint8Array(1_000_000).fill(byte));
      assert.match(error ?? '', /nested more than 500 deep at byte \d+\.$/);
    }
  });

  test('the mark of self-described CBOR stays when a value is written back', () => {
    const present = fromHex('d9d9f7a1616101');
    assert.equal(toHex(encodeWith('auto', { a: 2 }, present)), 'd9d9f7a1616102');
  });

  test('a large array makes a small tree that says what it leaves out', () => {
    const bytes = new Uint8Array(300_005).fill(1);
    bytes.set([0x9a, 0, 4, 0x93, 0xe0]);
    const { tree, value } = decodeWith('cbor', bytes);
    assert.equal((value as number[]).length, 300_000);
    assert(tree && countNodes(tree) <= 1002);
    assert.deepEqual(tree.children?.at(-1)?.range, [1005, 300_005]);
  });
});

describe('messagepack', () => {
  test('extensions are shown with their type, time stamps as dates', () => {
    const shown = (hex: string) => decodeWith('messagepack', fromHex(hex)).tree;
    assert.deepEqual(shown('d4 05 10'), {
      name: '',
      type: 'extension 5',
      value: "ext(5, h'10')",
      range: [0, 3],
    });
    const time = shown('d7 ff 77359400514b67b0');
    assert.deepEqual(
      [time?.type, time?.value],
      ['timestamp', "ext(-1, h'77359400514b67b0') = 2013-03-21T20:04:00.5Z"],
    );
    assert.equal(
      shown('c7 0c ff 00000001 ffffffffffffffff')?.value.split('= ')[1],
      '1969-12-31T23:59:59.000000001Z',
    );
  });

  test('sizes of 32 bits', () => {
    for (const head of ['dd 00000002', 'df 00000001', 'dc 0002', 'de 0001']) {
      const { value, error } = decodeWith('messagepack', fromHex(`${head} a161 a162`));
      assert.equal(error, undefined);
      assert.deepEqual(value, head.startsWith('dd') || head.startsWith('dc') ? ['a', 'b'] : { a: 'b' });
    }
    assert.equal(decodeWith('messagepack', fromHex('db 00000001 61')).value, 'a');
    assert.equal(decodeWith('messagepack', fromHex('c6 00000001 61')).text, "h'61'");
    assert.equal(decodeWith('messagepack', fromHex('c9 00000001 05 61')).text, "ext(5, h'61')");
  });

  const faults: [string, string, number, RegExp][] = [
    ['nothing', '', 0, /bytes end where an object begins/],
    ['a byte that is never used', '92 01 c1', 2, /0xc1/],
    ['a text that is cut', 'a3 6162', 1, /takes 3 bytes, but 2 bytes are left/],
    ['more after the object', '01 02', 1, /1 byte is left over/],
  ];
  for (const [what, hex, offset, message] of faults) {
    test(`${what} is refused at byte ${offset}`, () => {
      const { error } = decodeWith('messagepack', fromHex(hex));
      assert.match(error ?? '', message);
      assert.match(error ?? '', new RegExp(`^Not MessagePack: .* at byte ${offset}\\.$`));
    });
  }

  test('msgpack is a name for it', () => assert.equal(decoderById('msgpack')?.id, 'messagepack'));
});

describe('auto', () => {
  const chosen: [string, string, string, RegExp][] = [
    ['CBOR with names', 'a1 6161 01', 'cbor', /well-formed CBOR to the last byte/],
    ['CBOR in an array', '81 a1 6161 01', 'cbor', /well-formed CBOR/],
    ['CBOR with its mark', 'd9d9f7 01', 'cbor', /mark D9 D9 F7/],
    ['MessagePack with names', '81 a161 01', 'messagepack', /well-formed MessagePack to the last byte/],
    ['a CBOR array of numbers', '83 01 02 03', 'hex', /not UTF-8/],
    ['a CBOR map with numbers for keys', 'a1 01 02', 'hex', /not UTF-8/],
    ['a CBOR map with more after it', 'a1 6161 01 00', 'hex', /not UTF-8/],
    ['a MessagePack map that is cut', '82 a161 01', 'hex', /not UTF-8/],
  ];
  for (const [what, hex, id, reason] of chosen) {
    test(`${what}: ${id}`, () => {
      const decoded = decodeWith('auto', fromHex(hex));
      assert.equal(decoded.decoder, id);
      assert.match(decoded.reason, reason);
    });
  }

  test('text and JSON are not taken for binary formats', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.json(), (text, json) => {
        for (const each of [text, json]) {
          const { decoder } = decodeWith('auto', new TextEncoder().encode(each));
          assert(['utf-8', 'json', 'utf-16le', 'utf-16be', 'hex'].includes(decoder), decoder);
        }
      }),
      { seed: 20_261_125, numRuns: 500 },
    );
  });

  test('noise is not taken for binary formats', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), (bytes) => {
        assert(!['cbor', 'messagepack'].includes(decodeWith('auto', bytes).decoder));
      }),
      { seed: 20_261_126, numRuns: 5000 },
    );
  });
});
