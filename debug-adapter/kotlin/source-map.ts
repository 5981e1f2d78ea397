import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodedMappings, TraceMap, traceSegment } from '@jridgewell/trace-mapping';
import type { GuestModule } from '../wasm/module.ts';
import { overriddenPath, type PathOverrides } from './path-overrides.ts';

/** A Kotlin source that the map names. */
export interface KotlinSource {
  /** Absolute path where the compiler found it, whether or not it is still there. */
  path: string;
  /** The text, where the map carries it. */
  content: string | null;
  /** The compiler's own, not the user's (the map's `ignoreList`). */
  ignored: boolean;
}

/** A place in Kotlin source, both 1-based. */
export interface SourcePosition {
  path: string;
  line: number;
  column: number;
}

/** kotlinc's source map: one generated line whose columns are byte offsets in the module (design.md §8). */
export class KotlinSourceMap {
  /** Absolute path of the map itself; of the module where the map is inside its URL. */
  readonly path: string;
  readonly sources: readonly KotlinSource[];
  readonly #map: TraceMap;

  private constructor(map: TraceMap, mapPath: string, sources: KotlinSource[]) {
    this.path = mapPath;
    this.sources = sources;
    this.#map = map;
  }

  /** @throws where `json` is no source map. */
  static async read(json: string, mapPath: string, overrides: PathOverrides = {}): Promise<KotlinSourceMap> {
    const map = new TraceMap(json);
    const { sources, sourcesContent, sourceRoot, ignoreList } = map;
    const folder = path.dirname(mapPath);
    const described = sources.map(async (source, i): Promise<KotlinSource> => {
      const content = sourcesContent?.[i] ?? null;
      const ignored = ignoreList?.includes(i) ?? false;
      const meant = resolveSource(folder, sourceRoot, source ?? '');
      const moved = overriddenPath(source ?? '', overrides) ?? overriddenPath(meant, overrides);
      if (moved !== null) return { path: path.resolve(folder, moved), content, ignored };
      const resolved =
        content === null && !ignored ? await findSource(folder, sourceRoot, source ?? '') : meant;
      return { path: resolved, content, ignored };
    });
    return new KotlinSourceMap(map, mapPath, await Promise.all(described));
  }

  /** What is mapped, in the order of byte offsets: index of the source, line and column from 1. */
  *segments(): Generator<{ offset: number; source: number; line: number; column: number }> {
    for (const [offset, source, line, column] of decodedMappings(this.#map)[0] ?? []) {
      if (source !== undefined && line !== undefined && column !== undefined)
        yield { offset, source, line: line + 1, column: column + 1 };
    }
  }

  /**
   * The Kotlin position of the instruction at a byte offset of the module; null where none is mapped, or the
   * compiler's own code. What is mapped
   * before `from`, the start of the function's body, does not count.
   */
  positionAt(byteOffset: number, from = 0): SourcePosition | null {
    const segment = traceSegment(this.#map, 0, byteOffset);
    if (segment?.length === 1 || segment?.[1] === undefined || segment[0] < from) return null;
    const source = this.sources[segment[1]];
    return source && !source.ignored
      ? { path: source.path, line: segment[2] + 1, column: segment[3] + 1 }
      : null;
  }
}

function resolveSource(folder: string, root: string | undefined, source: string): string {
  for (const each of [source, root ?? '']) {
    if (each.startsWith('file:')) {
      try {
        return path.resolve(fileURLToPath(each), each === source ? '' : source);
      } catch {
        return source;
      }
    }
  }
  return path.resolve(folder, root ?? '', source);
}

/** Folders above the map's in which a source is looked for. */
const ANCESTORS = 8;

/**
 * Where a source is. kotlinc 2.2 writes paths that start at the folder it was run in, not at the map's, so the folders
 * above are tried too; where it is in none, the path that the map means.
 */
async function findSource(folder: string, root: string | undefined, source: string): Promise<string> {
  const meant = resolveSource(folder, root, source);
  let base = folder;
  for (let up = 0; up < ANCESTORS; up++) {
    const candidate = resolveSource(base, root, source);
    const found = await stat(candidate).catch(() => null);
    if (found?.isFile()) return candidate;
    if (path.isAbsolute(source) || base === path.dirname(base)) break;
    base = path.dirname(base);
  }
  return meant;
}

/** The map's text and where it lies: from the module's `sourceMappingURL`, else from `PROGRAM.map`. */
async function findMap(program: string, guest: GuestModule): Promise<{ json: string; path: string } | null> {
  const url = guest.sourceMappingUrl;
  if (url?.startsWith('data:')) {
    const comma = url.indexOf(',');
    const data = url.slice(comma + 1);
    const json = url.slice(0, comma).endsWith(';base64')
      ? Buffer.from(data, 'base64').toString('utf8')
      : decodeURIComponent(data);
    return { json, path: program };
  }
  const candidates = [`${program}.map`];
  if (url?.startsWith('file:')) candidates.unshift(fileURLToPath(url));
  else if (url && !/^[a-z][a-z0-9+.-]+:/i.test(url))
    candidates.unshift(path.resolve(path.dirname(program), url));
  for (const candidate of candidates) {
    const json = await readFile(candidate, 'utf8').catch(() => null);
    if (json !== null) return { json, path: candidate };
  }
  return null;
}

/** By the guest: a launch needs its map for names, for lines and for findings. */
const loaded = new WeakMap<GuestModule, Promise<KotlinSourceMap | null>>();

/**
 * The guest's source map, read once; null where there is none. Never fetched from a network.
 *
 * @param overrides count the first time
 *
 * @throws Error where there is one that cannot be read; the message says why.
 */
export function loadSourceMap(
  program: string,
  guest: GuestModule,
  overrides: PathOverrides = {},
): Promise<KotlinSourceMap | null> {
  let map = loaded.get(guest);
  if (!map) loaded.set(guest, (map = readSourceMap(program, guest, overrides)));
  return map;
}

async function readSourceMap(
  program: string,
  guest: GuestModule,
  overrides: PathOverrides,
): Promise<KotlinSourceMap | null> {
  let file = guest.sourceMappingUrl ?? program;
  try {
    const found = await findMap(program, guest);
    if (!found) return null;
    file = found.path;
    return await KotlinSourceMap.read(found.json, found.path, overrides);
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new Error(`The source map ${file} cannot be read: ${why}.`, { cause: thrown });
  }
}
