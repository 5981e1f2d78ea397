import type { RemoteValue } from '../../protocol/runner.ts';
import { compileKotlin } from '../kotlin/expressions/evaluate.ts';
import { guestValueOf, shownOperand } from '../kotlin/expressions/guest-operands.ts';
import { describeType, type Operand, textOf } from '../kotlin/expressions/operands.ts';
import { ExpressionError } from '../kotlin/expressions/syntax.ts';
import type { Slot } from '../kotlin/values/assign.ts';
import { pathOf } from '../kotlin/values/paths.ts';
import type { KotlinScope } from './kotlin-scope.ts';
import { isReplaceable, type KotlinVariables } from './kotlin-variables.ts';

/**
 * What an expression has come to, as a variable that opens what it holds.
 *
 * @param slot where that lies, if it can be assigned
 */
export function kotlinResult(
  expression: string,
  operand: Operand,
  variables: KotlinVariables,
  slot: Slot | null,
): RemoteValue {
  const value = guestValueOf(operand);
  const path = pathOf(expression);
  if (value) return { ...variables.variable(expression, value, { path, slot }), evaluateName: expression };
  return {
    name: expression,
    value: shownOperand(operand) ?? textOf(operand),
    type: describeType(operand),
    handle: 0,
    evaluateName: expression,
    readOnly: slot === null || !isReplaceable(slot, slot.value()),
  };
}

/** Names that may go on where `text` ends: locals and the boundary's, or the fields of what stands before a dot. */
export function completeKotlin(scope: KotlinScope, text: string): string[] {
  const path = /((?:[\p{L}_][\p{L}\p{Nd}_]*(?:\[\d+\])?\??\.)*)([\p{L}\p{Nd}_]*)$/u.exec(text);
  const [, owner = '', typed = ''] = path ?? [];
  const known = owner === '' ? scope.names : membersOf(scope, owner.replace(/\??\.$/, ''));
  return known.filter((name) => name.startsWith(typed));
}

function membersOf(scope: KotlinScope, expression: string): string[] {
  try {
    const value = guestValueOf(compileKotlin(expression)(scope));
    if (value?.kind === 'wrapped') return [value.field];
    if (value?.kind !== 'object') return [];
    const size = value.object.elements ? ['size'] : [];
    return [...value.object.class.fields.map(({ name }) => name), ...size];
  } catch (thrown) {
    // Half an expression has no value, and no members.
    if (thrown instanceof ExpressionError) return [];
    throw thrown;
  }
}
