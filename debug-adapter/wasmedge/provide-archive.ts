import { createHash } from 'node:crypto';
import { readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runChecked } from './command.ts';
import { readLibraryFile } from './library-file.ts';
import type { ProvidedManifest } from './provided.ts';
import type { EngineVersion } from './version.ts';

interface Archive {
  /** Full version of the release. */
  release: string;
  /** The archive is `WasmEdge-RELEASE-SLUG.tar.gz`. */
  slug: string;
  sha256: string;
}

/**
 * The official release's archives, by platform and architecture as Node names them. The hashes are those that WasmEdge's
 * own crate `wasmedge-sys` pins (0.14.1: crate 0.19.4; 0.17.1: crate 0.21.1; table REMOTE_ARCHIVES in its build.rs).
 */
export const ARCHIVES: Record<EngineVersion, Record<string, Archive>> = {
  '0.14': {
    'linux-x64': {
      release: '0.14.1',
      slug: 'manylinux2014_x86_64',
      sha256: 'a82f9fb01a6a6f1dfbd1cb069dc96d116f22c15cdb01207a5d0e65096055d092',
    },
    'linux-arm64': {
      release: '0.14.1',
      slug: 'manylinux2014_aarch64',
      sha256: 'd5ac5c2405ff8a878558379740498e5fe4b126fe746eac585f7efa9bb7f32e28',
    },
    'darwin-x64': {
      release: '0.14.1',
      slug: 'darwin_x86_64',
      sha256: '96d01cf083d4f7e1c55683dc4b60acca6d8517ad901e2d7b4b5d64ca9a6532e0',
    },
    'darwin-arm64': {
      release: '0.14.1',
      slug: 'darwin_arm64',
      sha256: '38dd10f4e78d339be91e0c3501055d4dad9bf08c3dc648e07a30df9bea2d6c4a',
    },
  },
  '0.17': {
    'linux-x64': {
      release: '0.17.1',
      slug: 'manylinux_2_28_x86_64',
      sha256: '27a1abec072ddf45b40e2e81e33c1e5fe9b241f31fd1bbf0182f05097489a07a',
    },
    'linux-arm64': {
      release: '0.17.1',
      slug: 'manylinux_2_28_aarch64',
      sha256: '6d7762429083e787ccbddf629868bb59de4325ccdcc31d9f7bd240adcdd9fe9d',
    },
    'darwin-x64': {
      release: '0.17.1',
      slug: 'darwin_x86_64',
      sha256: 'e96d10da0dfe560ff17775cf4a205ed43cd855dafbb4056ea908865066666660',
    },
    'darwin-arm64': {
      release: '0.17.1',
      slug: 'darwin_arm64',
      sha256: '7f6810f0676f8405586a3edb350ce9a6eb256ef7118f2e327f131b7833d0033e',
    },
  },
};

const RELEASES = 'https://github.com/WasmEdge/WasmEdge/releases/download';

/**
 * Unpacks the official release for this platform into `folder`, after its SHA-256 was checked against the pinned one.
 * `releases` is where the releases are (a test serves its own), `archives` what is pinned.
 */
export async function fillFromArchive(
  version: EngineVersion,
  folder: string,
  log: (line: string) => void,
  releases: string = RELEASES,
  archives = ARCHIVES,
): Promise<ProvidedManifest> {
  const platform = `${process.platform}-${process.arch}`;
  const archive = archives[version][platform];
  if (!archive) throw new Error(`WasmEdge has no release for ${platform} that set-up knows`);
  const name = `WasmEdge-${archive.release}-${archive.slug}.tar.gz`;
  const url = `${releases}/${archive.release}/${name}`;
  log(`Downloading ${url} …`);
  const bytes = await download(url);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== archive.sha256) {
    throw new Error(`${name} is not what was released: its SHA-256 is ${sha256}, not ${archive.sha256}`);
  }
  const file = path.join(folder, name);
  await writeFile(file, bytes);
  log('Unpacking …');
  await runChecked('tar', ['-xzf', file, '-C', folder]);
  await rm(file);
  return describe(folder, archive.release);
}

async function download(url: string): Promise<Buffer> {
  let response;
  try {
    response = await fetch(url);
  } catch (error) {
    // fetch says only "fetch failed"; the reason is its cause.
    const cause =
      error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new Error(`${url} cannot be reached: ${cause}`, { cause: error });
  }
  if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`);
  return Buffer.from(await response.arrayBuffer());
}

/** The release's folders lie in the archive's top folder or at its root, in `lib` or `lib64`. */
async function describe(folder: string, release: string): Promise<ProvidedManifest> {
  const files = (await readdir(folder, { recursive: true })).sort();
  const names =
    process.platform === 'darwin'
      ? ['libwasmedge.0.dylib', 'libwasmedge.dylib']
      : ['libwasmedge.so.0', 'libwasmedge.so'];
  const library = names.flatMap((name) => files.filter((file) => path.basename(file) === name))[0];
  const header = files.find((file) => file.endsWith(path.join('wasmedge', 'wasmedge.h')));
  if (!library || !header) throw new Error('the archive holds no libwasmedge, or no headers');
  const read = readLibraryFile(path.join(folder, library));
  if (read.kind === 'unusable') throw new Error(`${library} in the archive is ${read.reason}`);
  return {
    version: read.version ?? release,
    library,
    include: path.dirname(path.dirname(header)),
    source: `the official release ${release}`,
  };
}
