import type { ThrownException } from '../../protocol/kotlin.ts';
import type { CallFailure } from './engine-failures.ts';
import type { Probes } from './probes.ts';
import { describeException } from './thrown-exceptions.ts';

/** A call that an exception of the guest has left. */
export interface LeftByException {
  exception: ThrownException;
  /** What the engine made of it, where it lost its way: a trap. */
  trap: string | null;
}

/**
 * WasmEdge up to 0.17.1 leaves an exception's payload on the stack where `catch_all_ref` catches it (its pull request 5202),
 * and takes other locals than were meant from there on: one that leaves a `finally` often ends in such a trap.
 */
const LOST = /null \w+ reference|cast failure/i;

/** Which exception a call was left by, as far as that is known. The stack then is what it was where that was thrown. */
export function leftByException(
  { thrown, heap }: Pick<Probes, 'thrown' | 'heap'>,
  failure: CallFailure,
  base: number,
): LeftByException | null {
  const isLost = failure.kind === 'trap' && LOST.test(failure.engineMessage);
  if (!thrown || !heap || (failure.kind !== 'uncaught exception' && !isLost)) return null;
  const exception = heap.briefly(() => thrown.last && describeException(thrown.last));
  if (!exception) return null;
  thrown.rewind(base);
  return { exception, trap: isLost ? failure.engineMessage : null };
}
