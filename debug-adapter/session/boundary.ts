import * as z from 'zod';
import type { BoundaryRequests, CallSummary, Direction } from '../../protocol/boundary.ts';
import { describe, summarize } from '../boundary/calls.ts';
import { labels } from '../boundary/decoders/index.ts';
import type { Ledger } from '../boundary/ledger.ts';
import { handler, requireRun, type Handlers, type SessionContext } from './context.ts';
import { ErrorId, RequestError } from './request-error.ts';

/** Calls that are put into words before other requests get their turn. */
const BATCH = 500;

const callsSchema = z.object({
  start: z.number().int().min(0),
  count: z.number().int().min(0),
  query: z.string().optional(),
});

const callSchema = z.object({
  sequence: z.number().int(),
  decoders: z.object({ argument: z.string().optional(), result: z.string().optional() }).default({}),
});

/** Sequences that matched the last query, so that paging through its matches does not search again. */
interface Matches {
  query: string;
  version: number;
  sequences: number[];
}

/** Finds calls whose export, callId, status or previews contain a text, whatever its case. */
async function matching(ledger: Ledger, query: string, signal: AbortSignal): Promise<number[]> {
  const wanted = query.toLowerCase();
  const sequences: number[] = [];
  for (let sequence = 0; sequence < ledger.total; sequence++) {
    if (sequence % BATCH === BATCH - 1) await turn(signal);
    const summary = summarize(ledger, sequence);
    if (summary && textsOf(summary).some((text) => text.toLowerCase().includes(wanted))) {
      sequences.push(sequence);
    }
  }
  return sequences;
}

function textsOf({ export: name, callId, status, argument, result }: CallSummary): string[] {
  return [name, String(callId), status, argument?.preview ?? '', result?.preview ?? ''];
}

async function turn(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  signal.throwIfAborted();
}

function noSuchCall(ledger: Ledger, sequence: number): RequestError {
  const has = ledger.total === 0 ? 'There are none yet' : `There are 0 to ${ledger.total - 1}`;
  return new RequestError(ErrorId.noSuchId, `There is no call ${sequence}. ${has}.`, { showUser: false });
}

/** The ledger, for clients that show it. Answered after the guest's end, too. */
export function boundaryHandlers(context: SessionContext): Handlers {
  const { ledger } = context;
  let found: Matches | undefined;

  async function calls(
    { start, count, query = '' }: z.infer<typeof callsSchema>,
    signal: AbortSignal,
  ): Promise<BoundaryRequests['boundary/calls']['body']> {
    if (query !== '' && (found?.query !== query || found.version !== ledger.version)) {
      const version = ledger.version;
      found = { query, version, sequences: await matching(ledger, query, signal) };
    }
    const sequences = query === '' ? undefined : found?.sequences;
    const total = sequences?.length ?? ledger.total;
    const listed: CallSummary[] = [];
    for (let index = start; index < Math.min(total, start + count); index++) {
      if (listed.length % BATCH === BATCH - 1) await turn(signal);
      const summary = summarize(ledger, sequences ? (sequences[index] ?? -1) : index);
      if (summary) listed.push(summary);
    }
    return { total, calls: listed };
  }

  return {
    'boundary/calls': handler(callsSchema, (args, { signal }) => calls(args, signal)),
    'boundary/call': handler(callSchema, ({ sequence, decoders }) => {
      const chosen: Partial<Record<Direction, string>> = {};
      if (decoders.argument !== undefined) chosen.argument = decoders.argument;
      if (decoders.result !== undefined) chosen.result = decoders.result;
      const call = describe(ledger, sequence, chosen);
      if (!call) throw noSuchCall(ledger, sequence);
      return { call };
    }),
    'boundary/locate': handler(z.object({ frameId: z.number().int() }), ({ frameId }) => {
      requireRun(context).requireStop();
      const { frame } = context.frames.get(frameId);
      return { sequence: frame.kind === 'entry' ? null : frame.sequence };
    }),
    'boundary/decoders': handler(z.looseObject({}), () => ({ decoders: labels })),
  };
}
