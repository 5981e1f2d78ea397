import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ProbePlan } from '../../protocol/runner.ts';
import { readSourceFunctions } from '../kotlin/function-ranges.ts';
import { type FunctionStart, functionStarts } from '../kotlin/function-sites.ts';
import { LineTable, type MappedCode } from '../kotlin/line-table.ts';
import { describeProbes, planProbes, type ProbedSite } from '../kotlin/probed-guest.ts';
import { RewrittenCache, type RewrittenFile } from '../kotlin/rewritten-cache.ts';
import type { RewritePlan } from '../kotlin/rewriting/plan.ts';
import type * as Rewriting from '../kotlin/rewriting/rewrite.ts';
import { type KotlinSourceMap, loadSourceMap } from '../kotlin/source-map.ts';
import { guestTypes } from '../kotlin/source-types/guest-types.ts';
import { staleSources } from '../kotlin/stale-sources.ts';
import { fileOnDemand, loadOnDemand } from '../on-demand.ts';
import type { GuestModule } from '../wasm/module.ts';
import type { Program } from '../wasm/program.ts';
import { cacheDirectory } from '../wasmedge/cache.ts';
import type { SessionConfiguration } from './prepare.ts';

/** What is known of the guest's code, and the guest rewritten to stop in it. Without lines of Kotlin it stops all the same. */
export interface KotlinCode {
  lines: LineTable;
  plan: ProbePlan;
  /** By their numbers, in the order of offsets. */
  sites: readonly ProbedSite[];
  /** The sites of code with which a line begins; more than one where there are copies of it. */
  sitesOf: (code: MappedCode) => readonly number[];
  /** Whether the function at a byte offset of the guest's file has been prepared for being stopped in. */
  isProbed: (offset: number) => boolean;
  /** What function breakpoints can name. */
  readonly functions: readonly FunctionStart[];
  /** Why it has no lines of Kotlin, as sentences; null where it has some. */
  note: string | null;
  /** What is wrong with its sources, as sentences. */
  warnings: readonly string[];
  /** Byte offset in the guest's file of one in the rewritten file. */
  toOriginal(offset: number): number;
  /** Once the runner has read the rewritten file, or will not. */
  release(): void;
}

/** The rewriting, with the wasmparser package: a part of the program that a launch mostly does without. */
const REWRITING = 'kotlin/rewriting/rewrite';

/** Bytes of a guest without lines that is still prepared: all of its functions are rewritten. */
const MAX_WITHOUT_LINES = 8 * 1024 * 1024;

/**
 * Prepares a guest for stopping at lines of Kotlin or, where it has none, at its instructions.
 *
 * @returns what stands in its way, as a sentence
 */
export async function prepareKotlin(
  { path: program, bytes, guest }: Program,
  configuration: SessionConfiguration,
): Promise<KotlinCode | string> {
  const { justMyCode, instructions, dataBreakpoints, sourceMapPathOverrides, limits } = configuration;
  const choice = { depth: limits.stackDepth, justMyCode, instructions, dataBreakpoints };
  try {
    const map = await loadSourceMap(program, guest, sourceMapPathOverrides);
    const files = await readSourceFunctions(map?.sources ?? []);
    const lines = new LineTable(map, guest, files);
    const hasLines = lines.code.length > 0;
    const why = hasLines ? null : withoutLines(map, guest);
    if (why !== null && bytes.length > MAX_WITHOUT_LINES) return why;
    const warnings = hasLines ? await staleSources(program, lines, files) : [];
    const code = { guest, lines, types: await guestTypes(lines) };
    const { rewritten, release } = rewriteOnce(bytes, planProbes(code, choice));
    const { plan, sites } = describeProbes(rewritten, code, choice.depth);
    const probed = new Set(plan.functions.map(({ functionIndex }) => functionIndex));
    const sitesByCode = new Map<MappedCode, number[]>();
    for (const [site, { code, isBeginning }] of sites.entries()) {
      if (code && isBeginning) sitesByCode.set(code, [...(sitesByCode.get(code) ?? []), site]);
    }
    let functions: FunctionStart[] | undefined;
    return {
      plan,
      sites,
      get functions() {
        return (functions ??= functionStarts(guest, sites));
      },
      lines,
      sitesOf: (code) => sitesByCode.get(code) ?? [],
      isProbed: (offset) => probed.has(guest.functionAt(offset)?.index ?? -1),
      note: why,
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

/** Why there are no lines of Kotlin, and what to do about it. */
function withoutLines(map: KotlinSourceMap | null, guest: GuestModule): string {
  const instead = 'Kotlin lines cannot be stopped at; the guest’s code is shown as instructions instead: ';
  const missing = map?.sources.find(({ ignored }) => !ignored);
  if (missing) {
    return (
      `${instead}the source map names ${missing.path}, which is not there. ` +
      'Say where the sources are with "sourceMapPathOverrides" in launch.json.'
    );
  }
  if (map) return `${instead}the source map names none of the guest's own sources.`;
  const hasNames = guest.sections.some(({ name }) => name === 'name');
  return hasNames
    ? `${instead}it has no source map. Gradle writes one beside the development executable ` +
        '(compileDevelopmentExecutableKotlinWasmWasi); kotlinc does with -source-map.'
    : `${instead}it has neither names nor a source map, as production executables do. Debug the development ` +
        'executable (compileDevelopmentExecutableKotlinWasmWasi), or keep both: in Gradle, ' +
        'freeCompilerArgs.addAll("-Xwasm-debug-info", "-source-map"); Binaryen keeps names where it is given -g.';
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
