import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  decodeWith,
  decoderById,
  decoderIds,
  decoders,
  encodeWith,
  labels,
  previewWith,
} from '../../debug-adapter/boundary/decoders/index.ts';
import { ENCODING_NAMES } from '../../debug-adapter/boundary/decoders/encoding-names.ts';
import { UserError } from '../../debug-adapter/errors.ts';
import { randomNumbers } from './support/random.ts';
import { countNodes, ranges } from './support/trees.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const bytes = (...values: number[]) => Uint8Array.from(values);

function decoder(id: string) {
  const found = decoderById(id);
  assert(found, id);
  return found;
}

describe('encode and decode', () => {
  const encodings = new Set(ENCODING_NAMES.map(([id]) => id));
  const random = randomNumbers(20_260_509);
  const integer = (below: number) => Math.floor(random() * below);
  const list = <T>(make: () => T, most = 12) => Array.from({ length: integer(most + 1) }, make);

  /** Any scalar value of Unicode, the small ones more often. */
  function character(): string {
    const below = [0x80, 0x800, 0xd800, 0x110000][integer(4)] ?? 0x80;
    const code = integer(below);
    return code >= 0xd800 && code <= 0xdfff ? '\ufffd' : String.fromCodePoint(code);
  }
  const text = () => list(character).join('');
  function jsonValue(depth: number): unknown {
    const kind = integer(depth > 3 ? 5 : 7);
    if (kind === 0) return null;
    if (kind === 1) return integer(2) === 1;
    if (kind === 2) return (random() - 0.5) * 10 ** integer(12);
    if (kind === 3) return integer(1e6) - 5e5;
    if (kind === 4) return text();
    if (kind === 5) return list(() => jsonValue(depth + 1), 5);
    return Object.fromEntries(list(() => [text(), jsonValue(depth + 1)], 5));
  }
  function number(id: string): number | bigint {
    const bits = Number(/\d+/.exec(id)?.[0]);
    if (bits === 16 && id.startsWith('f')) return (integer(4095) - 2047) / 2 ** integer(10);
    if (id.startsWith('f')) {
      const value = (random() - 0.5) * 10 ** (integer(60) - 30);
      return bits === 32 ? Math.fround(value) : value;
    }
    let value = 0n;
    for (let i = 0; i < bits; i += 8) value = (value << 8n) | BigInt(integer(256));
    value = id.startsWith('i') ? BigInt.asIntN(bits, value) : value;
    return bits === 64 ? value : Number(value);
  }
  function valueFor(id: string): unknown {
    if (['json', 'cbor', 'messagepack'].includes(id)) return jsonValue(0);
    if (id === 'latin-1') return list(() => String.fromCharCode(integer(256))).join('');
    // What every encoding has.
    if (encodings.has(id)) return list(() => 'abcxyzABCXYZ0129 '.charAt(integer(17))).join('');
    if (id === 'intel-hex') {
      const data = Uint8Array.from(list(() => integer(256), 100));
      return data.length === 0 ? [] : [{ address: integer(2 ** 32 - 200), data }];
    }
    if (id === 'hex') {
      return list(() => integer(256).toString(16).padStart(2, '0')).join(' ');
    }
    return /^[iuf]\d/.test(id) ? list(() => number(id)) : text();
  }

  for (const each of decoders) {
    const { id } = each;
    // Without a schema, nothing is encoded.
    if (id === 'protobuf') continue;
    test(`${id}: what is encoded is decoded to the same value`, () => {
      for (let round = 0; round < 300; round++) {
        const value = valueFor(id);
        const decoded = each.decode(each.encode(value));
        assert.equal(decoded.error, undefined);
        assert.deepEqual(decoded.value, value);
      }
    });
    test(`${id}: no bytes make it throw, and ranges stay inside`, () => {
      for (let round = 0; round < 200; round++) {
        const noise = Uint8Array.from(list(() => integer(256), 40));
        const { text: decoded, tree } = each.decode(noise);
        assert.equal(typeof decoded, 'string');
        for (const node of tree?.children ?? []) {
          const [start, end] = node.range ?? [0, 0];
          assert(start >= 0 && start <= end && end <= noise.length, `${start}–${end}`);
        }
      }
    });
  }

  test('text encodings give back the bytes they were given, where those are well-formed', () => {
    for (const id of ['utf-8', 'utf-16le', 'utf-16be', 'latin-1']) {
      const encoded = decoder(id).encode(id === 'latin-1' ? 'Grüße' : 'Grüße, 世界 😀');
      assert.deepEqual(decoder(id).encode(decoder(id).decode(encoded).value), encoded);
    }
  });
});

