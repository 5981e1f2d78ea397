import { mkdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { createVSIX, listFiles, PackageManager } from '@vscode/vsce';
import { buildIfChanged } from './build-if-changed.ts';
import { root } from './paths.ts';

/** The package has at most so many bytes. */
const LARGEST = 3 * 1024 * 1024;

/** Files without which the extension cannot work. */
const NEEDED = [
  'package.json',
  'dist/extension.js',
  'dist/debug-adapter.js',
  'dist/adapter.js',
  'dist/runner.js',
  'dist/runner-guest.js',
  'dist/runner-control.js',
  'dist/webview.js',
  'dist/webview.css',
  'dist/wasmedge_napi.node',
  'syntaxes/wat.tmLanguage.json',
];

/**
 * Builds the extension and packs it for this platform, because the binding in it is the platform's.
 * @returns the absolute path of the .vsix
 * @throws Error where the package lacks a file, has one that must not be in it, or is too large
 */
export async function packageVsix(): Promise<string> {
  await buildIfChanged(console.log);
  checkFiles(await listFiles({ cwd: root, packageManager: PackageManager.None }));
  const { name, version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
  };
  const target = `${process.platform}-${process.arch}`;
  const packagePath = path.join(root, 'artifacts', `${name}-${target}-${version}.vsix`);
  await mkdir(path.dirname(packagePath), { recursive: true });
  await createVSIX({
    cwd: root,
    packagePath,
    target,
    dependencies: false,
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
  });
  const { size } = await stat(packagePath);
  const mebibytes = (size / 1024 / 1024).toFixed(2);
  if (size > LARGEST) throw new Error(`The package has ${mebibytes} MiB; it may have 3 MiB at most.`);
  console.log(`${path.relative(root, packagePath)}: ${mebibytes} MiB.`);
  return packagePath;
}

function checkFiles(files: string[]): void {
  const missing = NEEDED.filter((file) => !files.includes(file));
  if (missing.length > 0) throw new Error(`The package would lack ${missing.join(', ')}.`);
  const unwanted = files.filter((file) => /(^|\/)node_modules\/|\.map$|\.ts$/.test(file));
  if (unwanted.length > 0) throw new Error(`The package would hold ${unwanted.join(', ')}.`);
}

if (process.argv[1] === import.meta.filename) await packageVsix();
