import type { Stored, WrappedType } from '../../../protocol/kotlin.ts';
import { bitsOf, type NumberType, truncated } from '../number-types.ts';
import type { KotlinObject } from './object.ts';
import type { KotlinString } from './string.ts';

/**
 * A value as Kotlin has it. What was boxed (`Int?`, an element of a list) is its number, Boolean or Char again; objects are
 * read when something of them is asked for, and can be asked until the guest goes on.
 */
export type KotlinValue =
  | { kind: 'null' }
  | { kind: 'boolean'; value: boolean }
  /** One UTF-16 unit. */
  | { kind: 'char'; value: string }
  /** Long and ULong are bigints. */
  | { kind: 'number'; type: NumberType; value: number | bigint }
  /** A number whose Kotlin type is not known: it may be a Boolean, a Char, … Signed; i64 as bigint. */
  | { kind: 'erased'; stored: Exclude<Stored, 'ref' | 'none' | 'v128'>; value: number | bigint }
  | { kind: 'string'; string: KotlinString }
  /** A value class that is not boxed; `type` is its name with its package, `field` what it wraps. */
  | { kind: 'wrapped'; type: string; field: string; value: KotlinValue }
  | { kind: 'object'; object: KotlinObject }
  /** What cannot be looked into: an object of a class that is not known, 128 bits. `text` says what it is. */
  | { kind: 'opaque'; text: string };

export const NULL: KotlinValue = { kind: 'null' };

const SIGNED: Partial<Record<Stored, NumberType>> = { i8: 'Byte', i16: 'Short', i32: 'Int', i64: 'Long' };

/**
 * A number that is stored as `stored`, as what Kotlin's type makes of it. A type that does not go with how it is stored is
 * not believed.
 *
 * @param raw signed or not
 * @param wrappedBy what a value class of that name wraps; null where it is none
 */
export function numberOf(
  stored: Exclude<Stored, 'ref' | 'none' | 'v128'>,
  raw: number | bigint,
  kotlinType: string | undefined,
  wrappedBy: (name: string) => WrappedType | null,
): KotlinValue {
  if (stored === 'f32' || stored === 'f64') {
    const type = stored === 'f32' ? 'Float' : 'Double';
    if (kotlinType === type) return { kind: 'number', type, value: raw };
  } else if (kotlinType === 'Boolean' && (stored === 'i8' || stored === 'i32')) {
    return { kind: 'boolean', value: Number(raw) !== 0 };
  } else if (kotlinType === 'Char' && (stored === 'i16' || stored === 'i32')) {
    return { kind: 'char', value: String.fromCharCode(Number(raw) & 0xffff) };
  } else {
    const bits = bitsOf(kotlinType ?? '');
    // Byte and Short lie in locals as i32.
    const room = bitsOf(SIGNED[stored] ?? '') ?? 0;
    if (bits !== undefined && (bits === room || (stored === 'i32' && bits < 32))) {
      return integer(kotlinType as NumberType, raw);
    }
  }
  const wrapped = kotlinType === undefined ? null : wrappedBy(kotlinType);
  if (wrapped && kotlinType !== undefined) {
    const value = numberOf(stored, raw, wrapped.kotlinType, wrappedBy);
    return { kind: 'wrapped', type: kotlinType, field: wrapped.field, value };
  }
  const signed = SIGNED[stored];
  return { kind: 'erased', stored, value: signed ? truncated(signed, raw) : raw };
}

/** The bits of a number as an integer type has them. */
export function integer(type: NumberType, raw: number | bigint): KotlinValue {
  return { kind: 'number', type, value: truncated(type, raw) };
}