describe('text', () => {
  test('the characters are unchanged, a byte order mark and NUL included', () => {
    assert.equal(decodeWith('utf-8', bytesOf('\ufeffa\0b\r\n')).text, '\ufeffa\0b\r\n');
    assert.equal(decodeWith('utf-16le', bytes(0xff, 0xfe, 0x41, 0)).text, '\ufeffA');
  });

  const illFormed: [string, number[], number, string][] = [
    ['a byte that begins nothing', [0x61, 0xff, 0x62], 1, 'a\ufffdb'],
    ['a continuation byte alone', [0x80], 0, '\ufffd'],
    ['a character cut off', [0x61, 0xe4, 0xb8], 1, 'a\ufffd'],
    ['an overlong form', [0xc0, 0xaf], 0, '\ufffd\ufffd'],
    ['an overlong form with more after it', [0xc1, 0x80, 0x80, 0x80], 0, '\ufffd\ufffd\ufffd\ufffd'],
    ['an overlong form of three', [0xe0, 0x80, 0x80], 0, '\ufffd\ufffd\ufffd'],
    ['a surrogate', [0x61, 0xed, 0xa0, 0x80], 1, 'a\ufffd\ufffd\ufffd'],
    ['more than U+10FFFF', [0xf4, 0x90, 0x80, 0x80], 0, '\ufffd\ufffd\ufffd\ufffd'],
    ['a fault after well-formed characters', [0xc3, 0xa9, 0xf0, 0x9f, 0x98, 0x80, 0xfe], 6, 'é😀\ufffd'],
  ];
  for (const [what, input, offset, text] of illFormed) {
    test(`utf-8: ${what} is shown with its offset`, () => {
      const decoded = decodeWith('utf-8', Uint8Array.from(input));
      assert.equal(decoded.text, text);
      assert.match(decoded.error ?? '', new RegExp(`0x${input[offset]?.toString(16)} at byte ${offset}\\b`));
    });
  }

  test('utf-16: an odd byte and a lone surrogate are shown with their offsets', () => {
    assert.deepEqual(
      [decodeWith('utf-16le', bytes(0x41, 0, 0x42)).text, decodeWith('utf-16le', bytes(0x41, 0, 0x42)).error],
      ['A\ufffd', 'Not UTF-16: the last byte, at 2, is half a character.'],
    );
    assert.match(decodeWith('utf-16be', bytes(0, 0x41, 0xd8, 0)).error ?? '', /surrogate at byte 2/);
  });

  test('values that an encoding cannot hold are refused with the place', () => {
    assert.throws(() => decoder('latin-1').encode('a€'), /“€” \(character 1/);
    assert.throws(() => decoder('utf-8').encode('a\ud800'), /surrogate at character 1/);
    assert.throws(() => decoder('utf-8').encode(5), UserError);
    assert.throws(() => decoder('hex').encode('0g'), /“g” at character 1/);
    assert.throws(() => decoder('hex').encode('123'), /3 hexadecimal digits are not whole bytes/);
  });

  test('hex ignores white space and case', () => {
    assert.deepEqual(decoder('hex').encode(' DE ad\nbe EF'), bytes(0xde, 0xad, 0xbe, 0xef));
    assert.equal(decodeWith('hex', bytes(0xde, 0xad)).text, 'de ad');
  });
});

describe('json', () => {
  test('ranges are bytes of the buffer, not characters', () => {
    const { tree, value, text } = decodeWith('json', bytesOf(' {"é": ["😀", -1.5e3], "b": {}}'));
    assert.equal(text, ' {"é": ["😀", -1.5e3], "b": {}}');
    assert.deepEqual(value, { é: ['😀', -1500], b: {} });
    const list = [
      'é',
      [8, 24],
      [
        ['0', [9, 15]],
        ['1', [17, 23]],
      ],
    ];
    assert.deepEqual(tree && ranges(tree), ['', [1, 34], [list, ['b', [31, 33], []]]]);
  });

  test('a number keeps its own digits where JavaScript would lose some', () => {
    const { tree } = decodeWith('json', bytesOf('[12345678901234567890, 1.0]'));
    assert.deepEqual(
      tree?.children?.map(({ value, type }) => [value, type]),
      [
        ['12345678901234567890', 'number'],
        ['1.0', 'number'],
      ],
    );
  });

  test('a byte order mark before it is no error', () => {
    const { value, tree } = decodeWith('json', bytesOf('\ufeff[1]'));
    assert.deepEqual(value, [1]);
    assert.deepEqual(tree?.range, [3, 6]);
  });

  const malformed: [string, number][] = [
    ['', 0],
    ['{"a":1,}', 7],
    ['[1,]', 3],
    ['[1 2]', 3],
    ['{"é" 1}', 6],
    ['{a:1}', 1],
    ["'a'", 0],
    ['"a\nb"', 2],
    ['"\\x"', 1],
    ['"\\u12g4"', 1],
    ['"abc', 4],
    ['01', 1],
    ['1.', 1],
    ['-', 0],
    ['nul', 0],
    ['[1', 2],
    ['[1}', 2],
    ['1 2', 2],
    ['// c\n1', 0],
    ['NaN', 0],
  ];
  for (const [source, offset] of malformed) {
    test(`${JSON.stringify(source)} is refused at byte ${offset}`, () => {
      const decoded = decodeWith('json', bytesOf(source));
      assert.match(decoded.error ?? '', new RegExp(` at byte ${offset}\\.$`));
      assert.equal(decoded.text, source);
      assert.equal(decoded.tree, undefined);
    });
  }

  test('it refuses what JSON.parse refuses, and nothing else', () => {
    const random = randomNumbers(7);
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      ':',
      ',',
      '"a"',
      '"\\n"',
      '1',
      '-0',
      '1e5',
      'true',
      'null',
      ' ',
      '"',
      '\\',
      '.5',
    ];
    let accepted = 0;
    for (let round = 0; round < 20_000; round++) {
      const length = 1 + Math.floor(random() * 7);
      const source = Array.from({ length }, () => pieces[Math.floor(random() * pieces.length)]).join('');
      let valid = true;
      try {
        JSON.parse(source);
      } catch {
        valid = false;
      }
      if (valid) accepted += 1;
      assert.equal(decodeWith('json', bytesOf(source)).error === undefined, valid, source);
    }
    assert(accepted > 100);
  });

  test('encode writes compact text and refuses what JSON has not', () => {
    const encode = (value: unknown) => decoder('json').encode(value);
    assert.equal(new TextDecoder().decode(encode({ a: [1, 'é', null], b: 5n })), '{"a":[1,"é",null],"b":5}');
    const circle: unknown[] = [];
    circle.push(circle);
    for (const value of [undefined, NaN, [Infinity], 2n ** 60n + 1n, circle, () => 1]) {
      assert.throws(() => encode(value), UserError);
    }
  });

  test('a deep document does not overflow the stack, and its tree can be sent', () => {
    const depth = 200_000;
    const { error, tree } = decodeWith('json', bytesOf('['.repeat(depth) + ']'.repeat(depth)));
    assert.equal(error, undefined);
    assert(JSON.stringify(tree).length < 100_000);
  });

  test('a long string does not overflow the stack', () => {
    const { error, value } = decodeWith('json', bytesOf(JSON.stringify('\\'.repeat(4_000_000))));
    assert.equal(error, undefined);
    assert.equal((value as string).length, 4_000_000);
  });

  test('a large array makes a small tree that says what it leaves out', () => {
    const numbers = Array.from({ length: 300_000 }, (_, i) => i);
    const { tree, value } = decodeWith('json', bytesOf(JSON.stringify({ numbers, last: true })));
    assert.equal((value as { numbers: number[] }).numbers.length, 300_000);
    assert(tree && countNodes(tree) < 12_000);
    assert.deepEqual(
      tree.children?.map(({ name }) => name),
      ['numbers', 'last'],
    );
    const omitted = tree.children[0]?.children?.at(-1);
    assert.deepEqual([omitted?.value, omitted?.type], ['299000 more elements', 'omitted']);
  });

  test('wide nesting is bounded too', () => {
    const rows = Array.from({ length: 900 }, () => Array.from({ length: 900 }, () => 0));
    const { tree } = decodeWith('json', bytesOf(JSON.stringify(rows)));
    assert(tree && countNodes(tree) < 13_000);
    assert.equal(tree.children?.length, 900);
  });
});

