import path from 'node:path';
import type * as Adapter from './adapter.ts';
import { requireCompiled } from './code-cache.ts';
import { codeFolder } from './wasmedge/cache.ts';
import { RUNNER_SCRIPT, startRunnerAhead } from './session/runner-start.ts';

/*
 * The program that clients start. A runner takes longer to start than the rest of the adapter takes to load, and a
 * session waits for both: so this is a small file of its own, which starts the first runner before anything else.
 */
const ahead = process.argv[2] === undefined ? startRunnerAhead(RUNNER_SCRIPT) : null;

// Another file of dist/ (scripts/build.ts), so that this one does not wait for it to be compiled.
const { main } = requireCompiled(
  path.join(import.meta.dirname, 'adapter.js'),
  codeFolder(process.env),
) as typeof Adapter;
main(process.argv.slice(2), ahead);
