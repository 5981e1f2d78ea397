import type { FilterName, FromRunner, Stop } from '../../protocol/runner.ts';
import type { CallFailure } from './engine-failures.ts';
import { messageOf } from './failures.ts';
import { exceptionText } from '../kotlin/exception-text.ts';
import type { LeftByException } from './left-by-exception.ts';
import type { CallFrame, EntryFrame } from './frames.ts';

/** What is told of a call that did not return. */
export interface FailureReport {
  message: Extract<FromRunner, { type: 'callFailed' }>;
  /** How the engine failed, and the filters that stop there; null where the host has told why already. */
  engine: { reason: Stop['reason']; filters: FilterName[]; problem: NonNullable<Stop['problem']> } | null;
}

/**
 * Null where nothing went wrong: the session ends, or the guest has ended by itself.
 *
 * @param left the exception by which the call was left, where that is known
 */
export function reportFailure(
  frame: CallFrame | EntryFrame,
  failure: CallFailure,
  left: LeftByException | null = null,
): FailureReport | null {
  if (failure.kind === 'ended' || failure.kind === 'exited') return null;
  const sequence = frame.kind === 'call' ? frame.sequence : null;
  const title = frame.kind === 'call' ? titleOf(frame) : frame.name;
  const told = (message: string) => ({ type: 'callFailed', sequence, message }) as const;
  if (failure.kind === 'host' || failure.kind === 'refused') {
    const why = failure.kind === 'host' ? failure.trap.message : messageOf(failure.thrown);
    return { message: told(`${title} failed: ${why}`), engine: null };
  }
  const { kind, engineMessage, byteOffset } = failure;
  if (left) return reportException(told, title, left, engineMessage);
  const isTrap = kind === 'trap';
  const message = isTrap
    ? `${title} trapped: ${engineMessage}.`
    : `${title} was left by an uncaught Kotlin exception (WasmEdge: ${engineMessage}).`;
  const where = byteOffset === undefined ? {} : { byteOffset };
  const code = isTrap ? 'trap' : 'uncaught-exception';
  return {
    message: { ...told(message), ...where },
    engine: {
      reason: kind,
      filters: isTrap ? ['traps'] : ['uncaughtExceptions'],
      problem: { code, message, engineMessage, ...where },
    },
  };
}

function reportException(
  told: (message: string) => FailureReport['message'],
  title: string,
  { exception, trap }: LeftByException,
  engineMessage: string,
): FailureReport {
  const lost =
    trap === null
      ? ''
      : ` WasmEdge lost its way in a “finally” that this passed, and trapped: ${trap}. (Versions up to 0.17.1 do.)`;
  const text = exceptionText(exception);
  const message = `${title} was left by an uncaught ${text}${/[.!?]$/.test(text) ? '' : '.'}${lost}`;
  return {
    message: { ...told(message), exception },
    engine: {
      reason: 'uncaught exception',
      filters: trap === null ? ['uncaughtExceptions'] : ['uncaughtExceptions', 'traps'],
      problem: { code: exception.className, message, engineMessage, exception },
    },
  };
}

/** The call, or the export that ran for it. */
function titleOf({ title, helper }: CallFrame): string {
  return helper === null ? title : `${helper}, called for ${title},`;
}