describe('numbers', () => {
  test('every width and both orders', () => {
    const input = bytes(0xff, 0xfe, 0xfd, 0xfc, 0xfb, 0xfa, 0xf9, 0x80);
    const expected: Record<string, unknown[]> = {
      i8: [-1, -2, -3, -4, -5, -6, -7, -128],
      u8: [255, 254, 253, 252, 251, 250, 249, 128],
      i16le: [-257, -771, -1285, -32519],
      i16be: [-2, -516, -1030, -1664],
      u16le: [0xfeff, 0xfcfd, 0xfafb, 0x80f9],
      u16be: [0xfffe, 0xfdfc, 0xfbfa, 0xf980],
      i32le: [-50462977, -2131100933],
      i32be: [-66052, -67438208],
      u32le: [0xfcfdfeff, 0x80f9fafb],
      u32be: [0xfffefdfc, 0xfbfaf980],
      i64le: [BigInt.asIntN(64, 0x80f9fafbfcfdfeffn)],
      i64be: [BigInt.asIntN(64, 0xfffefdfcfbfaf980n)],
      u64le: [0x80f9fafbfcfdfeffn],
      u64be: [0xfffefdfcfbfaf980n],
    };
    for (const [id, value] of Object.entries(expected))
      assert.deepEqual(decodeWith(id, input).value, value, id);
    assert.deepEqual(decodeWith('f32le', bytes(0, 0, 0xc0, 0x3f)).value, [1.5]);
    assert.deepEqual(decodeWith('f32be', bytes(0x3f, 0xc0, 0, 0)).value, [1.5]);
    assert.deepEqual(decodeWith('f64le', bytes(0, 0, 0, 0, 0, 0, 4, 0xc0)).value, [-2.5]);
    assert.deepEqual(decodeWith('f64be', bytes(0xc0, 4, 0, 0, 0, 0, 0, 0)).value, [-2.5]);
  });

  test('text, tree and ranges', () => {
    const { text, tree } = decodeWith('u16be', bytes(0, 1, 1, 0));
    assert.equal(text, '1, 256');
    assert.deepEqual(tree && ranges(tree), [
      '',
      [0, 4],
      [
        ['0', [0, 2]],
        ['1', [2, 4]],
      ],
    ]);
    assert.deepEqual([tree?.type, tree?.value], ['u16be[2]', '[1, 256]']);
  });

  test('floats are spelled as short as they can be', () => {
    const { text } = decodeWith(
      'f32le',
      new Uint8Array(Float32Array.of(0.1, 3.4028234e38, -0, NaN, -Infinity).buffer),
    );
    assert.equal(text, '0.1, 3.4028235e+38, -0, NaN, -Infinity');
  });

  test('bytes that are left over are named', () => {
    const decoded = decodeWith('i32le', bytes(1, 0, 0, 0, 9, 9));
    assert.deepEqual(decoded.value, [1]);
    assert.equal(decoded.error, '2 bytes left over at byte 4: not a whole 32-bit number.');
  });

  test('encode takes one number, arrays and typed arrays, and checks the range', () => {
    assert.deepEqual(decoder('u16be').encode(258), bytes(1, 2));
    assert.deepEqual(decoder('i8').encode(Int8Array.of(-1, 1)), bytes(255, 1));
    assert.deepEqual(decoder('u64le').encode(['1']), bytes(1, 0, 0, 0, 0, 0, 0, 0));
    assert.throws(() => decoder('u8').encode([1, 256]), /Element 1 \(256\) is outside the range of u8/);
    assert.throws(() => decoder('i32le').encode([2 ** 31]), /outside the range of i32le/);
    assert.throws(() => decoder('i32le').encode([1.5]), /Element 0 \(1\.5\) is not an integer/);
    assert.throws(() => decoder('f64le').encode(['x']), /is not a number/);
  });

  test('a million numbers make a small tree', () => {
    const { tree, value } = decodeWith('u8', new Uint8Array(1_000_000));
    assert.equal((value as number[]).length, 1_000_000);
    assert(tree && countNodes(tree) <= 1002);
    assert.equal(tree.children?.at(-1)?.value, '999000 more elements');
  });
});

