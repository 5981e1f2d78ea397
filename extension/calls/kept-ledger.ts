import type {
  Call,
  CallOrder,
  CallSummary,
  CapturedBuffer,
  Direction,
  OfferedDecoder,
} from '../../protocol/boundary.ts';
import { matchesQuery, parseCallQuery, type QueriedCall } from '../../protocol/call-query.ts';
import type { DecoderChoice } from '../../protocol/webview.ts';
import { KeptCall } from './kept-call.ts';
import { keptFingerprint } from './kept-fingerprint.ts';
import type { CallsPage, FingerprintsPage, Ledger, LedgerCall, WantedCall } from './ledger.ts';
import { orderSummaries } from './summary-order.ts';

/**
 * What is kept of a session that has ended, in the extension's memory: its adapter answers only until it is told to
 * disconnect. Calls with problems come first, then the last ones, until a limit is reached.
 */
export const KEPT_LIMITS = {
  /** Lines of the list. */
  summaries: 100_000,
  /** Calls with their buffers and crossings. */
  calls: 1000,
  /** Buffers of one call. */
  buffers: 100,
  /** Bytes of captured buffers. */
  bytes: 64 * 1024 * 1024,
};
const PAGE = 1000;
/** Requests under way at once: enough to keep the adapter busy, few enough to stop early. */
const AT_ONCE = 32;

/** Decodes a kept buffer anew. Rejects with a sentence. */
export type Redecode = (buffer: CapturedBuffer, decoder: string, call: Call) => Promise<CapturedBuffer>;

const announced = (call: CallSummary): number => (call.argument?.size ?? 0) + (call.result?.size ?? 0);

export class KeptLedger implements Ledger {
  private readonly summaries: CallSummary[];
  private readonly whole: ReadonlyMap<number, KeptCall>;
  private readonly offered: OfferedDecoder[];
  private readonly redecode: Redecode;

  constructor(
    summaries: CallSummary[],
    whole: ReadonlyMap<number, KeptCall>,
    offered: OfferedDecoder[],
    redecode: Redecode,
  ) {
    this.summaries = summaries;
    this.whole = whole;
    this.offered = offered;
    this.redecode = redecode;
  }

  get size(): { calls: number; whole: number } {
    return { calls: this.summaries.length, whole: this.whole.size };
  }

  calls(start: number, count: number, query?: string, sort?: CallOrder): Promise<CallsPage> {
    const parsed = parseCallQuery(query ?? '');
    const found = this.summaries.filter((call) =>
      matchesQuery(parsed, queried(call, this.whole.get(call.sequence)?.call)),
    );
    const listed = sort ? orderSummaries(found, sort) : found;
    return Promise.resolve({ total: listed.length, calls: listed.slice(start, start + count) });
  }

  fingerprints(start: number, count: number): Promise<FingerprintsPage> {
    const calls = this.summaries
      .slice(start, start + count)
      .map((summary) => keptFingerprint(summary, this.whole.get(summary.sequence)));
    return Promise.resolve({ total: this.summaries.length, calls });
  }

  findProblem(from: number, direction: 'next' | 'previous'): Promise<number | null> {
    const found =
      direction === 'next'
        ? this.summaries.find(({ sequence, problems }) => sequence > from && problems > 0)
        : this.summaries.findLast(({ sequence, problems }) => sequence < from && problems > 0);
    return Promise.resolve(found?.sequence ?? null);
  }

  async call(sequence: number, { decoders, buffers }: WantedCall = {}): Promise<LedgerCall> {
    const whole = this.whole.get(sequence);
    if (whole) return { call: await this.decodedAs(whole.showing(buffers), decoders) };
    const summary = this.summaries[sequence];
    if (!summary) throw new Error(`Call ${sequence} was not kept when the session ended.`);
    const { argument, result, ...rest } = summary;
    return {
      call: { ...rest, params: [], returns: [], crossings: [], buffers: [], findings: [] },
      notKept:
        `Only ${this.whole.size} of ${this.summaries.length} calls were kept whole when the session ended; ` +
        `of this one, only its line in the list.${describe('Argument', argument)}${describe('Result', result)}`,
    };
  }

