import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { UserError } from '../../debug-adapter/errors.ts';
import { providedPrefix } from '../../debug-adapter/wasmedge/cache.ts';
import { readLibraryFile } from '../../debug-adapter/wasmedge/library-file.ts';
import { locateWasmEdge } from '../../debug-adapter/wasmedge/locate.ts';
import { MANIFEST } from '../../debug-adapter/wasmedge/provided.ts';

// What is looked at is a file's content and place; nothing is loaded, so files that look like libraries will do here.
// The real libraries are in wasmedge-provide.test.ts.

const libraryName = process.platform === 'darwin' ? 'libwasmedge.0.dylib' : 'libwasmedge.so.0';

/** The beginning of a shared library of this platform, and the constants that WasmEdge has in it. */
function libraryBytes(...constants: string[]): Buffer {
  const header = Buffer.alloc(64);
  if (process.platform === 'darwin') header.writeUInt32LE(0xfeedfacf);
  else {
    header.write('\x7fELF\x02\x01\x01', 'latin1');
    header.writeUInt16LE(process.arch === 'arm64' ? 183 : 62, 18);
  }
  return Buffer.concat([header, Buffer.from(`\0${constants.join('\0')}\0`, 'latin1')]);
}
const wasmEdge = (version: string) => libraryBytes('WasmEdge_VersionGet', version, '18.1.8');

function isFound(environment: NodeJS.ProcessEnv): boolean {
  try {
    locateWasmEdge({ env: environment });
    return true;
  } catch {
    return false;
  }
}

/** True on a machine whose loader path has a WasmEdge of its own: it comes before set-up's copy. */
const systemHasOne = isFound({ HOME: '/nowhere', PATH: process.env.PATH });
const skip = systemHasOne && 'the system has a WasmEdge on its loader path';

let folder = '';
let env: NodeJS.ProcessEnv = {};

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'locate-'));
});
after(async () => {
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  env = {
    HOME: path.join(folder, 'home'),
    KOTLIN_WASMEDGE_CACHE: path.join(folder, 'cache'),
    PATH: process.env.PATH,
  };
});

async function put(place: string, bytes: Buffer): Promise<string> {
  const file = path.join(folder, place, libraryName);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, bytes);
  return file;
}
async function putProvided(version: '0.14' | '0.17', full: string): Promise<string> {
  const prefix = providedPrefix(version, env);
  await mkdir(path.join(prefix, 'lib'), { recursive: true });
  await writeFile(path.join(prefix, 'lib', libraryName), wasmEdge(full));
  const manifest = {
    version: full,
    library: `lib/${libraryName}`,
    include: 'include',
    source: 'this test',
    loader: { path: 'lib/ld.so', libraryPath: ['lib', 'usr/lib'] },
  };
  await writeFile(path.join(prefix, MANIFEST), JSON.stringify(manifest));
  return prefix;
}
function failure(locate: () => unknown): UserError {
  try {
    locate();
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    return error;
  }
  return assert.fail('it was found');
}

test('wasmedge.library wins over everything else', async () => {
  const library = await put('mine', wasmEdge('0.16.2'));
  env.WASMEDGE_LIB_DIR = path.dirname(await put('other', wasmEdge('0.17.1')));
  const located = locateWasmEdge({ library, env });
  assert.deepEqual(located, { library, foundBy: 'by wasmedge.library', version: '0.16.2' });
});

