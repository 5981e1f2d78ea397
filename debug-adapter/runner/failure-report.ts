import type { FilterName, FromRunner, Stop } from '../../protocol/runner.ts';
import type { CallFailure } from './engine-failures.ts';
import { messageOf } from './failures.ts';
import type { CallFrame, EntryFrame } from './frames.ts';

/** What is told of a call that did not return. */
export interface FailureReport {
  message: Extract<FromRunner, { type: 'callFailed' }>;
  /** How the engine failed, and the filter that stops there; null where the host has told why already. */
  engine: { reason: Stop['reason']; filter: FilterName; problem: NonNullable<Stop['problem']> } | null;
}

/** Null where nothing went wrong: the session ends, or the guest has ended by itself. */
export function reportFailure(frame: CallFrame | EntryFrame, failure: CallFailure): FailureReport | null {
  if (failure.kind === 'ended' || failure.kind === 'exited') return null;
  const sequence = frame.kind === 'call' ? frame.sequence : null;
  const title = frame.kind === 'call' ? titleOf(frame) : frame.name;
  const told = (message: string) => ({ type: 'callFailed', sequence, message }) as const;
  if (failure.kind === 'host' || failure.kind === 'refused') {
    const why = failure.kind === 'host' ? failure.trap.message : messageOf(failure.thrown);
    return { message: told(`${title} failed: ${why}`), engine: null };
  }
  const { kind, engineMessage, byteOffset } = failure;
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
      filter: isTrap ? 'traps' : 'uncaughtExceptions',
      problem: { code, message, engineMessage, ...where },
    },
  };
}

/** The call, or the export that ran for it. */
function titleOf({ title, helper }: CallFrame): string {
  return helper === null ? title : `${helper}, called for ${title},`;
}
