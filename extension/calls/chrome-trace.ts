import type { CallSummary, Crossing } from '../../protocol/boundary.ts';
import type { Ledger } from './ledger.ts';

/** Calls that are exported; later ones are left out, and the trace says so. */
const MOST_CALLS = 200_000;
/** Calls whose crossings are exported with them: each is asked for by itself. */
const MOST_WITH_CROSSINGS = 5000;
const PAGE = 1000;
/** Requests under way at once. */
const AT_ONCE = 16;

/** An event of the Trace Event Format, which chrome://tracing and Perfetto open: times in µs. */
interface TraceEvent {
  name: string;
  ph: 'X' | 'B' | 'M' | 'i';
  pid: number;
  tid: number;
  ts: number;
  dur?: number;
  cat?: string;
  s?: 'g';
  args?: Record<string, unknown>;
}

const PLACE = { pid: 1, tid: 1 };

/**
 * The calls of a session and their crossings as a Chrome trace. Nesting is that of the times.
 * @param name the session's
 * @returns JSON text
 */
export async function chromeTrace(ledger: Ledger, name: string): Promise<string> {
  const events: TraceEvent[] = [
    { name: 'process_name', ph: 'M', ts: 0, ...PLACE, args: { name } },
    { name: 'thread_name', ph: 'M', ts: 0, ...PLACE, args: { name: 'Guest and host' } },
  ];
  const calls: CallSummary[] = [];
  let total = 1;
  while (calls.length < Math.min(total, MOST_CALLS)) {
    const page = await ledger.calls(calls.length, PAGE);
    if (page.calls.length === 0) break;
    total = page.total;
    calls.push(...page.calls);
  }
  for (const call of calls) events.push(callEvent(call));
  const crossed = calls.slice(0, MOST_WITH_CROSSINGS);
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < crossed.length) {
      const summary = crossed[next++];
      if (!summary) break;
      const { call } = await ledger.call(summary.sequence, { maxBytes: 0 });
      for (const crossing of call.crossings) events.push(crossingEvent(crossing));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  if (calls.length > crossed.length) {
    const ts = calls[crossed.length]?.startMicros ?? 0;
    events.push({ name: 'From here on without crossings', ph: 'i', s: 'g', ts, ...PLACE });
  }
  if (total > calls.length) {
    const ts = calls.at(-1)?.startMicros ?? 0;
    const left = total - calls.length;
    events.push({ name: `${left} more calls are left out`, ph: 'i', s: 'g', ts, ...PLACE });
  }
  return JSON.stringify({ traceEvents: events, displayTimeUnit: 'ms' });
}

function callEvent(call: CallSummary): TraceEvent {
  const { callId, sequence, status, argument, result, startMicros, durationMicros } = call;
  return {
    name: call.export,
    cat: 'guest',
    // A call that still ran has no end yet.
    ph: durationMicros === undefined ? 'B' : 'X',
    ts: startMicros,
    ...(durationMicros !== undefined && { dur: durationMicros }),
    ...PLACE,
    args: {
      callId,
      sequence,
      status,
      ...(argument && { argument: argument.preview, argumentSize: argument.size }),
      ...(result && { result: result.preview, resultSize: result.size }),
    },
  };
}

function crossingEvent({ import: name, role, startMicros, durationMicros = 0 }: Crossing): TraceEvent {
  return {
    name,
    cat: 'host',
    ph: 'X',
    ts: startMicros,
    dur: durationMicros,
    ...PLACE,
    ...(role && { args: { role } }),
  };
}
