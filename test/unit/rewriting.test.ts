import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, test } from 'node:test';
import { UserError } from '../../debug-adapter/errors.ts';
import { decodeBody } from '../../debug-adapter/kotlin/rewriting/body-decoder.ts';
import { findNesting } from '../../debug-adapter/kotlin/rewriting/landings.ts';
import { readShape } from '../../debug-adapter/kotlin/rewriting/module-shape.ts';
import { readModuleTypes } from '../../debug-adapter/kotlin/rewriting/module-types.ts';
import type { Rewritten } from '../../debug-adapter/kotlin/rewriting/plan.ts';
import { rewrite } from '../../debug-adapter/kotlin/rewriting/rewrite.ts';
import { ByteReader } from '../../debug-adapter/wasm/byte-reader.ts';
import { readGuestModule } from '../../debug-adapter/wasm/module.ts';
import { root } from '../../scripts/paths.ts';
import { wat } from '../../wasmedge-napi/test/support/wat.ts';
import { core, custom, exported, section, text } from './support/module-bytes.ts';

/** A plan that stops before every operator of every function. */
function everywhere(bytes: Uint8Array) {
  const { bodies, importedFunctions } = readShape(bytes);
  const functions = bodies.map((body, i) => ({
    functionIndex: importedFunctions + i,
    probes: decodeBody(bytes, body).operators.map(({ start }) => start),
  }));
  return { functions };
}

/** What the original's operators are, and where they are now. */
function assertKept(bytes: Uint8Array, { bytes: rewritten, offsets }: Rewritten): void {
  const before = readShape(bytes).bodies;
  const after = readShape(rewritten).bodies;
  for (const [i, body] of before.entries()) {
    const now = after[i];
    assert(now);
    const starts = new Set(decodeBody(rewritten, now).operators.map(({ start }) => start));
    for (const { start, end } of decodeBody(bytes, body).operators) {
      const moved = offsets.toRewritten(start);
      assert(starts.has(moved), `the operator at ${start} begins none at ${moved}`);
      assert.deepEqual(rewritten.subarray(moved, moved + end - start), bytes.subarray(start, end));
      for (let at = start; at < end; at++) assert.equal(offsets.toOriginal(offsets.toRewritten(at)), at);
    }
  }
}

const MODULES: Record<string, string> = {
  'neither memory nor table, type or export beside one function': '(module (func nop))',
  'imports of every kind': `(module
    (import "m" "f" (func (param i64))) (import "m" "t" (table 3 funcref)) (import "m" "m" (memory 1 2))
    (import "m" "g" (global i32)) (tag $e (param i32)) (memory 1) (table 1 externref)
    (func (export "main") (param i64) local.get 0 call 0 (i32.store (memory 1) (i32.const 0) (i32.load (i32.const 8)))))`,
  'loads and stores of several memories': `(module (memory $a 1) (memory $b 1)
    (func (drop (i64.load8_s $b offset=300 (i32.const 1))) (v128.store32_lane $b offset=5 2 (i32.const 1) (v128.const i64x2 1 2))
      (memory.copy $a $b (i32.const 0) (i32.const 0) (i32.const 0))
      (memory.fill $b (i32.const 0) (i32.const 0) (i32.const 0)) (drop (memory.size $b)) (drop (memory.grow $b (i32.const 0)))))`,
  'calls through a table with an index of two bytes': `(module ${'(table 1 funcref)'.repeat(130)}
    (func (call_indirect 129 (param i32) (i32.const 5) (i32.const 0)) (drop (i32.const 7))))`,
  'code that nothing reaches': `(module (func (result i32) (block (result i32) unreachable i32.add drop br 0) br 0 drop)
    (func (param i32) (result i32) (return (i32.const 1)) (if (result i32) (then (i32.const 1)) (else (i32.const 2)))))`,
};

