import { compileKotlin, compileNode } from '../kotlin/expressions/evaluate.ts';
import { guestValueOf } from '../kotlin/expressions/guest-operands.ts';
import { describeType, type Operand } from '../kotlin/expressions/operands.ts';
import { parseExpression } from '../kotlin/expressions/parser.ts';
import { ExpressionError, type Node } from '../kotlin/expressions/syntax.ts';
import type { Slot } from '../kotlin/values/assign.ts';
import type { KotlinObject } from '../kotlin/values/object.ts';
import { quoteExpression } from './expressions.ts';
import { RunnerError } from './failures.ts';
import { KotlinScope } from './kotlin-scope.ts';

/**
 * Where the value of an expression lies: of a local, a field of an object, an element of an array or list.
 *
 * @throws RunnerError where it lies nowhere, or cannot be written
 */
export function targetSlot(source: string, scope: KotlinScope): Slot {
  try {
    const slot = slotOf(parseExpression(source), scope);
    if (slot) return slot;
  } catch (thrown) {
    if (!(thrown instanceof ExpressionError)) throw thrown;
    throw new RunnerError({
      code: 'value',
      message: `${quoteExpression(source)} cannot be assigned: ${thrown.message}.`,
    });
  }
  throw new RunnerError({
    code: 'value',
    message:
      `${quoteExpression(source)} is nothing that can be assigned here: locals of functions that go on, fields of ` +
      'objects, and elements of arrays and lists can be.',
  });
}

/** The same; null where there is none. What calls functions is not evaluated for it. */
export function slotIfAny(source: string, scope: KotlinScope): Slot | null {
  try {
    const node = parseExpression(source);
    return isPath(node) ? slotOf(node, scope) : null;
  } catch (thrown) {
    if (thrown instanceof ExpressionError) return null;
    throw thrown;
  }
}

function isPath(node: Node): boolean {
  switch (node.kind) {
    case 'name':
    case 'this':
    case 'literal':
      return true;
    case 'member':
      return isPath(node.object);
    case 'index':
      return isPath(node.object) && node.indices.every(isPath);
    default:
      return false;
  }
}

/** @throws ExpressionError */
function slotOf(node: Node, scope: KotlinScope): Slot | null {
  switch (node.kind) {
    case 'name':
      return scope.slot(node.name);
    case 'member':
      return objectOf(node.object, scope).slotNamed(node.name);
    case 'index': {
      const [index] = node.indices.map((each) => compileNode(each)(scope));
      return elementSlot(objectOf(node.object, scope), index);
    }
    default:
      return null;
  }
}

/** @throws ExpressionError where it is none */
function objectOf(node: Node, scope: KotlinScope): KotlinObject {
  const operand = compileNode(node)(scope);
  const value = guestValueOf(operand);
  if (value?.kind === 'object') return value.object;
  throw new ExpressionError(`what it is a part of is ${describeType(operand)} and no object that has parts`);
}

/** @throws ExpressionError where there is no such element */
function elementSlot({ elements }: KotlinObject, index: Operand | undefined): Slot | null {
  if (elements?.kind !== 'list' || index?.type !== 'Int') return null;
  if (index.value >= 0 && index.value < elements.size) return elements.slot(index.value);
  throw new ExpressionError(`index ${index.value} is outside of 0 to ${elements.size - 1}`);
}

/** What a new value comes to. @throws RunnerError 'value' where it cannot be read or evaluated */
export function newValue(
  name: string,
  expression: string,
  scope: Parameters<ReturnType<typeof compileKotlin>>[0],
): Operand {
  return refusing(name, () => compileKotlin(expression)(scope));
}

/** @throws RunnerError 'value', which names what cannot become what was wanted */
export function refusing<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    if (!(thrown instanceof ExpressionError)) throw thrown;
    throw new RunnerError({ code: 'value', message: `${name} cannot become that: ${thrown.message}.` });
  }
}
