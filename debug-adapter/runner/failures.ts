import type { RunnerFailure } from '../../protocol/runner.ts';

/** A failure that a request is answered with as it is. */
export class RunnerError extends Error {
  readonly failure: RunnerFailure;

  constructor(failure: RunnerFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** Thrown through the guest to end it: the session was told to end. Not for the user. */
export class GuestEnded extends Error {}

/**
 * Traps the guest for a reason of its host: a buffer that cannot be passed, or a host function that threw. The message
 * is for the user.
 */
export class HostTrap extends Error {
  readonly code: string;
  /** The stack of what the host function threw. */
  readonly hostStack: string | undefined;

  constructor(code: string, message: string, hostStack?: string) {
    super(message);
    this.code = code;
    this.hostStack = hostStack;
  }
}

export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** `TypeError: x is not a function`; what is no Error is shown as text. */
export function errorText(thrown: unknown): string {
  return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
}