describe('a rewritten module', () => {
  for (const [what, source] of Object.entries(MODULES)) {
    test(`has its operators still: ${what}`, () => {
      const bytes = wat(source);
      const result = rewrite(bytes, everywhere(bytes));
      assert(result.sites.length > 0);
      assertKept(bytes, result);
    });
  }

  test('appends, so that no index means something else', () => {
    const bytes = wat(MODULES['imports of every kind'] ?? '');
    const before = readGuestModule(bytes);
    const { exports, bytes: rewritten } = rewrite(bytes, everywhere(bytes));
    const after = readGuestModule(rewritten);
    assert.deepEqual(after.imports, before.imports);
    assert.deepEqual(after.exports.slice(0, before.exports.length), before.exports);
    assert.deepEqual(after.exports.slice(before.exports.length), [
      { name: exports.memory, kind: 'memory', index: 2 },
      { name: exports.stopTable, kind: 'table', index: 2 },
    ]);
    assert.deepEqual(after.memories.slice(0, 2), before.memories);
  });

  test('exports under names that the module has not given out', () => {
    const bytes = wat('(module (func (export "debugger.memory") (export "debugger.stop") nop))');
    const { exports } = rewrite(bytes, everywhere(bytes));
    assert.deepEqual([exports.memory, exports.stopTable], ["debugger.memory'", "debugger.stop'"]);
  });

  test('stops before operators, the next one where none begins, and where a pause would look', () => {
    const bytes = wat('(module (func nop (loop (loop nop) i32.const 300 drop)) (func nop))');
    const { bodies } = readShape(bytes);
    const [first] = bodies;
    assert(first);
    const [nop, , , , , constant, drop] = decodeBody(bytes, first).operators;
    assert(nop && constant && drop);
    const probes = [constant.start, constant.start + 1, first.start];
    const found = (pausePoints: boolean) =>
      rewrite(bytes, { functions: [{ functionIndex: 0, probes, pausePoints }] }).sites;
    assert.deepEqual(
      found(false),
      [nop, constant, drop].map(({ start }, site) => ({
        site,
        functionIndex: 0,
        offset: start,
        isPlanned: true,
      })),
    );
    // The function's first operator, the inner loop, which is the outer one's first, and what is in that.
    assert.deepEqual(
      found(true).map(({ offset }) => offset - first.start),
      [1, 4, 6, 8, 11],
    );
  });

  test('stops after what closes a block, and where code goes on that nothing leads to', () => {
    const bytes = wat(
      '(module (func (if (i32.const 1) (then return)) i32.const 2 drop (block unreachable) i32.const 3 drop))',
    );
    const [body] = readShape(bytes).bodies;
    assert(body);
    const { operators } = decodeBody(bytes, body);
    const starts = operators.map(({ start }) => start);
    const [, , , ifEnd = 0, two = 0, drop = 0, , , , three = 0, last = 0] = starts;
    const plan = { functionIndex: 0, probes: [ifEnd], continuations: [drop, three, last] };
    assert.deepEqual(
      rewrite(bytes, { functions: [plan] }).sites.map(({ offset }) => offset),
      [two, three],
    );
    const all = (every: 'operator' | 'statement') =>
      rewrite(bytes, { functions: [{ functionIndex: 0, probes: [], every }] }).sites.map(
        ({ offset }) => offset,
      );
    assert.deepEqual(all('operator'), starts);
    // The condition, `return`, what follows the `if`, `unreachable` and what follows the block.
    assert.deepEqual(
      all('statement'),
      [0, 2, 4, 7, 9].map((i) => starts[i]),
    );
  });

  test('copies what the plan does not name', () => {
    // Function 0 holds a byte that is no operator.
    const bytes = core(
      section(1, [1, 0x60, 0, 0]),
      section(3, [2, 0, 0]),
      section(10, [2, 3, 0, 0xff, 0x0b, 3, 0, 0x01, 0x0b]),
    );
    const { bytes: rewritten, sites } = rewrite(bytes, { functions: [{ functionIndex: 1, probes: [29] }] });
    assert.deepEqual(sites, [{ site: 0, functionIndex: 1, offset: 29, isPlanned: true }]);
    const [untouched] = readShape(rewritten).bodies;
    assert(untouched);
    assert.deepEqual([...rewritten.subarray(untouched.start, untouched.end)], [0, 0xff, 0x0b]);
  });

  test('keeps names, and its source map’s URL', async () => {
    const bytes = new Uint8Array(await readFile(path.join(root, 'examples/greeter/guest.wasm')));
    const before = readGuestModule(bytes);
    const greet = before.exports.find(({ name }) => name === 'greet');
    assert(greet);
    const functions = everywhere(bytes).functions.filter(
      ({ functionIndex }) => functionIndex === greet.index,
    );
    const after = readGuestModule(rewrite(bytes, { functions }).bytes);
    assert.equal(after.sourceMappingUrl, before.sourceMappingUrl);
    assert.equal(after.functionName(greet.index), 'greeter.greet');
    assert.deepEqual(after.localNames(greet.index), before.localNames(greet.index));
  });
});

test('an exception can land at a block’s end, a loop’s beginning and in a handler of the older kind', () => {
  const bytes = wat(`(module (tag $e) (func
    (block $b (loop $l (block (try_table (catch $e $b) (catch_all $l) (catch_all 3)))))
    (try (do) (catch $e) (catch_all))))`);
  const [body] = readShape(bytes).bodies;
  assert(body);
  const { operators } = decodeBody(bytes, body);
  const { landings } = findNesting(operators);
  const all = operators.map(({ code }, i) => `${code.toString(16)}${landings.has(i) ? '!' : ''}`);
  assert.equal(all.join(' '), '2 3! 2 1f b b b b! 6 7! 19! b b');
});

