import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { DecodedNode } from '../../protocol/boundary.ts';
import { configuredId, configuredLabel } from '../../debug-adapter/boundary/decoders/configured.ts';
import { decodeWith, encodeWith, previewWith } from '../../debug-adapter/boundary/decoders/index.ts';
import { launchSchema } from '../../protocol/launch.ts';
import { assertRanges, countNodes } from './support/trees.ts';

const folder = path.join(import.meta.dirname, 'fixtures/decoders');
const personFile = path.join(folder, 'proto/demo/person.proto');
const person = configuredId({ protobuf: { files: [personFile], message: 'demo.Person' } });
const fromHex = (hex: string) => Uint8Array.from(Buffer.from(hex.replace(/\s/g, ''), 'hex'));

interface Case {
  name: string;
  hex: string;
  json: unknown;
}
const cases = JSON.parse(readFileSync(path.join(folder, 'protobuf.json'), 'utf8')) as Case[];

/** A value in the spelling of the fixtures: bytes as digits, large integers as text, and what is not set left out. */
function spelled(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return value.map(spelled);
  if (typeof value !== 'object' || value === null) return value;
  const set = Object.entries(value).filter(([, each]) => !isDefault(each));
  return Object.fromEntries(set.map(([key, each]) => [key, spelled(each)]));
}

function isDefault(value: unknown): boolean {
  if (value instanceof Uint8Array || Array.isArray(value)) return value.length === 0;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0;
  return value === 0 || value === '' || value === false || value === null || value === 'UNKNOWN';
}

/** The path of names to each node, with its type and value. */
function listed(node: DecodedNode, above = ''): string[] {
  const here = `${above}/${node.name}`;
  return [
    `${here} ${node.type} ${node.value}`,
    ...(node.children ?? []).flatMap((child) => listed(child, here)),
  ];
}

describe('messages made by Google’s implementation', () => {
  for (const { name, hex, json } of cases) {
    test(`${name}: read with the .proto files`, () => {
      const bytes = fromHex(hex);
      const { value, error, tree } = decodeWith(person, bytes);
      assert.equal(error, undefined);
      assert.deepEqual(spelled(value), json);
      assert(tree);
      assert.equal(tree.type, 'demo.Person');
      assertRanges(tree, bytes.length);
      const again = decodeWith(person, encodeWith(person, value, bytes));
      assert.deepEqual([again.value, again.error], [value, undefined]);
    });

    test(`${name}: read without them`, () => {
      const bytes = fromHex(hex);
      const { error, tree } = decodeWith('protobuf', bytes);
      assert.equal(error, undefined);
      assert(tree);
      assertRanges(tree, bytes.length);
    });
  }
});

describe('with .proto files', () => {
  const ada = fromHex(cases[1]?.hex ?? '');

  test('fields have their names, types and bytes', () => {
    const { tree, text } = decodeWith(person, ada);
    assert(
      tree && text.startsWith('name: "Ada", id: 7, steps: [1, -2, 300], place: {city: "Zürich", '),
      text,
    );
    const nodes = listed(tree);
    for (const expected of [
      '//name string "Ada"',
      '//steps packed sint64 [1, -2, 300]',
      '//steps/2 sint64 300',
      '//place/position/0 float 47.5',
      '//scores/key string "y"',
      '//level demo.Level EXPERT',
      "//key bytes h'00ff'",
      '//born/seconds int64 1363896240',
    ]) {
      assert(nodes.includes(expected), `${expected}\n${nodes.join('\n')}`);
    }
    assert.deepEqual(tree.children?.[0]?.range, [0, 5]);
  });

  test('a field that no .proto file names is shown with its readings', () => {
    const { tree, error } = decodeWith(person, fromHex('0a0141 f806 01'));
    assert.equal(error, undefined);
    assert(tree);
    assert(listed(tree).includes('//111/bool reading true'));
  });

  test('a field of another wire type is told', () => {
    const { error } = decodeWith(person, fromHex('0801'));
    assert.equal(error, 'Field name (1) is string in the .proto file, but varint at byte 0.');
  });

  test('a list that is not packed is read as well', () => {
    const { value } = decodeWith(person, fromHex('1802 1803'));
    assert.deepEqual((value as { steps: unknown }).steps, [1, -2]);
  });

  test('what the message does not have is refused when it is written', () => {
    assert.throws(() => encodeWith(person, { nam: 'x' }, ada), /has no field “nam”.*name/);
    assert.throws(() => encodeWith(person, 5, ada), /from an object/);
  });

  test('missing files and messages are named', () => {
    const of = (file: string, message: string) => configuredId({ protobuf: { files: [file], message } });
    assert.throws(
      () => decodeWith(of(personFile, 'demo.Persn'), ada),
      /no message “demo.Persn”.*demo\.Person/,
    );
    assert.throws(() => decodeWith(of('/no/such.proto', 'A'), ada), /no\/such\.proto/);
  });

  test('menus name the message and its files', () => {
    assert.equal(configuredLabel(person), 'Protocol Buffers: demo.Person (person.proto)');
  });

  test('a configuration describes it', () => {
    const decoders = { greet: { argument: { protobuf: { files: ['a.proto'], message: 'A' } } } };
    assert.deepEqual(launchSchema.parse({ program: 'a.wasm', decoders }).decoders, decoders);
    const wrong = { greet: { argument: { protobuf: { files: [], message: 'A' } } } };
    assert.equal(launchSchema.safeParse({ program: 'a.wasm', decoders: wrong }).success, false);
  });
});

