import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import {
  type KotlinDeclaration,
  type KotlinParameter,
  type StringReference,
  readKotlin,
} from './declarations.ts';
import type { KotlinSource } from './source-map.ts';

/** A function of the guest whose Kotlin declaration is wanted. */
export interface WantedFunction {
  kind: 'import' | 'export';
  /** Of an import. */
  module?: string;
  name: string;
  /** How many it has in the module: a declaration with another number is another function's. */
  parameterCount: number;
}

/** Where and with which parameters a function is declared. */
export interface FoundDeclaration {
  path: string;
  /** 1-based. */
  line: number;
  function: string;
  parameters: KotlinParameter[];
}

/** Bounds of the search on disk, so that no project makes a launch slow. */
const MAX_FILES = 500;
const MAX_FILE_BYTES = 1024 * 1024;
/** Files that are read at a time. */
const BATCH = 16;
/** Folders above a source in which its source set begins. */
const SOURCE_ROOTS = new Set(['src', 'kotlin']);

/** Every file that was read so far, and what is still wanted. */
class Search {
  readonly found = new Map<WantedFunction, FoundDeclaration>();
  readonly #wanted: readonly WantedFunction[];
  readonly #constants = new Map<string, string>();
  readonly #declarations: { path: string; declaration: KotlinDeclaration }[] = [];

  constructor(wanted: readonly WantedFunction[]) {
    this.#wanted = wanted;
  }

  get complete(): boolean {
    return this.#wanted.every((each) => this.found.has(each));
  }

  add(file: string, source: string): void {
    const { declarations, constants } = readKotlin(source);
    for (const [name, value] of constants) if (!this.#constants.has(name)) this.#constants.set(name, value);
    for (const declaration of declarations) this.#declarations.push({ path: file, declaration });
  }

  /** Matches what was read with what is wanted. Constants may be in any file, so this comes after reading. */
  match(): void {
    for (const wanted of this.#wanted) {
      if (this.found.has(wanted)) continue;
      const match = this.#declarations.find(
        ({ declaration }) =>
          declaration.kind === wanted.kind &&
          declaration.parameters.length === wanted.parameterCount &&
          this.#textOf(declaration.name) === wanted.name &&
          (wanted.kind === 'export' || this.#textOf(declaration.module) === wanted.module),
      );
      if (!match) continue;
      const { line, function: name, parameters } = match.declaration;
      this.found.set(wanted, { path: match.path, line, function: name, parameters });
    }
  }

  #textOf(reference: StringReference): string | undefined {
    if (reference === null) return undefined;
    return 'literal' in reference ? reference.literal : this.#constants.get(reference.constant);
  }
}

async function readSource(file: string): Promise<string | null> {
  const source = await readFile(file, 'utf8').catch(() => null);
  return source !== null && source.length <= MAX_FILE_BYTES ? source : null;
}

/** Reads files in batches until nothing is wanted any more; the files that were there. */
async function readAll(files: readonly string[], search: Search): Promise<string[]> {
  const there: string[] = [];
  for (let i = 0; i < files.length && !search.complete; i += BATCH) {
    const batch = files.slice(i, i + BATCH);
    const sources = await Promise.all(batch.map(readSource));
    batch.forEach((file, j) => {
      const source = sources[j];
      if (typeof source !== 'string') return;
      there.push(file);
      search.add(file, source);
    });
    search.match();
  }
  return there;
}

/** Kotlin files in `folder`, below it too where `deep`. */
async function kotlinFiles(folder: string, deep: boolean): Promise<string[]> {
  const pending = [folder];
  const files: string[] = [];
  for (let next = pending.shift(); next !== undefined && files.length < MAX_FILES; next = pending.shift()) {
    const entries = await readdir(next, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const file = path.join(next, entry.name);
      if (entry.isFile() && entry.name.endsWith('.kt')) files.push(file);
      else if (deep && entry.isDirectory() && !entry.name.startsWith('.')) pending.push(file);
    }
  }
  return files.sort().slice(0, MAX_FILES);
}

function sourceRoot(file: string): string | null {
  let folder = path.dirname(file);
  for (let up = 0; up < 12 && folder !== path.dirname(folder); up++) {
    if (SOURCE_ROOTS.has(path.basename(folder))) return folder;
    folder = path.dirname(folder);
  }
  return null;
}

/**
 * Finds the Kotlin declarations of imports and exports by way of the source map: in the sources that it names, then in
 * the files beside those, then in the rest of their source sets. (A file that only declares imports holds no code, so no
 * map names it.)
 */
export async function findDeclarations(
  sources: readonly KotlinSource[],
  wanted: readonly WantedFunction[],
): Promise<Map<WantedFunction, FoundDeclaration>> {
  const search = new Search(wanted);
  const own = sources.filter(({ ignored, path: file }) => !ignored && file.endsWith('.kt'));
  const embedded = own.filter(({ content }) => content !== null);
  for (const { path: file, content } of embedded) search.add(file, content ?? '');
  search.match();

  const onDisk = own.filter(({ content }) => content === null).map(({ path: file }) => file);
  const there = await readAll(onDisk.slice(0, MAX_FILES), search);
  const read = new Set([...onDisk, ...embedded.map(({ path: file }) => file)]);
  const folders = [
    ...new Set([...there, ...embedded.map(({ path: file }) => file)].map((file) => path.dirname(file))),
  ];
  const roots = [...new Set(folders.map((folder) => sourceRoot(path.join(folder, 'x.kt'))))];
  const places = [
    ...folders.map((folder) => ({ folder, deep: false })),
    ...roots.flatMap((folder) => (folder === null ? [] : [{ folder, deep: true }])),
  ];
  for (const { folder, deep } of places) {
    if (search.complete) break;
    const files = (await kotlinFiles(folder, deep)).filter((file) => !read.has(file));
    for (const file of files) read.add(file);
    await readAll(files, search);
  }
  return search.found;
}
