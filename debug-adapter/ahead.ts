import path from 'node:path';
import { Runners } from './session/runners.ts';

/** The runner's program, beside the adapter's own. */
export const RUNNER_SCRIPT = path.join(__dirname, 'runner.js');

/**
 * The runners of the session on standard input and output, where this process is started for one. main.ts imports this
 * before all else, so that the first runner starts while the other modules of the adapter are still evaluated.
 */
export const sessionRunners: Runners | null =
  process.argv[2] === undefined ? new Runners(RUNNER_SCRIPT) : null;
