import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ProbePlan } from '../../protocol/runner.ts';
import { UserError } from '../errors.ts';
import { LineTable, type MappedCode } from '../kotlin/line-table.ts';
import type * as Probing from '../kotlin/probed-guest.ts';
import { loadSourceMap } from '../kotlin/source-map.ts';
import { loadOnDemand } from '../on-demand.ts';
import type { GuestModule } from '../wasm/module.ts';

/** What is known of the guest's Kotlin, and the guest rewritten to stop in it. */
export interface KotlinCode {
  lines: LineTable;
  plan: ProbePlan;
  /** Code by the number of its site. */
  sites: readonly MappedCode[];
  /** Byte offset in the guest's file of one in the rewritten file. */
  toOriginal(offset: number): number;
  /** After the runner has read the rewritten file. */
  removeFile(): Promise<void>;
}

/**
 * Prepares a guest for stopping at lines of Kotlin.
 *
 * @param depth frames of Kotlin functions that may be open at once
 * @returns what stands in its way as a sentence; null where the guest has no source map or none of the user's code
 */
export async function prepareKotlin(
  program: string,
  guest: GuestModule,
  depth: number,
): Promise<KotlinCode | string | null> {
  try {
    const map = await loadSourceMap(program, guest);
    if (!map) return null;
    const lines = new LineTable(map, guest);
    if (lines.code.length === 0) return null;
    // With the wasmparser package; sessions without Kotlin sources never need it.
    const { probeGuest } = loadOnDemand('kotlin/probed-guest') as typeof Probing;
    const { bytes, plan, sites, offsets } = probeGuest(await readFile(program), guest, lines, depth);
    const folder = await mkdtemp(path.join(tmpdir(), 'kotlin-wasmedge-'));
    const file = path.join(folder, path.basename(program));
    await writeFile(file, bytes);
    return {
      lines,
      plan: { ...plan, program: file },
      sites,
      toOriginal: (offset) => offsets.toOriginal(offset),
      removeFile: () => rm(folder, { recursive: true, force: true }),
    };
  } catch (thrown) {
    // The guest runs without: it can still be stopped where it crosses the boundary.
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    if (!(thrown instanceof UserError) && !(thrown instanceof Error)) throw thrown;
    return `Kotlin lines cannot be stopped at: ${why}`;
  }
}
