import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Instance, WasmInput } from 'wasmedge-napi';
import { decodeBody } from '../../debug-adapter/kotlin/rewriting/body-decoder.ts';
import { type Frame, readFrames, RELOAD_AT } from '../../debug-adapter/kotlin/rewriting/frames.ts';
import { readShape } from '../../debug-adapter/kotlin/rewriting/module-shape.ts';
import { type Rewritten, STACK_LIMIT_SITE } from '../../debug-adapter/kotlin/rewriting/plan.ts';
import { rewrite } from '../../debug-adapter/kotlin/rewriting/rewrite.ts';
import { atLeast } from '../../wasmedge-napi/test/support/engine.ts';
import { wat } from '../../wasmedge-napi/test/support/wat.ts';
import { arm, connectStops, stoppingEngine } from './support/stops.ts';

const NOP = 0x01;

/** A guest whose every `nop` is a site, all armed, and whose first `kept` locals are kept. */
class Guest {
  readonly rewritten: Rewritten;
  readonly instance: Instance;
  onStop: (site: number) => void = () => undefined;

  constructor(source: string, { depth = 1000, kept = 8 } = {}) {
    const bytes = wat(source);
    const { bodies, importedFunctions } = readShape(bytes);
    this.rewritten = rewrite(bytes, {
      stack: { depth },
      functions: bodies.map((body, i) => ({
        functionIndex: importedFunctions + i,
        probes: decodeBody(bytes, body).operators.flatMap(({ code, start }) => (code === NOP ? [start] : [])),
        locals: Array.from({ length: kept }, (_, local) => local),
      })),
    });
    const engine = stoppingEngine((site) => this.onStop(site));
    this.instance = engine.instantiate(engine.load(this.rewritten.bytes));
    connectStops(engine, this.instance, this.rewritten);
    for (const { site } of this.rewritten.sites) arm(this.instance, this.rewritten, site, true);
  }

  call(name: string, ...params: WasmInput[]): unknown[] {
    return this.instance.func(name).call(...params);
  }

  get memory(): DataView {
    return new DataView(this.instance.memory(this.rewritten.exports.memory).buffer);
  }

  get stackPointer(): number {
    return Number(this.instance.global(this.rewritten.exports.stackPointer ?? '').value);
  }

  get frames(): Frame[] {
    return readFrames(new Uint8Array(this.memory.buffer), this.rewritten.memory.stackAt, this.stackPointer);
  }

  /** Where a frame keeps a local. */
  address(frame: Frame | undefined, local: number): number {
    const found = this.rewritten.functions.find(
      ({ functionIndex }) => functionIndex === frame?.functionIndex,
    );
    const slot = found?.slots.find((each) => each.local === local);
    assert(frame && slot, `local ${local} is not kept`);
    return frame.address + 8 * slot.slot;
  }

  assertEmpty(): void {
    assert.equal(this.stackPointer, this.rewritten.memory.stackAt);
  }
}

test('frames of a recursion, outermost first, each with its parameter and where it stands', () => {
  const guest = new Guest(`(module (func $f (export "f") (param i32) (result i32)
    (if (result i32) (i32.eqz (local.get 0)) (then nop (i32.const 0))
      (else (i32.add (i32.const 1) (call $f (i32.sub (local.get 0) (i32.const 1))))))))`);
  let seen = 0;
  guest.onStop = (site) => {
    seen += 1;
    const { frames } = guest;
    assert.deepEqual(
      frames.map((frame) => [frame.functionIndex, guest.memory.getInt32(guest.address(frame, 0), true)]),
      [3, 2, 1, 0].map((value) => [0, value]),
    );
    const standing = frames.map(({ offset }) => offset);
    assert.equal(standing.pop(), guest.rewritten.sites[site]?.offset);
    assert.equal(new Set(standing).size, 1);
  };
  assert.deepEqual(guest.call('f', 3), [3]);
  assert.equal(seen, 1);
  guest.assertEmpty();
});

