import type { Duplex } from 'node:stream';
import { encodeMessage, FrameReader } from '../runner/frame-stream.ts';
import {
  FRAME_JSON,
  FRAME_RECORDS,
  type FromRunner,
  type RunnerCommand,
  type RunnerFailure,
  type RunnerRequests,
} from '../../protocol/runner.ts';

/** What the runner could not do, in its own words. */
export class RunnerRequestError extends Error {
  override readonly name = 'RunnerRequestError';
  readonly failure: RunnerFailure;

  constructor(failure: RunnerFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** The runner ended before it answered. */
export class RunnerGoneError extends Error {
  override readonly name = 'RunnerGoneError';
}

export interface ChannelListener {
  /** A batch of the recorder's records; the bytes are the listener's to keep. */
  records(batch: Uint8Array): void;
  message(message: Exclude<FromRunner, { type: 'answer' | 'failed' }>): void;
  /** What came is no frame, message or record: nothing after it can be read. */
  broken(problem: string): void;
}

interface Pending {
  resolve: (body: unknown) => void;
  reject: (error: Error) => void;
}

/** The adapter's end of the control channel (protocol/runner.ts): requests with their answers, messages, records. */
export class RunnerChannel {
  readonly #socket: Duplex;
  readonly #listener: ChannelListener;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #gone: string | undefined;

  constructor(socket: Duplex, listener: ChannelListener) {
    this.#socket = socket;
    this.#listener = listener;
    const reader = new FrameReader((type, payload) => this.#frame(type, payload));
    socket.on('data', (chunk: Buffer) => {
      try {
        reader.push(chunk);
      } catch (error) {
        this.#listener.broken(error instanceof Error ? error.message : String(error));
        this.close('The runner sent something that cannot be read.');
      }
    });
    // A runner that dies takes its end with it; its exit is what gets reported.
    socket.on('error', () => this.close('The connection to the runner broke.'));
  }

  /**
   * @throws RunnerRequestError for what the runner refuses, RunnerGoneError where it ends without an answer.
   */
  request<C extends RunnerCommand>(
    command: C,
    args: RunnerRequests[C]['arguments'],
  ): Promise<RunnerRequests[C]['body']> {
    return new Promise((resolve, reject) => {
      if (this.#gone !== undefined) return reject(new RunnerGoneError(this.#gone));
      const id = this.#nextId++;
      this.#pending.set(id, {
        resolve: (body) => resolve(body as RunnerRequests[C]['body']),
        reject,
      });
      this.#socket.write(encodeMessage({ type: 'request', id, command, arguments: args }));
    });
  }

  /** Rejects what is unanswered, and every later request, with `reason`. */
  close(reason: string): void {
    if (this.#gone !== undefined) return;
    this.#gone = reason;
    for (const { reject } of this.#pending.values()) reject(new RunnerGoneError(reason));
    this.#pending.clear();
    this.#socket.destroy();
  }

  #frame(type: number, payload: Buffer): void {
    if (type === FRAME_RECORDS) return this.#listener.records(payload);
    if (type !== FRAME_JSON) throw new RangeError(`A frame of unknown type ${type}.`);
    const message = JSON.parse(payload.toString('utf8')) as FromRunner;
    if (message.type !== 'answer' && message.type !== 'failed') return this.#listener.message(message);
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.type === 'answer') pending?.resolve(message.body);
    else pending?.reject(new RunnerRequestError(message.failure));
  }
}
