import { bitsOf, isUnsigned, type NumberType, rangeOf, truncated } from '../number-types.ts';
import { type BinaryOperator, ExpressionError } from './syntax.ts';

/** A number of Kotlin: 64-bit integers as bigint, all others as number. */
export type KotlinNumber =
  { type: Exclude<NumberType, 'Long' | 'ULong'>; value: number } | { type: 'Long' | 'ULong'; value: bigint };

export type Arithmetic = '+' | '-' | '*' | '/' | '%';
export type Bitwise = 'and' | 'or' | 'xor' | 'shl' | 'shr' | 'ushr';

/** A value cut to the bits of an integer type, as Kotlin's conversions and overflows do. */
export function integer(type: NumberType, value: bigint): KotlinNumber {
  return { type, value: truncated(type, value) } as KotlinNumber;
}

function floating(type: 'Float' | 'Double', value: number): KotlinNumber {
  return { type, value: type === 'Float' ? Math.fround(value) : value };
}

/** What two numbers are calculated in (Kotlin's standard library: the overloads of `Int.plus` and its relatives). */
function commonType(left: NumberType, right: NumberType, operator: string): NumberType {
  const types = [left, right];
  if (types.every(isUnsigned)) return types.includes('ULong') ? 'ULong' : 'UInt';
  if (types.some(isUnsigned)) {
    throw new ExpressionError(
      `${left} ${operator} ${right} does not exist in Kotlin: convert one, for example with toLong()`,
    );
  }
  return (['Double', 'Float', 'Long'] as const).find((type) => types.includes(type)) ?? 'Int';
}

/** @throws ExpressionError where Kotlin does not compile it, or throws an ArithmeticException */
export function calculate(operator: Arithmetic, left: KotlinNumber, right: KotlinNumber): KotlinNumber {
  const type = commonType(left.type, right.type, operator);
  if (type === 'Float' || type === 'Double') {
    return floating(type, floatingResult(operator, Number(left.value), Number(right.value)));
  }
  return integer(type, integerResult(operator, BigInt(left.value), BigInt(right.value)));
}

function floatingResult(operator: Arithmetic, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '%':
      return left % right;
  }
}

function integerResult(operator: Arithmetic, left: bigint, right: bigint): bigint {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
    case '%':
      if (right === 0n) throw new ExpressionError('it divides by zero');
      return operator === '/' ? left / right : left % right;
  }
}

/** @throws ExpressionError where Kotlin does not compile it */
export function bitwise(operator: Bitwise, left: KotlinNumber, right: KotlinNumber): KotlinNumber {
  const { type } = left;
  const bits = bitsOf(type);
  const isShift = operator.startsWith('sh') || operator === 'ushr';
  if (bits === undefined || bits < 32 || (isShift ? right.type !== 'Int' : right.type !== type)) {
    throw new ExpressionError(`${type} ${operator} ${right.type} does not exist in Kotlin`);
  }
  const a = BigInt(left.value);
  const b = BigInt(right.value);
  // As Kotlin does: only the lowest bits of the distance count.
  const distance = BigInt.asUintN(bits === 64 ? 6 : 5, b);
  switch (operator) {
    case 'and':
      return integer(type, a & b);
    case 'or':
      return integer(type, a | b);
    case 'xor':
      return integer(type, a ^ b);
    case 'shl':
      return integer(type, a << distance);
    case 'shr':
      return integer(type, a >> distance);
    case 'ushr':
      return integer(type, BigInt.asUintN(bits, a) >> distance);
  }
}

/** `-x`; smaller integers become an Int. @throws ExpressionError for unsigned ones, which have no negative */
export function negate(operand: KotlinNumber): KotlinNumber {
  if (isUnsigned(operand.type)) throw new ExpressionError(`-${operand.type} does not exist in Kotlin`);
  if (operand.type === 'Float' || operand.type === 'Double') return floating(operand.type, -operand.value);
  return integer(operand.type === 'Long' ? 'Long' : 'Int', -BigInt(operand.value));
}

/** Kotlin's `toInt()` and its relatives; floating-point numbers are cut off at the ends of the integer's range. */
export function convert(operand: KotlinNumber, type: NumberType): KotlinNumber {
  if (type === 'Float' || type === 'Double') return floating(type, Number(operand.value));
  if (typeof operand.value === 'bigint') return integer(type, operand.value);
  if (
    Number.isInteger(operand.value) &&
    Number.isSafeInteger(operand.value) &&
    bitsOf(operand.type) !== undefined
  ) {
    return integer(type, BigInt(operand.value));
  }
  return saturate(operand.value, type);
}

function saturate(value: number, type: NumberType): KotlinNumber {
  if (Number.isNaN(value)) return integer(type, 0n);
  // To what is smaller than 32 bits, Kotlin goes by way of Int.
  const [lowest, highest] = rangeOf((bitsOf(type) ?? 32) > 32 ? type : isUnsigned(type) ? 'UInt' : 'Int');
  if (value <= Number(lowest)) return integer(type, lowest);
  if (value >= Number(highest)) return integer(type, highest);
  return integer(type, BigInt(Math.trunc(value)));
}

/** -1, 0 or 1; NaN where one of them is not a number. */
export function compareNumbers(left: KotlinNumber, right: KotlinNumber): number {
  const [a, b] = [left.value, right.value];
  // JavaScript compares numbers with bigints by their exact values.
  if (a < b) return -1;
  if (a > b) return 1;
  return Number.isNaN(Number(a)) || Number.isNaN(Number(b)) ? NaN : 0;
}

export function isArithmetic(operator: BinaryOperator): operator is Arithmetic {
  return ['+', '-', '*', '/', '%'].includes(operator);
}

export function isBitwise(operator: BinaryOperator): operator is Bitwise {
  return ['and', 'or', 'xor', 'shl', 'shr', 'ushr'].includes(operator);
}