describe('auto', () => {
  const chosen: [string, Uint8Array, string, RegExp][] = [
    ['nothing', bytes(), 'utf-8', /empty/],
    ['text', bytesOf('World'), 'utf-8', /well-formed UTF-8/],
    ['text in many scripts', bytesOf('Grüße, 世界 😀\tx\r\n'), 'utf-8', /well-formed UTF-8/],
    ['digits, which are text first', bytesOf('42'), 'utf-8', /UTF-8/],
    ['text that ends in NUL', bytesOf('World\0'), 'utf-8', /ends in NUL/],
    ['an object', bytesOf(' {"a": 1}'), 'json', /parses as JSON/],
    ['an array', bytesOf('[1]'), 'json', /parses as JSON/],
    ['a JSON string', bytesOf('"a"'), 'json', /parses as JSON/],
    ['what begins like JSON', bytesOf('{name}'), 'utf-8', /begins like JSON, but is not/],
    ['UTF-16 with a mark', bytes(0xff, 0xfe, 0x16, 0x4e), 'utf-16le', /FF FE/],
    ['UTF-16 with the other mark', bytes(0xfe, 0xff, 0x4e, 0x16), 'utf-16be', /FE FF/],
    ['UTF-16 without one', bytes(0x48, 0, 0xe9, 0, 0x21, 0), 'utf-16le', /16-bit characters/],
    ['UTF-16 big-endian', bytes(0, 0x48, 0, 0xe9), 'utf-16be', /big-endian/],
    ['small integers', bytes(1, 0, 0, 0, 2, 0, 0, 0), 'hex', /control characters/],
    ['an i32 that looks like a letter', bytes(0x41, 0, 0, 0), 'hex', /control/],
    ['noise', bytes(0x9c, 0xff, 0x00, 0x13), 'hex', /not UTF-8 at byte 0/],
  ];
  for (const [what, input, id, reason] of chosen) {
    test(`${what}: ${id}`, () => {
      const decoded = decodeWith('auto', input);
      assert.equal(decoded.decoder, id);
      assert.match(decoded.reason, /^auto: /);
      assert.match(decoded.reason, reason);
      assert.deepEqual(decodeWith('auto', input), decoded);
    });
  }

  test('the choice does not depend on what comes after 64 KiB, nor on where a character is cut', () => {
    const long = bytesOf('世'.repeat(40_000));
    assert.equal(decodeWith('auto', long).decoder, 'utf-8');
    assert.equal(decodeWith('auto', long).error, undefined);
    const broken = Uint8Array.from(long);
    broken[90_000] = 0xff;
    const decoded = decodeWith('auto', broken);
    assert.equal(decoded.decoder, 'utf-8');
    assert.match(decoded.error ?? '', /byte 90000/);
  });

  test('a value is written back in the decoder that was chosen for what is there', () => {
    assert.deepEqual(encodeWith('auto', { a: 2 }, bytesOf('{"a":1}')), bytesOf('{"a":2}'));
    assert.deepEqual(encodeWith('auto', 'Ada', bytesOf('World')), bytesOf('Ada'));
    assert.deepEqual(encodeWith('auto', '02', bytes(1, 0)), bytes(2));
  });
});

