import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { providedPrefix } from './cache.ts';
import type { EngineVersion } from './version.ts';

/** The file in a provided prefix that says what is in it; written last. Paths are relative to the prefix. */
export const MANIFEST = 'provided.json';

export interface ProvidedManifest {
  /** Full version, e.g. `0.17.1`. */
  version: string;
  library: string;
  include: string;
  /** Where it came from, for people. */
  source: string;
  loader?: { path: string; libraryPath: string[] };
}

/** Without the schema library: this is read before anything that can wait is loaded (main.ts). */
function isManifest(value: unknown): value is ProvidedManifest {
  const { version, library, include, source, loader } = value as Record<keyof ProvidedManifest, unknown>;
  if (![version, library, include, source].every((text) => typeof text === 'string')) return false;
  if (loader === undefined) return true;
  const { path, libraryPath } = loader as Record<'path' | 'libraryPath', unknown>;
  const isText = (text: unknown): boolean => typeof text === 'string';
  return isText(path) && Array.isArray(libraryPath) && libraryPath.every(isText);
}

/** A libwasmedge that was found, and how a process must be started that loads it. */
export interface LocatedWasmEdge {
  /** Absolute path of the shared library. */
  library: string;
  /** How it was found, as the end of a sentence: "by WASMEDGE_LIB_DIR". */
  foundBy: string;
  /** e.g. `0.17.1`; absent where the file does not say. */
  version?: string;
  /**
   * The dynamic loader that the process must be started through, because the library needs a newer libc than this
   * system's: `PATH --library-path LIBRARYPATH NODE ARGUMENTS…`.
   */
  loader?: { path: string; libraryPath: string };
  /** Folder that holds `wasmedge/wasmedge.h`; known for the copy that set-up provides. */
  includeDirectory?: string;
}

/** The copy of `version` that set-up has put into the cache; null where there is none. */
export function findProvided(version: EngineVersion, env: NodeJS.ProcessEnv): LocatedWasmEdge | null {
  return openPrefix(providedPrefix(version, env));
}

/** Reads a prefix that `provideWasmEdge` made; null where it is not there or incomplete. */
export function openPrefix(prefix: string): LocatedWasmEdge | null {
  let manifest: unknown;
  try {
    manifest = JSON.parse(readFileSync(path.join(prefix, MANIFEST), 'utf8'));
    if (!isManifest(manifest)) return null;
    if (!existsSync(path.join(prefix, manifest.library))) return null;
  } catch {
    return null;
  }
  const located: LocatedWasmEdge = {
    library: path.join(prefix, manifest.library),
    foundBy: 'in the cache of set-up',
    version: manifest.version,
    includeDirectory: path.join(prefix, manifest.include),
  };
  if (manifest.loader) {
    located.loader = {
      path: path.join(prefix, manifest.loader.path),
      libraryPath: manifest.loader.libraryPath.map((folder) => path.join(prefix, folder)).join(':'),
    };
  }
  return located;
}

/** The command line that starts `node` so that it can load `located`: `[command, ...arguments]`. */
export function nodeCommand(located: LocatedWasmEdge, node: string): [string, ...string[]] {
  const { loader } = located;
  return loader ? [loader.path, '--library-path', loader.libraryPath, node] : [node];
}
