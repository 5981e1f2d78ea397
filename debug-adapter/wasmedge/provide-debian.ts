import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { runChecked } from './command.ts';
import { debianMirrors, openSuite, unpackPackages, type Suite } from './debian-packages.ts';
import { readLibraryFile } from './library-file.ts';
import type { ProvidedManifest } from './provided.ts';
import { isVersion, type EngineVersion } from './version.ts';

/** Debian's suites that have each version, the most lasting first (design.md §7). */
const SUITES: Record<EngineVersion, string[]> = { '0.14': ['trixie'], '0.17': ['forky', 'sid'] };
/** The command line tool brings the library; the headers are for the benchmark's baseline and the binding's ABI test. */
const PACKAGES = ['wasmedge', 'libwasmedge-dev'];

/**
 * Unpacks WasmEdge and everything it depends on, libc included, from a newer Debian suite into `folder`, which
 * holds apt's state meanwhile.
 */
export async function fillFromDebian(
  version: EngineVersion,
  folder: string,
  log: (line: string) => void,
): Promise<ProvidedManifest> {
  const failures: string[] = [];
  for (const mirror of await debianMirrors()) {
    for (const suite of SUITES[version]) {
      const state = path.join(folder, 'apt');
      try {
        const apt = await openSuite(mirror, suite, state, log);
        const offered = await packageVersion(apt);
        if (!isVersion(offered, version)) throw new Error(`it has WasmEdge ${offered} now`);
        await unpackPackages(apt, PACKAGES, folder, log);
        return await describe(folder, suite);
      } catch (error) {
        failures.push(`${suite}: ${error instanceof Error ? error.message : String(error)}`);
      } finally {
        await rm(state, { recursive: true, force: true });
      }
    }
  }
  throw new Error(failures.join('; '));
}

/** Upstream's version of the library that the suite has, without Debian's revision. */
async function packageVersion(apt: Suite): Promise<string> {
  const shown = await runChecked('apt-cache', ['show', '--no-all-versions', 'wasmedge'], { env: apt.env });
  const version = /^Version: (?:\d+:)?([\d.]+)/m.exec(shown)?.[1];
  if (!version) throw new Error('it has no package wasmedge');
  return version;
}

/** Finds what was unpacked: the library, the loader, and the folders that hold libraries. */
async function describe(folder: string, suite: string): Promise<ProvidedManifest> {
  const files = (await readdir(folder, { recursive: true })).sort();
  const library = files.find((file) => path.basename(file) === 'libwasmedge.so.0');
  const loader = files.find((file) => /^ld-linux-.*\.so\.\d+$/.test(path.basename(file)));
  const libc = files.find((file) => path.basename(file) === 'libc.so.6');
  if (!library || !loader || !libc) throw new Error('the packages hold no libwasmedge.so.0 or no libc');
  const read = readLibraryFile(path.join(folder, library));
  if (read.kind === 'unusable' || !read.version) throw new Error(`${library} does not tell its version`);
  return {
    version: read.version,
    library,
    include: 'usr/include',
    source: `Debian ${suite}`,
    loader: { path: loader, libraryPath: [...new Set([path.dirname(library), path.dirname(libc)])] },
  };
}
