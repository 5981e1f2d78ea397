import type { KotlinObject } from './object.ts';
import type { NumberType } from '../number-types.ts';
import { integer, type KotlinValue } from './value.ts';

/** The standard library's classes of boxed numbers, and their only field. */
const BOXES: Readonly<Record<string, NumberType | 'Boolean' | 'Char'>> = {
  'kotlin.Boolean': 'Boolean',
  'kotlin.Char': 'Char',
  'kotlin.Byte': 'Byte',
  'kotlin.Short': 'Short',
  'kotlin.Int': 'Int',
  'kotlin.Long': 'Long',
  'kotlin.UByte': 'UByte',
  'kotlin.UShort': 'UShort',
  'kotlin.UInt': 'UInt',
  'kotlin.ULong': 'ULong',
  'kotlin.Float': 'Float',
  'kotlin.Double': 'Double',
};

/** Whether objects of this class hold a local that a lambda changes. */
export function isSharedBox(className: string): boolean {
  return className.startsWith('kotlin.internal.SharedVariableBox');
}

/**
 * What a box holds; null for any other object. A local that a lambda changes lives in a box of its own, which nobody wrote:
 * of its number nothing but the size is known.
 */
export function boxed(object: KotlinObject): KotlinValue | null {
  if (isSharedBox(object.class.name)) return object.field('element');
  const type = BOXES[object.class.name];
  if (type === undefined) return null;
  const [field] = object.class.fields;
  const held = field && object.fieldAt(field.index);
  // The box says what it holds: its field is a bare number.
  if (held?.kind !== 'erased') return null;
  if (type === 'Boolean') return { kind: 'boolean', value: Number(held.value) !== 0 };
  if (type === 'Char') return { kind: 'char', value: String.fromCharCode(Number(held.value) & 0xffff) };
  if (type === 'Float' || type === 'Double') return { kind: 'number', type, value: held.value };
  return integer(type, held.value);
}
