import path from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';
import * as z from 'zod';
import type { RunnerFrame } from '../../protocol/runner.ts';
import type { MappedCode } from '../kotlin/line-table.ts';
import { type FrameEntry, handler, requireRun, type Handlers, type SessionContext } from './context.ts';
import { listBoundary, type BoundaryListing } from './listing.ts';
import { disassemblerOf } from './listings.ts';
import { ServedSources } from './served-sources.ts';
import { symbolStatus } from './prepare.ts';
import { ErrorId, RequestError } from './request-error.ts';
import type { Run } from './run.ts';

const listings = new WeakMap<Run, BoundaryListing>();
const served = new WeakMap<Run, ServedSources>();

function servedBy(run: Run): ServedSources {
  let sources = served.get(run);
  if (!sources) {
    served.set(run, (sources = new ServedSources()));
    // Its reference is the same in each run of a session.
    boundarySource(run);
  }
  return sources;
}

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
  const { reference } = servedBy(run).serve(name, 'text/x-wat', () => listingOf(run).text);
  return { name, sourceReference: reference, origin: "the guest's imports and exports" };
}

/** A Kotlin file; where there is none, the text that the source map carries. */
export function kotlinSource(run: Run, file: string): DebugProtocol.Source {
  const name = path.basename(file);
  const text = run.prepared.kotlin?.lines.embedded(file) ?? null;
  if (text === null) return { name, path: file };
  const { reference } = servedBy(run).serve(file, 'text/x-kotlin', () => text);
  return { name, path: file, sourceReference: reference, origin: 'from the source map' };
}

/** Where a frame is in the listing of the boundary; line 0 and no source where it is not in it. */
export function placeOfFrame(
  run: Run,
  { frame, part }: FrameEntry,
): Pick<DebugProtocol.StackFrame, 'source' | 'line' | 'column'> {
  if (part === 'caller' && frame.kind === 'function') {
    const { lines } = run.prepared.kotlin ?? {};
    const code = lines?.at(frame.functionIndex, frame.offset);
    const call = code && lines?.inlined(code)?.call;
    if (call) return placeInKotlin(run, call);
  }
  if (frame.kind === 'function') return placeInFunction(run, frame.functionIndex, frame.offset);
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

/** Where code is: in Kotlin, or in the function's listing where it belongs to no line. */
export function placeInFunction(
  run: Run,
  functionIndex: number,
  offset: number,
): Pick<DebugProtocol.StackFrame, 'source' | 'line' | 'column'> {
  const code = run.prepared.kotlin?.lines.at(functionIndex, offset);
  if (!code) return placeInListing(run, functionIndex, offset);
  return placeInKotlin(run, code);
}

function placeInKotlin(run: Run, { path: file, line, column }: MappedCode) {
  return { source: kotlinSource(run, file), line, column };
}

/** The inline function that a frame stands in; null where it stands in its own code. */
export function inlinedFunction(run: Run, frame: RunnerFrame): string | null {
  if (frame.kind !== 'function') return null;
  const { lines } = run.prepared.kotlin ?? {};
  const code = lines?.at(frame.functionIndex, frame.offset);
  return (code && lines?.inlined(code)?.name) ?? null;
}

function placeInListing(
  run: Run,
  functionIndex: number,
  offset: number,
): Pick<DebugProtocol.StackFrame, 'source' | 'line' | 'column'> {
  const listing = disassemblerOf(run).listing(functionIndex);
  const line = listing?.instructions.findLast((each) => each.offset <= offset)?.line;
  return line === undefined ? NOWHERE : { source: listingSource(run, functionIndex), line, column: 1 };
}

/** A function's code, as text that the adapter serves. */
function listingSource(run: Run, functionIndex: number): DebugProtocol.Source {
  const { guest } = run.prepared;
  const name = `${guest.functionName(functionIndex) ?? `function ${functionIndex}`}.wat`;
  const text = () => disassemblerOf(run).listing(functionIndex)?.text ?? '';
  const { reference } = servedBy(run).serve(`function ${functionIndex}`, 'text/x-wat', text, functionIndex);
  return { name, sourceReference: reference, origin: "the guest's code" };
}

/** The function whose listing a reference means; undefined where it means something else. */
export function listedFunction(run: Run, reference: number): number | undefined {
  return servedBy(run).find(reference)?.functionIndex;
}

const sourceSchema = z.object({
  source: z.object({ path: z.string().optional(), sourceReference: z.number().int().optional() }).optional(),
  sourceReference: z.number().int().optional(),
});

export function sourceHandlers(context: SessionContext): Handlers {
  return {
    source: handler(sourceSchema, (args) => {
      const reference = args.source?.sourceReference ?? args.sourceReference;
      const run = requireRun(context);
      const source = servedBy(run).find(reference ?? 0);
      if (!source) throw noSource(reference ?? 0, args.source?.path);
      return { content: source.text(), mimeType: source.mimeType };
    }),
    loadedSources: handler(z.looseObject({}), () => ({
      sources: context.run ? sourcesOf(context.run) : [],
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

/** Listings that are named before anybody stops there. */
const LISTED = 1000;

/** The boundary first, then the user's Kotlin; where there is none, the listings of the user's functions. */
function sourcesOf(run: Run): DebugProtocol.Source[] {
  const { kotlin } = run.prepared;
  const files = kotlin?.lines.files ?? [];
  const functions = files.length > 0 ? [] : (kotlin?.plan.functions ?? []).slice(0, LISTED);
  return [
    boundarySource(run),
    ...files.map((file) => kotlinSource(run, file)),
    ...functions.map(({ functionIndex }) => listingSource(run, functionIndex)),
  ];
}

function noSource(reference: number, file: string | undefined): RequestError {
  const message =
    reference === 0 && file !== undefined
      ? `${file} is a file, and the source map does not carry its text: where it lies elsewhere, say so in ` +
        '"sourceMapPathOverrides" of launch.json.'
      : `There is no source ${reference}: they come with stack frames and “loadedSources”.`;
  return new RequestError(ErrorId.noSuchId, message, { showUser: false });
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
