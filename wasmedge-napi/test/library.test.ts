import assert from 'node:assert/strict';
import { symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { Engine, LibraryError, loadLibrary } from 'wasmedge-napi';
import { sharedLibrary, withFolder } from './support/compiler.ts';
import { libraryPath } from './support/engine.ts';
import { runScript } from './support/process.ts';
import { wrong } from './support/wrong.ts';

function failure(file: string): LibraryError {
  try {
    loadLibrary(file);
  } catch (error) {
    assert.ok(error instanceof LibraryError, String(error));
    assert.equal(error.name, 'LibraryError');
    assert.equal(error.path, file);
    return error;
  }
  assert.fail(`${file} was loaded`);
}

const version = (major: number, minor: number): string => `
  const char *WasmEdge_VersionGet() { return "${major}.${minor}.9"; }
  unsigned WasmEdge_VersionGetMajor() { return ${major}; }
  unsigned WasmEdge_VersionGetMinor() { return ${minor}; }
  unsigned WasmEdge_VersionGetPatch() { return 9; }`;

// In this order: nothing is loaded before the last test but one.
test('without a library, an engine says what to do first', () => {
  assert.throws(() => new Engine(), /No WasmEdge library is loaded: call loadLibrary\(path\) first/);
});

test('a path that leads nowhere', () => {
  const error = failure('/nowhere/libwasmedge.so.0');
  assert.equal(error.code, 'missing');
  assert.match(error.message, /No WasmEdge library at \/nowhere\/libwasmedge\.so\.0: there is no such file/);
});

test('a name that the system does not find', () => {
  const error = failure('libnosuchwasmedge.so');
  assert.equal(error.code, 'missing');
  assert.match(error.message, /libnosuchwasmedge\.so where the system looks/);
});

test('a folder', () => {
  const error = failure(path.dirname(libraryPath));
  assert.equal(error.code, 'missing');
  assert.match(error.message, /that is a folder; name the file libwasmedge in it/);
});

test('a text file', () =>
  withFolder(async (folder) => {
    const file = path.join(folder, 'libwasmedge.so');
    await writeFile(file, 'not a library');
    const error = failure(file);
    assert.equal(error.code, 'not-a-library');
    // The dynamic loader's own words follow.
    assert.match(error.message, /cannot be loaded as the WasmEdge library: .*libwasmedge\.so/);
  }));

test('a library of something else', () =>
  withFolder(async (folder) => {
    const error = failure(await sharedLibrary(folder, 'other', 'int other() { return 1; }'));
    assert.equal(error.code, 'not-a-library');
    assert.match(error.message, /not WasmEdge's: it has no WasmEdge_VersionGet/);
  }));

test('a WasmEdge that is too old', () =>
  withFolder(async (folder) => {
    const error = failure(await sharedLibrary(folder, 'old', version(0, 13)));
    assert.equal(error.code, 'too-old');
    assert.match(error.message, /is WasmEdge 0\.13\.9; 0\.14 or later is needed/);
  }));

test('a WasmEdge that lacks functions names them', () =>
  withFolder(async (folder) => {
    const error = failure(await sharedLibrary(folder, 'partial', version(0, 14)));
    assert.equal(error.code, 'symbol-missing');
    assert.match(error.message, /says that it is WasmEdge 0\.14\.9, but lacks .*WasmEdge_ExecutorInvoke/);
  }));

test('a path that is no string, or has a NUL in it', () => {
  assert.throws(() => loadLibrary(wrong(7)), { name: 'TypeError', message: /path must be a string/ });
  assert.throws(() => loadLibrary('a\0b'), { name: 'TypeError', message: /NUL/ });
});

test('the library, with its version and proposals; again is the same', () => {
  const info = loadLibrary(libraryPath);
  assert.equal(info.path, libraryPath);
  assert.match(info.version, /^\d+\.\d+\.\d+/);
  assert.ok(info.version.startsWith(`${info.major}.${info.minor}.${info.patch}`));
  assert.ok(info.major > 0 || info.minor >= 14);
  assert.ok(info.proposals.includes('GC') && info.proposals.includes('ExceptionHandling'));
  assert.equal(new Set(info.proposals).size, info.proposals.length);
  assert.deepEqual(loadLibrary(libraryPath), info);
});

test('the same library by another path; another library not', () =>
  withFolder(async (folder) => {
    const link = path.join(folder, 'link.so');
    await symlink(libraryPath, link);
    assert.equal(loadLibrary(link).path, libraryPath);

    const error = failure('/nowhere/libwasmedge.so.0');
    assert.equal(error.code, 'other-library-loaded');
    assert.match(error.message, /has loaded WasmEdge .* from .* and cannot load \/nowhere/);
  }));

test('a binary that is not there is named, with what to do', () => {
  const ended = runScript('fixtures/load.ts', [], { env: { WASMEDGE_NAPI_BINARY: '/nowhere/binding.node' } });
  assert.notEqual(ended.status, 0);
  assert.match(
    ended.stderr,
    /wasmedge-napi has no binary .*looked for \/nowhere\/binding\.node.*scripts\/build\.ts/,
  );
});
