import { KotlinObject } from '../kotlin/values/object.ts';
import { RunnerError } from './failures.ts';
import { quoteExpression } from './expressions.ts';
import type { Language } from './kotlin-expressions.ts';

/** A class of Kotlin, with or without its package. */
const NAME = /^[\p{L}_$][\p{L}\p{N}_$.]*$/u;

/** Names of classes, with commas or spaces between them: true for an exception of one of these, or of a subclass. */
export const exceptionClasses: Language = {
  condition(source) {
    const names = source.split(/[\s,;|]+/).filter((name) => name !== '');
    const wrong = names.find((name) => !NAME.test(name));
    if (wrong !== undefined) {
      throw new RunnerError({
        code: 'expression',
        message: `${quoteExpression(wrong)} is not the name of a class: write names such as IllegalStateException, demo.Refusal.`,
      });
    }
    return (scope) => () => scope instanceof KotlinObject && names.some((name) => scope.class.extends(name));
  },
  text() {
    throw new RunnerError({ code: 'expression', message: 'A filter for exceptions has no log message.' });
  },
};