test('places are tried in the order of the design', { skip }, async () => {
  const prefix = await putProvided('0.17', '0.17.1');
  let located = locateWasmEdge({ env });
  assert.equal(located.library, path.join(prefix, 'lib', libraryName));
  assert.deepEqual(located.loader, {
    path: path.join(prefix, 'lib/ld.so'),
    libraryPath: `${prefix}/lib:${prefix}/usr/lib`,
  });

  const onLoaderPath = await put('loader-path', wasmEdge('0.17.0'));
  env[process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH'] = path.dirname(onLoaderPath);
  located = locateWasmEdge({ env });
  assert.equal(located.library, onLoaderPath);

  const installed64 = await put('home/.wasmedge/lib64', wasmEdge('0.17.0'));
  located = locateWasmEdge({ env });
  assert.equal(located.library, installed64);
  const installed = await put('home/.wasmedge/lib', wasmEdge('0.17.0'));
  located = locateWasmEdge({ env });
  assert.equal(located.library, installed);

  env.WASMEDGE_LIB_DIR = path.dirname(await put('named', wasmEdge('0.15.0')));
  located = locateWasmEdge({ env });
  assert.equal(located.foundBy, 'by WASMEDGE_LIB_DIR');
  assert.equal(located.version, '0.15.0');
  assert.equal(located.loader, undefined);
});

test('the version asked for passes over the others', { skip }, async () => {
  await put('home/.wasmedge/lib', wasmEdge('0.14.1'));
  await putProvided('0.17', '0.17.1');
  assert.equal(locateWasmEdge({ version: '0.17', env }).version, '0.17.1');
  assert.equal(locateWasmEdge({ version: '0.14', env }).version, '0.14.1');
  assert.equal(locateWasmEdge({ env: { ...env, WASMEDGE_VERSION: '0.17' } }).version, '0.17.1');
  // launch.json wins over the environment.
  const both = locateWasmEdge({ version: '0.14', env: { ...env, WASMEDGE_VERSION: '0.17' } });
  assert.equal(both.version, '0.14.1');
});

test('0.17 is preferred among the copies of set-up', { skip }, async () => {
  await putProvided('0.14', '0.14.1');
  assert.equal(locateWasmEdge({ env }).version, '0.14.1');
  await putProvided('0.17', '0.17.1');
  assert.equal(locateWasmEdge({ env }).version, '0.17.1');
});

test(
  'a library beside a libc of its own is loaded through that loader',
  { skip: process.platform !== 'linux' },
  async () => {
    const library = await put('prefix', wasmEdge('0.17.1'));
    const loader = path.join(folder, 'prefix', 'ld-linux-x86-64.so.2');
    await writeFile(loader, '');
    assert.equal(locateWasmEdge({ library, env }).loader, undefined);
    await writeFile(path.join(folder, 'prefix', 'libc.so.6'), '');
    const located = locateWasmEdge({ library, env });
    assert.deepEqual(located.loader, { path: loader, libraryPath: path.join(folder, 'prefix') });
  },
);

test('nothing there: every place is named, with a way to install', { skip }, () => {
  env.WASMEDGE_LIB_DIR = path.join(folder, 'empty');
  const error = failure(() => locateWasmEdge({ env }));
  assert.equal(error.code, 'wasmedge-missing');
  const places = [
    path.join(folder, 'empty', libraryName),
    path.join(folder, 'home/.wasmedge/lib', libraryName),
    path.join(folder, 'home/.wasmedge/lib64', libraryName),
    providedPrefix('0.17', env),
    providedPrefix('0.14', env),
  ];
  for (const place of places) assert.ok(error.message.includes(place), `${place} in:\n${error.message}`);
  assert.deepEqual(error.fix, { kind: 'install-wasmedge', title: 'Install WasmEdge 0.17', version: '0.17' });
});

test('only another version is there: it is named, and the wanted one offered', { skip }, async () => {
  const file = await put('home/.wasmedge/lib', wasmEdge('0.17.1'));
  const error = failure(() => locateWasmEdge({ version: '0.14', env }));
  assert.equal(error.code, 'wasmedge-wrong-version');
  assert.ok(error.message.includes(`${file} is WasmEdge 0.17.1, not 0.14`), error.message);
  assert.deepEqual(error.fix, { kind: 'install-wasmedge', title: 'Install WasmEdge 0.14', version: '0.14' });
});

test('a version older than the C API that the binding speaks is refused', async () => {
  const library = await put('old', wasmEdge('0.13.5'));
  const error = failure(() => locateWasmEdge({ library, env }));
  assert.equal(error.code, 'wasmedge-wrong-version');
  assert.match(error.message, /is WasmEdge 0\.13\.5, and 0\.14 is the oldest/);
});

test('a file that is no libwasmedge is said to be what it is', async () => {
  const cases: [Buffer, RegExp][] = [
    [Buffer.from('/* GNU ld script */ INPUT(libwasmedge.so.0)'.padEnd(80)), /is no (macOS )?shared library/],
    [Buffer.alloc(0), /is an empty file/],
    [libraryBytes('png_get_version'), /is a shared library, but not WasmEdge/],
  ];
  for (const [bytes, expected] of cases) {
    const library = await put('wrong', bytes);
    const error = failure(() => locateWasmEdge({ library, env }));
    assert.equal(error.code, 'wasmedge-unusable');
    assert.match(error.message, expected);
  }
});

test(
  'a library of another processor, or cut off, is unusable',
  { skip: process.platform !== 'linux' },
  async () => {
    const foreign = wasmEdge('0.17.1');
    foreign.writeUInt16LE(20, 18);
    const ppc = await put('ppc', foreign);
    let error = failure(() => locateWasmEdge({ library: ppc, env }));
    assert.match(error.message, /for another processor \(ELF machine 20\)/);

    const real = await readFile(process.execPath);
    const cut = await put('cut', real.subarray(0, real.length / 2));
    error = failure(() => locateWasmEdge({ library: cut, env }));
    assert.equal(error.code, 'wasmedge-unusable');
    assert.match(error.message, /truncated/);
  },
);

test('an unknown WASMEDGE_VERSION is an error, a full version number is not', async () => {
  await put('home/.wasmedge/lib', wasmEdge('0.14.1'));
  const error = failure(() => locateWasmEdge({ env: { ...env, WASMEDGE_VERSION: 'latest' } }));
  assert.match(error.message, /WASMEDGE_VERSION is "latest": it takes 0\.14 or 0\.17/);
  assert.equal(locateWasmEdge({ env: { ...env, WASMEDGE_VERSION: '0.14.1' } }).version, '0.14.1');
});

test('the version is absent where the file does not say it once', async () => {
  assert.deepEqual(
    readLibraryFile(await put('two', libraryBytes('WasmEdge_VersionGet', '0.14.1', '0.17.1'))),
    {
      kind: 'wasmedge',
    },
  );
  assert.deepEqual(readLibraryFile(await put('rc', wasmEdge('0.17.0-rc.1'))), {
    kind: 'wasmedge',
    version: '0.17.0-rc.1',
  });
});
