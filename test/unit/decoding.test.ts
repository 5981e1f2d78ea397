import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encode as encodeMessagePack } from '@msgpack/msgpack';
import { encode as encodeCbor } from 'cbor2';
import fc from 'fast-check';
import { decodeWith } from '../../debug-adapter/boundary/decoders/index.ts';
import { MadeTree, type DecodedTree } from '../../debug-adapter/decoding/decoded-tree.ts';
import { DecodedDocument } from '../../debug-adapter/decoding/document.ts';
import type { TreeNode } from '../../protocol/webview.ts';

const ENCODERS: Record<string, (value: unknown) => Uint8Array> = {
  json: (value) => Buffer.from(JSON.stringify(value, null, 1)),
  cbor: (value) => encodeCbor(value),
  messagepack: (value) => encodeMessagePack(value),
};

type Reader = Pick<DecodedTree, 'root' | 'children' | 'find' | 'nodeAt'>;

function reader(bytes: Uint8Array, id: string): Reader {
  const document = new DecodedDocument(bytes, id, 'test');
  const { tree } = document.answer({ kind: 'head' });
  assert.ok(tree, `${id} of ${Buffer.from(bytes).toString('hex')} has no tree`);
  return {
    root: tree,
    children: (path, start, count) => document.answer({ kind: 'tree', path, start, count }).nodes,
    find: (text, after, backwards) => document.answer({ kind: 'find', text, after, backwards }).found,
    nodeAt: (range) => document.answer({ kind: 'nodeAt', range }).path,
  };
}

/** All nodes in reading order, read three children at a time. */
function allNodes(tree: Reader, path: number[] = [], node = tree.root): [number[], TreeNode][] {
  const nodes: [number[], TreeNode][] = [[path, node]];
  for (let start = 0; start < node.childCount; start += 3) {
    for (const [at, child] of (tree.children(path, start, 3) ?? []).entries())
      nodes.push(...allNodes(tree, [...path, start + at], child));
  }
  return nodes;
}

const value = fc.jsonValue({
  maxDepth: 4,
  stringUnit: fc.constantFrom('a', 'é', '"', '\\', '{', ']', ',', '🙂'),
});

test('a tree that is read in pages is the tree that the decoder makes whole', () => {
  for (const [id, encode] of Object.entries(ENCODERS)) {
    fc.assert(
      fc.property(value, (made) => {
        const bytes = encode(made);
        const { tree, error } = decodeWith(id, bytes);
        assert.equal(error, undefined);
        assert.ok(tree);
        const paged = reader(bytes, id);
        const whole = new MadeTree(tree);
        const expected = allNodes(whole);
        assert.deepEqual(allNodes(paged), expected);
        for (let at = 0; at < bytes.length; at++)
          assert.deepEqual(paged.nodeAt([at, at + 1]), whole.nodeAt([at, at + 1]), `byte ${at}`);
        for (const [path] of expected)
          for (const backwards of [false, true])
            assert.deepEqual(paged.find('a', path, backwards), whole.find('a', path, backwards));
      }),
      { numRuns: 150, seed: 11 },
    );
  }
});

test('all of a large value is there: its last node, found and shown, and the text', () => {
  const rows = Array.from({ length: 20_000 }, (_, id) => ({ id, name: `row ${id}`, tags: ['x', 'y'] }));
  for (const [id, encode] of Object.entries(ENCODERS)) {
    const bytes = encode({ rows, end: 'here' });
    const document = new DecodedDocument(bytes, id, 'test');
    const head = document.answer({ kind: 'head' });
    assert.equal(head.decodeError, undefined, id);
    assert.equal(head.tree?.childCount, 2, id);
    const [list] = document.answer({ kind: 'tree', path: [], start: 0, count: 1 }).nodes;
    assert.deepEqual([list?.name, list?.childCount], ['rows', rows.length]);
    const { nodes } = document.answer({ kind: 'tree', path: [0, 19_999], start: 0, count: 9 });
    assert.deepEqual(
      nodes.map((node) => [node.name, node.value, node.childCount]),
      [
        ['id', '19999', 0],
        ['name', '"row 19999"', 0],
        ['tags', nodes[2]?.value, 2],
      ],
    );
    const { found } = document.answer({ kind: 'find', text: 'ROW 19998', after: null, backwards: false });
    assert.deepEqual(found?.path, [0, 19_998, 1]);
    const { rows: last, total } = document.answer({ kind: 'text', columns: 80, start: 0, count: 1 });
    assert.ok(total > 1 && last.length === 1);
  }
});

test('what is malformed is told with its byte, and shown as far as it goes', () => {
  const cases: [string, Uint8Array, RegExp][] = [
    ['json', Buffer.from('{"a": [1, 2'), /Not JSON: expected "," or "]", found the end at byte 11/],
    ['cbor', Buffer.from('8201', 'hex'), /Not CBOR: the bytes end where an item begins at byte 2/],
    ['cbor', Buffer.from('0102', 'hex'), /1 bytes? (are|is) left over/],
    ['cbor', Buffer.from('5bffffffffffffffff00', 'hex'), /Not CBOR/],
    ['messagepack', Buffer.from('92c1', 'hex'), /0xc1/],
    ['messagepack', Buffer.from('dbffffffff', 'hex'), /Not MessagePack/],
    ['utf-8', Buffer.from('a\xffb', 'latin1'), /Not UTF-8: 0xff at byte 1/],
  ];
  for (const [id, bytes, says] of cases) {
    const head = new DecodedDocument(bytes, id, 'test').answer({ kind: 'head' });
    assert.match(head.decodeError ?? '', says, id);
  }
  const deep = Buffer.from(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
  const tree = reader(deep, 'json');
  assert.equal(tree.nodeAt([99_999, 100_001])?.length, 500);
  assert.equal(tree.find('nowhere', null, false), null);
  const nested = new DecodedDocument(Buffer.alloc(100_000, 0x81), 'cbor', 'test').answer({ kind: 'head' });
  assert.match(nested.decodeError ?? '', /nested more than 500 deep/);
});

test('any bytes are decoded, as every format, without an exception', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 60 }),
      fc.constantFrom('auto', ...Object.keys(ENCODERS)),
      (bytes, id) => {
        const document = new DecodedDocument(bytes, id, 'test');
        const { tree } = document.answer({ kind: 'head' });
        if (!tree) return;
        document.answer({ kind: 'tree', path: [], start: 0, count: 100 });
        document.answer({ kind: 'find', text: 'zz', after: null, backwards: false });
        document.answer({ kind: 'nodeAt', range: [0, 1] });
      },
    ),
    { numRuns: 2000, seed: 5 },
  );
});

test('auto chooses for all of the bytes as it does for few', () => {
  const text = (bytes: Uint8Array) => new DecodedDocument(bytes, 'auto', '').answer({ kind: 'head' });
  assert.deepEqual(
    [
      Buffer.from('\ufeff {"a": 1}'),
      Buffer.from('{"a": 1'),
      Buffer.from('Hello'),
      ENCODERS['cbor']?.({ name: 1 }) ?? new Uint8Array(),
    ].map((bytes) => text(bytes).decoder),
    ['json', 'utf-8', 'utf-8', 'cbor'],
  );
  assert.equal(text(Buffer.from('{"a": 1')).decodeError, undefined);
});
