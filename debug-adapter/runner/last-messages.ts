import type { FromRunner } from '../../protocol/runner.ts';

/** Exit code of a program that was told to end: 128 + SIGTERM, as shells report it. */
const TERMINATED_EXIT_CODE = 143;

/** What ends a session that was terminated. */
export function terminated(): FromRunner & { type: 'finished' } {
  return { type: 'finished', exitCode: TERMINATED_EXIT_CODE, reason: 'terminated' };
}

/** What ends a session whose process took more memory than it may; `limitExceeded` has told the figures. */
export function outOfMemory(): FromRunner & { type: 'finished' } {
  const message = 'The guest was ended because its process took more memory than limits.memory allows.';
  return { type: 'finished', exitCode: 1, reason: 'failed', message };
}
