import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findPassing } from '../../debug-adapter/boundary/passed-buffers.ts';
import { UserError } from '../../debug-adapter/errors.ts';
import { type LaunchInput, launchSchema } from '../../protocol/launch.ts';
import { exported } from '../support/exported.ts';

function find(signatures: string[], boundary: LaunchInput['boundary'] = {}, memory64 = false) {
  const exports = signatures.map(exported);
  const { boundary: configuration } = launchSchema.parse({ program: 'x', boundary });
  const { allocator, passes, resultless, notes } = findPassing({ exports, configuration, memory64 });
  const nameOf = (index: number | undefined) => (index === undefined ? null : exports[index]?.name);
  return {
    allocate: allocator ? [nameOf(allocator.allocate.exportIndex), ...allocator.allocate.params] : null,
    free: allocator?.free ? [nameOf(allocator.free.exportIndex), ...allocator.free.params] : null,
    passes: Object.fromEntries(
      [...passes].map(([index, { reason: _, ...each }]) => [nameOf(index) ?? '', each] as const),
    ) as Record<string, object>,
    resultless: [...resultless].map(nameOf),
    notes,
  };
}

const MALLOC = ['malloc(size:i)->i', 'free(pointer:i)'];

describe('the allocator', () => {
  const cases: [string[], (string | null)[] | null, (string | null)[] | null][] = [
    [MALLOC, ['malloc', 'size'], ['free', 'pointer']],
    [
      ['alloc(i,i)->i', 'dealloc(i,i,i)'],
      ['alloc', 'size', 'align'],
      ['dealloc', 'pointer', 'size', 'align'],
    ],
    [['allocate_memory(align:i, size:i)->i'], ['allocate_memory', 'align', 'size'], null],
    [
      ['__wbindgen_malloc(i)->i', '__wbindgen_free(i,i)'],
      ['__wbindgen_malloc', 'size'],
      ['__wbindgen_free', 'pointer', 'size'],
    ],
    [['cabi_realloc(i,i,i,i)->i', ...MALLOC], ['cabi_realloc', 'zero', 'zero', 'align', 'size'], null],
    // What is none: another type, another word, several that may be it.
    [['malloc(f)->i', 'alloc(i)'], null, null],
    [['allocateForever()', 'mallocStatistics(i)->i', 'freeze(i)'], null, null],
    [['malloc(i)->i', 'alloc(i)->i'], null, null],
  ];
  for (const [signatures, allocate, free] of cases) {
    test(signatures.join(' '), () => {
      const found = find(signatures);
      assert.deepEqual([found.allocate, found.free], [allocate, free]);
    });
  }

  test('several that may be it are named', () => {
    assert.match(
      find(['malloc(i)->i', 'alloc(i)->i']).notes.join(),
      /malloc and alloc may each be the allocator/,
    );
  });

  test('as configured; false is none', () => {
    const found = find(['take(a:i,b:i,c:i)->i', 'drop(i)', ...MALLOC], {
      allocator: { allocate: 'take', params: ['_', 'size', 'align'], free: 'drop' },
    });
    assert.deepEqual(found.allocate, ['take', 'zero', 'size', 'align']);
    assert.deepEqual(found.free, ['drop', 'pointer']);
    assert.equal(find(MALLOC, { allocator: false }).allocate, null);
    assert.equal(find(MALLOC, { allocator: { allocate: 'malloc', free: false } }).free, null);
  });
});

