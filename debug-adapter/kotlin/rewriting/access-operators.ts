import { ByteReader } from '../../wasm/byte-reader.ts';
import type { Operator } from './body-decoder.ts';
import { TYPE } from './opcodes.ts';

/** What an operator does to linear memory whose addresses are `i32`. */
export interface AccessOperator {
  /** Value types of its operands, the address first, and of its result. */
  parameters: readonly number[];
  result: number | null;
  /** Added to the address. */
  offset: number;
  /** Which operands are the addresses that it reads and writes from; null where it does not. */
  reads: number | null;
  writes: number | null;
  /** Bytes; null where the third operand says how many. */
  size: number | null;
}

const { i32, i64, f32, f64, v128 } = TYPE;

/** Value type and bytes of 0x28 to 0x35, `i32.load` to `i64.load32_u` (core spec §5.4.6). */
const LOADS: readonly (readonly [type: number, size: number])[] = [
  [i32, 4],
  [i64, 8],
  [f32, 4],
  [f64, 8],
  [i32, 1],
  [i32, 1],
  [i32, 2],
  [i32, 2],
  [i64, 1],
  [i64, 1],
  [i64, 2],
  [i64, 2],
  [i64, 4],
  [i64, 4],
];
const FIRST_LOAD = 0x28;
/** The same of 0x36 to 0x3e, `i32.store` to `i64.store32`. */
const STORES: typeof LOADS = [
  [i32, 4],
  [i64, 8],
  [f32, 4],
  [f64, 8],
  [i32, 1],
  [i32, 2],
  [i64, 1],
  [i64, 2],
  [i64, 4],
];
const FIRST_STORE = 0x36;
/** wasmparser's numbers of the vector operators begin here. */
const VECTOR = 0xfd000;
/** Bytes that `v128.load` to `v128.load64_splat` read, 0xfd 0 to 10. */
const VECTOR_LOADS = [16, 8, 8, 8, 8, 8, 8, 1, 2, 4, 8];
const VECTOR_STORE = 11;
/** `v128.load8_lane` to `v128.load64_lane`, and the stores after them. */
const LOAD_LANE = 0x54;
const STORE_LANE = 0x58;
/** `v128.load32_zero` and `v128.load64_zero`. */
const LOAD_ZERO = 0x5c;
const MEMORY_INIT = 0xfc08;
const MEMORY_COPY = 0xfc0a;
const MEMORY_FILL = 0xfc0b;

function load(result: number, size: number, lane = false): Omit<AccessOperator, 'offset'> {
  return { parameters: lane ? [i32, v128] : [i32], result, reads: 0, writes: null, size };
}

function store(value: number, size: number): Omit<AccessOperator, 'offset'> {
  return { parameters: [i32, value], result: null, reads: null, writes: 0, size };
}

function bulk(reads: number | null): AccessOperator {
  return { parameters: [i32, i32, i32], result: null, offset: 0, reads, writes: 0, size: null };
}

function argumentOf(code: number): Omit<AccessOperator, 'offset'> | null {
  const loaded = LOADS[code - FIRST_LOAD];
  if (loaded) return load(...loaded);
  const stored = STORES[code - FIRST_STORE];
  if (stored) return store(...stored);
  const vector = code - VECTOR;
  const size = VECTOR_LOADS[vector];
  if (size !== undefined) return load(v128, size);
  if (vector === VECTOR_STORE) return store(v128, 16);
  if (vector >= LOAD_LANE && vector < STORE_LANE) return load(v128, 2 ** (vector - LOAD_LANE), true);
  if (vector >= STORE_LANE && vector < LOAD_ZERO) return store(v128, 2 ** (vector - STORE_LANE));
  if (vector === LOAD_ZERO || vector === LOAD_ZERO + 1) return load(v128, vector === LOAD_ZERO ? 4 : 8);
  return null;
}

/**
 * What an operator does to memory 0; null where it does nothing to that. Atomic operators are not among them: Kotlin
 * writes none, and WasmEdge has them off.
 */
export function accessOperator(bytes: Uint8Array, { code, start }: Operator): AccessOperator | null {
  const reader = new ByteReader(bytes, start + 1);
  if (code > 0xff) reader.skipLeb(); // the second part of a prefixed opcode
  switch (code) {
    case MEMORY_INIT:
      reader.skipLeb(); // the data segment
      return reader.u32() === 0 ? bulk(null) : null;
    case MEMORY_COPY: {
      const [to, from] = [reader.u32(), reader.u32()];
      if (to !== 0 && from !== 0) return null;
      return { ...bulk(from === 0 ? 1 : null), writes: to === 0 ? 0 : null };
    }
    case MEMORY_FILL:
      return reader.u32() === 0 ? bulk(null) : null;
  }
  const access = argumentOf(code);
  if (!access) return null;
  // Bit 6 of the alignment says that a memory index follows.
  if ((reader.u32() & 0x40) !== 0 && reader.u32() !== 0) return null;
  return { ...access, offset: reader.u32() };
}
