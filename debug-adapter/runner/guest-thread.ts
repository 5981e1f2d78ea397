import type { MessagePort, Worker } from 'node:worker_threads';
import { Channel } from './channel.ts';
import { errorText } from './failures.ts';
import { preloadLibrary } from './guest.ts';
import { PRELOAD_VARIABLE } from './preload.ts';
import { RunnerSession } from './session.ts';
import { keepStandardStreamsBlocking } from './standard-streams.ts';

/**
 * The main thread of the runner, which loads the guest and runs it.
 *
 * @param port messages from and to the control thread
 * @param words what both threads share (signals.ts)
 * @param control the thread, whose start has begun
 */
export function serveGuest(port: MessagePort, words: Int32Array, control: Worker): void {
  keepStandardStreamsBlocking();
  // It could not even start: later it ends the process itself.
  control.on('error', (error) => {
    process.stderr.write(`The debugger's runner has failed: ${errorText(error)}\n`);
    process.exit(70);
  });
  const library = process.env[PRELOAD_VARIABLE];
  if (library !== undefined) preloadLibrary(library);

  const channel = new Channel(port, words);
  const session = new RunnerSession(channel);
  channel.listen((message) => session.handle(message));

  // A host module may leave a rejected promise or a timer that throws behind: it is told, and ends nothing.
  process.on('uncaughtException', (error) => {
    channel.send({ type: 'notice', message: `Nobody caught ${errorText(error)}.`, category: 'stderr' });
  });
}
