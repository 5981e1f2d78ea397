import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { cacheDirectory } from '../debug-adapter/wasmedge/cache.ts';
import { commandExists } from '../debug-adapter/wasmedge/command.ts';
import { isDebianMachine } from '../debug-adapter/wasmedge/debian-packages.ts';
import type { Log } from '../debug-adapter/wasmedge/provide.ts';
import { unpackDebian, writeStarter } from './debian-unpack.ts';

const PACKAGES = ['emacs-nox', 'elpa-dap-mode'];
const WRAPPER = 'emacs.sh';
/** Where Debian puts Emacs' own parts and, each in a folder of its own, packages for it. */
const OWN = 'usr/share/emacs';
const ARCHITECTURES = 'usr/libexec/emacs';
const ELPA = 'usr/share/emacs/site-lisp/elpa-src';

/**
 * Emacs with dap-mode, a DAP client that knows nothing of this adapter: Debian's packages, unpacked into the cache.
 *
 * @returns path of the program; null where this is no Debian
 */
export async function provideDapMode(log: Log, env: NodeJS.ProcessEnv = process.env): Promise<string | null> {
  const prefix = path.join(cacheDirectory(env), 'editor', `emacs-${process.platform}-${process.arch}`);
  const wrapper = path.join(prefix, WRAPPER);
  if (await commandExists(wrapper)) return wrapper;
  if (!(await isDebianMachine())) return null;
  const what = 'Emacs with dap-mode';
  await unpackDebian({ what, packages: PACKAGES, prefix, wrapper: WRAPPER, finish: writeWrapper }, log);
  if (await commandExists(wrapper)) return wrapper;
  throw new Error(`${what} was unpacked to ${prefix} but does not start.`);
}

/** Emacs looks for its parts where it was built to be installed, unless it is told where they are. */
async function writeWrapper(folder: string): Promise<void> {
  const version = (await readdir(path.join(folder, OWN))).find((name) => /^\d/.test(name)) ?? '';
  const ofVersion = path.join(ARCHITECTURES, version);
  const [architecture = ''] = await readdir(path.join(folder, ofVersion));
  const packages = await readdir(path.join(folder, ELPA));
  const lisp = [`${OWN}/${version}/lisp`, ...packages.map((name) => `${ELPA}/${name}`)];
  await writeStarter(folder, WRAPPER, [
    // An empty part stands for what is below Emacs' own folders.
    `export EMACSLOADPATH="${lisp.map((each) => `$here/${each}`).join(':')}:"`,
    `export EMACSDATA="$here/${OWN}/${version}/etc" EMACSDOC="$here/${OWN}/${version}/etc"`,
    `export EMACSPATH="$here/${ofVersion}/${architecture}"`,
    `exec "$here/usr/bin/emacs-nox" --dump-file="$here/${ofVersion}/${architecture}/emacs.pdmp" "$@"`,
  ]);
}
