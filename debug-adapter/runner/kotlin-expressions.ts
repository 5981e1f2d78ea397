import { compileKotlin } from '../kotlin/expressions/evaluate.ts';
import { describeType, type Operand, textOf } from '../kotlin/expressions/operands.ts';
import { ExpressionError } from '../kotlin/expressions/syntax.ts';
import { compileExpression, type Expression, quoteExpression } from './expressions.ts';
import { RunnerError } from './failures.ts';
import { KotlinScope } from './kotlin-scope.ts';
import { shortText } from './remote-values.ts';

/** The language in which a rule's expressions are written. */
export interface Language {
  /** @throws RunnerError 'expression' where it is none */
  condition(source: string): Expression;
  /** What a log message shows of an expression. @throws RunnerError as `condition` */
  text(source: string): (scope: object) => string;
}

/** At crossings: JavaScript over the names of the boundary. */
export const javaScript: Language = {
  condition: compileExpression,
  text(source) {
    const expression = compileExpression(source);
    return (scope) => {
      const value = expression(scope)();
      return typeof value === 'string' ? value : shortText(value);
    };
  },
};

/** At places in Kotlin code: Kotlin over the locals there. */
export const kotlin: Language = {
  condition(source) {
    const evaluate = compile(source);
    return (scope) => () => {
      const value = evaluate(scope);
      if (value.type === 'Boolean') return value.value;
      throw new RunnerError({ code: 'expression', message: `“it is ${describeType(value)} and no Boolean”` });
    };
  },
  text(source) {
    const evaluate = compile(source);
    return (scope) => textOf(evaluate(scope));
  },
};

/** A Kotlin expression over a KotlinScope. @throws RunnerError 'expression' where it is none, and when evaluated */
export function compile(source: string): (scope: object) => Operand {
  const evaluate = asRunnerError(`${quoteExpression(source)} is not a Kotlin expression: `, () =>
    compileKotlin(source),
  );
  return (scope) => {
    if (!(scope instanceof KotlinScope)) {
      throw new RunnerError({ code: 'expression', message: 'There are no Kotlin locals here.' });
    }
    return asRunnerError(`${quoteExpression(source)} cannot be evaluated: `, () => evaluate(scope));
  };
}

function asRunnerError<T>(start: string, work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    if (!(thrown instanceof ExpressionError)) throw thrown;
    throw new RunnerError({ code: 'expression', message: `${start}${thrown.message}.` });
  }
}
