import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const { resolve } = createRequire(import.meta.filename);

const packageRoot = path.resolve(import.meta.dirname, '..');
const sources = path.join(packageRoot, 'src');
const binary = 'wasmedge_napi.node';

/** How one flavour of the binary is made, and where it ends up. */
interface Variant {
  compiler: string;
  /** Folder of the object files, their dependency lists and keys. */
  objects: string;
  output: string;
  compile: string[];
  link: string[];
}

function variant(asan: boolean): Variant {
  const target = `${process.platform}-${process.arch}`;
  const objects = path.join(packageRoot, 'build', asan ? `${target}-asan` : target);
  // node-addon-api is header-only C++ over Node's C headers; -isystem keeps our warnings for our own code.
  const headers = [
    path.join(path.dirname(resolve('node-api-headers/package.json')), 'include'),
    path.dirname(resolve('node-addon-api/package.json')),
  ].flatMap((folder) => ['-isystem', folder]);
  const optimise = asan
    ? ['-O1', '-g', '-fno-omit-frame-pointer', '-fsanitize=address,undefined', '-fno-sanitize-recover=all']
    : ['-O2'];
  // nodelete: the engine's log callback points into this binary, so it outlives the last worker that loaded it.
  const share =
    process.platform === 'darwin'
      ? ['-bundle', '-undefined', 'dynamic_lookup']
      : ['-shared', '-Wl,-z,nodelete', ...(asan ? [] : ['-s'])];
  return {
    compiler: process.env.CXX ?? 'c++',
    objects,
    output: asan ? path.join(objects, binary) : path.join(packageRoot, 'prebuilds', target, binary),
    compile: [
      ...['-std=c++17', '-Wall', '-Wextra', '-Wpedantic', '-Werror'],
      ...['-fPIC', '-fvisibility=hidden', '-fexceptions', '-pthread'],
      ...optimise,
      ...['-DNAPI_VERSION=8', '-DNAPI_CPP_EXCEPTIONS', '-DNODE_ADDON_API_DISABLE_DEPRECATED'],
      ...['-I', sources],
      ...headers,
    ],
    link: [...share, '-pthread', ...optimise],
  };
}

async function compilerVersion(compiler: string): Promise<string> {
  try {
    return (await run(compiler, ['--version'])).stdout;
  } catch {
    throw new Error(
      `wasmedge-napi is built with a C++17 compiler, and "${compiler}" cannot be run. ` +
        'Install one (Debian, Ubuntu: apt install g++; macOS: xcode-select --install) or name it in the variable CXX.',
    );
  }
}

async function invoke(compiler: string, args: string[], what: string): Promise<void> {
  try {
    await run(compiler, args, { maxBuffer: 64 * 1024 * 1024 });
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    throw new Error(`${what} failed:\n${stderr ?? String(error)}`);
  }
}

const readIfThere = (file: string): Promise<string | null> => readFile(file, 'utf8').catch(() => null);

/** Hash of everything a compilation depended on: the command and each file of its make rule (`-MMD`). */
async function dependencyKey(command: string, rule: string): Promise<string> {
  const files = rule
    .replace(/\\\n/g, ' ')
    .replace(/^[^:]*:/, '')
    .trim()
    .split(/(?<!\\)\s+/)
    .map((file) => file.replace(/\\ /g, ' '));
  const hash = createHash('sha256').update(command);
  for (const file of files) hash.update(`\n${file}\n`).update(await readFile(file).catch(() => 'missing'));
  return hash.digest('hex');
}

/** Compiles one source unless its object is up to date. Results appear by rename, so two builds may run at once. */
async function compile(
  source: string,
  how: Variant,
  version: string,
): Promise<{ object: string; key: string }> {
  const object = path.join(how.objects, `${path.relative(sources, source).replace(/[\\/]/g, '_')}.o`);
  const rule = object.replace(/\.o$/, '.d');
  const keyFile = object.replace(/\.o$/, '.key');
  const command = JSON.stringify([version, how.compiler, how.compile, source]);

  const [oldRule, oldKey, there] = await Promise.all([
    readIfThere(rule),
    readIfThere(keyFile),
    readFile(object).then(
      () => true,
      () => false,
    ),
  ]);
  if (there && oldRule !== null && oldKey !== null && (await dependencyKey(command, oldRule)) === oldKey) {
    return { object, key: oldKey };
  }
  const temporary = `${object}.${process.pid}`;
  await invoke(
    how.compiler,
    [...how.compile, '-MMD', '-MF', `${temporary}.d`, '-c', source, '-o', temporary],
    `Compiling ${path.relative(packageRoot, source)}`,
  );
  const key = await dependencyKey(command, await readFile(`${temporary}.d`, 'utf8'));
  await rename(`${temporary}.d`, rule);
  await rename(temporary, object);
  await writeAtomically(keyFile, key);
  return { object, key };
}

async function writeAtomically(file: string, text: string): Promise<void> {
  await writeFile(`${file}.${process.pid}`, text);
  await rename(`${file}.${process.pid}`, file);
}

/** Runs `job` on all items, as many at a time as there are processors. */
async function parallel<T, R>(items: T[], job: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  await Promise.all(
    Array.from({ length: os.availableParallelism() }, async () => {
      for (const [index, item] of queue) results[index] = await job(item);
    }),
  );
  return results;
}

/**
 * Builds the native binding and returns its path; does nothing when neither sources, headers, flags nor compiler
 * changed. Needs a C++17 compiler (`CXX`, else `c++`), and no download: Node's headers come from node-api-headers.
 * @param options.asan a binary with address and undefined-behaviour sanitizers, beside the ordinary one.
 */
export async function buildBinding(options: { asan?: boolean } = {}): Promise<string> {
  if (process.platform === 'win32') {
    throw new Error('wasmedge-napi is built on Linux and macOS; building it on Windows is not set up.');
  }
  const how = variant(options.asan ?? false);
  const version = await compilerVersion(how.compiler);
  await mkdir(how.objects, { recursive: true });
  await mkdir(path.dirname(how.output), { recursive: true });

  const files = (await readdir(sources, { recursive: true }))
    .filter((file) => file.endsWith('.cc'))
    .sort()
    .map((file) => path.join(sources, file));
  const units = await parallel(files, (file) => compile(file, how, version));

  const linkKey = createHash('sha256')
    .update(JSON.stringify([version, how.link, units]))
    .digest('hex');
  const keyFile = path.join(how.objects, 'link.key');
  const built = await readFile(how.output).catch(() => null);
  const stamp = built && `${linkKey} ${createHash('sha256').update(built).digest('hex')}`;
  if (stamp === null || (await readIfThere(keyFile)) !== stamp) {
    const temporary = `${how.output}.${process.pid}`;
    await invoke(
      how.compiler,
      [...how.link, ...units.map((unit) => unit.object), '-o', temporary],
      'Linking the binding',
    );
    const digest = createHash('sha256')
      .update(await readFile(temporary))
      .digest('hex');
    await rename(temporary, how.output);
    await writeAtomically(keyFile, `${linkKey} ${digest}`);
  }
  return how.output;
}

if (process.argv[1] === import.meta.filename) {
  console.log(await buildBinding({ asan: process.argv.includes('--asan') }));
}
