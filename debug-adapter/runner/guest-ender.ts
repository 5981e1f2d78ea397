import type { FromRunner } from '../../protocol/runner.ts';
import { outOfMemory, terminated } from './last-messages.ts';
import { ENDING, Ending } from './signals.ts';

/** Milliseconds between two attempts to cancel: the guest may be between two calls, or start one just then. */
const RETRY = 2;
/** Milliseconds after which the main thread counts as lost and the process is ended without it. */
const GRACE_TERMINATE = 60;
/** A guest that took gigabytes gives them back before it ends: that takes longer, and nobody waits for it. */
const GRACE_MEMORY = 2000;

/** How the ender reaches the rest of the control thread. */
export interface EnderHands {
  /** Wakes the main thread in a stop or in its event loop. */
  wake(): void;
  /** Cancels the call that runs, if one does: also one that is blocked in a host function, which then ends it. */
  cancel(): void;
  /** Empties the recorder, so that a guest that waits for it goes on. */
  flush(): void;
  /** The main thread did not come back. */
  giveUp(message: FromRunner): void;
}

/** Ends the guest wherever it is: in a stop, in its own code, between two calls, or in a host function that hangs. */
export class GuestEnder {
  readonly #words: Int32Array;
  readonly #hands: EnderHands;
  #closed = false;
  #deadline = 0;
  #last: FromRunner | null = null;

  constructor(words: Int32Array, hands: EnderHands) {
    this.#words = words;
    this.#hands = hands;
  }

  /** True from the first attempt on. */
  get active(): boolean {
    return this.#last !== null;
  }

  /** Stops trying; false if it already had: the last message has been sent. */
  close(): boolean {
    const first = !this.#closed;
    this.#closed = true;
    return first;
  }

  terminate(): void {
    this.#end(Ending.terminate, GRACE_TERMINATE, terminated());
  }

  endForMemory(): void {
    this.#end(Ending.memoryLimit, GRACE_MEMORY, outOfMemory());
  }

  #end(ending: Ending, grace: number, last: FromRunner): void {
    // Terminate may follow the memory limit and be more impatient, but not the other way round.
    const first = !this.active;
    if (this.#closed || !(first || ending === Ending.terminate)) return;
    this.#last = last;
    this.#deadline = performance.now() + grace;
    if (!first) return;
    // Cancelled before it wakes, a stopped guest ends where it is: it does not run on until the next attempt.
    this.#hands.cancel();
    Atomics.store(this.#words, ENDING, ending);
    this.#hands.wake();
    this.#attempt();
  }

  #attempt(): void {
    if (this.#closed || !this.#last) return;
    if (performance.now() > this.#deadline) {
      this.#hands.giveUp(this.#last);
      return;
    }
    this.#hands.flush();
    this.#hands.cancel();
    setTimeout(() => this.#attempt(), RETRY);
  }
}