describe('what exports pass', () => {
  test('by the names of parameters, where there is an allocator', () => {
    const signatures = [
      'upper(pointer:i, size:i)->l',
      'join(firstPtr:i, firstLen:i, secondPtr:i, secondLen:i)',
      'reverse(ptr:i, len:i, resultPointer:i)',
      'name(retptr:i)',
      'greet(ptr:i, len:i)->i',
      'cabi_post_greet(i)',
      'store(pointer:i, callId:i)',
      'answer(pointer:i, size:i, callId:i)',
      'plain(i,i)->i',
      'poke(address:i, value:i)',
      'wide(pointer:l, size:l)',
      'repeated(pointer:i, size:i, count:i)',
    ];
    const both = { arguments: [{ pointer: 0, size: 1 }] };
    const out = { as: 'out', sizePolicy: 'param', sizeFirst: false };
    assert.deepEqual(find([...MALLOC, ...signatures]).passes, {
      upper: both,
      join: {
        arguments: [
          { pointer: 0, size: 1 },
          { pointer: 2, size: 3 },
        ],
      },
      reverse: { ...both, out: 2, result: out },
      name: { arguments: [], out: 0, result: out },
      greet: {
        ...both,
        result: {
          as: 'pair',
          sizePolicy: 'param',
          sizeFirst: false,
          free: { exportIndex: 7, params: ['returned'] },
        },
      },
      repeated: both,
    });
    assert.deepEqual(find(signatures).passes, {}, 'nothing without an allocator');
    assert.deepEqual(Object.keys(find([...MALLOC, 'wide(pointer:l, size:l)'], {}, true).passes), ['wide']);
  });

  test('as configured, with further arguments, an out-pointer, and no result', () => {
    const found = find([...MALLOC, 'f(i,i,i,i,l)', 'g(i)->i', 'log(pointer:i, size:i)'], {
      exports: {
        f: {
          params: ['pointer2', 'out', 'pointer', 'size', '_'],
          result: { as: 'out', order: 'size-pointer' },
        },
        g: { params: ['pointer'], result: { as: 'pointer', size: { fixed: 4 }, free: true } },
        log: { result: { as: 'none' } },
      },
    });
    assert.deepEqual(found.passes, {
      f: {
        arguments: [{ pointer: 2, size: 3 }, { pointer: 0 }],
        out: 1,
        result: { as: 'out', sizePolicy: 'param', sizeFirst: true },
      },
      g: {
        arguments: [{ pointer: 0 }],
        result: {
          as: 'pointer',
          sizePolicy: { fixed: 4 },
          sizeFirst: false,
          free: { exportIndex: 1, params: ['pointer'] },
        },
      },
      log: { arguments: [{ pointer: 0, size: 1 }] },
    });
    assert.deepEqual(found.resultless, ['log']);
  });

  const wrong: [string, NonNullable<LaunchInput['boundary']>, RegExp][] = [
    ['an export that is not there', { exports: { uper: {} } }, /no function “uper”\. Did you mean “upper”/],
    [
      'too few',
      { exports: { upper: { params: ['pointer'] } } },
      /names 1 parameters, but the export is upper/,
    ],
    [
      'a meaning that is none',
      { exports: { upper: { params: ['pointer', 'bytes'] } } },
      /params\[1\] is “bytes”/,
    ],
    ['twice the same', { exports: { upper: { params: ['pointer', 'pointer'] } } }, /names "pointer" twice/],
    ['no first', { exports: { upper: { params: ['pointer2', 'size2'] } } }, /names no "pointer"/],
    ['a size alone', { exports: { upper: { params: ['_', 'size'] } } }, /names no "pointer"/],
    ['another type', { exports: { half: { params: ['pointer'] } } }, /of another type/],
    ['no out', { exports: { upper: { result: { as: 'out' } } } }, /names no "out"/],
    [
      'no address',
      { exports: { upper: { result: { as: 'pair' } } } },
      /does not return the address of a pair/,
    ],
    [
      'a size too many',
      { exports: { upper: { result: { as: 'packed', size: 'nul' } } } },
      /is for "as": "pointer"/,
    ],
    ['no allocator', { allocator: false, exports: { upper: {} } }, /no allocator that is known/],
    [
      'an allocator that is not there',
      { allocator: { allocate: 'mallok' } },
      /“mallok”\. Did you mean “malloc”/,
    ],
    [
      'an allocator that returns nothing',
      { allocator: { allocate: 'free' } },
      /returns no address|say what each/,
    ],
    ['one that cannot free', { allocator: { allocate: 'malloc', free: 'half' } }, /cannot free/],
  ];
  for (const [what, boundary, message] of wrong) {
    test(`wrong: ${what}`, () => {
      const signatures = [...MALLOC, 'upper(pointer:i, size:i)->l', 'half(d)->d'];
      assert.throws(
        () => find(signatures, boundary),
        (error) => error instanceof UserError && message.test(error.message),
      );
    });
  }
});
