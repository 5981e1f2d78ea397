import type { CallDifference, CompareTarget, LedgerComparison } from '../../protocol/comparing.ts';
import { ComparedBuffers } from './compared-buffers.ts';
import { compareLedgers, type ComparedLedgers } from './ledger-comparison.ts';
import type { Sessions } from './sessions.ts';

/** What the view compares: one pair of buffers at a time, and one pair of sessions. */
export class Comparisons {
  private readonly sessions: Sessions;
  private readonly progress: (done: number, total: number) => void;
  private buffers: ComparedBuffers | null = null;
  private pairs = 0;
  private ledgers: ComparedLedgers | null = null;
  private underWay = new AbortController();

  /** @param progress is told how many calls of the shown session have been compared */
  constructor(sessions: Sessions, progress: (done: number, total: number) => void) {
    this.sessions = sessions;
    this.progress = progress;
  }

  /** Rejects with a sentence where a buffer cannot be had. */
  async compare(targets: readonly [CompareTarget, CompareTarget]): Promise<ComparedBuffers> {
    const pair = await ComparedBuffers.of(++this.pairs, this.sessions, targets);
    if (pair.id === this.pairs) this.buffers = pair;
    return pair;
  }

  /** @throws Error where another pair has been compared since */
  pair(id: number): ComparedBuffers {
    if (this.buffers?.id === id) return this.buffers;
    throw new Error('Other buffers have been compared in the meantime.');
  }

  /** Compares the shown session with another one; another comparison that is under way is given up. */
  async compareWith(id: string): Promise<LedgerComparison> {
    const { shown } = this.sessions;
    const other = this.sessions.get(id);
    if (!shown || !other) throw new Error('The session to compare with is not there any more.');
    this.cancel();
    const { signal } = this.underWay;
    const compared = await compareLedgers(shown.ledger, other.ledger, {
      signal,
      progress: (done, total) => {
        if (!signal.aborted) this.progress(done, total);
      },
    });
    signal.throwIfAborted();
    this.ledgers = compared;
    return compared.comparison;
  }

  /** Gives up comparing sessions. */
  cancel(): void {
    this.underWay.abort(new Error('Comparing was cancelled.'));
    this.underWay = new AbortController();
  }

  /** Of the sessions that were compared last. */
  differences(start: number, count: number): CallDifference[] {
    return this.ledgers?.differences.slice(start, start + count) ?? [];
  }
}
