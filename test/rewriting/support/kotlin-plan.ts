import path from 'node:path';
import { decodedMappings, TraceMap } from '@jridgewell/trace-mapping';
import { readFile } from 'node:fs/promises';
import type { FunctionPlan } from '../../../debug-adapter/kotlin/rewriting/plan.ts';
import { readGuestModule } from '../../../debug-adapter/wasm/module.ts';
import { root } from '../../../scripts/paths.ts';

/** A Kotlin guest of the repository and the places that its source map names. */
export interface KotlinGuest {
  bytes: Uint8Array;
  /** Every function that the map places in Kotlin source, with all offsets mapped there. */
  functions: FunctionPlan[];
  /** Index of the type of what it throws. */
  throwable: number;
}

/**
 * `file`: relative to the checkout. `source`: a part of the path of the sources that count; all by default. `lines`: only
 * where another line begins, as breakpoints on lines need it.
 */
export async function kotlinGuest(file: string, source = '', lines = false): Promise<KotlinGuest> {
  const bytes = new Uint8Array(await readFile(path.join(root, file)));
  const guest = readGuestModule(bytes);
  const map = new TraceMap(await readFile(path.join(root, `${file}.map`), 'utf8'));
  const probes = new Map<number, number[]>();
  let line = -1;
  for (const segment of decodedMappings(map)[0] ?? []) {
    const before = line;
    line = segment[2] ?? -1;
    if (lines && line === before) continue;
    if (segment[1] === undefined || map.sources[segment[1]]?.includes(source) !== true) continue;
    const found = guest.functionAt(segment[0]);
    if (!found) continue;
    const offsets = probes.get(found.index) ?? [];
    probes.set(found.index, [...offsets, segment[0]]);
  }
  const [throwable = -1] = [...guest.typeNames()].find(([, name]) => name === 'kotlin.Throwable') ?? [];
  return {
    bytes,
    throwable,
    functions: [...probes].map(([functionIndex, offsets]) => ({
      functionIndex,
      probes: offsets,
      // Each turn of a loop comes to one of its lines.
      pausePoints: !lines,
      locals: [...guest.localNames(functionIndex)]
        .filter(([, name]) => !name.startsWith('~'))
        .map(([local]) => local),
    })),
  };
}
