import { createRequire } from 'node:module';
import type * as Adapter from './adapter.ts';
import { RUNNER_SCRIPT, startRunnerAhead } from './session/runner-start.ts';

/*
 * The program that clients start. A runner takes longer to start than the rest of the adapter takes to load, and a
 * session waits for both: so this is a small file of its own, which starts the first runner before anything else.
 */
const ahead = process.argv[2] === undefined ? startRunnerAhead(RUNNER_SCRIPT) : null;

// Another file of dist/ (scripts/build.ts), so that this one does not wait for it to be compiled.
const { main } = createRequire(import.meta.filename)('./adapter.js') as typeof Adapter;
main(process.argv.slice(2), ahead);
