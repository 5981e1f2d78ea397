const WINDOW_MS = 1000;
/** Events in any window. */
const LIMIT = 20;
/** Events in a window while nothing asks for a flush: what is left is for stops, and the last for the end. */
const STEADY_LIMIT = 15;
const SPACING_MS = WINDOW_MS / STEADY_LIMIT;

/**
 * When to send `boundary/changed`: soon after a change, at once at a stop, and never more than 20 times in a second
 * (design.md §6). Where stops follow each other faster than that, theirs go out when they may.
 */
export class ChangeNotifier {
  readonly #send: () => void;
  /** Times of the last events, oldest first. */
  readonly #sent: number[] = [];
  #timer: NodeJS.Timeout | undefined;
  #dirty = false;

  constructor(send: () => void) {
    this.#send = send;
  }

  /** Something changed: an event follows within some 70 ms. */
  changed(): void {
    this.#dirty = true;
    this.#schedule(STEADY_LIMIT, SPACING_MS);
  }

  /** Sends what is due now, if the limit allows. `last`: nothing follows it for a while, so it may use up the limit. */
  flush(last = false): void {
    if (!this.#dirty) return;
    if (this.#allowed(performance.now(), last ? LIMIT : LIMIT - 1)) this.#emit();
    else this.#schedule(LIMIT - 1, SPACING_MS);
  }

  /** Stops for good. */
  dispose(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#dirty = false;
  }

  #allowed(now: number, limit: number): boolean {
    while (this.#sent.length > 0 && now - (this.#sent[0] ?? 0) > WINDOW_MS) this.#sent.shift();
    return this.#sent.length < limit;
  }

  #schedule(limit: number, delay: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (!this.#dirty) return;
      if (this.#allowed(performance.now(), limit)) this.#emit();
      else this.#schedule(limit, delay);
    }, delay);
  }

  #emit(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#dirty = false;
    this.#sent.push(performance.now());
    this.#send();
  }
}
