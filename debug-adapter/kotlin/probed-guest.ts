import type { ProbePlan } from '../../protocol/runner.ts';
import type { GuestModule } from '../wasm/module.ts';
import type { LineTable, MappedCode } from './line-table.ts';
import type { OffsetMap } from './rewriting/offset-map.ts';
import { rewrite } from './rewriting/rewrite.ts';

/** A guest that was rewritten so that it stops at the user's lines of Kotlin. */
export interface ProbedGuest {
  bytes: Uint8Array;
  /** Without the file that holds the bytes. */
  plan: Omit<ProbePlan, 'program'>;
  /** By the site's number. */
  sites: readonly MappedCode[];
  offsets: OffsetMap;
}

/**
 * Rewrites the functions that hold the user's Kotlin (design.md §9).
 *
 * @param depth frames that may be open at once
 * @throws UserError where a function cannot be decoded
 */
export function probeGuest(
  bytes: Uint8Array,
  guest: GuestModule,
  lines: LineTable,
  depth: number,
): ProbedGuest {
  const probes = new Map<number, number[]>();
  const byOffset = new Map<number, MappedCode>();
  for (const each of lines.code) {
    byOffset.set(each.offset, each);
    const known = probes.get(each.functionIndex);
    if (known) known.push(each.offset);
    else probes.set(each.functionIndex, [each.offset]);
  }
  const names = new Map([...probes.keys()].map((index) => [index, ownLocals(guest.localNames(index))]));
  const rewritten = rewrite(bytes, {
    functions: [...probes].map(([functionIndex, offsets]) => ({
      functionIndex,
      probes: offsets,
      locals: [...(names.get(functionIndex)?.keys() ?? [])],
    })),
    stack: { depth },
  });

  const sites = rewritten.sites.flatMap(({ offset }) => byOffset.get(offset) ?? []);
  const lineNumbers = new Map<string, number>();
  const lineOf = ({ path, line }: MappedCode): number => {
    const key = `${path}:${line}`;
    const known = lineNumbers.get(key) ?? lineNumbers.size;
    lineNumbers.set(key, known);
    return known;
  };
  const { exports, memory, functions } = rewritten;
  return {
    bytes: rewritten.bytes,
    sites,
    offsets: rewritten.offsets,
    plan: {
      exports,
      sitesAt: memory.sitesAt,
      stackAt: memory.stackAt,
      stackDepth: depth,
      sites: sites.map((each) => ({
        functionIndex: each.functionIndex,
        offset: each.offset,
        line: lineOf(each),
      })),
      functions: functions.map(({ functionIndex, frameSize, slots }) => ({
        functionIndex,
        frameSize,
        locals: slots
          .toSorted((a, b) => a.local - b.local)
          .map(({ local, type, slot }) => ({
            name: names.get(functionIndex)?.get(local) ?? `local ${local}`,
            type,
            slot,
          })),
      })),
    },
  };
}

/** The user's own: kotlinc 2.4 begins the names of its own with `~` (design.md §8). */
function ownLocals(names: ReadonlyMap<number, string>): ReadonlyMap<number, string> {
  return new Map([...names].filter(([, name]) => !name.startsWith('~')));
}
