import type { Worker } from 'node:worker_threads';
import type { Engine } from 'wasmedge-napi';
import { exitCode, nextMessage, startWorker } from './worker.ts';

// Places in the flags that the threads share.
export const REQUEST = 0;
export const CANCELLED = 1;
// Values of `flags[REQUEST]`.
export const ONCE = 1;
export const SPAM = 2;
export const END = 3;

/** Another thread that cancels an engine; works while this thread is busy. */
export class Canceller {
  readonly flags = new Int32Array(new SharedArrayBuffer(8));
  readonly #worker: Worker;

  private constructor(engine: Engine) {
    this.#worker = startWorker('canceller.ts', { flags: this.flags, sharedId: engine.sharedId });
  }

  /** The thread, once it is ready. */
  static async start(engine: Engine): Promise<Canceller> {
    const canceller = new Canceller(engine);
    await nextMessage(canceller.#worker);
    return canceller;
  }

  /** Asks for one cancellation, without waiting. */
  request(): void {
    Atomics.store(this.flags, CANCELLED, 0);
    this.#ask(ONCE);
  }
  /** Waits for the one that was asked for: whether anything ran. */
  awaitAnswer(): boolean {
    Atomics.wait(this.flags, CANCELLED, 0);
    return Atomics.load(this.flags, CANCELLED) === 1;
  }
  /** Cancels whatever runs, all the time, until `stop`. */
  spam(): void {
    Atomics.store(this.flags, CANCELLED, 0);
    this.#ask(SPAM);
  }
  stop(): number {
    Atomics.store(this.flags, REQUEST, 0);
    return Atomics.load(this.flags, CANCELLED);
  }

  async end(): Promise<void> {
    const ended = exitCode(this.#worker);
    this.#ask(END);
    await ended;
  }

  #ask(request: number): void {
    Atomics.store(this.flags, REQUEST, request);
    Atomics.notify(this.flags, REQUEST);
  }
}
