import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { numberDecoders } from '../../debug-adapter/boundary/decoders/numbers.ts';
import {
  ELEMENT_TYPES,
  elementDecoder,
  encodeElements,
  readElement,
  writeElement,
} from '../../debug-adapter/boundary/elements.ts';
import { findArrays } from '../../debug-adapter/boundary/handle-arrays.ts';
import { type LaunchInput, launchSchema } from '../../protocol/launch.ts';
import { exported } from '../support/exported.ts';

function find(signatures: string[], boundary: LaunchInput['boundary'] = {}) {
  const exports = signatures.map(exported);
  const { boundary: configuration } = launchSchema.parse({ program: 'x', boundary });
  const { arrays, takes } = findArrays(exports, configuration);
  return {
    arrays,
    takes: new Map([...takes].map(([index, taken]) => [exports[index]?.name, taken] as const)),
  };
}

const FORUM = ['array_new(size:i)->i', 'array_get(array:i,index:i)->i', 'array_set(array:i,index:i,value:i)'];

describe('arrays behind handles', () => {
  const cases: [string, string[], object[]][] = [
    ['the forum’s names', FORUM, [{ new: 0, get: 1, set: 2, element: 'i32' }]],
    [
      'camel case, several kinds',
      [
        'getArray(i,i)->d',
        'setArray(i,i,d)',
        'longArrayGet(i,i)->l',
        'longArraySet(i,i,l)',
        'longArraySize(i)->i',
      ],
      [
        { get: 0, set: 1, element: 'f64' },
        { get: 2, set: 3, size: 4, element: 'i64' },
      ],
    ],
    ['no set', ['array_new(i)->i', 'array_get(i,i)->i'], []],
    ['other types', ['array_get(i,i)->i', 'array_set(i,i,d)'], []],
    ['not of arrays', ['map_get(i,i)->i', 'map_set(i,i,i)', 'get(i,i)->i', 'set(i,i,i)'], []],
  ];
  for (const [what, signatures, arrays] of cases) {
    test(what, () => assert.deepEqual(find(signatures).arrays, arrays));
  }

  test('which exports take a handle, by the names of parameters', () => {
    const others = [
      'sum(array:i)->i',
      'scale(factor:d, inputArray:i)',
      'plain(i)->i',
      'dot(left:i, right:i)->i',
    ];
    assert.deepEqual(
      [...find([...FORUM, ...others]).takes],
      [
        ['sum', { parameters: [{ parameter: 0, array: 0 }] }],
        ['scale', { parameters: [{ parameter: 1, array: 0 }] }],
      ],
    );
    assert.equal(find([...FORUM, ...others], { arrays: false }).takes.size, 0);
  });

  test('as configured: by the handle’s own name, several parameters, and a result', () => {
    const signatures = [
      'at(series:i, n:i)->d',
      'put(series:i, n:i, x:d)',
      'count(series:i)->i',
      'mean(series:i)->d',
      'add(i,i)->i',
    ];
    const { arrays, takes } = find(signatures, {
      arrays: [{ get: 'at', set: 'put', size: 'count' }],
      exports: { add: { params: ['array', 'array2'], result: { as: 'array' } } },
    });
    assert.deepEqual(arrays, [{ get: 0, set: 1, size: 2, element: 'f64' }]);
    assert.deepEqual(takes.get('mean'), { parameters: [{ parameter: 0, array: 0 }] });
    assert.deepEqual(takes.get('add'), {
      parameters: [
        { parameter: 0, array: 0 },
        { parameter: 1, array: 0 },
      ],
      result: { array: 0 },
    });
  });

  test('what is described of no array is refused', () => {
    assert.throws(
      () => find(['f(i)'], { exports: { f: { params: ['array'] } } }),
      /"arrays" of "boundary" describes none/,
    );
  });
});

describe('elements', () => {
  for (const element of ELEMENT_TYPES) {
    test(`${element}: read as they were written, and as its decoder reads them`, () => {
      const values = element.startsWith('f')
        ? [0.5, -2, 1e6]
        : element.startsWith('u')
          ? [0, 1, 200]
          : [0, -1, 100];
      const bytes = encodeElements(element, values);
      const view = new DataView(bytes.buffer);
      const width = bytes.length / 3;
      const read = values.map((_, i) => readElement(view, i * width, element));
      assert.deepEqual(read.map(Number), values);
      const decoder = numberDecoders.find(({ id }) => id === elementDecoder(element));
      assert.deepEqual((decoder?.decode(bytes).value as (number | bigint)[]).map(Number), values);
      const copy = new Uint8Array(bytes.length);
      read.forEach((value, i) => writeElement(new DataView(copy.buffer), i * width, element, value));
      assert.deepEqual(copy, bytes);
    });
  }

  test('what is no element is named', () => {
    assert.throws(() => encodeElements('i8', [1, 128]), /element 1, 128, is no i8/);
    assert.throws(() => encodeElements('u16', [-1]), /element 0, -1, is no u16/);
    assert.throws(() => encodeElements('i32', [1.5]), /is no i32/);
    assert.throws(() => encodeElements('f64', ['x']), /"x", is no f64/);
    assert.deepEqual(encodeElements('i64', ['-9223372036854775808'])[7], 0x80);
    assert.equal(new DataView(encodeElements('f32', ['NaN']).buffer).getFloat32(0, true), NaN);
  });
});
