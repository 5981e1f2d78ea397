import { createWriteStream, openSync, type WriteStream } from 'node:fs';
import net from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { frame, MessageReader } from './message-reader.ts';
import type { Ledger } from './boundary/ledger.ts';
import { BoundarySession } from './session.ts';
import type { SessionHost } from './session/lifecycle.ts';
import { startRunnerAhead } from './session/runner-start.ts';
import { Runners } from './session/runners.ts';

/** Messages that are kept until it is known whether there is a trace. */
const KEPT_MESSAGES = 100;
/** Bytes that wait for the client before the guest's output is held back. */
const CONGESTED_BYTES = 1 << 20;

/** DAP traffic as JSON lines: `{"at": ms since the start, "from": "client" | "adapter", "message": …}`. */
class Trace {
  readonly #start = performance.now();
  #kept: string[] | null = [];
  #file: WriteStream | undefined;

  add(from: 'client' | 'adapter', message: unknown): void {
    if (!this.#file && !this.#kept) return;
    const at = Math.round(performance.now() - this.#start);
    const line = `${JSON.stringify({ at, from, message })}\n`;
    if (this.#file) this.#file.write(line);
    else if (this.#kept && this.#kept.push(line) > KEPT_MESSAGES) this.#kept = null;
  }

  /** @throws Error where the file cannot be written. */
  open(file: string): void {
    this.#file?.end();
    this.#file = createWriteStream(file, { fd: openSync(file, 'w') });
    // A disk that fills up must not end the session.
    this.#file.on('error', () => (this.#file = undefined));
    for (const line of this.#kept ?? []) this.#file.write(line);
    this.#kept = null;
  }

  close(): Promise<void> {
    const file = this.#file;
    return new Promise((resolve) => (file ? file.end(() => resolve()) : resolve()));
  }
}

/**
 * Runs a session on a pair of streams. Resolves when the client has disconnected or its stream has ended, no process of
 * the guest is left, and everything has been written.
 *
 * @param ledger one that was saved, which the client is shown
 */
export function serve(input: Readable, output: Writable, runners: Runners, ledger?: Ledger): Promise<void> {
  return new Promise((resolve) => {
    const trace = new Trace();
    let isOver = false;
    const finish = async (): Promise<void> => {
      if (isOver) return;
      isOver = true;
      await session.close();
      await trace.close();
      output.end(() => resolve());
      if (output.destroyed || output.errored) resolve();
    };
    const host: SessionHost = {
      runners,
      isCongested: () => output.writableLength > CONGESTED_BYTES,
      onceDrained: (listener) => output.once('drain', listener),
      traceTo: (file) => trace.open(file),
      disconnected: () => void finish(),
    };
    const session = new BoundarySession(host, ledger);
    session.onDidSendMessage((message) => {
      trace.add('adapter', message);
      if (!isOver || output.writable) output.write(frame(message));
    });
    const reader = new MessageReader({
      message: (message) => {
        trace.add('client', message);
        session.handleMessage(message);
      },
      malformed: (problem) => session.reportMalformed(problem),
    });
    input.on('data', (chunk: Buffer) => reader.push(chunk));
    input.on('end', () => void finish());
    input.on('error', () => void finish());
    // The client is gone: nothing can be said any more, and the guest must not outlive it.
    output.on('error', () => void finish());
  });
}

/**
 * Runs a session for each client that connects to a port of this machine (0: any), until the process is ended: for
 * debugging the adapter itself, and for editors that connect instead of starting it (`debugServer` in VS Code).
 */
export function listen(
  port: number,
  runnerScript: string,
  listening: (port: number) => void,
): Promise<never> {
  return new Promise((_, reject) => {
    const server = net.createServer(
      (socket) => void serve(socket, socket, new Runners(runnerScript, startRunnerAhead(runnerScript))),
    );
    server.on('error', reject);
    server.listen(port, '127.0.0.1', () => listening((server.address() as net.AddressInfo).port));
  });
}
