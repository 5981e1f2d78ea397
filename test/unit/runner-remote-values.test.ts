import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { accessor, RemoteValues, shortText, typeName } from '../../debug-adapter/runner/remote-values.ts';

describe('remote values', () => {
  it('show a value in one line', () => {
    for (const [value, text] of [
      ['a "b"\n', '"a \\"b\\"\\n"'],
      [-0, '-0'],
      [5n, '5n'],
      [null, 'null'],
      [undefined, 'undefined'],
      [[1, 'a', [2], { b: 1 }], '(4) [1, "a", (1) [2], {b: 1}]'],
      [{ a: { b: { c: 1 } } }, '{a: {b: {…}}}'],
      [Uint8Array.of(1, 2), 'Uint8Array (2) [1, 2]'],
      [new TypeError('x'), 'TypeError: x'],
      [{ a: 1, b: 2, c: 3, d: 4, e: 5, f: 6 }, '{a: 1, b: 2, c: 3, d: 4, e: 5, …}'],
    ] as const) {
      assert.equal(shortText(value), text);
    }
  });

  it('cut long text, and say how long it is', () => {
    const value = new RemoteValues().list('text', 'x'.repeat(2000), {});
    assert.equal(value.value, `"${'x'.repeat(1000)}"… (2000 characters)`);
  });

  it('give the whole text where that is asked for', () => {
    const text = 'x'.repeat(200_000);
    assert.equal(new RemoteValues().describe('text', text, {}, true).value, text);
    assert.equal(new RemoteValues().describe('list', [1, 2n], {}, true).value, '[\n  1,\n  "2"\n]');
  });

  it('open in pages', () => {
    const values = new RemoteValues();
    const list = values.list(
      'list',
      Array.from({ length: 5000 }, (_, i) => i),
      { evaluateName: 'argument' },
    );
    assert.equal(list.indexed, 5000);
    const page = values.properties(list.handle, 4998, 10);
    assert.deepEqual(
      page?.map(({ name, value, evaluateName }) => [name, value, evaluateName]),
      [
        ['4998', '4998', 'argument[4998]'],
        ['4999', '4999', 'argument[4999]'],
      ],
    );
    assert.equal(values.properties(list.handle, 0, 0)?.length, 1000);
  });

  it('tell how to evaluate a property again, and whether it can be changed', () => {
    const values = new RemoteValues();
    const root = values.list(
      'argument',
      { name: 'Ada', 'odd name': [1] },
      { evaluateName: 'argument', readOnly: false },
    );
    const properties = values.properties(root.handle, 0, 0);
    assert.deepEqual(
      properties?.map(({ evaluateName, readOnly, handle }) => [evaluateName, readOnly, handle > 0]),
      [
        ['argument.name', false, false],
        ['argument["odd name"]', false, true],
      ],
    );
  });

  it('have no handle for what cannot be opened', () => {
    assert.equal(new RemoteValues().list('empty', {}, {}).handle, 0);
    assert.equal(new RemoteValues().properties(1, 0, 0), null);
  });

  it('show a property that throws by its error', () => {
    const values = new RemoteValues();
    const root = values.list(
      'x',
      {
        get broken(): never {
          throw new Error('broken');
        },
      },
      {},
    );
    assert.equal(values.properties(root.handle, 0, 0)?.[0]?.value, 'Error: broken');
  });

  it('name types as JavaScript has them', () => {
    assert.deepEqual([1, 1n, '', null, [], {}, new Map(), Object.create(null)].map(typeName), [
      'number',
      'bigint',
      'string',
      'null',
      'Array',
      'Object',
      'Map',
      'Object',
    ]);
  });

  it('write accessors', () => {
    assert.deepEqual(['a', '0', '10', '01', 'a-b'].map(accessor), ['.a', '[0]', '[10]', '["01"]', '["a-b"]']);
  });
});
