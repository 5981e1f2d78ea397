import { chmod, mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cacheDirectory } from '../debug-adapter/wasmedge/cache.ts';
import { commandExists } from '../debug-adapter/wasmedge/command.ts';
import {
  debianMirrors,
  isDebianMachine,
  openSuite,
  unpackPackages,
} from '../debug-adapter/wasmedge/debian-packages.ts';
import { withLock } from '../debug-adapter/wasmedge/lock.ts';
import type { Log } from '../debug-adapter/wasmedge/provide.ts';
import { installDebianPackages } from './debian-install.ts';

/** Programs that playwright can drive as Chromium, by name on the PATH or by path. */
const INSTALLED = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  '/usr/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
/** A screenshot without fonts shows nothing. */
const PACKAGES = ['chromium', 'fonts-dejavu-core'];
const WRAPPER = 'chromium.sh';

/**
 * A Chromium for the editor tests: an installed one, else Debian's package: installed where we are root, else unpacked
 * into the cache.
 * @returns its path.
 * @throws Error that says what to install.
 */
export async function provideChromium(log: Log, env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const installed = await findInstalled();
  if (installed) return installed;
  const prefix = path.join(cacheDirectory(env), 'editor', `chromium-${process.platform}-${process.arch}`);
  const wrapper = path.join(prefix, WRAPPER);
  if (await commandExists(wrapper)) return wrapper;
  if (await installDebianPackages(PACKAGES, log)) {
    const found = await findInstalled();
    if (found) return found;
  }
  if (!(await isDebianMachine())) {
    throw new Error(
      'No Chromium was found, and it can be provided on Debian only: install Chromium or Chrome.',
    );
  }
  const onWait = () => log('Another process is setting up Chromium: waiting for it …');
  await withLock(`${prefix}.lock`, onWait, async () => {
    if (!(await commandExists(wrapper))) await unpack(prefix, log);
  });
  if (!(await commandExists(wrapper))) {
    throw new Error(`Chromium was unpacked to ${prefix} but does not start: install Chromium or Chrome.`);
  }
  return wrapper;
}

async function findInstalled(): Promise<string | undefined> {
  for (const program of INSTALLED) {
    if (path.isAbsolute(program)) {
      if (await commandExists(program)) return program;
      continue;
    }
    for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
      const file = path.join(folder, program);
      if (path.isAbsolute(file) && (await commandExists(file))) return file;
    }
  }
  return undefined;
}

async function unpack(prefix: string, log: Log): Promise<void> {
  await mkdir(path.dirname(prefix), { recursive: true });
  const folder = await mkdtemp(`${prefix}.tmp-`);
  try {
    log("Setting up Chromium from Debian's packages …");
    const mirror = (await debianMirrors())[0];
    if (!mirror) throw new Error("No Debian archive is among this machine's apt sources.");
    const state = path.join(folder, 'apt');
    const apt = await openSuite(mirror, await systemSuite(), state, log);
    // The suite is the system's own, so its C library serves, and the programs' loader need not be replaced.
    await unpackPackages(apt, PACKAGES, folder, log, ['libc6', 'libc-bin']);
    await rm(state, { recursive: true });
    await writeWrapper(folder);
    await rm(prefix, { recursive: true, force: true });
    await rename(folder, prefix);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The code name of this Debian, e.g. `bookworm` (os-release(5)). */
async function systemSuite(): Promise<string> {
  const text = await readFile('/etc/os-release', 'utf8');
  const suite = /^VERSION_CODENAME="?(\w+)"?$/m.exec(text)?.[1];
  if (!suite) throw new Error('/etc/os-release names no VERSION_CODENAME.');
  return suite;
}

/** Starts Chromium with the libraries and the fonts that were unpacked beside it. */
async function writeWrapper(folder: string): Promise<void> {
  const folders = await readdir(folder, { recursive: true });
  // What programs link against lies in the architecture's folder; libpulse keeps a part of itself one level below.
  const libraryPath = folders
    .filter((name) => /^(usr\/)?lib\/\w+-linux-gnu\w*(\/pulseaudio)?$/.test(name))
    .map((name) => `$here/${name}`)
    .join(':');
  const script = [
    '#!/bin/sh',
    'here=$(dirname "$(readlink -f "$0")")',
    `export LD_LIBRARY_PATH="${libraryPath}"`,
    'export FONTCONFIG_SYSROOT="$here"',
    'exec "$here/usr/lib/chromium/chromium" "$@"',
    '',
  ].join('\n');
  const wrapper = path.join(folder, WRAPPER);
  await writeFile(wrapper, script);
  await chmod(wrapper, 0o755);
}
