import type { WasmValue } from 'wasmedge-napi';
import type { PassedResult } from '../../protocol/runner.ts';
import type { ValueType } from '../../protocol/values.ts';
import type { GuestMemory } from './guest-memory.ts';
import { type MeasuredResult, measureAt } from './size-policies.ts';
import { unsigned } from './values.ts';

/** Where the result of an export lies; or where the pair (pointer, size) would have to lie that says so. */
export type FoundResult = MeasuredResult | { pairOutside: { address: number; size: number } };

/**
 * Finds the result that an export has returned.
 *
 * @param out address of the pair that the guest was to fill, for a result that is passed out
 * @param wide addresses have 64 bits
 */
export function findResult(
  memory: GuestMemory,
  { as, sizePolicy, sizeFirst }: PassedResult,
  [returned]: readonly WasmValue[],
  out: number,
  wide: boolean,
): FoundResult {
  if (as === 'pointer') return measureAt(memory, unsigned(returned), sizePolicy, 0);
  if (as === 'packed') {
    const both = typeof returned === 'bigint' ? returned : 0n;
    const upper = Number(BigInt.asUintN(32, both >> 32n));
    const lower = Number(BigInt.asUintN(32, both));
    return sizeFirst ? measureAt(memory, lower, 'param', upper) : measureAt(memory, upper, 'param', lower);
  }
  const address = as === 'pair' ? unsigned(returned) : out;
  const size = pairBytes(wide);
  if (!memory.holds(address, size)) return { pairOutside: { address, size } };
  const pair = Buffer.from(memory.read(address, size));
  const first = wide ? Number(pair.readBigUInt64LE(0)) : pair.readUInt32LE(0);
  const second = wide ? Number(pair.readBigUInt64LE(8)) : pair.readUInt32LE(4);
  return sizeFirst ? measureAt(memory, second, 'param', first) : measureAt(memory, first, 'param', second);
}

/** Bytes of a pair (pointer, size). */
export function pairBytes(wide: boolean): number {
  return wide ? 16 : 8;
}

/** An address or size as a parameter of its type. */
export function sizeParam(type: ValueType | undefined, value: number): WasmValue {
  return type === 'i64' ? BigInt(value) : value | 0;
}
