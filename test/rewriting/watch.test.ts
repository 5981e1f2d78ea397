import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Instance, WasmValue } from 'wasmedge-napi';
import { ACCESS_SITE, type Rewritten } from '../../debug-adapter/kotlin/rewriting/plan.ts';
import { rewrite } from '../../debug-adapter/kotlin/rewriting/rewrite.ts';
import { wat } from '../../wasmedge-napi/test/support/wat.ts';
import { connectStops, stoppingEngine } from './support/stops.ts';

/** A guest whose accesses to memory are gathered. */
class Watched {
  readonly accesses: string[] = [];
  readonly #instance: Instance;
  readonly #rewritten: Rewritten;

  constructor(source: string) {
    this.#rewritten = rewrite(wat(source), { functions: [], memoryAccesses: true });
    const engine = stoppingEngine((site) => {
      assert.equal(site, ACCESS_SITE);
      this.accesses.push(this.#access());
    });
    this.#instance = engine.instantiate(engine.load(this.#rewritten.bytes));
    connectStops(engine, this.#instance, this.#rewritten);
  }

  get #layout() {
    assert(this.#rewritten.watch);
    return this.#rewritten.watch;
  }
  get #memory() {
    return this.#instance.memory(this.#rewritten.exports.memory);
  }

  /** `write 16+4`, with what lies there now. */
  #access(): string {
    const bytes = this.#memory.read(this.#layout.accessAt, 12);
    const [start = 0, size = 0, kind] = new Uint32Array(bytes.slice().buffer);
    const now = Buffer.from(this.#instance.memory('memory').read(start, size)).toString('hex');
    return `${kind === 1 ? 'read' : 'write'} ${start}+${size} ${now}`;
  }

  /** @param kinds 1 reads, 2 writes, 3 both */
  watch(first: number, last: number, kinds = 3): this {
    this.#memory.write(this.#layout.rangeAt, new Uint8Array(Uint32Array.of(first, last, kinds).buffer));
    this.#memory.write(this.#layout.watchingAt, Uint8Array.of(1));
    return this;
  }
  unwatch(): void {
    this.#memory.write(this.#layout.watchingAt, Uint8Array.of(0));
  }

  /** What it returns, and what it reached meanwhile. */
  call(name: string, ...params: (number | bigint)[]): [WasmValue[], string[]] {
    this.accesses.length = 0;
    const results = this.#instance.func(name).call(...params);
    return [results, [...this.accesses]];
  }
}

/** A function of each operator: `(address) -> (its result)`; stores write 0x…0102 and so on. */
const OPERATORS: [name: string, code: string, result: string, access: string][] = [
  ...(
    [
      ['i32.load', 'i32', 4],
      ['i32.load8_s', 'i32', 1],
      ['i32.load8_u', 'i32', 1],
      ['i32.load16_s', 'i32', 2],
      ['i32.load16_u', 'i32', 2],
      ['i64.load', 'i64', 8],
      ['i64.load8_s', 'i64', 1],
      ['i64.load8_u', 'i64', 1],
      ['i64.load16_s', 'i64', 2],
      ['i64.load16_u', 'i64', 2],
      ['i64.load32_s', 'i64', 4],
      ['i64.load32_u', 'i64', 4],
      ['f32.load', 'f32', 4],
      ['f64.load', 'f64', 8],
    ] as const
  ).map(([name, type, size]): [string, string, string, string] => [
    name,
    `(${name} offset=3 (local.get 0))`,
    type,
    `read 19+${size} ${'11'.repeat(size)}`,
  ]),
  ...(
    [
      ['i32.store', 'i32.const 0x04030201', 4],
      ['i32.store8', 'i32.const 0x04030201', 1],
      ['i32.store16', 'i32.const 0x04030201', 2],
      ['i64.store', 'i64.const 0x0807060504030201', 8],
      ['i64.store8', 'i64.const 0x0807060504030201', 1],
      ['i64.store16', 'i64.const 0x0807060504030201', 2],
      ['i64.store32', 'i64.const 0x0807060504030201', 4],
    ] as const
  ).map(([name, value, size]): [string, string, string, string] => [
    name,
    `(${name} offset=3 (local.get 0) (${value}))`,
    '',
    `write 19+${size} ${'0102030405060708'.slice(0, 2 * size)}`,
  ]),
  ['f32.store', '(f32.store offset=3 (local.get 0) (f32.const 1))', '', 'write 19+4 0000803f'],
  ['f64.store', '(f64.store offset=3 (local.get 0) (f64.const 1))', '', 'write 19+8 000000000000f03f'],
  ['memory.fill', '(memory.fill (local.get 0) (i32.const 5) (i32.const 3))', '', 'write 16+3 050505'],
  ['memory.init', '(memory.init $data (local.get 0) (i32.const 1) (i32.const 2))', '', 'write 16+2 2222'],
];

const MODULE = `(module (memory (export "memory") 1) (data $data "\\22\\22\\22\\22")
  ${OPERATORS.map(([name, code, result]) => `(func (export "${name}") (param i32) ${result && `(result ${result})`} ${code})`).join('\n')}
  (func (export "set") (param i32 i32) (i32.store8 (local.get 0) (local.get 1)))
  (func (export "copy") (param i32 i32 i32) (memory.copy (local.get 0) (local.get 1) (local.get 2)))
  (func (export "vector") (param i32) (result i32)
    (v128.store (local.get 0) (v128.load8_splat (i32.const 64)))
    (v128.store16_lane 1 (i32.const 40) (v128.load32_lane 0 (i32.const 60) (v128.const i64x2 0 0)))
    (i32x4.extract_lane 0 (v128.load64_zero (local.get 0)))))`;

describe('accesses to memory', () => {
  for (const [name, , , access] of OPERATORS) {
    test(`of ${name} are seen where they are watched`, () => {
      const guest = new Watched(MODULE);
      guest.call('memory.fill', 16); // what is read must not be all zeros
      for (let at = 16; at < 32; at++) guest.call('set', at, 0x11);
      const before = guest.call(name, 16);
      assert.deepEqual(before[1], []);
      for (let at = 16; at < 32; at++) guest.call('set', at, 0x11);
      guest.watch(16, 31);
      const [results, seen] = guest.call(name, 16);
      assert.deepEqual(seen, [access]);
      assert.deepEqual(results, before[0]);
      // Of the other kind, before and behind, and not any more.
      guest.watch(16, 31, access.startsWith('read') ? 2 : 1);
      assert.deepEqual(guest.call(name, 16)[1], []);
      guest.watch(0, 15);
      assert.deepEqual(guest.call(name, 16)[1], []);
      guest.watch(27, 31);
      assert.deepEqual(guest.call(name, 16)[1], []);
      guest.watch(16, 31).unwatch();
      assert.deepEqual(guest.call(name, 16)[1], []);
    });
  }

  test('the first and the last watched byte count, those around do not', () => {
    const guest = new Watched(MODULE).watch(100, 101);
    assert.deepEqual(
      [99, 100, 101, 102].map((at) => guest.call('set', at, 7)[1].length),
      [0, 1, 1, 0],
    );
  });

  test('copying reads and writes, and nothing where it copies no byte', () => {
    const guest = new Watched(MODULE);
    guest.call('set', 8, 9);
    guest.watch(8, 8, 1);
    assert.deepEqual(guest.call('copy', 100, 8, 4)[1], ['read 8+4 09000000']);
    guest.watch(100, 100, 2);
    assert.deepEqual(guest.call('copy', 100, 8, 4)[1], ['write 100+4 09000000']);
    assert.deepEqual(guest.call('copy', 100, 8, 0)[1], []);
  });

  test('of vectors and their lanes are seen', () => {
    const guest = new Watched(MODULE).watch(0, 100);
    const zeros = '00'.repeat(16);
    assert.deepEqual(guest.call('vector', 16)[1], [
      'read 64+1 00',
      `write 16+16 ${zeros}`,
      'read 60+4 00000000',
      'write 40+2 0000',
      'read 16+8 0000000000000000',
    ]);
  });

  test('one outside of memory traps as it did, and is not taken for the next one', () => {
    const guest = new Watched(MODULE).watch(65535, 65536);
    assert.throws(() => guest.call('i32.load', 65530 + 3), /out of bounds/);
    assert.deepEqual(guest.accesses, []);
    assert.deepEqual(guest.call('set', 5, 1)[1], []);
  });

  test('a module without memory, or with one of 64 bits, cannot be watched', () => {
    const plan = { functions: [], memoryAccesses: true };
    assert.equal(rewrite(wat('(module (func))'), plan).watch, null);
    assert.equal(
      rewrite(wat('(module (memory i64 1) (func (drop (i32.load (i64.const 0)))))'), plan).watch,
      null,
    );
  });
});
