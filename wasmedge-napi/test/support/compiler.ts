import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const compiler = process.env.CXX ?? 'c++';

/** The compiler is the system's own: not what a dynamic loader around this Node would give it. */
export async function compileCxx(args: string[]): Promise<string> {
  const { stderr } = await run(compiler, args);
  return stderr;
}

/** Runs `use` with a folder that is gone afterwards. */
export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'wasmedge-napi-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A shared library made of these C declarations. */
export async function sharedLibrary(folder: string, name: string, source: string): Promise<string> {
  const file = path.join(folder, `${name}.cc`);
  const library = path.join(folder, `lib${name}.so`);
  await writeFile(file, `extern "C" {\n${source}\n}\n`);
  await compileCxx(['-shared', '-fPIC', file, '-o', library]);
  return library;
}