describe('the frame is given back', () => {
  const guest = new Guest(`(module
    (type $none (func)) (table 1 funcref) (elem (i32.const 0) $leaf)
    (func $leaf (param i32) (result i32) nop local.get 0)
    (func $pair (export "pair") (result i32 i64) (block (br 1 (i32.const 1) (i64.const 2))) unreachable)
    (func $triple (param i32) (result i32 i64) (return (call $leaf (local.get 0)) (i64.const 9)))
    (func (export "end") (result i32) (call $leaf (i32.const 1)))
    (func (export "return") (result i32) (block (loop (if (i32.const 1) (then (return (i32.const 2)))))) (i32.const 0))
    (func (export "branch") (result i32) (block (loop (br 2 (i32.const 3)))) (i32.const 0))
    (func (export "table") (param i32) (result i32)
      (i32.add (i32.const 1) (block (result i32) (br_table 0 1 (i32.const 4) (local.get 0)))))
    (func (export "tail") (result i32) (return_call $leaf (i32.const 7)))
    (func (export "tail indirect") (result i32) (return_call_indirect (param i32) (result i32) (i32.const 8) (i32.const 0)))
    (func (export "several") (result i32 i64) (call $triple (i32.const 8)))
    (func (export "unreached") (result i32) (return (i32.const 10)) (return) (br 0)))`);
  for (const [name, params, results] of [
    ['end', [], [1]],
    ['return', [], [2]],
    ['branch', [], [3]],
    ['table', [0], [5]],
    ['table', [7], [4]],
    ['tail', [], [7]],
    ['tail indirect', [], [8]],
    ['several', [], [8, 9n]],
    ['pair', [], [1, 2n]],
    ['unreached', [], [10]],
  ] as const) {
    test(`at ${name}(${params.join()})`, () => {
      guest.onStop = () => assert(guest.frames.length > 0);
      assert.deepEqual(guest.call(name, ...params), results);
      guest.assertEmpty();
    });
  }

  test('to the next call, after a tail call', () => {
    guest.onStop = () =>
      assert.deepEqual(
        guest.frames.map(({ functionIndex }) => functionIndex),
        [0],
      );
    guest.call('tail');
    guest.call('tail indirect');
  });
});

describe('after an exception the frame that catches is the innermost', () => {
  const frames: number[] = [];
  const run = (guest: Guest, name: string, ...params: number[]) => {
    frames.length = 0;
    guest.onStop = () => frames.push(guest.frames.length);
    const results = guest.call(name, ...params);
    guest.assertEmpty();
    return [results, [...frames]];
  };
  const thrower = `(tag $e (param i32))
    (func $throw (param i32) (if (local.get 0) (then (call $throw (i32.sub (local.get 0) (i32.const 1))))
      (else nop (throw $e (i32.const 5)))))`;

  test('at the end of a block', () => {
    const guest = new Guest(`(module ${thrower} (func (export "f") (result i32)
      (block $h (result i32) (try_table (catch $e $h) (call $throw (i32.const 2))) (i32.const 0)) nop))`);
    assert.deepEqual(run(guest, 'f'), [[5], [4, 1]]);
  });
  test('at the end of the function', () => {
    const guest = new Guest(`(module ${thrower} (func (export "f") (result i32)
      (try_table (catch $e 0) (call $throw (i32.const 0))) (i32.const 0)))`);
    assert.deepEqual(run(guest, 'f'), [[5], [2]]);
  });
  test('at an if that holds the try_table', () => {
    const guest = new Guest(`(module ${thrower} (func (export "f") (param i32) (result i32)
      (if $h (result i32) (local.get 0) (then (try_table (catch $e $h) (call $throw (i32.const 0))) (i32.const 1))
        (else (i32.const 2))) nop))`);
    assert.deepEqual(run(guest, 'f', 1), [[5], [2, 1]]);
    assert.deepEqual(run(guest, 'f', 0), [[2], [1]]);
  });
  test(
    'in a handler of the older kind',
    { skip: atLeast(16) && 'this WasmEdge refuses legacy exception handling' },
    () => {
      // WasmEdge 0.14's catch_all leaves a tag's values on the stack, so that one has none.
      const guest = new Guest(`(module ${thrower} (tag $bare)
        (func $fail nop (throw $bare))
        (func (export "f") (result i32)
          (try (result i32) (do (call $throw (i32.const 2)) (i32.const 0)) (catch $e nop)))
        (func (export "g") (result i32)
          (try (result i32) (do (try (do (call $fail)) (catch_all nop (call $fail))) (i32.const 0))
            (catch_all nop (i32.const 7)))))`);
      assert.deepEqual(run(guest, 'f'), [[5], [4, 1]]);
      assert.deepEqual(run(guest, 'g'), [[7], [2, 1, 2, 1]]);
    },
  );
  test('and where nobody catches, the frames stay as they were at the throw', () => {
    const guest = new Guest(`(module ${thrower} (func (export "f") (call $throw (i32.const 2))))`);
    assert.throws(() => guest.call('f'), /uncaught exception/);
    assert.deepEqual(
      guest.frames.map(({ functionIndex }) => functionIndex),
      [1, 0, 0, 0],
    );
  });
});

