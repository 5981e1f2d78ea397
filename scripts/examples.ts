import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { cacheDirectory } from '../debug-adapter/wasmedge/cache.ts';
import { compileKotlin } from './kotlin-compile.ts';
import { compiledFiles, GUESTS, type KotlinGuest } from './kotlin-guests.ts';
import { malformedFiles } from './malformed-guests.ts';
import { root } from './paths.ts';

/**
 * The compiled guests in the repository and their sources.
 *
 *     examples.ts build [NAME…]   compiles them again, in place
 *     examples.ts check [NAME…]   compiles them again elsewhere, and says which differ; also as --check
 *
 * NAME is a part of a module's path; all without one. The compiler makes the same bytes from the same sources, so
 * checking is comparing. A guest that was found to agree is not compiled again until it, its sources or the compiler's
 * version change: the cache remembers it.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { check: { type: 'boolean', default: false } },
});
const [command = values.check ? 'check' : '', ...names] = positionals;
if (command !== 'build' && command !== 'check') {
  console.error('Usage: examples.ts build|check [NAME…]');
  process.exit(2);
}
const chosen = (module: string) => names.length === 0 || names.some((name) => module.includes(name));
const guests = GUESTS.filter(({ module }) => chosen(module));
const differing = command === 'build' ? await buildAll() : await checkAll();
if (differing.length > 0) {
  console.error(
    `Not as their sources say: ${differing.join(', ')}. Run: node scripts/bootstrap.mjs scripts/examples.ts build`,
  );
  process.exitCode = 1;
}

async function buildAll(): Promise<string[]> {
  await forEachGuest(async (guest) => {
    await compile(guest, path.dirname(guest.module));
    const [wasm] = compiledFiles(guest);
    console.log(`${guest.module}.wasm: ${(await contents(wasm)).length} bytes`);
    await remember(guest);
  });
  for (const { file, bytes } of await malformedFiles()) {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(path.join(root, file), bytes);
  }
  return [];
}

/** Modules that differ. */
async function checkAll(): Promise<string[]> {
  const wrong: string[] = [];
  await forEachGuest(async (guest) => {
    if (await isRemembered(guest)) return;
    const work = await mkdtemp(path.join(tmpdir(), 'guest-'));
    try {
      await compile(guest, work);
      if (await agree(guest, path.join(work, path.basename(guest.module)))) await remember(guest);
      else wrong.push(guest.module);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  });
  for (const { file, bytes } of await malformedFiles()) {
    if (!bytes.equals(await contents(path.join(root, file)))) wrong.push(file);
  }
  if (wrong.length === 0) console.log(`${guests.length} compiled guests are as their sources say.`);
  return wrong;
}

/** Several at a time: the compiler is busy with one processor. */
async function forEachGuest(action: (guest: KotlinGuest) => Promise<void>): Promise<void> {
  const waiting = guests.values();
  const worker = async () => {
    for (const guest of waiting) await action(guest);
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), 4) }, worker));
}

/** `folder` is where the files go; the map names the sources as seen from the module's own place. */
async function compile(guest: KotlinGuest, folder: string): Promise<void> {
  console.log(`Compiling ${guest.module} with Kotlin ${guest.kotlinVersion} …`);
  await compileKotlin({
    sources: guest.sources.map((source) => path.join(root, source)),
    outDir: path.resolve(root, folder),
    mapDir: path.dirname(path.join(root, guest.module)),
    moduleName: path.basename(guest.module),
    kotlinVersion: guest.kotlinVersion,
    extraArgs: guest.extraArgs,
    log: (line) => console.log(line),
  });
}

async function agree(guest: KotlinGuest, made: string): Promise<boolean> {
  const [wasm, map] = compiledFiles(guest);
  const pairs = [
    [`${made}.wasm`, wasm],
    [`${made}.wasm.map`, map],
  ] as const;
  for (const [left, right] of pairs) {
    if (!(await readFile(left)).equals(await contents(right))) return false;
  }
  return true;
}

/** A file's bytes; none where it is missing. */
async function contents(file: string): Promise<Buffer> {
  return readFile(file).catch(() => Buffer.alloc(0));
}

/** Names a file of the cache by everything that the agreement depends on. */
async function agreementFile(guest: KotlinGuest): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(guest));
  const files = [...guest.sources.map((source) => path.join(root, source)), ...compiledFiles(guest)];
  for (const file of [...files, path.join(import.meta.dirname, 'kotlin-compile.ts')]) {
    const bytes = await contents(file);
    hash.update(`${bytes.length}:`).update(bytes);
  }
  return path.join(cacheDirectory(process.env), 'guests', hash.digest('hex'));
}

async function isRemembered(guest: KotlinGuest): Promise<boolean> {
  return (await contents(await agreementFile(guest))).length > 0;
}

async function remember(guest: KotlinGuest): Promise<void> {
  const file = await agreementFile(guest);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(`${file}.new`, `${guest.module}\n`);
  await rename(`${file}.new`, file);
}
