import type { CallFingerprint, CallOrder, CallSummary } from '../../protocol/boundary.ts';
import { matchesQuery, parseCallQuery } from '../../protocol/call-query.ts';
import { summarize } from './calls.ts';
import type { CallFacts } from './call-facts.ts';
import { ordered } from './call-order.ts';
import { fingerprint } from './fingerprint.ts';
import type { Ledger } from './ledger.ts';
import { QueriedLedger } from './queried-ledger.ts';
import { Turns } from './turns.ts';

/** Calls that are put into words before other requests get their turn. */
const BATCH = 500;
/** Calls of a search between two looks at the clock. */
const LOOKS = 64;
/** ms after which a search that goes on tells how far it is, each time. */
const PROGRESS_MS = 250;

/** Which part of the ledger is listed, and how. */
export interface ListRequest {
  start: number;
  count: number;
  query: string;
  order: CallOrder;
}

/** The calls that a query finds, in their order: kept, so that paging does not search again. */
interface Found {
  key: string;
  version: number;
  /** Undefined: all of them, in the order of their sequence. */
  sequences: ArrayLike<number> | undefined;
}

/** Filters, sorts and pages the ledger's calls for clients that list them. */
export class CallListing {
  readonly #ledger: Ledger;
  #found: Found = { key: '', version: -1, sequences: undefined };

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /**
   * @param searched is told now and then how many calls a search has looked at
   * @throws the signal's reason where it is aborted meanwhile
   */
  async page(
    { start, count, query, order }: ListRequest,
    signal: AbortSignal,
    searched: (done: number) => void = () => undefined,
  ): Promise<{ total: number; calls: CallSummary[] }> {
    const sequences = await this.#sequences(query.trim(), order, signal, searched);
    const total = sequences?.length ?? this.#ledger.total;
    const turns = new Turns(signal);
    const calls: CallSummary[] = [];
    for (let index = start; index < Math.min(total, start + count); index++) {
      if (calls.length % BATCH === BATCH - 1) await turns.next();
      const summary = summarize(this.#ledger, sequences ? (sequences[index] ?? -1) : index);
      if (summary) calls.push(summary);
    }
    return { total, calls };
  }

  /**
   * What tells calls `start` to `start + count` from those of another session.
   *
   * @throws the signal's reason where it is aborted meanwhile
   */
  async fingerprints(
    start: number,
    count: number,
    signal: AbortSignal,
  ): Promise<{ total: number; calls: CallFingerprint[] }> {
    const { total } = this.#ledger;
    const calls: CallFingerprint[] = [];
    const turns = new Turns(signal);
    for (let sequence = start; sequence < Math.min(total, start + count); sequence++) {
      if (turns.isOver) await turns.next();
      const made = fingerprint(this.#ledger, sequence);
      if (made) calls.push(made);
    }
    return { total, calls };
  }

  async #sequences(
    query: string,
    order: CallOrder,
    signal: AbortSignal,
    searched: (done: number) => void,
  ): Promise<ArrayLike<number> | undefined> {
    const { version } = this.#ledger;
    const isPlain = order.by === 'sequence' && order.descending !== true;
    if (query === '' && isPlain) return undefined;
    const key = `${order.by} ${String(order.descending === true)} ${query}`;
    if (this.#found.key !== key || this.#found.version !== version) {
      const matching = query === '' ? undefined : await this.#matching(query, signal, searched);
      const sequences = isPlain ? matching : await ordered(this.#ledger, matching, order, new Turns(signal));
      this.#found = { key, version, sequences };
    }
    return this.#found.sequences;
  }

  async #matching(query: string, signal: AbortSignal, searched: (done: number) => void): Promise<number[]> {
    const parsed = parseCallQuery(query);
    const sequences: number[] = [];
    // What has been cancelled already, as a search that a person types is, does not begin.
    const turns = new Turns(signal);
    await turns.next();
    let queried: QueriedLedger | undefined;
    let facts: CallFacts | undefined;
    let tell = performance.now() + PROGRESS_MS;
    for (let sequence = 0; sequence < this.#ledger.total; sequence++) {
      if (sequence % LOOKS === 0 && turns.isOver) {
        if (performance.now() > tell) {
          searched(sequence);
          tell = performance.now() + PROGRESS_MS;
        }
        await turns.next();
      }
      facts = this.#ledger.facts(sequence, facts);
      if (!facts) continue;
      queried = queried?.at(facts) ?? new QueriedLedger(this.#ledger, facts);
      if (matchesQuery(parsed, queried)) sequences.push(sequence);
    }
    return sequences;
  }

  /** Sequence of the nearest call with findings before or after `from`; null where there is none. */
  findProblem(from: number, direction: 'next' | 'previous'): number | null {
    const ledger = this.#ledger;
    const step = direction === 'next' ? 1 : -1;
    const first = direction === 'next' ? Math.max(0, from + 1) : Math.min(ledger.total, from) - 1;
    for (let sequence = first; sequence >= 0 && sequence < ledger.total; sequence += step) {
      if (ledger.hasProblems(sequence)) return sequence;
    }
    return null;
  }
}
