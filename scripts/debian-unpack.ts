import { chmod, mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { commandExists } from '../debug-adapter/wasmedge/command.ts';
import { debianMirrors, openSuite, unpackPackages } from '../debug-adapter/wasmedge/debian-packages.ts';
import { withLock } from '../debug-adapter/wasmedge/lock.ts';
import type { Log } from '../debug-adapter/wasmedge/provide.ts';

/** Programs of this Debian in a folder of their own. */
interface Unpacked {
  /** What a person calls it. */
  what: string;
  packages: readonly string[];
  /** Absolute path of the folder. */
  prefix: string;
  /** Name in it of what starts the program; the folder counts as complete where that is there. */
  wrapper: string;
  /** Writes the wrapper, and whatever else is lacking, into the folder while it is being made. */
  finish: (folder: string) => Promise<void>;
}

/** Unpacks Debian packages without root, unless another process has done so. @throws Error */
export async function unpackDebian(
  { what, packages, prefix, wrapper, finish }: Unpacked,
  log: Log,
): Promise<void> {
  const onWait = () => log(`Another process is setting up ${what}: waiting for it …`);
  await mkdir(path.dirname(prefix), { recursive: true });
  await withLock(`${prefix}.lock`, onWait, async () => {
    if (await commandExists(path.join(prefix, wrapper))) return;
    const folder = await mkdtemp(`${prefix}.tmp-`);
    try {
      log(`Setting up ${what} from Debian's packages …`);
      const mirror = (await debianMirrors())[0];
      if (!mirror) throw new Error("No Debian archive is among this machine's apt sources.");
      const state = path.join(folder, 'apt');
      const apt = await openSuite(mirror, await systemSuite(), state, log);
      // The suite is the system's own, so its C library serves, and the programs' loader need not be replaced.
      await unpackPackages(apt, packages, folder, log, ['libc6', 'libc-bin']);
      await rm(state, { recursive: true });
      await finish(folder);
      await rm(prefix, { recursive: true, force: true });
      await rename(folder, prefix);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

/** The code name of this Debian, e.g. `bookworm` (os-release(5)). */
async function systemSuite(): Promise<string> {
  const text = await readFile('/etc/os-release', 'utf8');
  const suite = /^VERSION_CODENAME="?(\w+)"?$/m.exec(text)?.[1];
  if (!suite) throw new Error('/etc/os-release names no VERSION_CODENAME.');
  return suite;
}

/**
 * Writes a shell script that starts a program with the libraries that were unpacked beside it.
 *
 * @param lines of the script; `$here` is the folder
 */
export async function writeStarter(folder: string, name: string, lines: readonly string[]): Promise<void> {
  const folders = await readdir(folder, { recursive: true });
  // What programs link against lies in the architecture's folder; libpulse keeps a part of itself one level below.
  const libraryPath = folders
    .filter((each) => /^(usr\/)?lib\/\w+-linux-gnu\w*(\/pulseaudio)?$/.test(each))
    .map((each) => `$here/${each}`)
    .join(':');
  const script = [
    '#!/bin/sh',
    'here=$(dirname "$(readlink -f "$0")")',
    `export LD_LIBRARY_PATH="${libraryPath}"`,
    ...lines,
    '',
  ];
  const wrapper = path.join(folder, name);
  await writeFile(wrapper, script.join('\n'));
  await chmod(wrapper, 0o755);
}
