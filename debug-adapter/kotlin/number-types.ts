/** Kotlin's types of numbers (Kotlin specification, "Built-in types"). */
export type NumberType =
  'Byte' | 'Short' | 'Int' | 'Long' | 'UByte' | 'UShort' | 'UInt' | 'ULong' | 'Float' | 'Double';

const BITS: Partial<Record<string, number>> = {
  Byte: 8,
  UByte: 8,
  Short: 16,
  UShort: 16,
  Int: 32,
  UInt: 32,
  Long: 64,
  ULong: 64,
};

export function isNumberType(type: string): type is NumberType {
  return Object.hasOwn(BITS, type) || type === 'Float' || type === 'Double';
}

/** Of an integer type; undefined for all others. */
export function bitsOf(type: string): number | undefined {
  return Object.hasOwn(BITS, type) ? BITS[type] : undefined;
}

export function isUnsigned(type: NumberType): boolean {
  return type.startsWith('U');
}

/** Of an integer type: its least and its greatest number. */
export function rangeOf(type: NumberType): [least: bigint, greatest: bigint] {
  const bits = BigInt(BITS[type] ?? 64);
  return isUnsigned(type) ? [0n, 2n ** bits - 1n] : [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n];
}

/** The bits of a number as an integer type has them, as Kotlin's conversions and overflows do: 64-bit ones as bigint. */
export function truncated(type: NumberType, raw: number | bigint): number | bigint {
  const bits = BITS[type] ?? 64;
  const value = isUnsigned(type) ? BigInt.asUintN(bits, BigInt(raw)) : BigInt.asIntN(bits, BigInt(raw));
  return bits === 64 ? value : Number(value);
}
