import { readdir } from 'node:fs/promises';
import path from 'node:path';

/** A `.wasm` file that may be a guest. */
export interface Guest {
  /** Absolute path. */
  file: string;
  /** What the file is an output of: variants of one guest share it. */
  group: string;
  /** Smaller is the better one to debug. */
  rank: number;
  test: boolean;
}

/** Folders that hold other people's or no programs. */
const SKIPPED = new Set(['node_modules', '.git', '.gradle', '.idea', '.kotlin']);
/** Folders that are read at most: a search in a huge workspace ends. */
const MOST_FOLDERS = 20_000;

/**
 * Every `.wasm` file in a folder, the best first. Links are not followed, so that there is no way in circles.
 * @param cancelled asked before each folder
 */
export async function findGuests(folder: string, cancelled: () => boolean = () => false): Promise<Guest[]> {
  const guests: Guest[] = [];
  const folders = [folder];
  for (let read = 0; folders.length > 0 && read < MOST_FOLDERS && !cancelled(); read++) {
    const here = folders.shift();
    if (here === undefined) break;
    // A folder that may not be read, or is just being deleted by a build, holds nothing to offer.
    const entries = await readdir(here, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const file = path.join(here, entry.name);
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) folders.push(file);
      else if (entry.isFile() && entry.name.endsWith('.wasm')) guests.push(describeGuest(file));
    }
  }
  return guests.sort(
    (one, other) =>
      Number(one.test) - Number(other.test) || one.rank - other.rank || one.file.localeCompare(other.file),
  );
}

/**
 * What a path tells about a guest. Gradle links a Kotlin/Wasm program to
 * `build/compileSync/wasmWasi/{main,test}/{development,production}Executable/kotlin/NAME.wasm` (`optimized/` beside it
 * where Binaryen ran) and copies it to `build/wasm/packages/NAME/kotlin/NAME.wasm`.
 */
export function describeGuest(file: string): Guest {
  const posix = file.split(path.sep).join('/');
  const build = posix.search(/\/build\/(compileSync|wasm)\//);
  const name = path.posix.basename(posix, '.wasm');
  const output = build < 0 ? '' : posix.slice(build);
  return {
    file,
    group: build < 0 ? posix : `${posix.slice(0, build)}/${name}`,
    rank: rankOf(output),
    test: /-test$/.test(name) || /\/compileSync\/[^/]+\/test\//.test(output),
  };
}

/** What is made for debugging comes first; Binaryen's output has lost names and the source map. */
function rankOf(output: string): number {
  if (output === '') return 2;
  if (output.includes('/optimized/')) return 5;
  if (output.startsWith('/build/compileSync/wasmWasi/')) return /development/i.test(output) ? 0 : 3;
  if (output.startsWith('/build/wasm/')) return 1;
  return 4;
}

export type GuestChoice =
  | { kind: 'none' }
  | { kind: 'one'; guest: Guest }
  /** Every file, the best of each guest first. */
  | { kind: 'several'; guests: Guest[] };

/** Whether there is anything to ask: variants of one guest are no question, and tests only where there is nothing else. */
export function chooseGuest(guests: Guest[]): GuestChoice {
  const [best] = guests;
  if (!best) return { kind: 'none' };
  const programs = guests.filter((guest) => !guest.test);
  const groups = new Set((programs.length > 0 ? programs : guests).map((guest) => guest.group));
  return groups.size === 1 ? { kind: 'one', guest: best } : { kind: 'several', guests };
}
