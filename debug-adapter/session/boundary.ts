import * as z from 'zod';
import type { BoundarySearching, CallColumn, Direction, OfferedDecoder } from '../../protocol/boundary.ts';
import { BOUNDARY_SEARCHING_EVENT } from '../../protocol/dap.ts';
import { CallListing } from '../boundary/call-listing.ts';
import { describe, withoutRest } from '../boundary/calls.ts';
import { configuredLabel, isConfigured } from '../boundary/decoders/configured.ts';
import { labels } from '../boundary/decoders/index.ts';
import type { Ledger } from '../boundary/ledger.ts';
import { OwnDecoders } from '../boundary/own-decoders.ts';
import { handler, requireRun, type Handlers, type SessionContext } from './context.ts';
import { DECODED_AT_ONCE, DecodedBuffers } from './decoded.ts';
import { ErrorId, RequestError } from './request-error.ts';

const COLUMNS = [
  'sequence',
  'callId',
  'export',
  'status',
  'duration',
  'argumentSize',
  'resultSize',
  'problems',
] as const satisfies readonly CallColumn[];

const callsSchema = z.object({
  start: z.number().int().min(0),
  count: z.number().int().min(0),
  query: z.string().default(''),
  sort: z
    .object({ by: z.enum(COLUMNS), descending: z.boolean().default(false) })
    .default({ by: 'sequence', descending: false }),
});

const fingerprintsSchema = z.object({ start: z.number().int().min(0), count: z.number().int().min(0) });

const findProblemSchema = z.object({
  from: z.number().int(),
  direction: z.enum(['next', 'previous']),
});

const callSchema = z.object({
  sequence: z.number().int(),
  maxBytes: z.number().int().min(0).optional(),
  beginning: z.number().int().min(0).optional(),
  decoders: z.object({ argument: z.string().optional(), result: z.string().optional() }).default({}),
  buffers: z
    .object({ argument: z.number().int().min(0).optional(), result: z.number().int().min(0).optional() })
    .default({}),
});

function noSuchCall(ledger: Ledger, sequence: number): RequestError {
  const has = ledger.total === 0 ? 'There are none yet' : `There are 0 to ${ledger.total - 1}`;
  return new RequestError(ErrorId.noSuchId, `There is no call ${sequence}. ${has}.`, { showUser: false });
}

/** The decoders that a call of this session can be read with: those that are always there, and those of launch.json. */
function offered(ledger: Ledger): OfferedDecoder[] {
  const configured = ledger.namedDecoders.filter(isConfigured);
  const [automatic, ...others] = labels;
  return [
    ...(automatic ? [automatic] : []),
    ...configured.map((id) => ({ id, label: configuredLabel(id), group: 'Launch configuration' })),
    ...others,
  ];
}

/** @throws RequestError where a decoder is asked for by a description that launch.json does not have. */
function checkOffered(ledger: Ledger, id: string): void {
  if (!isConfigured(id) || ledger.namedDecoders.includes(id)) return;
  throw new RequestError(
    ErrorId.badArguments,
    `The decoder ${id} is none of this session: only what the launch configuration describes reads files.`,
    { showUser: false },
  );
}

/** What was given for each direction. */
function given<T>({ argument, result }: { argument?: T | undefined; result?: T | undefined }) {
  const chosen: Partial<Record<Direction, T>> = {};
  if (argument !== undefined) chosen.argument = argument;
  if (result !== undefined) chosen.result = result;
  return chosen;
}

/** The ledger, for clients that show it. Answered after the guest's end, too. */
export function boundaryHandlers(context: SessionContext): Handlers {
  const { ledger } = context;
  const own = new OwnDecoders();
  const listing = new CallListing(ledger);
  const large = new DecodedBuffers(ledger);

  return {
    ...large.handlers((id) => checkOffered(ledger, id)),
    'boundary/calls': handler(callsSchema, ({ sort, ...args }, { signal }) => {
      const { query } = args;
      const searched = (done: number): void => {
        const body: BoundarySearching = { query, done, total: ledger.total };
        context.sendEvent(BOUNDARY_SEARCHING_EVENT, body);
      };
      return listing.page({ ...args, order: sort }, signal, searched);
    }),
    'boundary/fingerprints': handler(fingerprintsSchema, ({ start, count }, { signal }) =>
      listing.fingerprints(start, count, signal),
    ),
    'boundary/findProblem': handler(findProblemSchema, ({ from, direction }) => ({
      sequence: listing.findProblem(from, direction),
    })),
    'boundary/problems': handler(z.looseObject({}), async () => {
      if (ledger.problems > 0) await context.run?.declarations.load();
      return { groups: ledger.findingGroups() };
    }),
    'boundary/call': handler(
      callSchema,
      async ({ sequence, decoders, buffers, maxBytes, beginning }, { signal }) => {
        if (ledger.hasProblems(sequence)) await context.run?.declarations.load();
        const chosen = given(decoders);
        for (const id of Object.values(chosen)) checkOffered(ledger, id);
        const atOnce = Math.min(maxBytes ?? DECODED_AT_ONCE, DECODED_AT_ONCE);
        const call = describe(ledger, sequence, {
          decoders: chosen,
          buffers: given(buffers),
          maxBytes: atOnce,
          ...(maxBytes !== undefined && { beginning }),
        });
        if (!call) throw noSuchCall(ledger, sequence);
        const isWhole = maxBytes === undefined || maxBytes > atOnce;
        const decoded = isWhole ? await large.complete(call, chosen, signal) : call;
        const whole = await own.redecode(decoded, signal);
        return { call: maxBytes === undefined ? whole : withoutRest(whole, maxBytes) };
      },
    ),
    'boundary/locate': handler(z.object({ frameId: z.number().int() }), ({ frameId }) => {
      requireRun(context).requireStop();
      const { frame } = context.frames.get(frameId);
      return { sequence: frame.kind === 'entry' ? null : frame.sequence };
    }),
    'boundary/decoders': handler(z.looseObject({}), () => ({ decoders: offered(ledger) })),
  };
}
