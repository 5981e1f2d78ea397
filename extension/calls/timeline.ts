import type { CallSummary } from '../../protocol/boundary.ts';
import type { TimelinePart } from '../../protocol/webview.ts';
import type { Ledger } from './ledger.ts';

/** Calls that are drawn at once. */
const MOST_CALLS = 2000;
const PAGE = 500;
/** Calls whose crossings are drawn at once, and crossings of each. */
const MOST_TIMED = 200;
const MOST_CROSSINGS = 500;

/**
 * The calls of a range of time, with those around them that began earlier.
 * @param from µs since the session's first call
 */
export async function timelinePart(
  ledger: Ledger,
  total: number,
  from: number,
  to: number,
): Promise<TimelinePart> {
  const one = async (sequence: number): Promise<CallSummary | undefined> =>
    (await ledger.calls(sequence, 1)).calls[0];
  // Calls are numbered in the order in which they begin.
  const firstFrom = async (micros: number): Promise<number> => {
    let low = 0;
    let high = total;
    while (low < high) {
      const middle = (low + high) >> 1;
      const call = await one(middle);
      if (call && call.startMicros < micros) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const first = await firstFrom(from);
  const last = await firstFrom(to);
  const around = first > 0 ? await chain(one, first - 1) : [];
  const calls = around.reverse();
  const end = Math.min(last, first + MOST_CALLS);
  for (let start = first; start < end; start += PAGE)
    calls.push(...(await ledger.calls(start, Math.min(PAGE, end - start))).calls);
  return { calls, omitted: last - end, end: await endOf(one, total) };
}

/**
 * When calls were in the host.
 * @returns for each of the first 200 sequences `[start, duration]` of its crossings in µs; of those that still run, none
 */
export async function hostTimes(ledger: Ledger, sequences: readonly number[]): Promise<[number, number][][]> {
  return Promise.all(
    sequences.slice(0, MOST_TIMED).map(async (sequence) => {
      const { call } = await ledger.call(sequence, { maxBytes: 0 });
      return call.crossings
        .slice(0, MOST_CROSSINGS)
        .map(({ startMicros, durationMicros = 0 }): [number, number] => [startMicros, durationMicros]);
    }),
  );
}

/** A call and the calls around it, innermost first. */
async function chain(
  one: (sequence: number) => Promise<CallSummary | undefined>,
  innermost: number,
): Promise<CallSummary[]> {
  const found: CallSummary[] = [];
  for (let call = await one(innermost); call;) {
    found.push(call);
    call = call.parent === undefined ? undefined : await one(call.parent);
  }
  return found;
}

async function endOf(
  one: (sequence: number) => Promise<CallSummary | undefined>,
  total: number,
): Promise<number> {
  if (total === 0) return 0;
  const open = await chain(one, total - 1);
  return Math.max(0, ...open.map(({ startMicros, durationMicros = 0 }) => startMicros + durationMicros));
}
