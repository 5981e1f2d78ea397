import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import KaitaiStream from 'kaitai-struct/KaitaiStream.js';
import { parse } from 'yaml';
import type { DecodeAnswer } from './messages.ts';
import { type KaitaiObject, treeOfKaitai } from './kaitai-tree.ts';

/** What this uses of the npm package kaitai-struct-compiler (0.10 makes it with `new`, from 0.11 it is the object). */
interface Compiler {
  /** Resolves to the generated sources by file name. `debug` keeps where each field lay. */
  compile(
    language: 'javascript',
    format: unknown,
    imports: { importYaml(name: string): Promise<unknown> },
    debug: true,
  ): Promise<Record<string, string>>;
}

type KaitaiClass = new (stream: KaitaiStream) => KaitaiObject & { _read(): void };

/** A compiled .ksy. */
interface Format {
  root: KaitaiClass;
  /** What each generated file exports, by the name of its class: enums are looked up in it. */
  classes: ReadonlyMap<string, unknown>;
  /** Names in the .ksy files by what the compiler makes of them. */
  names: ReadonlyMap<string, string>;
  /** When the files that it was made of were last changed, in ms. */
  changed: ReadonlyMap<string, number>;
}

const formats = new Map<string, Format>();

/**
 * Decodes bytes by a Kaitai Struct format (https://doc.kaitai.io/user_guide.html). The compiler is the workspace's own: its
 * licence and its size keep it out of the extension.
 *
 * @param ksy absolute path of the .ksy file; what it imports is looked for beside it
 * @throws Error that says what is wrong with the format; bytes that do not fit it are the answer's `error`, with what
 * was read before as its tree
 */
export async function decodeKaitai(ksy: string, bytes: Uint8Array): Promise<DecodeAnswer> {
  const known = formats.get(ksy);
  const format = known && isCurrent(known) ? known : await compile(ksy);
  formats.set(ksy, format);

  // A buffer of its own: places are told from where parts of it lie.
  const whole = bytes.slice().buffer;
  const root = new format.root(new KaitaiStream(whole));
  let error: string | undefined;
  try {
    root._read();
  } catch (thrown) {
    error = `The bytes do not fit ${path.basename(ksy)}: ${reasonOf(thrown)}`;
  }
  const tree = treeOfKaitai(root, { bytes: whole, classes: format.classes, names: format.names });
  return error === undefined ? { tree } : { tree, error };
}

function isCurrent({ changed }: Format): boolean {
  return [...changed].every(([file, at]) => statSync(file, { throwIfNoEntry: false })?.mtimeMs === at);
}

async function compile(ksy: string): Promise<Format> {
  const changed = new Map<string, number>();
  const names = new Map<string, string>();
  const read = (file: string): unknown => {
    let text;
    try {
      changed.set(file, statSync(file).mtimeMs);
      text = readFileSync(file, 'utf8');
    } catch {
      throw new Error(`${path.basename(ksy)} imports ${file}, which cannot be read`);
    }
    const format: unknown = parse(text);
    collectNames(format, names);
    return format;
  };
  const importYaml = (name: string): Promise<unknown> =>
    // Paths that begin with / are meant from the root of the collection of formats, which is the file's own folder here.
    Promise.resolve(read(path.join(path.dirname(ksy), `${name}.ksy`)));

  const format = read(ksy);
  const generated = await compilerFor(ksy)
    .compile('javascript', format, { importYaml }, true)
    .catch((thrown: unknown) => {
      throw new Error(`it is no format that Kaitai Struct accepts: ${reasonOf(thrown)}`);
    });
  const classes = evaluate(generated);
  const root = classes.get(className((format as { meta: { id: string } }).meta.id));
  return { root: root as KaitaiClass, classes, names, changed };
}

/** @throws Error that says how to get one */
function compilerFor(ksy: string): Compiler {
  let loaded: unknown;
  try {
    loaded = createRequire(ksy)('kaitai-struct-compiler');
  } catch (thrown) {
    if ((thrown as { code?: unknown }).code !== 'MODULE_NOT_FOUND') throw thrown;
    throw new Error(
      `the Kaitai Struct compiler is not installed in ${path.dirname(ksy)} or above: ` +
        'run “npm install --save-dev kaitai-struct-compiler” in the workspace',
    );
  }
  return typeof loaded === 'function' ? new (loaded as new () => Compiler)() : (loaded as Compiler);
}

/** Runs the generated modules, which require each other and the runtime. */
function evaluate(sources: Record<string, string>): Map<string, unknown> {
  const classes = new Map<string, unknown>();
  const modules = new Map<string, Record<string, unknown>>();
  const require = (name: string): unknown => {
    if (name === 'kaitai-struct/KaitaiStream') return KaitaiStream;
    const base = path.basename(name);
    const known = modules.get(base);
    if (known) return known;
    const source = sources[`${base}.js`];
    if (source === undefined) throw new Error(`it needs “${name}”, a type that is not in its files`);
    const exports: Record<string, unknown> = {};
    modules.set(base, exports);
    const module = { exports };
    // Generated from the workspace's own files, in a process that runs the workspace's code and nothing else.
    // eslint-disable-next-line @typescript-eslint/no-implied-eval
    const run = new Function('exports', 'require', 'module', source) as (...parts: unknown[]) => void;
    run.call(undefined, exports, require, module);
    classes.set(base, exports[base]);
    return exports;
  };
  for (const file of Object.keys(sources)) require(path.basename(file, '.js'));
  return classes;
}

/** Every id of a format, by its name in the generated code: `first_name` is `firstName` there. */
function collectNames(part: unknown, names: Map<string, string>): void {
  if (typeof part !== 'object' || part === null) return;
  for (const [key, value] of Object.entries(part as Record<string, unknown>)) {
    if (key === 'id' && typeof value === 'string') names.set(generatedName(value), value);
    if (key === 'instances' && typeof value === 'object' && value !== null) {
      for (const name of Object.keys(value)) names.set(generatedName(name), name);
    }
    collectNames(value, names);
  }
}

function generatedName(id: string): string {
  return id.replace(/_([a-z0-9])/g, (_found, letter: string) => letter.toUpperCase());
}

function className(id: string): string {
  return generatedName(`_${id}`);
}

/** In one line. */
function reasonOf(thrown: unknown): string {
  return (thrown instanceof Error ? thrown.message : String(thrown)).trim().replace(/\s+/g, ' ');
}
