import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cacheDirectory } from '../debug-adapter/wasmedge/cache.ts';
import { runChecked } from '../debug-adapter/wasmedge/command.ts';
import { withLock } from '../debug-adapter/wasmedge/lock.ts';
import type { Log } from '../debug-adapter/wasmedge/provide.ts';
import { installPackages, nodePackage, nodeProgram } from './npm-packages.ts';

/**
 * Puts a Node from npm into the cache, unless it is there; the path of its program. It is checked by starting it, and
 * appears whole or not at all. About 5 s and 120 MB the first time.
 * @throws Error that says which step failed and what was printed.
 */
export async function provideNode(
  version: string,
  log: Log,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const name = `node-${version}-${process.platform}-${process.arch}`;
  const prefix = path.join(cacheDirectory(env), 'node', name);
  if (!existsSync(prefix)) {
    const onWait = () => log(`Another process is setting up Node ${version}: waiting for it …`);
    await withLock(`${prefix}.lock`, onWait, async () => {
      if (!existsSync(prefix)) await install(version, prefix, log);
    });
  }
  return nodeProgram(prefix);
}

async function install(version: string, prefix: string, log: Log): Promise<void> {
  await mkdir(path.dirname(prefix), { recursive: true });
  const folder = await mkdtemp(`${prefix}.tmp-`);
  try {
    log(`Setting up Node ${version} …`);
    await writeFile(path.join(folder, 'package.json'), '{ "private": true }\n');
    await installPackages(folder, `${nodePackage()}@${version}`);
    const shown = await runChecked(nodeProgram(folder), ['--version']);
    if (shown.trim() !== `v${version}`) throw new Error(`Node says that it is ${shown.trim()}.`);
    await rename(folder, prefix);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
