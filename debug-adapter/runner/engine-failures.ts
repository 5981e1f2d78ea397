import { LibraryError, WasmEdgeError } from 'wasmedge-napi';
import type { RunnerFailure } from '../../protocol/runner.ts';
import { GuestEnded, HostTrap, RunnerError } from './failures.ts';

/** What a request is answered with that threw. */
export function toFailure(thrown: unknown): RunnerFailure {
  if (thrown instanceof RunnerError) return thrown.failure;
  if (thrown instanceof LibraryError) return { code: 'library', message: thrown.message };
  if (thrown instanceof WasmEdgeError) return engineFailure(thrown);
  if (thrown instanceof HostTrap) return { code: 'instantiate', message: thrown.message };
  const message = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return { code: 'internal', message };
}

function engineFailure(error: WasmEdgeError): RunnerFailure {
  const { phase } = error;
  const known = phase === 'load' || phase === 'validate' || phase === 'instantiate';
  const failure: RunnerFailure = { code: known ? phase : 'internal', message: error.message };
  if (error.byteOffset !== undefined) failure.byteOffset = error.byteOffset;
  return failure;
}

/** WasmEdge's code for an exception that no function of the guest caught (design.md §7). */
const UNCAUGHT_EXCEPTION = 0x419;

/** Why a call of the guest did not return. */
export type CallFailure =
  /** The session is ending. */
  | { kind: 'ended' }
  /** proc_exit. */
  | { kind: 'exited'; exitCode: number }
  /** The host trapped it, and has told why. */
  | { kind: 'host'; trap: HostTrap }
  | { kind: 'trap' | 'uncaught exception'; engineMessage: string; byteOffset?: number }
  /** The guest did not run: the parameters were wrong. */
  | { kind: 'refused'; thrown: unknown };

export function classifyCallFailure(thrown: unknown): CallFailure {
  if (thrown instanceof GuestEnded) return { kind: 'ended' };
  if (thrown instanceof HostTrap) return { kind: 'host', trap: thrown };
  if (!(thrown instanceof WasmEdgeError)) return { kind: 'refused', thrown };
  if (thrown.exitCode !== undefined) return { kind: 'exited', exitCode: thrown.exitCode };
  if (thrown.interrupted) return { kind: 'ended' };
  const { engineMessage, byteOffset } = thrown;
  const uncaught = thrown.code === UNCAUGHT_EXCEPTION || /uncaught exception/i.test(engineMessage);
  const where = byteOffset === undefined ? {} : { byteOffset };
  return { kind: uncaught ? 'uncaught exception' : 'trap', engineMessage, ...where };
}
