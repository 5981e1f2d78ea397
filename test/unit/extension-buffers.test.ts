import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findPattern, hexPattern, textPattern } from '../../extension/calls/byte-pattern.ts';
import { formatBytesAs, MOST_COPIED } from '../../extension/calls/copy-formats.ts';
import { findNode, innermostAt } from '../../protocol/tree-search.ts';
import type { DecodedNode } from '../../protocol/boundary.ts';

const data = Buffer.from('Hello, World! Hello, Wörld!');

test('find: text, forwards and backwards, going on from the other end', () => {
  const hello = textPattern('Hello');
  assert.deepEqual(findPattern(data, hello, 0, false), { start: 0, wrapped: false });
  assert.deepEqual(findPattern(data, hello, 1, false), { start: 14, wrapped: false });
  assert.deepEqual(findPattern(data, hello, 15, false), { start: 0, wrapped: true });
  assert.deepEqual(findPattern(data, hello, 14, true), { start: 0, wrapped: false });
  assert.deepEqual(findPattern(data, hello, 0, true), { start: 14, wrapped: true });
  assert.deepEqual(findPattern(data, textPattern('ö'), 0, false), { start: 22, wrapped: false });
  assert.equal(findPattern(data, textPattern('hello'), 0, false), null);
  assert.equal(findPattern(Buffer.alloc(0), hello, 0, true), null);
  assert.throws(() => textPattern(''), /Type the text/);
});

test('find: hexadecimal digits, any of which may be anything', () => {
  assert.deepEqual(findPattern(data, hexPattern('6f 2c'), 0, false), { start: 4, wrapped: false });
  assert.deepEqual(findPattern(data, hexPattern('57 ?? ?? 72'), 0, false), { start: 21, wrapped: false });
  assert.deepEqual(findPattern(data, hexPattern('57??72'), 0, false), { start: 7, wrapped: false });
  assert.deepEqual(findPattern(data, hexPattern('0x2?0x4?'), 0, true), { start: 13, wrapped: true });
  assert.equal(findPattern(data, hexPattern('ff ??'), 0, false), null);
  assert.equal(
    findPattern(data, hexPattern('21 ??'), 20, false)?.start,
    12,
    'the last byte has none after it',
  );
  for (const [wrong, sentence] of [
    ['4g', /“g” is no hexadecimal digit/],
    ['123', /3 digits are no whole bytes/],
    [' ', /Type hexadecimal digits/],
  ] as const)
    assert.throws(() => hexPattern(wrong), sentence);
});

test('copying as source text: it means the same bytes', () => {
  const bytes = Buffer.from([0, 0x7f, 0x80, 0xff]);
  const as = (format: Parameters<typeof formatBytesAs>[0], part = bytes) =>
    formatBytesAs(format, part, 'greetTwice-7-argument');
  assert.equal(as('hex'), '00 7f 80 ff');
  assert.equal(as('c'), 'const uint8_t greet_twice_7_argument[4] = {0x00, 0x7f, 0x80, 0xff};');
  assert.equal(as('rust'), 'const GREET_TWICE_7_ARGUMENT: [u8; 4] = [0x00, 0x7f, 0x80, 0xff];');
  assert.equal(as('kotlin'), 'val greetTwice7Argument = byteArrayOf(0, 127, -128, -1)');
  assert.equal(as('json'), '[0,127,128,255]');
  assert.equal(as('base64'), 'AH+A/w==');
  assert.equal(as('utf-8', Buffer.from('Grüße')), 'Grüße');
  assert.throws(() => as('utf-8'), /no UTF-8 text. Copy them as hexadecimal/);
  assert.equal(as('hex', Buffer.alloc(0)), '');
  const many = as('c', Buffer.alloc(40, 1)).split('\n');
  assert.equal(many.length, 5, 'sixteen on a line');
  assert.equal(many.at(-1), '};');
  assert.match(formatBytesAs('kotlin', bytes, '世界'), /^val bytes = /);
  assert.match(formatBytesAs('c', bytes, '7'), /^const uint8_t bytes_7\[/);
  assert.throws(() => as('hex', Buffer.alloc(MOST_COPIED + 1)), /too many for the clipboard/);
});

const leaf = (name: string, value: string, range?: [number, number]): DecodedNode => ({
  name,
  value,
  type: 'string',
  ...(range && { range }),
});
const tree: DecodedNode = {
  name: '',
  value: 'object of 3',
  type: 'object',
  range: [0, 40],
  children: [
    leaf('name', '"Ada"', [8, 13]),
    {
      name: 'items',
      value: 'array of 2',
      type: 'array',
      range: [22, 38],
      children: [leaf('0', '"adapter"', [23, 32]), leaf('1', '3', [33, 34])],
    },
    leaf('note', 'null'),
  ],
};

test('bytes lead to the innermost part of the value that holds all of them', () => {
  assert.deepEqual(innermostAt(tree, 24, 25), [1, 0]);
  assert.deepEqual(innermostAt(tree, 24, 34), [1], 'both elements');
  assert.deepEqual(innermostAt(tree, 12, 24), []);
  assert.equal(innermostAt(tree, 39, 41), null);
  assert.equal(innermostAt(leaf('', 'x'), 0, 1), null, 'a decoder that tells no ranges');
});

test('a part of the value is found by name or value, in both directions', () => {
  const found = (text: string, after: number[] | null, backwards = false) => {
    const at = findNode(tree, text, after, backwards);
    return at && [at.path, at.wrapped];
  };
  assert.deepEqual(found('ada', null), [[0], false]);
  assert.deepEqual(found('ada', [0]), [[1, 0], false]);
  assert.deepEqual(found('ada', [1, 0]), [[0], true]);
  assert.deepEqual(found('ada', [1, 0], true), [[0], false]);
  assert.deepEqual(found('ada', [0], true), [[1, 0], true]);
  assert.deepEqual(found('NOTE', null), [[2], false]);
  assert.equal(found('array of', null), null, 'the decoder’s own words are not the guest’s');
  assert.equal(found('nowhere', null), null);
});
