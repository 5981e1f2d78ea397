import type { FromRunner } from '../../protocol/runner.ts';
import { NO_CALL, SEQUENCE, STATE, State } from './signals.ts';

/**
 * Compares the process's memory with its limit. An endless recursion is no trap in WasmEdge: its stack grows until
 * allocation fails and the process aborts, and its objects are never collected (design.md §7).
 */
export class MemoryWatch {
  readonly #words: Int32Array;
  readonly #limitBytes: number;

  constructor(words: Int32Array, limitBytes: number) {
    this.#words = words;
    this.#limitBytes = limitBytes;
  }

  /** What to tell if the guest runs and the process takes more than it may now; null else. */
  exceeded(): (FromRunner & { type: 'limitExceeded' }) | null {
    if (Atomics.load(this.#words, STATE) !== State.running) return null;
    const usedBytes = process.memoryUsage.rss();
    if (usedBytes <= this.#limitBytes) return null;
    const sequence = Atomics.load(this.#words, SEQUENCE);
    return {
      type: 'limitExceeded',
      limit: 'memory',
      limitBytes: this.#limitBytes,
      usedBytes,
      sequence: sequence === NO_CALL ? null : sequence,
    };
  }
}
