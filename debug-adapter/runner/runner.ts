import path from 'node:path';
import { MessageChannel, Worker } from 'node:worker_threads';
import { Channel } from './channel.ts';
import { errorText } from './failures.ts';
import { preloadLibrary } from './guest.ts';
import { PRELOAD_VARIABLE } from './preload.ts';
import { RunnerSession } from './session.ts';
import { type ControlData, NO_CALL, SEQUENCE, WORDS } from './signals.ts';
import { keepStandardStreamsBlocking } from './standard-streams.ts';

/**
 * The runner: a child process of the debug adapter that loads libwasmedge and runs the guest on its main thread. File
 * descriptor 3 is the control channel (protocol/runner.ts), served by a second thread; 1 and 2 are the guest's own.
 */
const words = new Int32Array(new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT));
words[SEQUENCE] = NO_CALL;

const { port1: mainPort, port2: port } = new MessageChannel();
const workerData: ControlData = { words, port };
const control = new Worker(path.join(__dirname, 'runner-control.js'), { workerData, transferList: [port] });
keepStandardStreamsBlocking();
// It could not even start: later it ends the process itself.
control.on('error', (error) => {
  process.stderr.write(`The debugger's runner has failed: ${errorText(error)}\n`);
  process.exit(70);
});
const library = process.env[PRELOAD_VARIABLE];
if (library !== undefined) preloadLibrary(library);

const channel = new Channel(mainPort, words);
const session = new RunnerSession(channel);
channel.listen((message) => session.handle(message));

// A host module may leave a rejected promise or a timer that throws behind: it is told, and ends nothing.
process.on('uncaughtException', (error) => {
  channel.send({ type: 'notice', message: `Nobody caught ${errorText(error)}.`, category: 'stderr' });
});
