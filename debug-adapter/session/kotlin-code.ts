import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ProbePlan } from '../../protocol/runner.ts';
import { type FunctionStart, functionStarts } from '../kotlin/function-sites.ts';
import { LineTable, type MappedCode } from '../kotlin/line-table.ts';
import { describeProbes, planProbes } from '../kotlin/probed-guest.ts';
import { RewrittenCache, type RewrittenFile } from '../kotlin/rewritten-cache.ts';
import type { RewritePlan } from '../kotlin/rewriting/plan.ts';
import type * as Rewriting from '../kotlin/rewriting/rewrite.ts';
import type { PathOverrides } from '../kotlin/path-overrides.ts';
import { type KotlinSourceMap, loadSourceMap } from '../kotlin/source-map.ts';
import { staleSources } from '../kotlin/stale-sources.ts';
import { fileOnDemand, loadOnDemand } from '../on-demand.ts';
import type { Program } from '../wasm/program.ts';
import { cacheDirectory } from '../wasmedge/cache.ts';

/** What is known of the guest's Kotlin, and the guest rewritten to stop in it. */
export interface KotlinCode {
  lines: LineTable;
  plan: ProbePlan;
  /** Code by the number of its site, in the order of offsets. */
  sites: readonly MappedCode[];
  /** What function breakpoints can name. */
  readonly functions: readonly FunctionStart[];
  /** What is wrong with its sources, as sentences. */
  warnings: readonly string[];
  /** Byte offset in the guest's file of one in the rewritten file. */
  toOriginal(offset: number): number;
  /** Once the runner has read the rewritten file, or will not. */
  release(): void;
}

/** The rewriting, with the wasmparser package: a part of the program that a launch mostly does without. */
const REWRITING = 'kotlin/rewriting/rewrite';

/**
 * Prepares a guest for stopping at lines of Kotlin.
 *
 * @param depth frames of Kotlin functions that may be open at once
 * @param overrides of the sources that the map names
 * @returns what stands in its way as a sentence; null where the guest has no source map
 */
export async function prepareKotlin(
  { path: program, bytes, guest }: Program,
  depth: number,
  overrides: PathOverrides,
): Promise<KotlinCode | string | null> {
  try {
    const map = await loadSourceMap(program, guest, overrides);
    if (!map) return null;
    const lines = new LineTable(map, guest);
    if (lines.code.length === 0) return noSources(map);
    const warnings = await staleSources(program, lines);
    const { rewritten, release } = rewriteOnce(bytes, planProbes(guest, lines, depth));
    const { plan, sites } = describeProbes(rewritten, guest, lines, depth);
    let functions: FunctionStart[] | undefined;
    return {
      plan,
      sites,
      get functions() {
        return (functions ??= functionStarts(guest, sites));
      },
      lines,
      warnings,
      toOriginal: (offset) => rewritten.offsets.toOriginal(offset),
      release,
    };
  } catch (thrown) {
    // The guest runs without: it can still be stopped where it crosses the boundary.
    if (!(thrown instanceof Error)) throw thrown;
    return `Kotlin lines cannot be stopped at: ${thrown.message}`;
  }
}

/** Why none of the code is the user's. */
function noSources(map: KotlinSourceMap): string {
  const missing = map.sources.find(({ ignored }) => !ignored);
  return missing
    ? `Kotlin lines cannot be stopped at: the source map names ${missing.path}, which is not there. ` +
        'Say where the sources are with "sourceMapPathOverrides" in launch.json.'
    : "Kotlin lines cannot be stopped at: the source map names none of the guest's own sources.";
}

function rewriteOnce(
  module: Uint8Array,
  plan: RewritePlan,
): { rewritten: RewrittenFile; release: () => void } {
  const cache = new RewrittenCache(path.join(cacheDirectory(process.env), 'rewritten'));
  const key = RewrittenCache.key(module, plan, readFileSync(fileOnDemand(REWRITING)));
  const known = cache.get(key);
  if (known) return { rewritten: known, release: nothing };

  const { rewrite } = loadOnDemand(REWRITING) as typeof Rewriting;
  const made = rewrite(module, plan);
  try {
    return { rewritten: cache.put(key, made), release: nothing };
  } catch {
    // The cache cannot be written to: a file for this launch alone.
    const folder = mkdtempSync(path.join(tmpdir(), 'kotlin-wasmedge-'));
    const rewritten = new RewrittenCache(folder).put(key, made);
    return { rewritten, release: () => rmSync(folder, { recursive: true, force: true }) };
  }
}

function nothing(): void {
  // The file stays in the cache.
}
