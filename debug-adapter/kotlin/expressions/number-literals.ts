import { ExpressionError, type Literal } from './syntax.ts';

const INT_MAX = 2n ** 31n - 1n;
const UINT_MAX = 2n ** 32n - 1n;
const LONG_MAX = 2n ** 63n - 1n;
const ULONG_MAX = 2n ** 64n - 1n;

/**
 * The value of a number as Kotlin reads it: an integer without a suffix is an Int if that holds it, else a Long (Kotlin
 * specification, "Integer literals").
 *
 * @throws ExpressionError where no type holds it
 */
export function numberLiteral(text: string): Literal {
  const digits = text.replace(/_/g, '');
  const isHex = /^0[xX]/.test(digits);
  if (!isHex && /[fF]$/.test(digits)) {
    return { type: 'Float', value: Math.fround(Number(digits.slice(0, -1))) };
  }
  if (!isHex && !/^0[bB]/.test(digits) && /[.eE]/.test(digits))
    return { type: 'Double', value: Number(digits) };
  const [, integer = '', unsigned, long] = /^(.*?)([uU])?(L)?$/.exec(digits) ?? [];
  const value = BigInt(integer);
  if (unsigned !== undefined) {
    if (value > ULONG_MAX) throw tooLarge(text);
    if (long !== undefined || value > UINT_MAX) return { type: 'ULong', value };
    return { type: 'UInt', value: Number(value) };
  }
  if (value > LONG_MAX) throw tooLarge(text);
  if (long !== undefined || value > INT_MAX) return { type: 'Long', value };
  return { type: 'Int', value: Number(value) };
}

function tooLarge(text: string): ExpressionError {
  return new ExpressionError(`${text} is larger than any integer`);
}
