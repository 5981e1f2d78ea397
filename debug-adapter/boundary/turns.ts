/** ms of work before other requests get their turn. */
const TURN_MS = 10;

/** Long work in turns: other requests are answered between them, and it can be given up. */
export class Turns {
  readonly #signal: AbortSignal;
  #until = performance.now() + TURN_MS;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** Whether others have waited long enough. Asks for the time: not for every little step. */
  get isOver(): boolean {
    return performance.now() > this.#until;
  }

  /** @throws the signal's reason where it is aborted meanwhile */
  async next(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#signal.throwIfAborted();
    this.#until = performance.now() + TURN_MS;
  }
}