describe('locals', () => {
  const source = `(module (func (export "f") (param i32 f64) (result i32)
    (local i64 f32 v128 i32 funcref)
    nop
    (local.set 2 (i64.const -2)) (local.set 3 (f32.const 0.5)) (local.set 4 (v128.const i64x2 3 4))
    (drop (local.tee 5 (i32.const 6)))
    nop
    (i32.add (local.get 0) (i32.add (i32.trunc_f64_s (local.get 1)) (i32.add (i32.wrap_i64 (local.get 2)) (local.get 5))))))`;
  const values = (guest: Guest) => {
    const [frame] = guest.frames;
    const at = (local: number) => guest.address(frame, local);
    const { memory } = guest;
    return [
      memory.getInt32(at(0), true),
      memory.getFloat64(at(1), true),
      memory.getBigInt64(at(2), true),
      memory.getFloat32(at(3), true),
      [memory.getBigInt64(at(4), true), memory.getBigInt64(at(4) + 8, true)],
      memory.getInt32(at(5), true),
    ];
  };

  test('of each type of number are kept: parameters from the beginning, others zero until they are written', () => {
    const guest = new Guest(source);
    const seen: unknown[] = [];
    guest.onStop = () => seen.push(values(guest));
    const expected = [
      [7, 0.25, 0n, 0, [0n, 0n], 0],
      [7, 0.25, -2n, 0.5, [3n, 4n], 6],
    ];
    assert.deepEqual(guest.call('f', 7, 0.25), [11]);
    // Again: what the first call left in the same place is gone.
    guest.call('f', 7, 0.25);
    assert.deepEqual(seen, [...expected, ...expected]);
  });

  test('that no host can read are left out, and where each is written is said', () => {
    const { rewritten } = new Guest(source);
    const [first, second] = rewritten.sites;
    const [slots] = rewritten.functions.map((each) => each.slots);
    assert(first && second && slots);
    assert.deepEqual(slots.map(({ local }) => local).sort(), [0, 1, 2, 3, 4, 5]);
    for (const { local, writtenFrom } of slots) {
      assert(writtenFrom !== null);
      assert.equal(writtenFrom <= first.offset, local < 2, `local ${local}`);
      assert(writtenFrom <= second.offset);
    }
  });

  test('get the values that the host wrote while the guest was stopped', () => {
    const guest = new Guest(source);
    guest.onStop = (site) => {
      if (site !== 1) return;
      const [frame] = guest.frames;
      guest.memory.setInt32(guest.address(frame, 0), 100, true);
      guest.memory.setFloat64(guest.address(frame, 1), 20.5, true);
      guest.memory.setBigInt64(guest.address(frame, 2), 3n, true);
      guest.memory.setUint8((frame?.address ?? 0) + RELOAD_AT, 1);
    };
    assert.deepEqual(guest.call('f', 7, 0.25), [129]);
    // Once only: the next stop changed nothing.
    guest.onStop = () => undefined;
    assert.deepEqual(guest.call('f', 7, 0.25), [11]);
  });

  for (const [name, how, result] of [
    ['when the call returns', '', 105],
    ['when it is left by an exception', '(throw $tag)', 107],
  ] as const) {
    test(`of a caller get the values that the host wrote: ${name}`, () => {
      const guest = new Guest(`(module (tag $tag)
        (func $inner (param i32) nop ${how})
        (func (export "f") (param i32) (result i32) (local i32)
          (local.set 1 (i32.const 2))
          (block (try_table (catch $tag 0)
            (call $inner (i32.const 9))
            (return (i32.add (local.get 0) (local.get 1)))))
          (i32.add (i32.const 2) (i32.add (local.get 0) (local.get 1)))))`);
      guest.onStop = () => {
        const [outer, inner] = guest.frames;
        assert(outer && inner);
        guest.memory.setInt32(guest.address(outer, 0), 100, true);
        guest.memory.setInt32(guest.address(outer, 1), 5, true);
        guest.memory.setUint8(outer.address + RELOAD_AT, 1);
        assert.deepEqual(
          guest.frames.map(({ functionIndex }) => functionIndex),
          [1, 0],
        );
      };
      assert.deepEqual(guest.call('f', 1), [result]);
      guest.onStop = () => undefined;
      assert.deepEqual(guest.call('f', 1), [how === '' ? 3 : 5], 'once only');
    });
  }

  test('stay what they are where the host changed its copies and did not say so', () => {
    const guest = new Guest(source);
    guest.onStop = () => guest.memory.setInt32(guest.address(guest.frames[0], 0), 100, true);
    assert.deepEqual(guest.call('f', 7, 0.25), [11]);
  });
});

