import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../errors.ts';
import { providedPrefix } from './cache.ts';
import { runCommand } from './command.ts';
import { readLibraryFile } from './library-file.ts';
import { withLock } from './lock.ts';
import { fillFromArchive } from './provide-archive.ts';
import { isDebianMachine } from './debian-packages.ts';
import { fillFromDebian } from './provide-debian.ts';
import { findProvided, MANIFEST, nodeCommand, openPrefix } from './provided.ts';
import type { LocatedWasmEdge, ProvidedManifest } from './provided.ts';
import { isVersion, type EngineVersion } from './version.ts';

/** Receives progress, a line at a time. */
export type Log = (line: string) => void;

/**
 * Puts WasmEdge with its headers into the cache, unless it is there (design.md §7). It is checked by loading it, and
 * appears whole or not at all; runs at the same time wait for each other. About 45 s and 200 MB the first time.
 * @throws UserError `wasmedge-missing` that names each way that was tried and why it failed.
 */
export async function provideWasmEdge(
  version: EngineVersion,
  log: Log,
  env: NodeJS.ProcessEnv = process.env,
): Promise<LocatedWasmEdge> {
  const there = findProvided(version, env);
  if (there) return there;

  const prefix = providedPrefix(version, env);
  const onWait = () => log(`Another process is setting up WasmEdge ${version}: waiting for it …`);
  return withLock(`${prefix}.lock`, onWait, async () => {
    const made = findProvided(version, env);
    if (made) return made;
    await removeLeftovers(prefix);
    return build(version, prefix, log);
  });
}

/** Fills a folder with one version's files, under `folder`; what it made. */
type Fill = (version: EngineVersion, folder: string, log: Log) => Promise<ProvidedManifest>;

async function build(version: EngineVersion, prefix: string, log: Log): Promise<LocatedWasmEdge> {
  const ways: { name: string; fill: Fill }[] = [];
  if (await isDebianMachine()) ways.push({ name: "Debian's packages", fill: fillFromDebian });
  ways.push({ name: 'the official release', fill: fillFromArchive });

  const failures: string[] = [];
  for (const { name, fill } of ways) {
    const folder = await mkdtemp(`${prefix}.tmp-`);
    try {
      log(`Setting up WasmEdge ${version} from ${name} …`);
      const manifest = await fill(version, folder, log);
      await writeFile(path.join(folder, MANIFEST), JSON.stringify(manifest, null, 2));
      await verify(version, folder);
      await publish(folder, prefix);
      const located = openPrefix(prefix);
      if (!located) throw new Error(`${prefix} was made but cannot be read.`);
      log(`WasmEdge ${manifest.version} is ready in ${prefix}.`);
      return located;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log(`${name}: ${reason}`);
      failures.push(`\n  - ${name}: ${reason}`);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  throw new UserError(
    'wasmedge-missing',
    `WasmEdge ${version} could not be set up. Install it yourself with the official installer ` +
      '(https://wasmedge.org/docs/start/install), or set "wasmedge.library" to the path of an installed libwasmedge. ' +
      `Tried:${failures.join('')}`,
  );
}

/** Loads the library in a process of its own, as the runner will be started, and compares its version. */
async function verify(version: EngineVersion, folder: string): Promise<void> {
  const located = openPrefix(folder);
  if (!located) throw new Error('the library is missing from what was unpacked');
  const file = readLibraryFile(located.library);
  if (file.kind === 'unusable') throw new Error(`${located.library} is ${file.reason}`);
  for (const full of [located.version, file.version]) {
    if (full !== undefined && !isVersion(full, version)) {
      throw new Error(`it is WasmEdge ${full}, not ${version}`);
    }
  }
  const problem = await loadProblem(located);
  if (problem !== null) throw new Error(`the library does not load: ${problem}`);
}

/**
 * Why `located` cannot be loaded into a process of this Node; null where it can. `process.dlopen` looks for an addon's
 * entry only after the library and all that it needs are loaded, so "did not self-register" is success.
 */
export async function loadProblem(located: LocatedWasmEdge): Promise<string | null> {
  const script = `try { process.dlopen({ exports: {} }, process.argv[1]); } catch (error) { console.log(error.message); }`;
  const [command, ...args] = nodeCommand(located, process.execPath);
  const { status, stdout, stderr } = await runCommand(command, [...args, '-e', script, located.library]);
  if (status === 0 && (stdout === '' || stdout.includes('did not self-register'))) return null;
  return (stdout.trim() || stderr.trim() || `the process ended with ${status ?? 'a signal'}`).slice(0, 1000);
}

/** Gives a finished folder its name; a broken one that has the name makes way. */
async function publish(folder: string, prefix: string): Promise<void> {
  if (openPrefix(prefix)) return;
  await rm(prefix, { recursive: true, force: true });
  await rename(folder, prefix);
}

/** Removes what killed runs have left beside `prefix`; only with the lock held. */
async function removeLeftovers(prefix: string): Promise<void> {
  const parent = path.dirname(prefix);
  await mkdir(parent, { recursive: true });
  for (const name of await readdir(parent)) {
    if (!name.startsWith(`${path.basename(prefix)}.tmp-`)) continue;
    await rm(path.join(parent, name), { recursive: true, force: true });
  }
}
