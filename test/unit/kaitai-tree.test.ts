import assert from 'node:assert/strict';
import test from 'node:test';
import { treeOfKaitai, type KaitaiObject } from '../../debug-adapter/decoder-process/kaitai-tree.ts';

const bytes = new ArrayBuffer(8);
const context = { bytes, classes: new Map<string, unknown>(), names: new Map<string, string>() };

/** An object of a generated class with these fields, all in the first byte. */
function record(fields: Record<string, unknown>): KaitaiObject {
  const place = { start: 0, end: 1, ioOffset: 0 };
  const places = Object.keys(fields).map((name) => [name, place] as const);
  return Object.assign(Object.create({}) as object, fields, {
    constructor: { name: 'Record' },
    _io: { _buffer: bytes },
    _debug: Object.fromEntries(places),
  }) as unknown as KaitaiObject;
}

test('fields that are too many to be shown are counted', () => {
  const fields = Object.fromEntries(Array.from({ length: 1500 }, (_, i) => [`field${i}`, i]));
  const { children = [] } = treeOfKaitai(record(fields), context);
  assert.equal(children.length, 1001);
  assert.deepEqual(children.at(-1), { name: '…', value: '500 more fields', type: 'omitted' });
  const one = Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`field${i}`, i]));
  assert.equal(treeOfKaitai(record(one), context).children?.at(-1)?.value, '1 more field');
});

test('what is nested too deeply to be shown says so', () => {
  let object = record({ last: 1 });
  for (let depth = 0; depth < 150; depth++) object = record({ inner: object });
  let node = treeOfKaitai(object, context);
  let depth = 0;
  for (; node.children?.[0]; depth++) node = node.children[0];
  assert.equal(depth, 100);
  assert.equal(node.value, 'nested too deeply to be shown');
  let list: unknown[] = [1];
  for (let i = 0; i < 150; i++) list = [list];
  node = treeOfKaitai(record({ list }), context);
  while (node.children?.[0]) node = node.children[0];
  assert.equal(node.value, '1 elements, nested too deeply to be shown');
});
