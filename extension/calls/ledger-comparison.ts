import type { BufferFingerprint, CallAspect, CallFingerprint, Direction } from '../../protocol/boundary.ts';
import type { CallDifference, ComparedCall, LedgerComparison } from '../../protocol/comparing.ts';
import type { Ledger } from './ledger.ts';

/** Calls that are asked for at once. */
const PAGE = 2000;
/** Calls that may be missing in a row before those behind them are not found again. */
const WINDOW = 256;
/** Differences that are listed; more are counted. */
const MOST_LISTED = 10_000;

export interface ComparisonOptions {
  signal: AbortSignal;
  /** Told now and then how many of the left calls have been looked at. */
  progress: (done: number, total: number) => void;
}

/** What comparing found, with its list. */
export interface ComparedLedgers {
  comparison: LedgerComparison;
  differences: CallDifference[];
}

/**
 * Compares the calls of two sessions. Calls belong together that have the same export and callId, in their order; where
 * the ids are others throughout, those of the same export do. Only pages of both are in memory.
 *
 * @throws the signal's reason where it is aborted meanwhile; Error with a sentence where a ledger cannot be read
 */
export async function compareLedgers(
  left: Pick<Ledger, 'fingerprints'>,
  right: Pick<Ledger, 'fingerprints'>,
  { signal, progress }: ComparisonOptions,
): Promise<ComparedLedgers> {
  const one = new CallStream(left, signal);
  const other = new CallStream(right, signal);
  const found = new Findings();
  let told = 0;
  for (;;) {
    await Promise.all([one.fill(), other.fill()]);
    signal.throwIfAborted();
    if (one.ahead.length === 0 && other.ahead.length === 0) break;
    // Whatever happens in this round, no more than a window is taken of each.
    while (one.isReady && other.isReady && !(one.ahead.length === 0 && other.ahead.length === 0))
      step(one, other, found);
    if (one.taken - told >= PAGE) {
      told = one.taken;
      progress(told, one.total);
    }
  }
  return {
    comparison: { ...found.counts, leftCalls: one.taken, rightCalls: other.taken, listed: found.list.length },
    differences: found.list,
  };
}

/** Takes the calls up to and with the next pair. */
function step(one: CallStream, other: CallStream, found: Findings): void {
  const { skipLeft, skipRight, pair } = nextPair(one, other);
  for (let skipped = 0; skipped < skipLeft; skipped++) found.add(one.take(), null);
  for (let skipped = 0; skipped < skipRight; skipped++) found.add(null, other.take());
  if (pair) found.add(one.take(), other.take());
}

/** How many calls of each have no partner before the next that have. */
function nextPair(one: CallStream, other: CallStream) {
  const [first] = one.ahead;
  const [against] = other.ahead;
  if (!first || !against) return { skipLeft: one.ahead.length, skipRight: other.ahead.length, pair: false };
  if (keyOf(first) === keyOf(against)) return { skipLeft: 0, skipRight: 0, pair: true };
  const byId = nearest(one.ahead, other.ahead, keyOf);
  if (byId) return { ...byId, pair: true };
  const byExport = nearest(one.ahead, other.ahead, (call) => call.export);
  if (byExport) return { ...byExport, pair: true };
  return { skipLeft: 1, skipRight: 1, pair: false };
}

const keyOf = ({ export: name, callId }: CallFingerprint): string => `${callId} ${name}`;

/** The first calls of both with the same key, skipping as few as possible; null where there are none. */
function nearest(
  one: readonly CallFingerprint[],
  other: readonly CallFingerprint[],
  key: (call: CallFingerprint) => string,
): { skipLeft: number; skipRight: number } | null {
  const places = new Map<string, number>();
  for (const [place, call] of other.slice(0, WINDOW).entries())
    if (!places.has(key(call))) places.set(key(call), place);
  let best: { skipLeft: number; skipRight: number } | null = null;
  for (const [skipLeft, call] of one.slice(0, WINDOW).entries()) {
    if (best && skipLeft >= best.skipLeft + best.skipRight) break;
    const skipRight = places.get(key(call));
    if (skipRight === undefined) continue;
    if (!best || skipLeft + skipRight < best.skipLeft + best.skipRight) best = { skipLeft, skipRight };
  }
  return best;
}

