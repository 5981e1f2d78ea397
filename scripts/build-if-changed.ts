import { createHash } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buildAll } from './build.ts';
import { root } from './paths.ts';

/** Everything that dist/ is made from. */
const SOURCES = [
  'debug-adapter',
  'extension',
  'protocol',
  'webview',
  'wasmedge-napi',
  'scripts/build.ts',
  'package.json',
  'package-lock.json',
];
const NO_SOURCES = /(^|\/)(node_modules|build|prebuilds)(\/|$)/;
const STAMP = path.join(root, 'dist', '.sources');

/** Builds dist/ unless it was built from exactly these sources. */
export async function buildIfChanged(log: (line: string) => void): Promise<void> {
  const now = await sourcesHash();
  if ((await readFile(STAMP, 'utf8').catch(() => '')) === now) return;
  log('Building …');
  await buildAll();
  await writeFile(STAMP, now);
}

async function sourcesHash(): Promise<string> {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`);
  for (const source of SOURCES) {
    for (const file of await filesOf(source))
      hash.update(`${file}\0`).update(await readFile(path.join(root, file)));
  }
  return hash.digest('hex');
}

async function filesOf(source: string): Promise<string[]> {
  if (!(await stat(path.join(root, source))).isDirectory()) return [source];
  const entries = await readdir(path.join(root, source), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .filter((file) => !NO_SOURCES.test(file))
    .sort();
}