  decoders(): Promise<OfferedDecoder[]> {
    return Promise.resolve(this.offered);
  }

  /** No frame is there after the end. */
  locate(): Promise<null> {
    return Promise.resolve(null);
  }

  private async decodedAs(call: Call, decoders: DecoderChoice | undefined): Promise<Call> {
    const copy = { ...call };
    for (const direction of ['argument', 'result'] satisfies Direction[]) {
      const decoder = decoders?.[direction];
      const buffer = call[direction];
      // What is not offered could name any file.
      if (decoder && !this.offered.some(({ id }) => id === decoder)) {
        throw new Error(`The decoder ${decoder} is none of the session that made this call.`);
      }
      if (decoder && buffer) copy[direction] = await this.redecode(buffer, decoder, call);
    }
    return copy;
  }
}

function describe(title: string, buffer: CallSummary['argument']): string {
  if (!buffer) return '';
  const place = buffer.behindHandle ? `of array ${buffer.address}` : `at ${buffer.address}`;
  return ` ${title}: ${buffer.size} bytes ${place}, “${buffer.preview}”.`;
}

/** What is kept of every call is its summary: a query finds decoded text in its previews, codes in whole calls. */
function queried(call: CallSummary, whole: Call | undefined): QueriedCall {
  return {
    sequence: call.sequence,
    callId: BigInt(call.callId),
    export: call.export.toLowerCase(),
    status: call.status,
    durationMicros: call.durationMicros,
    problems: call.problems,
    size: (direction) => call[direction]?.size,
    preview: (direction) => call[direction]?.preview ?? '',
    text: (direction) => call[direction]?.preview ?? '',
    problemCodes: () => whole?.findings.map(({ code }) => code) ?? [''],
  };
}

/**
 * Copies a ledger while its adapter still answers.
 * @param stopped tells that there is no more time: what has been copied by then is kept
 */
export async function keepLedger(
  live: Ledger,
  redecode: Redecode,
  stopped: () => boolean,
): Promise<KeptLedger> {
  const offered = await live.decoders();
  const summaries: CallSummary[] = [];
  for (let total = 1; summaries.length < Math.min(total, KEPT_LIMITS.summaries) && !stopped();) {
    const page = await live.calls(summaries.length, PAGE);
    if (page.calls.length === 0) break;
    total = page.total;
    summaries.push(...page.calls);
  }

  const wanted = [...summaries].sort(
    (one, other) => Number(other.problems > 0) - Number(one.problems > 0) || other.sequence - one.sequence,
  );
  const whole = new Map<number, KeptCall>();
  let bytes = 0;
  let next = 0;
  const copy = async (): Promise<void> => {
    while (next < Math.min(wanted.length, KEPT_LIMITS.calls) && !stopped()) {
      const summary = wanted[next++];
      if (!summary || bytes + announced(summary) > KEPT_LIMITS.bytes) continue;
      bytes += announced(summary);
      const kept = new KeptCall((await live.call(summary.sequence)).call);
      whole.set(summary.sequence, kept);
      const announcedMore = kept.missing.reduce((sum, { size }) => sum + size, 0);
      if (bytes + announcedMore <= KEPT_LIMITS.bytes) await copyBuffers(live, kept, stopped);
      bytes += kept.captured - announced(summary);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, copy));
  return new KeptLedger(summaries, whole, offered, redecode);
}

/** Copies the buffers of a call that the first answer about it did not show. */
async function copyBuffers(live: Ledger, kept: KeptCall, stopped: () => boolean): Promise<void> {
  for (const { direction, index } of kept.missing.slice(0, KEPT_LIMITS.buffers)) {
    if (stopped()) return;
    kept.add((await live.call(kept.call.sequence, { buffers: { [direction]: index } })).call);
  }
}