describe('previews', () => {
  test('are the beginning of the text, with an ellipsis where cut', () => {
    const random = randomNumbers(3);
    const inputs = [
      bytesOf('World'),
      bytesOf('x'.repeat(80)),
      bytesOf('x'.repeat(81)),
      bytesOf('é'.repeat(400)),
      bytesOf(`${'x'.repeat(78)}😀😀`),
      bytesOf(JSON.stringify({ list: Array.from({ length: 2000 }, (_, i) => i) })),
      Uint8Array.from({ length: 3000 }, () => Math.floor(random() * 256)),
    ];
    for (const id of decoderIds) {
      for (const input of inputs) {
        const preview = previewWith(id, input);
        const { text } = decodeWith(id, input);
        if (text.length <= 80) assert.equal(preview, text, id);
        else {
          assert(preview.endsWith('…') && preview.length <= 80 && preview.length >= 79, id);
          assert(text.startsWith(preview.slice(0, -1)), id);
        }
      }
    }
  });

  test('do not cut a surrogate pair', () => {
    assert.equal(previewWith('utf-8', bytesOf(`${'x'.repeat(78)}😀😀`)), `${'x'.repeat(78)}…`);
  });
});

describe('the list', () => {
  test('ids are unique, each is found, and auto comes first', () => {
    assert.equal(new Set(decoderIds).size, decoderIds.length);
    assert.equal(decoderIds[0], 'auto');
    assert.deepEqual(
      labels.map(({ id }) => id),
      decoderIds,
    );
    for (const { id } of decoders) assert.equal(decoderById(id)?.id, id);
  });

  test('common spellings are understood', () => {
    const spellings = {
      utf8: 'utf-8',
      'UTF-8': 'utf-8',
      'utf-16': 'utf-16le',
      latin1: 'latin-1',
      JSON: 'json',
    };
    for (const [spelling, id] of Object.entries(spellings)) assert.equal(decoderById(spelling)?.id, id);
  });

  test('an unknown decoder is refused with the ones there are', () => {
    assert.throws(
      () => decodeWith('cobol', bytes(1)),
      /no decoder “cobol”.*auto, utf-8, json.*a text encoding such as/,
    );
    assert.equal(decoderById('auto'), undefined);
  });

  test('the reason is the caller’s, but for auto', () => {
    assert.equal(decodeWith('hex', bytes(1), 'launch configuration').reason, 'launch configuration');
    assert.match(decodeWith('auto', bytes(1), 'launch configuration').reason, /^auto: /);
  });
});