/** The calls of a ledger in their order, some of them ahead. */
class CallStream {
  private readonly ledger: Pick<Ledger, 'fingerprints'>;
  private readonly signal: AbortSignal;
  private asked = 0;
  private isWhole = false;
  /** Read, and not taken yet. */
  ahead: CallFingerprint[] = [];
  taken = 0;
  total = 0;

  constructor(ledger: Pick<Ledger, 'fingerprints'>, signal: AbortSignal) {
    this.ledger = ledger;
    this.signal = signal;
  }

  /** Enough is there to look for a partner, or all that there is. */
  get isReady(): boolean {
    return this.isWhole || this.ahead.length >= WINDOW;
  }

  take(): CallFingerprint {
    const call = this.ahead.shift();
    if (!call) throw new Error('No call is ahead.');
    this.taken++;
    return call;
  }

  async fill(): Promise<void> {
    if (this.isReady) return;
    const { total, calls } = await this.ledger.fingerprints(this.asked, PAGE, this.signal);
    this.asked += calls.length;
    this.total = total;
    this.ahead = [...this.ahead, ...calls];
    this.isWhole = calls.length === 0 || this.asked >= total;
  }
}

/** What has been found so far. */
class Findings {
  readonly counts = { same: 0, differing: 0, onlyLeft: 0, onlyRight: 0, bySizeOnly: 0 };
  readonly list: CallDifference[] = [];

  add(left: CallFingerprint | null, right: CallFingerprint | null): void {
    const differs = left && right ? aspectsOf(left, right) : [];
    if (!left) this.counts.onlyRight++;
    else if (!right) this.counts.onlyLeft++;
    else if (differs.length > 0) this.counts.differing++;
    else {
      this.counts.same++;
      if (isBySizeOnly(left, right)) this.counts.bySizeOnly++;
      return;
    }
    if (this.list.length < MOST_LISTED)
      this.list.push({ left: left && headOf(left), right: right && headOf(right), differs });
  }
}

function headOf(call: CallFingerprint): ComparedCall {
  const { sequence, callId, export: name, status } = call;
  return { sequence, callId, export: name, status, buffers: DIRECTIONS.filter((each) => call[each]) };
}

const DIRECTIONS: readonly Direction[] = ['argument', 'result'];

/** In what two calls differ: of what is known of both. */
function aspectsOf(left: CallFingerprint, right: CallFingerprint): CallAspect[] {
  const differ = (one: unknown, other: unknown): boolean =>
    one !== undefined && other !== undefined && one !== other;
  const checks: [CallAspect, boolean][] = [
    ['callId', left.callId !== right.callId],
    ['status', left.status !== right.status],
    ['parameters', differ(left.params, right.params)],
    ['argument', areOthers(left.argument, right.argument)],
    ['result', areOthers(left.result, right.result)],
    ['returns', differ(left.returns, right.returns)],
    ['findings', differ(left.findings?.join(), right.findings?.join())],
  ];
  return checks.filter(([, isOther]) => isOther).map(([aspect]) => aspect);
}

function areOthers(one: BufferFingerprint | undefined, other: BufferFingerprint | undefined): boolean {
  if (!one || !other) return one !== other;
  if (one.size !== other.size) return true;
  return one.digest !== undefined && other.digest !== undefined && one.digest !== other.digest;
}

function isBySizeOnly(left: CallFingerprint, right: CallFingerprint): boolean {
  return DIRECTIONS.some(
    (each) => left[each] && (left[each].digest === undefined || right[each]?.digest === undefined),
  );
}
