/** An OffsetMap as it is kept in a file: where each run begins in either file, and where the last one ends. */
export interface OffsetRuns {
  original: number[];
  rewritten: number[];
  originalEnd: number;
  rewrittenEnd: number;
}

/**
 * Byte offsets of a rewritten file in the original and the other way round: the runs of bytes that were copied or
 * replaced, in order, searched by halving.
 */
export class OffsetMap {
  readonly #original: Uint32Array;
  readonly #rewritten: Uint32Array;
  #runs = 0;
  /** End of the last run, in either file. */
  #originalEnd = 0;
  #rewrittenEnd = 0;

  /** `runs`: how many runs there will be at most. */
  constructor(runs: number) {
    this.#original = new Uint32Array(runs);
    this.#rewritten = new Uint32Array(runs);
  }

  static from({ original, rewritten, originalEnd, rewrittenEnd }: OffsetRuns): OffsetMap {
    const map = new OffsetMap(original.length);
    map.#original.set(original);
    map.#rewritten.set(rewritten);
    map.#runs = original.length;
    map.#originalEnd = originalEnd;
    map.#rewrittenEnd = rewrittenEnd;
    return map;
  }

  toJSON(): OffsetRuns {
    return {
      original: [...this.#original.subarray(0, this.#runs)],
      rewritten: [...this.#rewritten.subarray(0, this.#runs)],
      originalEnd: this.#originalEnd,
      rewrittenEnd: this.#rewrittenEnd,
    };
  }

  /** `length` bytes that stand at `original` stand at `rewritten` now. Runs come in order. */
  addRun(original: number, rewritten: number, length: number): void {
    this.#originalEnd = original + length;
    this.#rewrittenEnd = rewritten + length;
    if (length === 0) return;
    this.#original[this.#runs] = original;
    this.#rewritten[this.#runs] = rewritten;
    this.#runs += 1;
  }

  /**
   * The original offset of the byte at `rewritten`; of an inserted byte, that of the original byte that follows it, which
   * is the operator that a probe precedes.
   */
  toOriginal(rewritten: number): number {
    return this.#translate(rewritten, this.#rewritten, this.#original, this.#originalEnd);
  }

  /** Where the byte at `original` is now: of an operator with a probe before it, the operator itself. */
  toRewritten(original: number): number {
    return this.#translate(original, this.#original, this.#rewritten, this.#rewrittenEnd);
  }

  #translate(offset: number, from: Uint32Array, to: Uint32Array, end: number): number {
    let low = 0;
    let high = this.#runs - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      if ((from[middle] ?? 0) <= offset) low = middle + 1;
      else high = middle - 1;
    }
    // `high` is the last run that begins at or before the offset; the offset may lie beyond its end.
    const next = high + 1 < this.#runs ? (to[high + 1] ?? end) : end;
    if (high < 0) return next;
    return Math.min((to[high] ?? 0) + offset - (from[high] ?? 0), next);
  }
}
