import { isNumberType } from '../number-types.ts';
import { convert } from './arithmetic.ts';
import { equal, holds } from './comparison.ts';
import {
  describeType,
  isNumber,
  NULL,
  type ObjectOperand,
  type Operand,
  textOf,
  toBoolean,
} from './operands.ts';
import { ExpressionError } from './syntax.ts';

const int = (value: number): Operand => ({ type: 'Int', value });
const string = (value: string): Operand => ({ type: 'String', value });
const char = (value: string): Operand => ({ type: 'Char', value });

/** A property, e.g. `name.length`, `list.size`, `acc.total`. @throws ExpressionError where there is none */
export function property(object: Operand, name: string): Operand {
  if (object.type === 'Null') throw new ExpressionError(`what ${name} is asked of is null`);
  if (object.type === 'String' && name === 'length') return int(object.value.length);
  if (object.type === 'Char' && name === 'code') return int(object.value.charCodeAt(0));
  if (object.type === 'Object') {
    const { value } = object;
    const own = value.member(name);
    if (own) return own;
    if (value.size !== null && name === 'size') return int(value.size);
    if (value.size !== null && name === 'lastIndex') return int(value.size - 1);
  }
  throw new ExpressionError(`${describeType(object)} has no ${name} that is known`);
}

/** `object[index]`. @throws ExpressionError where there is no such element */
export function element(object: Operand, index: Operand): Operand {
  if (object.type === 'Object' && object.value.isMap) return valueFor(object.value, index);
  const size = sizeOf(object);
  if (size === null) throw new ExpressionError(`${describeType(object)} has no elements`);
  if (index.type !== 'Int') throw new ExpressionError(`an index is an Int and not ${describeType(index)}`);
  if (index.value < 0 || index.value >= size) {
    throw new ExpressionError(`index ${index.value} is outside of 0 to ${size - 1}`);
  }
  if (object.type === 'String') return char(object.value[index.value] ?? '');
  return object.type === 'Object' ? object.value.at(index.value) : NULL;
}

function valueFor(map: ObjectOperand, key: Operand): Operand {
  for (let i = 0; i < (map.size ?? 0); i++) if (equal(map.keyAt(i), key)) return map.at(i);
  return NULL;
}

function sizeOf(object: Operand): number | null {
  if (object.type === 'String') return object.value.length;
  return object.type === 'Object' ? object.value.size : null;
}

type Method = (object: Operand, args: readonly Operand[]) => Operand | undefined;

/** Functions without effects that people use in conditions. Undefined where the receiver has none of that name. */
const METHODS: Record<string, Method> = {
  isEmpty: (object) => bySize(object, (size) => toBoolean(size === 0)),
  isNotEmpty: (object) => bySize(object, (size) => toBoolean(size > 0)),
  isNullOrEmpty: (object) =>
    object.type === 'Null' ? toBoolean(true) : bySize(object, (size) => toBoolean(size === 0)),
  count: (object) => bySize(object, int),
  first: (object) => bySize(object, () => element(object, int(0))),
  last: (object) => bySize(object, (size) => element(object, int(size - 1))),
  get: (object, [index]) => (index ? element(object, index) : undefined),
  getOrNull: (object, [index]) =>
    bySize(object, (size) =>
      index?.type === 'Int' && index.value >= 0 && index.value < size ? element(object, index) : NULL,
    ),
  contains: (object, [sought]) => (sought ? toBoolean(holds(object, sought)) : undefined),
  containsKey: (object, [sought]) => (sought ? toBoolean(holds(object, sought)) : undefined),
  startsWith: textTest((text, other) => text.startsWith(other)),
  endsWith: textTest((text, other) => text.endsWith(other)),
  uppercase: (object) => (object.type === 'String' ? string(object.value.toUpperCase()) : undefined),
  lowercase: (object) => (object.type === 'String' ? string(object.value.toLowerCase()) : undefined),
  trim: (object) => (object.type === 'String' ? string(object.value.trim()) : undefined),
  equals: (object, [other]) => (other ? toBoolean(equal(object, other)) : undefined),
  toString: (object: Operand) => string(textOf(object)),
};

function bySize(object: Operand, made: (size: number) => Operand): Operand | undefined {
  const size = sizeOf(object);
  return size === null ? undefined : made(size);
}

function textTest(test: (text: string, other: string) => boolean): Method {
  return (object, [other]) =>
    object.type === 'String' && (other?.type === 'String' || other?.type === 'Char')
      ? toBoolean(test(object.value, other.value))
      : undefined;
}

/** `object.name(args)`, for what can be calculated without running the guest. @throws ExpressionError for all else */
export function callMember(object: Operand, name: string, args: readonly Operand[]): Operand {
  const target = /^to(\w+)$/.exec(name)?.[1] ?? '';
  if (args.length === 0 && isNumber(object)) {
    if (isNumberType(target)) return convert(object, target);
    if (target === 'Char' && typeof object.value === 'number') return char(String.fromCharCode(object.value));
  }
  const method = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
  if (object.type === 'Null' && name !== 'isNullOrEmpty' && name !== 'toString') {
    throw new ExpressionError(`what ${name}() is called on is null`);
  }
  const result = method?.(object, args);
  if (result) return result;
  throw new ExpressionError(
    `${name}() of ${describeType(object)} is not among the functions that a debugger can evaluate ` +
      `(${Object.keys(METHODS).join(', ')}, and conversions such as toInt)`,
  );
}
