import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type {
  FromRunner,
  RunnerFailure,
  RunnerRequests,
  RunnerCommand,
  Stop,
} from '../../protocol/runner.ts';
import {
  ENDING,
  type Ending,
  MESSAGES,
  SEEN,
  SEQUENCE,
  STATE,
  type State,
  type ToControl,
  type ToMain,
} from './signals.ts';

/** The main thread's end of its link to the control thread. */
export class Channel {
  readonly #port: MessagePort;
  readonly #words: Int32Array;
  /** Value of the message count when the port was last found empty. */
  #seen = 0;

  constructor(port: MessagePort, words: Int32Array) {
    this.#port = port;
    this.#words = words;
  }

  /** Serves messages from the event loop, while nothing blocks it. */
  listen(handle: (message: ToMain) => void): void {
    this.#port.on('message', handle);
  }

  post(message: ToControl): void {
    this.#port.postMessage(message);
  }
  send(message: FromRunner): void {
    this.post({ type: 'send', message });
  }
  answer(id: number, body: RunnerRequests[RunnerCommand]['body']): void {
    this.send({ type: 'answer', id, body });
  }
  fail(id: number, failure: RunnerFailure): void {
    this.send({ type: 'failed', id, failure });
  }
  stopped(stop: Stop, lacking: number[]): void {
    this.post({ type: 'stopped', stop, lacking });
  }

  /** True where `receive` has something: an atomic load, cheap enough for every crossing. */
  get hasMessages(): boolean {
    return Atomics.load(this.#words, MESSAGES) !== this.#seen;
  }

  /** The next message without blocking; undefined where none waits. */
  receive(): ToMain | undefined {
    const count = Atomics.load(this.#words, MESSAGES);
    const received = receiveMessageOnPort(this.#port) as { message: ToMain } | undefined;
    // The count is raised after the message is in the port: an empty port has shown everything up to `count`.
    if (!received) {
      this.#seen = count;
      Atomics.store(this.#words, SEEN, count);
    }
    return received?.message;
  }

  /** For whom JavaScript does not run between calls: where to see that `receive` has something, and what to tell. */
  get watch(): { words: Int32Array; watched: number; expected: number; sequence: number } {
    return { words: this.#words, watched: MESSAGES, expected: this.#seen, sequence: SEQUENCE };
  }

  /** Blocks this thread until a message comes, or the guest is to be ended. */
  wait(): void {
    Atomics.wait(this.#words, MESSAGES, this.#seen);
  }

  get ending(): Ending {
    return Atomics.load(this.#words, ENDING) as Ending;
  }
  set state(state: State) {
    Atomics.store(this.#words, STATE, state);
  }
  set sequence(sequence: number) {
    Atomics.store(this.#words, SEQUENCE, sequence);
  }
}
