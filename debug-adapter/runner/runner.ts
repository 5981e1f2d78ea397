import path from 'node:path';
import { MessageChannel, Worker } from 'node:worker_threads';
import { requireCompiled } from '../code-cache.ts';
import { codeFolder } from '../wasmedge/cache.ts';
import type * as GuestThread from './guest-thread.ts';
import { type ControlData, NO_CALL, SEQUENCE, WORDS } from './signals.ts';

/**
 * The runner: a child process of the debug adapter that loads libwasmedge and runs the guest on its main thread. File
 * descriptor 3 is the control channel (protocol/runner.ts), served by a second thread; 1 and 2 are the guest's own.
 *
 * A session waits for both threads: this small file starts the second before it loads what the first one needs.
 */
const words = new Int32Array(new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT));
words[SEQUENCE] = NO_CALL;

const { port1: mainPort, port2: port } = new MessageChannel();
const workerData: ControlData = { words, port };
const control = new Worker(path.join(__dirname, 'runner-control.js'), { workerData, transferList: [port] });

// Another file of dist/ (scripts/build.ts).
const { serveGuest } = requireCompiled(
  path.join(import.meta.dirname, 'runner-guest.js'),
  codeFolder(process.env),
) as typeof GuestThread;
serveGuest(mainPort, words, control);
