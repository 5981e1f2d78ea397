import { numberText } from '../values/display.ts';
import { isNumberType } from '../number-types.ts';
import { type KotlinNumber } from './arithmetic.ts';
import { ExpressionError } from './syntax.ts';

/** What an expression or a part of it comes to. */
export type Operand =
  | KotlinNumber
  | { type: 'Char' | 'String'; value: string }
  | { type: 'Boolean'; value: boolean }
  | { type: 'Null'; value: null }
  | { type: 'Range'; value: { from: Operand; to: Operand; open: boolean } }
  | { type: 'Object'; value: ObjectOperand };

/** An object of the guest as expressions see it. */
export interface ObjectOperand {
  /** Its class, as it is said to people: `demo.Acc`, `List`. */
  readonly className: string;
  /** Whether it is of the type that this name means; null where that is not known. */
  isInstanceOf(type: string): boolean | null;
  /** A field; undefined where it has none of that name. */
  member(name: string): Operand | undefined;
  /** Elements of an array or a collection, entries of a map; null for what has none. */
  readonly size: number | null;
  /** Element `index`, within `size`. */
  at(index: number): Operand;
  /** Whether it is looked up by keys. */
  readonly isMap: boolean;
  /** Key of entry `index` of a map. */
  keyAt(index: number): Operand;
  /** Whether both are the same object. */
  isSame(other: ObjectOperand): boolean;
  /** Whether Kotlin's `==` compares its contents, as that of data classes and collections does. */
  readonly comparesContents: boolean;
  /** As Kotlin's `toString` shows it. */
  readonly text: string;
}

/** What the names of an expression mean. */
export interface Scope {
  /** A local, or a member of `this`; undefined where there is none. */
  name(name: string): Operand | undefined;
  /** Null where nothing is `this`. */
  readonly self: Operand | null;
  /** Calls an exported function; undefined where none has that name. @throws ExpressionError */
  call(name: string, args: readonly Operand[]): Operand | undefined;
}

export const NULL: Operand = { type: 'Null', value: null };
const TRUE: Operand = { type: 'Boolean', value: true };
const FALSE: Operand = { type: 'Boolean', value: false };

export function toBoolean(value: boolean): Operand {
  return value ? TRUE : FALSE;
}

export function isNumber(operand: Operand): operand is KotlinNumber {
  return isNumberType(operand.type);
}

/** @param what where it stands, e.g. `the condition of if` */
export function booleanOf(operand: Operand, what: string): boolean {
  if (operand.type === 'Boolean') return operand.value;
  throw new ExpressionError(`${what} is ${describeType(operand)} and no Boolean`);
}

/** The type as it is said to people. */
export function describeType(operand: Operand): string {
  if (operand.type === 'Null') return 'null';
  return operand.type === 'Object' ? operand.value.className : operand.type;
}

/** As Kotlin's string templates show it. */
export function textOf(operand: Operand): string {
  switch (operand.type) {
    case 'Object':
      return operand.value.text;
    case 'Range': {
      const { from, to, open } = operand.value;
      return `${textOf(from)}${open ? '..<' : '..'}${textOf(to)}`;
    }
    case 'Float':
    case 'Double':
      return numberText(operand.value, operand.type);
    default:
      return String(operand.value);
  }
}
