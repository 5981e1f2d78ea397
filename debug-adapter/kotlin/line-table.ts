import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { GuestModule } from '../wasm/module.ts';
import type { FileFunctions } from './function-ranges.ts';
import { findInlined, type Inlined } from './inlining.ts';
import type { KotlinSourceMap } from './source-map.ts';

/** Code that the source map places in the user's Kotlin. */
export interface MappedCode {
  /** Byte offset in the file. */
  offset: number;
  functionIndex: number;
  /** Absolute path. */
  path: string;
  /** Both from 1. */
  line: number;
  column: number;
}

/**
 * Where the user's lines of Kotlin are in the guest's code. A source is the user's unless the map ignores it; one that is
 * neither on the disk nor in the map is a library's.
 */
export class LineTable {
  /** In the order of offsets; of code that follows on from code of the same place, the first alone. */
  readonly code: readonly MappedCode[];
  /**
   * Where the code of a line begins, in each function and again where it goes on after code of another line: where the
   * guest can stop. A probe at every place would make a tight loop three times slower.
   */
  readonly starts: readonly MappedCode[];
  readonly #byPath = new Map<string, MappedCode[]>();
  /** Texts that the map carries, by path. */
  readonly #embedded = new Map<string, string>();

  readonly #inlined = new Map<MappedCode, Inlined>();

  /**
   * @param map null: there are no lines
   * @param files functions of the sources by path: code that is inlined is told by them
   */
  constructor(
    map: KotlinSourceMap | null,
    guest: GuestModule,
    files: ReadonlyMap<string, FileFunctions> = new Map(),
  ) {
    const sources = map?.sources ?? [];
    const isUsers = sources.map(
      ({ path: file, content, ignored }) => !ignored && (content !== null || existsSync(file)),
    );
    for (const { path: file, content } of sources) {
      if (content !== null) this.#embedded.set(key(file), content);
    }
    const code: MappedCode[] = [];
    for (const { offset, source, line, column } of map?.segments() ?? []) {
      const described = sources[source];
      if (!described || !isUsers[source]) continue;
      const functionIndex = guest.functionAt(offset)?.index;
      if (functionIndex === undefined) continue;
      const last = code.at(-1);
      const isSame =
        last?.functionIndex === functionIndex &&
        last.path === described.path &&
        last.line === line &&
        last.column === column;
      if (!isSame) code.push({ offset, functionIndex, path: described.path, line, column });
    }
    this.code = this.#withInlining(code, files);
    this.starts = this.code.filter((each, i) => {
      const before = this.code[i - 1];
      return !(
        before?.functionIndex === each.functionIndex &&
        before.path === each.path &&
        before.line === each.line
      );
    });
    for (const each of this.starts) {
      const known = this.#byPath.get(key(each.path));
      if (known) known.push(each);
      else this.#byPath.set(key(each.path), [each]);
    }
  }

  /** Notes what is inlined, and leaves out what is not of these sources. */
  #withInlining(code: readonly MappedCode[], files: ReadonlyMap<string, FileFunctions>): MappedCode[] {
    const byFunction = new Map<number, MappedCode[]>();
    for (const each of code) {
      const known = byFunction.get(each.functionIndex);
      if (known) known.push(each);
      else byFunction.set(each.functionIndex, [each]);
    }
    return [...byFunction.values()].flatMap((each) => {
      const { inlined, foreign } = findInlined(each, (file) => files.get(file));
      for (const [place, how] of inlined) this.#inlined.set(place, how);
      return foreign.size === 0 ? each : each.filter((place) => !foreign.has(place));
    });
  }

  /** How code came to be in its function; null of the function's own. */
  inlined(code: MappedCode): Inlined | null {
    return this.#inlined.get(code) ?? null;
  }

  /**
   * Where code is: that of the nearest mapped code before it in the same function, at the function's beginning that of the
   * first; null where the function has none.
   */
  at(functionIndex: number, offset: number): MappedCode | null {
    let low = 0;
    let high = this.code.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.code[middle]?.offset ?? Infinity) <= offset) low = middle + 1;
      else high = middle;
    }
    const near = [this.code[low - 1], this.code[low]];
    return near.find((each) => each?.functionIndex === functionIndex) ?? null;
  }

  /** Indices of the functions that hold any of it. */
  get functions(): number[] {
    return [...new Set(this.code.map(({ functionIndex }) => functionIndex))];
  }

  /** Absolute paths of the sources that have code. */
  get files(): string[] {
    return [...this.#byPath.values()].flatMap(([first]) => first?.path ?? []);
  }

  /** A source's text where the map carries it and there is no such file; null otherwise. */
  embedded(file: string): string | null {
    const text = this.#embedded.get(key(file));
    return text === undefined || existsSync(file) ? null : text;
  }

  /** A source's text: the file's, or else the map's; null where there is neither. */
  async text(file: string): Promise<string | null> {
    return (await readFile(file, 'utf8').catch(() => null)) ?? this.#embedded.get(key(file)) ?? null;
  }

  /** The last line of a file at which the code of a function begins; 0 without any. */
  lastBeginning(file: string): number {
    let last = 0;
    let functionIndex = -1;
    for (const each of this.starts) {
      if (each.functionIndex !== functionIndex && key(each.path) === key(file))
        last = Math.max(last, each.line);
      functionIndex = each.functionIndex;
    }
    return last;
  }

  /** Whether the guest has code of this file. */
  has(file: string): boolean {
    return this.#byPath.has(key(file));
  }

  /** Where the code of a line begins, or else that of the next one that has any; empty where none follows. */
  from(file: string, line: number): readonly MappedCode[] {
    const code = this.#byPath.get(key(file)) ?? [];
    let next = Infinity;
    for (const each of code) if (each.line >= line && each.line < next) next = each.line;
    return code.filter((each) => each.line === next);
  }

  /** Where the code of a range of lines begins, both ends included. */
  between(file: string, line: number, endLine: number): readonly MappedCode[] {
    return (this.#byPath.get(key(file)) ?? []).filter((each) => each.line >= line && each.line <= endLine);
  }
}

/** Editors name files with a drive letter of either case. */
function key(file: string): string {
  const resolved = path.resolve(file);
  return process.platform === 'win32' ? resolved.toLowerCase() : resolved;
}
