import type { DebugProtocol } from '@vscode/debugprotocol';
import * as z from 'zod';
import { type Place, placeText } from '../boundary/checks/finding.ts';
import { bindBreakpoints } from './binding.ts';
import { rulesOf, rulesSchema } from './breakpoint-rules.ts';
import { frameIndex, handler, requireRun, type Handlers, type SessionContext } from './context.ts';
import { dataIdOf } from './data-breakpoints.ts';
import { linearAddress } from './memory.ts';
import { childNamed } from './variables.ts';

const infoSchema = z.object({
  variablesReference: z.number().int().optional(),
  name: z.string(),
  frameId: z.number().int().optional(),
  bytes: z.number().int().min(1).optional(),
  asAddress: z.boolean().default(false),
});

const dataSchema = z.object({
  breakpoints: z.array(
    rulesSchema.extend({
      dataId: z.string(),
      accessType: z.enum(['read', 'write', 'readWrite']).default('write'),
    }),
  ),
});

type Info = DebugProtocol.DataBreakpointInfoResponse['body'];

/** Bytes that are watched where only an address was given. */
const DEFAULT_BYTES = 4;

function watchable(what: string, found: Place): Info {
  return {
    dataId: dataIdOf(found),
    description: what === '' ? placeText(found) : `${what} (${placeText(found)})`,
    accessTypes: ['read', 'write', 'readWrite'],
    // The same bytes in the next session: addresses are the module's own.
    canPersist: true,
  };
}

const nothing = (why: string): Info => ({ dataId: null, description: why });

/** `0x10a0`, `4256`, or a memory reference. */
function addressOf(text: string): number | null {
  const trimmed = text.trim();
  const address = /^(?:0x[\da-f]+|\d+)$/i.test(trimmed) ? Number(trimmed) : linearAddress(trimmed);
  return address !== undefined && address < 2 ** 32 ? address : null;
}

async function dataBreakpointInfo(
  context: SessionContext,
  { variablesReference, name, frameId, bytes, asAddress }: z.infer<typeof infoSchema>,
): Promise<Info> {
  if (asAddress) {
    const address = addressOf(name);
    if (address === null) return nothing(`“${name}” is no address: write one as 0x10a0 or 4256.`);
    return watchable('', { address, size: bytes ?? DEFAULT_BYTES });
  }
  const run = requireRun(context);
  run.requireStop();
  const { memory } =
    variablesReference === undefined
      ? await run.requestStopped('evaluate', { frame: frameIndex(context, frameId), expression: name })
      : await childNamed(context, context.variables.get(variablesReference), name);
  if (!memory || memory.size === 0) {
    return nothing(`${name} is not a buffer in linear memory: those can be watched, and addresses.`);
  }
  return watchable(name, { address: memory.address, size: bytes ?? memory.size });
}

/** Breakpoints on bytes of linear memory. */
export function dataBreakpointHandlers(context: SessionContext): Handlers {
  return {
    dataBreakpointInfo: handler(infoSchema, (args) => dataBreakpointInfo(context, args)),
    setDataBreakpoints: handler(dataSchema, async ({ breakpoints }) => {
      const { data } = context.breakpoints;
      data.set(
        breakpoints.map(({ dataId, accessType, ...rules }) => ({
          dataId,
          access: accessType,
          ...rulesOf(rules),
        })),
      );
      const errors = await bindBreakpoints(context);
      return { breakpoints: data.describe(context.run?.prepared ?? null, errors) };
    }),
  };
}