describe('the wire format', () => {
  const nodesOf = (hex: string) => {
    const { tree } = decodeWith('protobuf', fromHex(hex));
    assert(tree);
    return listed(tree);
  };

  test('a varint can be unsigned, signed, ZigZag or a truth value', () => {
    assert.deepEqual(nodesOf('0801').slice(1), [
      '//1 varint 1',
      '//1/uint64 reading 1',
      '//1/sint64 reading -1',
      '//1/bool reading true',
    ]);
    assert(nodesOf('08 feffffffffffffffff01').includes('//1/int64 reading -2'));
  });

  test('fixed values can be integers or floats', () => {
    assert.deepEqual(nodesOf('0d 0000c0bf').slice(2), [
      '//1/fixed32 reading 3217031168',
      '//1/sfixed32 reading -1077936128',
      '//1/float reading -1.5',
    ]);
    assert(nodesOf('09 000000000000f83f').includes('//1/double reading 1.5'));
  });

  test('bytes can be text, a message, packed numbers or bytes', () => {
    assert.deepEqual(nodesOf('0a 04 74657374').slice(1), [
      '//1 text "test"',
      '//1/string reading "test"',
      "//1/bytes reading h'74657374'",
      '//1/packed varint reading [116, 101, 115, 116]',
      '//1/packed fixed32 reading [1953719668]',
      '//1/packed float reading [7.7135367e+31]',
    ]);
    const nested = nodesOf('1a 03 089601');
    assert(nested.includes('//3 message {1: 150}'), nested.join('\n'));
    assert(nested.includes('//3/1 varint 150'));
    assert(nested.includes('//3/packed varint reading [8, 150]'));
  });

  test('groups are read', () => {
    assert(nodesOf('0b 1001 0c').includes('//1 group {2: 1}'));
  });

  test('expressions see fields by number, lists where they come again', () => {
    const { value } = decodeWith('protobuf', fromHex('0801 0802 1202 6869 1a020801'));
    assert.deepEqual(value, { 1: [1, 2], 2: 'hi', 3: { 1: 1 } });
  });

  const faults: [string, string, number, RegExp][] = [
    ['a field number of 0', '00', 0, /number 0/],
    ['a wire type that is none', '0f', 0, /wire type 7/],
    ['a length beyond the end', '0801 0a05 61', 3, /takes 5 bytes, but 1 are left/],
    ['a varint without an end', '08 ff', 2, /0 bytes are left/],
    ['a varint that is too long', '08 ffffffffffffffffffff01', 1, /more than 10 bytes/],
    ['a group that ends before it begins', '0c', 0, /did not begin/],
    ['a group without an end', '0b', 1, /does not end/],
  ];
  for (const [what, hex, offset, message] of faults) {
    test(`${what} is told at byte ${offset}`, () => {
      const { error } = decodeWith('protobuf', fromHex(hex));
      assert.match(error ?? '', message);
      assert.match(error ?? '', new RegExp(`at byte ${offset}\\.$`));
    });
  }

  test('nothing can be written without a schema', () => {
    assert.throws(() => encodeWith('protobuf', { 1: 2 }, new Uint8Array()), /\.proto file/);
  });
});

describe('no bytes break it', () => {
  const real = fc.constantFrom(...cases.map(({ hex }) => fromHex(hex)));
  const mutated = fc
    .tuple(real, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 5 }))
    .map(([bytes, changes]) => {
      const copy = bytes.slice();
      for (const [at, byte] of changes) if (copy.length > 0) copy[at % copy.length] = byte;
      return copy;
    });
  for (const id of ['protobuf', person]) {
    test(id === person ? 'with a schema' : 'without one', () => {
      fc.assert(
        fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 600 })), (bytes) => {
          const { tree, text } = decodeWith(id, bytes);
          assert(tree && countNodes(tree) < 20_000);
          assertRanges(tree, bytes.length);
          const preview = previewWith(id, bytes);
          assert(text.length <= 80 ? preview === text : text.startsWith(preview.slice(0, -1)), preview);
        }),
        { seed: 20_261_128, numRuns: 1500 },
      );
    });
  }

  test('endless nesting ends', () => {
    const { error } = decodeWith('protobuf', new Uint8Array(200_000).fill(0x0b));
    assert.match(error ?? '', /nested more than 100 deep/);
  });
});
