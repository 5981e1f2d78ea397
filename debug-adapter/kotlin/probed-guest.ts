import type { ProbePlan } from '../../protocol/runner.ts';
import type { GuestModule } from '../wasm/module.ts';
import type { LineTable, MappedCode } from './line-table.ts';
import { describeObjects, kotlinTypes } from './object-plan.ts';
import type { RewrittenFile } from './rewritten-cache.ts';
import type { RewritePlan } from './rewriting/plan.ts';

/**
 * What is to be rewritten so that a guest stops at the user's lines of Kotlin (design.md §9): each function that holds any.
 *
 * @param depth frames that may be open at once
 */
export function planProbes(guest: GuestModule, lines: LineTable, depth: number): RewritePlan {
  const probes = new Map<number, number[]>();
  for (const { functionIndex, offset } of lines.starts) {
    const known = probes.get(functionIndex);
    if (known) known.push(offset);
    else probes.set(functionIndex, [offset]);
  }
  return {
    functions: [...probes].map(([functionIndex, offsets]) => ({
      functionIndex,
      probes: offsets,
      locals: [...ownLocals(guest, functionIndex).keys()],
    })),
    stack: { depth },
    access: { types: kotlinTypes(guest) },
  };
}

/** A rewritten guest as the runner is told of it, and the code at its sites by their numbers. */
export function describeProbes(
  { file, sites, functions, exports, memory, access }: RewrittenFile,
  guest: GuestModule,
  lines: LineTable,
  depth: number,
): { plan: ProbePlan; sites: MappedCode[] } {
  if (!access) throw new TypeError('The guest was rewritten without access to its objects.');
  // Both come in the order of offsets: a site stands at the last place before it, or right there.
  let next = 0;
  const code = sites.flatMap(({ offset }) => {
    while ((lines.starts[next]?.offset ?? Infinity) <= offset) next += 1;
    return lines.starts[next - 1] ?? [];
  });
  const lineNumbers = new Map<string, number>();
  const lineOf = ({ path, line }: MappedCode): number => {
    const key = `${path}:${line}`;
    const known = lineNumbers.get(key) ?? lineNumbers.size;
    lineNumbers.set(key, known);
    return known;
  };
  const plan: ProbePlan = {
    program: file,
    exports,
    sitesAt: memory.sitesAt,
    stackAt: memory.stackAt,
    stackDepth: depth,
    sites: code.map((each) => ({
      functionIndex: each.functionIndex,
      offset: each.offset,
      line: lineOf(each),
    })),
    functions: functions.map(({ functionIndex, frameSize, slots }) => {
      const names = ownLocals(guest, functionIndex);
      return {
        functionIndex,
        frameSize,
        locals: slots
          .toSorted((a, b) => a.local - b.local)
          .map(({ local, type, slot, writtenFrom }) => ({
            name: names.get(local) ?? `local ${local}`,
            type,
            slot,
            writtenFrom,
          })),
      };
    }),
    objects: describeObjects(guest, access),
  };
  return { plan, sites: code };
}

/** Names of the user's own locals: kotlinc 2.4 begins the names of its own with `~` (design.md §8). */
function ownLocals(guest: GuestModule, functionIndex: number): ReadonlyMap<number, string> {
  return new Map([...guest.localNames(functionIndex)].filter(([, name]) => !name.startsWith('~')));
}
