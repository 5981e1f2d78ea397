import type { InlinedSite, PlannedLocal, ProbePlan } from '../../protocol/runner.ts';
import type { GuestModule } from '../wasm/module.ts';
import { isLibraryName } from './function-names.ts';
import type { MappedCode } from './line-table.ts';
import { describeObjects, kotlinTypes } from './object-plan.ts';
import { type KotlinGuest, OwnLocals } from './own-locals.ts';
import type { RewrittenFile } from './rewritten-cache.ts';
import type { FunctionPlan, RewritePlan, Site } from './rewriting/plan.ts';

/** How far a guest is to be stopped in. */
export interface ProbeChoice {
  /** Frames that may be open at once. */
  depth: number;
  /** The user's functions alone; else the library's too. */
  justMyCode: boolean;
  /** At each instruction; else where lines or, where there are none, statements begin. */
  instructions: boolean;
  /** Accesses to linear memory can be watched. */
  dataBreakpoints: boolean;
}

/** A place where a rewritten guest can stop. */
export interface ProbedSite {
  functionIndex: number;
  /** Byte offset in the guest's file. */
  offset: number;
  /** The line of Kotlin that it belongs to; null where the function has none. */
  code: MappedCode | null;
  /** That line's code begins here, or goes on after a gap: a breakpoint at the line stops here. */
  isBeginning: boolean;
}

/**
 * What is to be rewritten so that a guest can be stopped in (design.md §9): each function that holds any of the user's
 * lines. Where no function does, those that are not named like the library's.
 */
export function planProbes(
  code: KotlinGuest,
  { depth, justMyCode, instructions, dataBreakpoints }: ProbeChoice,
): RewritePlan {
  const { guest, lines } = code;
  const own = new OwnLocals(code);
  const starts = new Set(lines.starts);
  const probes = new Map<number, { starts: number[]; continuations: number[] }>();
  let column = 0;
  for (const place of lines.code) {
    const isStart = starts.has(place);
    // A copy of a line begins where the line does; what goes on elsewhere has only been interrupted.
    if (isStart) column = place.column;
    else if (place.column !== column) continue;
    const places = probes.get(place.functionIndex) ?? { starts: [], continuations: [] };
    probes.set(place.functionIndex, places);
    (isStart ? places.starts : places.continuations).push(place.offset);
  }
  const locals = (functionIndex: number) => [...own.of(functionIndex).keys()];
  const functions = [...probes].map(([functionIndex, places]): FunctionPlan => ({
    functionIndex,
    probes: places.starts,
    continuations: places.continuations,
    ...(instructions && { every: 'operator' }),
    locals: locals(functionIndex),
  }));
  const isWanted = (name: string | null) =>
    !justMyCode || (probes.size === 0 && (name === null || !isLibraryName(name)));
  for (const functionIndex of definedFunctions(guest)) {
    if (probes.has(functionIndex) || !isWanted(guest.functionName(functionIndex))) continue;
    const every = instructions ? 'operator' : 'statement';
    functions.push({ functionIndex, probes: [], every, pausePoints: true, locals: locals(functionIndex) });
  }
  return {
    functions,
    stack: { depth },
    access: { types: kotlinTypes(guest) },
    ...throwable(guest),
    ...(dataBreakpoints && { memoryAccesses: true }),
  };
}

/** What Kotlin throws carries its `kotlin.Throwable`; without names nobody could say what it is. */
function throwable(guest: GuestModule): Pick<RewritePlan, 'exceptions'> {
  for (const [type, name] of guest.typeNames()) {
    if (name === 'kotlin.Throwable') return { exceptions: { type } };
  }
  return {};
}

/** Imported functions come first in the index space. */
function* definedFunctions(guest: GuestModule): Generator<number> {
  const imported = guest.imports.filter(({ kind }) => kind === 'function').length;
  for (let index = imported; guest.functionType(index) !== null; index++) yield index;
}

/** A rewritten guest as the runner is told of it, and the places of its sites by their numbers. */
export function describeProbes(
  { file, sites, functions, exports, memory, access, watch, thrown }: RewrittenFile,
  code: KotlinGuest,
  depth: number,
): { plan: ProbePlan; sites: ProbedSite[] } {
  const { guest, lines, types } = code;
  const own = new OwnLocals(code);
  if (!access) throw new TypeError('The guest was rewritten without access to its objects.');
  const probed = placesOfSites(sites, lines.starts);
  const lineNumbers = new Map<string, number>();
  const lineOf = ({ code, functionIndex, offset }: ProbedSite): number => {
    // Without lines each site is one of its own, as it is in the listing.
    const key = code ? `${code.path}:${code.line}` : `${functionIndex}@${offset}`;
    const known = lineNumbers.get(key) ?? lineNumbers.size;
    lineNumbers.set(key, known);
    return known;
  };
  const calls = new Map<MappedCode, number>();
  const inlinedAt = (code: MappedCode | null): { inlined?: InlinedSite } => {
    const how = code && lines.inlined(code);
    if (!how) return {};
    const call = calls.get(how.call) ?? calls.size;
    calls.set(how.call, call);
    return { inlined: { call, depth: how.name === null ? 2 : 1 } };
  };
  const plan: ProbePlan = {
    program: file,
    exports,
    sitesAt: memory.sitesAt,
    stackAt: memory.stackAt,
    stackDepth: depth,
    watch,
    thrown,
    sites: probed.map((each) => ({
      functionIndex: each.functionIndex,
      offset: each.offset,
      line: lineOf(each),
      ...inlinedAt(each.code),
    })),
    functions: functions.map(({ functionIndex, frameSize, slots }) => {
      const names = own.of(functionIndex);
      return {
        functionIndex,
        frameSize,
        locals: slots
          .toSorted((a, b) => a.local - b.local)
          .map(({ local, type, slot, writtenFrom }): PlannedLocal => {
            const { name = `local ${local}`, kotlinType } = names.get(local) ?? {};
            return { name, type, slot, writtenFrom, ...(kotlinType !== undefined && { kotlinType }) };
          }),
      };
    }),
    objects: describeObjects(guest, access, types),
  };
  return { plan, sites: probed };
}

/** Both come in the order of offsets: a site stands at the last place before it in its function, or right there. */
function placesOfSites(sites: readonly Site[], starts: readonly MappedCode[]): ProbedSite[] {
  let next = 0;
  return sites.map(({ functionIndex, offset, isPlanned }) => {
    while ((starts[next]?.offset ?? Infinity) <= offset) next += 1;
    // Before the first line of a function its beginning belongs to that.
    const code = [starts[next - 1], starts[next]].find((each) => each?.functionIndex === functionIndex);
    return { functionIndex, offset, code: code ?? null, isBeginning: isPlanned };
  });
}
