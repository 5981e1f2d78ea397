import { compareNumbers } from './arithmetic.ts';
import { describeType, isNumber, type ObjectOperand, type Operand } from './operands.ts';
import { ExpressionError } from './syntax.ts';

/** Objects in each other that are compared: cycles end there. */
const MAX_DEPTH = 64;

/** Kotlin's `==`. Numbers of different types are compared by value, where Kotlin would not compile that. */
export function equal(left: Operand, right: Operand, depth = 0): boolean {
  if (isNumber(left) && isNumber(right)) return compareNumbers(left, right) === 0;
  if (left.type === 'Object' && right.type === 'Object') return equalObjects(left.value, right.value, depth);
  if (left.type === 'Range' || right.type === 'Range') throw new ExpressionError('ranges are not compared');
  return left.type === right.type && left.value === right.value;
}

function equalObjects(left: ObjectOperand, right: ObjectOperand, depth: number): boolean {
  if (left.isSame(right)) return true;
  if (!left.comparesContents || !right.comparesContents || left.className !== right.className) return false;
  if (left.size === null || left.size !== right.size) return left.size === null && left.text === right.text;
  if (depth > MAX_DEPTH) throw new ExpressionError('what is compared is nested too deeply');
  for (let i = 0; i < left.size; i++) {
    if (left.isMap && !equal(left.keyAt(i), right.keyAt(i), depth + 1)) return false;
    if (!equal(left.at(i), right.at(i), depth + 1)) return false;
  }
  return true;
}

/** Kotlin's `===`. */
export function identical(left: Operand, right: Operand): boolean {
  if (left.type === 'Object' && right.type === 'Object') return left.value.isSame(right.value);
  return equal(left, right);
}

/** Below 0, 0 or above; NaN where a number is none. @throws ExpressionError for what has no order */
export function compare(left: Operand, right: Operand): number {
  if (isNumber(left) && isNumber(right)) return compareNumbers(left, right);
  const isText = left.type === 'String' || left.type === 'Char';
  if (isText && right.type === left.type)
    return left.value < right.value ? -1 : left.value > right.value ? 1 : 0;
  throw new ExpressionError(`${describeType(left)} and ${describeType(right)} have no order`);
}

/** Kotlin's `in`. @throws ExpressionError for what holds nothing */
export function holds(container: Operand, sought: Operand): boolean {
  if (container.type === 'Range') {
    const { from, to, open } = container.value;
    const behind = compare(sought, to);
    return compare(sought, from) >= 0 && (open ? behind < 0 : behind <= 0);
  }
  if (container.type === 'String' && (sought.type === 'String' || sought.type === 'Char')) {
    return container.value.includes(sought.value);
  }
  const size = container.type === 'Object' ? container.value.size : null;
  if (container.type !== 'Object' || size === null) {
    throw new ExpressionError(`${describeType(container)} holds no elements`);
  }
  const { value } = container;
  for (let i = 0; i < size; i++) {
    if (equal(value.isMap ? value.keyAt(i) : value.at(i), sought)) return true;
  }
  return false;
}
