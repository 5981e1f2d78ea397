import type { Found } from './checks/finding.ts';

/** Findings that are kept of one call: a guest may do wrong in a loop. */
const KEPT_OF_A_CALL = 20;

/** Findings of one code about one function in one run. */
export interface FoundGroup {
  first: Found;
  /** Call of the first one. */
  sequence: number;
  /** Calls that have one. */
  count: number;
}

/** What was found, by call and by what it is about. Calls without findings take nothing. */
export class FindingStore {
  readonly #byCall = new Map<number, Found[]>();
  readonly #groups = new Map<string, FoundGroup>();

  /** Calls with findings. */
  get calls(): number {
    return this.#byCall.size;
  }

  /**
   * The same code and message on a call twice are one.
   *
   * @param run first sequence of the call's run: indices of functions mean something within a run
   */
  add(sequence: number, found: Found, run: number): void {
    const known = this.#byCall.get(sequence) ?? [];
    if (known.length >= KEPT_OF_A_CALL) return;
    if (known.some(({ code, message }) => code === found.code && message === found.message)) return;
    // By code: what the runner tells and what the records show may come in either order.
    const all = [...known, found].sort((one, other) => compare(one.code, other.code));
    this.#byCall.set(sequence, all);
    const key = `${run} ${found.code} ${found.at?.kind ?? ''} ${found.at?.index ?? ''}`;
    const group = this.#groups.get(key);
    if (!group) this.#groups.set(key, { first: found, sequence, count: 1 });
    else if (!known.some(({ code }) => code === found.code)) group.count += 1;
  }

  of(sequence: number): readonly Found[] {
    return this.#byCall.get(sequence) ?? NONE;
  }

  /** In the order in which they were found first. */
  groups(): FoundGroup[] {
    return [...this.#groups.values()];
  }
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

const NONE: readonly Found[] = [];