describe('a stack that becomes too deep', () => {
  const recursing = (locals: number) => `(module
    (func $f (export "f") (param i32) (result i32) (local ${'i64 '.repeat(locals)})
      (if (result i32) (local.get 0)
        (then (i32.add (i32.const 1) (call $g (i32.sub (local.get 0) (i32.const 1))))) (else (i32.const 0))))
    (func $g (param i32) (result i32) (call $f (local.get 0))))`;

  for (const locals of [0, 40]) {
    test(`calls the stop function at the frame that is one too many, frames having ${locals} locals`, () => {
      const guest = new Guest(recursing(locals), { depth: 500, kept: locals });
      guest.onStop = (site) => {
        assert.equal(site, STACK_LIMIT_SITE);
        assert.equal(guest.frames.length, 500);
        throw new Error('too deep');
      };
      // f(n) has 2n + 1 frames.
      assert.deepEqual(guest.call('f', 249), [249]);
      guest.assertEmpty();
      assert.throws(() => guest.call('f', 250), /too deep/);
    });
  }

  test('goes on where the host lets it', () => {
    const guest = new Guest(recursing(3), { depth: 10 });
    let stops = 0;
    guest.onStop = () => (stops += 1);
    assert.deepEqual(guest.call('f', 100), [100]);
    assert.equal(stops, 191);
    guest.assertEmpty();
  });

  test('has room for as many frames as were asked for', () => {
    const guest = new Guest(recursing(40), { depth: 20_001, kept: 41 });
    const before = guest.memory.byteLength;
    assert.deepEqual(guest.call('f', 10_000), [10_000]);
    assert(guest.memory.byteLength > before);
  });
});
