import path from 'node:path';
import { cacheDirectory } from '../debug-adapter/wasmedge/cache.ts';
import { commandExists } from '../debug-adapter/wasmedge/command.ts';
import { isDebianMachine } from '../debug-adapter/wasmedge/debian-packages.ts';
import type { Log } from '../debug-adapter/wasmedge/provide.ts';
import { installDebianPackages } from './debian-install.ts';
import { unpackDebian, writeStarter } from './debian-unpack.ts';

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
  await unpackDebian(
    { what: 'Chromium', packages: PACKAGES, prefix, wrapper: WRAPPER, finish: writeWrapper },
    log,
  );
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

/** Starts Chromium with the libraries and the fonts that were unpacked beside it. */
async function writeWrapper(folder: string): Promise<void> {
  await writeStarter(folder, WRAPPER, [
    'export FONTCONFIG_SYSROOT="$here"',
    'exec "$here/usr/lib/chromium/chromium" "$@"',
  ]);
}
