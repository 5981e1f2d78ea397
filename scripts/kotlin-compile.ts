import { copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runCommand } from '../debug-adapter/wasmedge/command.ts';
import type { Log } from '../debug-adapter/wasmedge/provide.ts';
import { DEFAULT_KOTLIN, provideKotlin, type KotlinVersion } from './kotlin-compiler.ts';
import { provideJava } from './kotlin-java.ts';

export interface KotlinCompilation {
  /** Kotlin files. */
  sources: string[];
  /** Where MODULE.wasm and MODULE.wasm.map go. */
  outDir: string;
  /** Where the module will lie, if it is not made in its place: the map's sources are relative to it. */
  mapDir?: string | undefined;
  moduleName: string;
  /** 2.4.10 when left out. */
  kotlinVersion?: KotlinVersion | undefined;
  /** Added to the second compilation, which makes the module. */
  extraArgs?: readonly string[] | undefined;
  log?: Log | undefined;
}

/** Half the processor time of the defaults: the compiler does not live long enough for the JVM's second compiler. */
const JVM = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xmx1g'];
/** What debugging needs (design.md §8); without `-Xir-dce` the whole standard library is in the module (600 kB). */
const MODULE_FLAGS = ['-source-map', '-Xwasm-debug-info', '-Xwasm-debug-friendly', '-Xir-dce'];

/**
 * Compiles Kotlin for wasm-wasi: first to a klib, then to a module with names and a source map, whose sources are given
 * relative to the module. The same sources make the same bytes, wherever they lie. About 20 s.
 * @throws Error with the compiler's own messages.
 */
export async function compileKotlin(compilation: KotlinCompilation): Promise<void> {
  const { moduleName, outDir, sources } = compilation;
  const log = compilation.log ?? (() => undefined);
  const version = compilation.kotlinVersion ?? DEFAULT_KOTLIN;
  const kotlin = await provideKotlin(version, log);
  const java = await provideJava(log);
  const compiler = mainClass(version);
  const target = [...compiler.flags, '-Xwasm-target=wasm-wasi', '-libraries', kotlin.standardLibrary];
  const output = ['-ir-output-name', moduleName, '-ir-output-dir'];
  const work = await mkdtemp(path.join(tmpdir(), 'kotlin-'));
  const run = async (...args: string[]) => {
    const command = [...JVM, '-cp', kotlin.classPath.join(path.delimiter), compiler.name, '-nowarn'];
    const result = await runCommand(java.command, [...command, ...target, ...args], {
      cwd: work,
      env: java.env,
    });
    if (result.status === 0) return;
    const said = (result.stderr + result.stdout).replaceAll(`${work}${path.sep}`, '').trim();
    throw new Error(`Kotlin ${version} could not compile ${moduleName}:\n${said}`);
  };
  try {
    // Copies under fixed names, so that no path of this machine gets into the module.
    const copies = new Map<string, string>();
    for (const [index, source] of sources.entries()) {
      const copy = `${index}/${path.basename(source)}`;
      await mkdir(path.join(work, String(index)));
      await copyFile(source, path.join(work, copy));
      copies.set(copy, source);
    }
    // Relative paths in the klib too: the compiler orders what it makes by hashes of them.
    const relative = `-Xklib-relative-path-base=${work}`;
    await run('-Xir-produce-klib-file', relative, ...output, 'klib', ...copies.keys());
    const klib = `-Xinclude=${path.join(work, 'klib', `${moduleName}.klib`)}`;
    await run('-Xir-produce-js', klib, ...output, '.', ...MODULE_FLAGS, ...(compilation.extraArgs ?? []));

    await mkdir(outDir, { recursive: true });
    const map = await readFile(path.join(work, `${moduleName}.wasm.map`), 'utf8');
    await writeFile(
      path.join(outDir, `${moduleName}.wasm.map`),
      relocate(map, copies, compilation.mapDir ?? outDir),
    );
    await moveFile(path.join(work, `${moduleName}.wasm`), path.join(outDir, `${moduleName}.wasm`));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** 2.4 gave WebAssembly a compiler of its own; before, it was a mode of the one for JavaScript. */
function mainClass(version: KotlinVersion): { name: string; flags: string[] } {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const own = major > 2 || minor >= 4;
  return own
    ? { name: 'org.jetbrains.kotlin.cli.js.KotlinWasmCompiler', flags: [] }
    : { name: 'org.jetbrains.kotlin.cli.js.K2JSCompiler', flags: ['-Xwasm'] };
}

/** A source map with each copy's path replaced by that of its source, relative to the folder of the module. */
function relocate(map: string, copies: Map<string, string>, outDir: string): string {
  const parsed = JSON.parse(map) as { sources: string[] };
  parsed.sources = parsed.sources.map((source) => {
    const original = copies.get(source);
    return original ? path.relative(outDir, original).split(path.sep).join('/') : source;
  });
  return `${JSON.stringify(parsed)}\n`;
}

/** Across file systems too. */
async function moveFile(from: string, to: string): Promise<void> {
  await copyFile(from, `${to}.new`);
  await rename(`${to}.new`, to);
}
