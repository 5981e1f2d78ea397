import { Script } from 'node:vm';
import { messageOf, RunnerError } from './failures.ts';

/** An expression over the names of a scope object: properties and accessors of it are its variables. */
export type Expression = (scope: object) => () => unknown;

/** The text in one line and at most 80 characters, for messages. */
export function quoteExpression(source: string): string {
  const line = source.trim().replace(/\s+/g, ' ');
  return `“${line.length > 80 ? `${line.slice(0, 79)}…` : line}”`;
}

/**
 * Compiles a JavaScript expression. It runs as strict code; its variables are looked up in the scope object when they
 * are reached, so that an accessor that is costly is not run for nothing (`callId === 3 && argument.name === "Ada"`).
 * @throws RunnerError 'expression' where it is none
 */
export function compileExpression(source: string): Expression {
  if (source.trim() === '') throw notAnExpression(source, 'it is empty');
  // `with` is not allowed in strict code, but strict code is allowed inside it.
  const text = `(function (__scope) { with (__scope) { return function () { 'use strict'; return (\n${source}\n); }; } })`;
  let script: Script;
  try {
    script = new Script(text, { filename: 'expression' });
  } catch (thrown) {
    throw notAnExpression(source, syntaxErrorOf(source) ?? messageOf(thrown));
  }
  return script.runInThisContext() as Expression;
}

/** The engine's words for what is wrong with the source alone, without what compileExpression puts around it. */
function syntaxErrorOf(source: string): string | null {
  try {
    new Script(`'use strict';\n${source}`);
    return null;
  } catch (thrown) {
    return messageOf(thrown);
  }
}

function notAnExpression(source: string, why: string): RunnerError {
  return new RunnerError({
    code: 'expression',
    message: `${quoteExpression(source)} is not a JavaScript expression: ${why}.`,
  });
}

/** Milliseconds that an expression which a person asked for may take. */
const TIME_LIMIT = 5000;
const call = new Script(`globalThis[Symbol.for('kotlin-wasmedge.interruptible')]()`, {
  filename: 'expression',
});
const SLOT = Symbol.for('kotlin-wasmedge.interruptible');

/**
 * Runs `work`, ended after 5 s: an endless loop in a watch expression must not block the session.
 * @throws RunnerError 'expression' after that time
 */
export function interruptible<T>(work: () => T, timeout = TIME_LIMIT): T {
  const holder = globalThis as unknown as Record<symbol, unknown>;
  holder[SLOT] = work;
  try {
    return call.runInThisContext({ timeout }) as T;
  } catch (thrown) {
    if ((thrown as { code?: unknown }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw thrown;
    const message = `The expression took longer than ${timeout / 1000} s and was ended.`;
    throw new RunnerError({ code: 'expression', message });
  } finally {
    Reflect.deleteProperty(holder, SLOT);
  }
}

/** Whether evaluating it could change something: an assignment, an increment or a call. */
export function mayAssign(source: string): boolean {
  return /(?:^|[^=!<>])=(?![=>])|\+\+|--|\(|\bdelete\b/.test(source);
}
