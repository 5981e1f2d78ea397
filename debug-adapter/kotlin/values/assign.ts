import type { Stored } from '../../../protocol/kotlin.ts';
import { describeType, isNumber, type Operand } from '../expressions/operands.ts';
import { ExpressionError } from '../expressions/syntax.ts';
import type { Heap } from './heap.ts';
import { type NumberType, rangeOf } from '../number-types.ts';
import type { KotlinValue } from './value.ts';

/** Where a value lies that can be replaced: a local, a field, an element. */
export interface Slot {
  stored: Stored;
  /** What it holds now: its Kotlin type is that of what may come there. */
  value: () => KotlinValue;
  /** @param bytes as many as it takes, little-endian */
  putNumber: (bytes: Uint8Array) => void;
  /** @param handle what holds the reference */
  putReference: (handle: number) => void;
}

/**
 * Puts what an expression came to where a value of a primitive type or a String lies.
 *
 * @throws ExpressionError where it is of another type than what lies there
 */
export function assign(heap: Heap, slot: Slot, operand: Operand): void {
  const now = slot.value();
  if (slot.stored === 'ref') {
    if (now.kind !== 'string') {
      throw new ExpressionError('only numbers, Booleans, Chars and Strings that are there can be replaced');
    }
    if (operand.type !== 'String') throw mismatch('String', operand);
    slot.putReference(heap.makeString(now.string, operand.value));
    return;
  }
  if (slot.stored === 'none' || slot.stored === 'v128') throw new ExpressionError('it is no number');
  slot.putNumber(bytesOf(slot.stored, numberFor(now, operand)));
}

function mismatch(type: string, operand: Operand): ExpressionError {
  return new ExpressionError(`a value of type ${type} is wanted, and this is ${describeType(operand)}`);
}

/** The number that stands for an operand where such a value lies. */
function numberFor(now: KotlinValue, operand: Operand): number | bigint {
  switch (now.kind) {
    case 'boolean':
      if (operand.type === 'Boolean') return operand.value ? 1 : 0;
      throw mismatch('Boolean', operand);
    case 'char':
      if (operand.type === 'Char') return operand.value.charCodeAt(0);
      throw mismatch('Char', operand);
    case 'wrapped':
      return numberFor(now.value, operand);
    case 'number':
      return numberOfType(now.type, operand);
    case 'erased': {
      if (!isNumber(operand)) throw mismatch(now.stored, operand);
      if (now.stored === 'f32' || now.stored === 'f64') return Number(operand.value);
      const bits = Number(now.stored.slice(1));
      return whole(operand, now.stored, -(2n ** BigInt(bits - 1)), 2n ** BigInt(bits) - 1n);
    }
    default:
      throw new ExpressionError('it is no number');
  }
}

/** As Kotlin takes a literal where a type is wanted: `3` may be a Byte, a Long or a UInt, but not a Double. */
function numberOfType(type: NumberType, operand: Operand): number | bigint {
  if (!isNumber(operand)) throw mismatch(type, operand);
  const isReal = operand.type === 'Float' || operand.type === 'Double';
  if (type === 'Float' || type === 'Double') {
    if (!isReal) throw mismatch(type, operand);
    return operand.value;
  }
  const [least, most] = rangeOf(type);
  return whole(operand, type, least, most);
}

function whole(operand: Operand, type: string, least: bigint, most: bigint): bigint {
  if (!isNumber(operand) || operand.type === 'Float' || operand.type === 'Double')
    throw mismatch(type, operand);
  const value = BigInt(operand.value);
  if (value >= least && value <= most) return value;
  throw new ExpressionError(`${value} is outside of ${least} to ${most}, the range of ${type}`);
}

function bytesOf(stored: Exclude<Stored, 'ref' | 'none' | 'v128'>, value: number | bigint): Uint8Array {
  const view = new DataView(new ArrayBuffer(8));
  if (stored === 'f32') view.setFloat32(0, Number(value), true);
  else if (stored === 'f64') view.setFloat64(0, Number(value), true);
  else view.setBigInt64(0, BigInt(value), true);
  return new Uint8Array(view.buffer, 0, Number(stored.slice(1)) / 8);
}
