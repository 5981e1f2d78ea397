import type { MemoryAccess, PlannedData } from '../../protocol/runner.ts';
import type { BreakpointRule, Rule } from './stop-rules.ts';

/** Addresses from `first` to `last` that are to be seen, and which accesses. */
export interface WatchedRange {
  first: number;
  last: number;
  reads: boolean;
  writes: boolean;
}

type Watched = BreakpointRule & Pick<PlannedData, 'address' | 'size' | 'access'>;

/** The breakpoints on bytes of linear memory. */
export class DataRules {
  readonly #watched: Watched[] = [];

  add({ id, address, size, access }: PlannedData, rule: Rule): void {
    this.#watched.push({ id, rule, address, size, access });
  }

  get isEmpty(): boolean {
    return this.#watched.length === 0;
  }

  /** What holds all of their bytes; null where there are none. The guest tells of every access to it. */
  get range(): WatchedRange | null {
    if (this.isEmpty) return null;
    return {
      first: Math.min(...this.#watched.map(({ address }) => address)),
      last: Math.max(...this.#watched.map(({ address, size }) => address + size - 1)),
      reads: this.#watched.some(({ access }) => access !== 'write'),
      writes: this.#watched.some(({ access }) => access !== 'read'),
    };
  }

  /** Bytes whose writes are to be seen. */
  get written(): readonly { address: number; size: number }[] {
    return this.#watched.filter(({ access }) => access !== 'read');
  }

  /** Those whose bytes were read or written. */
  reachedBy({ kind, address, size }: MemoryAccess): readonly BreakpointRule[] {
    return this.#watched.filter(
      (each) =>
        (each.access === 'readWrite' || each.access === kind) &&
        address < each.address + each.size &&
        each.address < address + size,
    );
  }
}