describe('branch hints', () => {
  const hints = (name: string, offset: number) => custom(name, [1, 0, 1, offset, 1, 1]);
  // block, i32.const 1, br_if 0, end, end
  const code = [0, 0x02, 0x40, 0x41, 1, 0x0d, 0, 0x0b, 0x0b];
  const moduleWith = (name: string, offset: number) =>
    core(
      section(1, [1, 0x60, 0, 0]),
      section(3, [1, 0]),
      hints(name, offset),
      section(10, [1, code.length, ...code]),
    );
  const hintOf = (bytes: Uint8Array) => {
    const shape = readShape(bytes);
    const found = shape.sections.find(({ id }) => id === 'custom');
    const [body] = shape.bodies;
    assert(found && body);
    const reader = new ByteReader(bytes, found.start, found.end);
    const [, functionIndex, , offset, , value] = Array.from({ length: 6 }, () => reader.u32());
    assert(reader.done && offset !== undefined);
    return { functionIndex, opcode: bytes[body.start + offset], value };
  };

  test('mean the same branch', () => {
    const bytes = moduleWith('metadata.code.branch_hint', 5);
    const hint = { functionIndex: 0, opcode: 0x0d, value: 1 };
    assert.deepEqual(hintOf(bytes), hint);
    const result = rewrite(bytes, everywhere(bytes));
    assert(result.offsets.toRewritten(100) > 100);
    assert.deepEqual(hintOf(result.bytes), hint);
  });

  test('that are damaged stay as they are', () => {
    const bytes = core(
      section(1, [1, 0x60, 0, 0]),
      section(3, [1, 0]),
      custom('metadata.code.branch_hint', [9, 9, 9]),
      section(10, [1, code.length, ...code]),
    );
    const { sections, bytes: rewritten } = readShape(rewrite(bytes, everywhere(bytes)).bytes);
    const found = sections.find(({ id }) => id === 'custom');
    assert.deepEqual([...rewritten.subarray(found?.start, found?.end)], [9, 9, 9]);
  });
});

describe('what cannot be rewritten is refused', () => {
  const problem = (bytes: Uint8Array) => {
    try {
      rewrite(bytes, { functions: [{ functionIndex: 0, probes: [] }] });
    } catch (thrown) {
      assert(thrown instanceof UserError, String(thrown));
      return [thrown.code, thrown.message];
    }
    return assert.fail('it was rewritten');
  };
  const moduleOf = (...body: number[]) =>
    core(
      section(1, [1, 0x60, 0, 0]),
      section(3, [1, 0]),
      section(7, [1, ...exported('main', 0, 0)]),
      section(10, [1, body.length, ...body]),
      custom('name', [1, 7, 1, 0, ...text('work')]),
    );

  test('an operator that is not known, with function and offset', () => {
    const bytes = moduleOf(0, 0x01, 0xe0, 0, 0x0b);
    const [code, message] = problem(bytes);
    assert.equal(code, 'function-not-readable');
    assert.match(message ?? '', /^Function 0 \(work\) cannot .* Unknown operator: 224 \(byte 34\)/);
  });
  for (const [what, body] of [
    ['an operator that is cut off', [0, 0x01, 0x41, 0x80]],
    ['a block that is not closed', [0, 0x02, 0x40, 0x0b]],
    ['a function that ends before its last operator', [0, 0x0b, 0x01, 0x0b]],
    ['no operators', [0]],
  ] as const) {
    test(what, () => assert.equal(problem(moduleOf(...body))[0], 'function-not-readable'));
  }

  test('a damaged module', () => {
    assert.equal(problem(core([10, 99, 1]))[0], 'program-not-a-module');
  });

  test('a function that the module does not define', () => {
    const bytes = moduleOf(0, 0x0b);
    assert.throws(() => rewrite(bytes, { functions: [{ functionIndex: 1, probes: [] }] }), RangeError);
    const twice = { functionIndex: 0, probes: [] };
    assert.throws(() => rewrite(bytes, { functions: [twice, twice] }), RangeError);
  });
});

test('supertypes are indices, also those that look like negative numbers', async () => {
  const bytes = new Uint8Array(await readFile(path.join(root, 'test/guests/language/language.wasm')));
  const types = readModuleTypes(readShape(bytes));
  const supertypes = types.flatMap(({ supertypes }, index) =>
    (supertypes ?? []).map((supertype) => ({ supertype, index })),
  );
  assert.ok(supertypes.some(({ supertype }) => supertype >= 64 && supertype < 128));
  for (const { supertype, index } of supertypes) assert.ok(supertype >= 0 && supertype < index);
});
