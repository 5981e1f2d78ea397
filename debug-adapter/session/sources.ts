import path from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';
import * as z from 'zod';
import type { RunnerFrame } from '../../protocol/runner.ts';
import { handler, requireRun, type Handlers, type SessionContext } from './context.ts';
import { listBoundary, type BoundaryListing } from './listing.ts';
import { symbolStatus } from './prepare.ts';
import { ErrorId, RequestError } from './request-error.ts';
import type { Run } from './run.ts';

/** Reference of the one source that there is: the guest's boundary as text. */
const BOUNDARY_SOURCE = 1;

const listings = new WeakMap<Run, BoundaryListing>();

function listingOf(run: Run): BoundaryListing {
  let listing = listings.get(run);
  if (!listing) {
    const { plan } = run.prepared;
    listing = listBoundary(plan, path.basename(plan.program));
    listings.set(run, listing);
  }
  return listing;
}

function boundarySource(run: Run): DebugProtocol.Source {
  const name = `${path.basename(run.prepared.plan.program, '.wasm')}.boundary.wat`;
  return { name, sourceReference: BOUNDARY_SOURCE, origin: "the guest's imports and exports" };
}

/** Where a frame is in the listing of the boundary; line 0 and no source where it is not in it. */
export function placeOfFrame(
  run: Run,
  frame: RunnerFrame,
): Pick<DebugProtocol.StackFrame, 'source' | 'line' | 'column'> {
  if (frame.kind === 'function') return placeInKotlin(run, frame.functionIndex, frame.offset);
  const listing = listingOf(run);
  const line =
    frame.kind === 'import'
      ? listing.importLines[frame.importIndex]
      : frame.kind === 'call'
        ? listing.exportLines[frame.exportIndex]
        : listing.exportLines[run.prepared.plan.exports.findIndex(({ name }) => name === frame.name)];
  return line === undefined ? NOWHERE : { source: boundarySource(run), line, column: 1 };
}

const NOWHERE = { line: 0, column: 0 };

function placeInKotlin(
  run: Run,
  functionIndex: number,
  offset: number,
): Pick<DebugProtocol.StackFrame, 'source' | 'line' | 'column'> {
  const code = run.prepared.kotlin?.lines.at(functionIndex, offset);
  if (!code) return NOWHERE;
  return {
    source: { name: path.basename(code.path), path: code.path },
    line: code.line,
    column: code.column,
  };
}

const sourceSchema = z.object({
  source: z.object({ sourceReference: z.number().int().optional() }).optional(),
  sourceReference: z.number().int().optional(),
});

export function sourceHandlers(context: SessionContext): Handlers {
  return {
    source: handler(sourceSchema, (args) => {
      const reference = args.source?.sourceReference ?? args.sourceReference;
      const run = requireRun(context);
      if (reference !== BOUNDARY_SOURCE) {
        const message = `There is no source ${reference ?? 'without a reference'}: only ${BOUNDARY_SOURCE}, the guest's boundary.`;
        throw new RequestError(ErrorId.noSuchId, message, { showUser: false });
      }
      return { content: listingOf(run).text, mimeType: 'text/x-wat' };
    }),
    loadedSources: handler(z.looseObject({}), () => ({
      sources: context.run ? [boundarySource(context.run)] : [],
    })),
    modules: handler(
      z.object({
        startModule: z.number().int().min(0).default(0),
        moduleCount: z.number().int().min(0).default(0),
      }),
      async ({ startModule, moduleCount }) => {
        const all = context.run ? await modulesOf(context.run) : [];
        const end = moduleCount === 0 ? undefined : startModule + moduleCount;
        return { modules: all.slice(startModule, end), totalModules: all.length };
      },
    ),
  };
}

/** Id of the guest's module. */
export const GUEST_MODULE = 1;

/** The guest, and the engine that runs it. */
async function modulesOf(run: Run): Promise<DebugProtocol.Module[]> {
  const { plan } = run.prepared;
  const { engine } = await run.loaded;
  return [
    {
      id: GUEST_MODULE,
      name: path.basename(plan.program),
      path: plan.program,
      isUserCode: true,
      symbolStatus: symbolStatus(run.prepared),
    },
    {
      id: GUEST_MODULE + 1,
      name: path.basename(engine.path),
      path: engine.path,
      version: engine.version,
      isUserCode: false,
    },
  ];
}
