import path from 'node:path';
import { runChecked } from '../debug-adapter/wasmedge/command.ts';

/**
 * Installs packages into a folder outside this checkout, without their install scripts, which would download programs.
 * What its package.json names where no package is named.
 * @throws Error with what npm printed.
 */
export async function installPackages(folder: string, ...names: string[]): Promise<void> {
  const quiet = ['--omit=dev', '--no-audit', '--no-fund', '--no-package-lock'];
  await runChecked('npm', ['install', '--ignore-scripts', ...quiet, ...names], {
    cwd: folder,
    env: plainNpm(),
  });
}

/** The environment without this checkout's npm settings, which `npm test` and its like hand down. */
export function plainNpm(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !/^npm_(package_|lifecycle_|command$|config_(ignore_scripts|local_prefix|prefix)$)/.test(name),
  );
  return Object.fromEntries(kept);
}

/** The npm package that holds Node itself, with its headers, for this platform. */
export function nodePackage(): string {
  return `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
}

/** That package's Node, where it is installed in `folder`. */
export function nodeProgram(folder: string): string {
  return path.join(folder, 'node_modules', nodePackage(), 'bin', 'node');
}
