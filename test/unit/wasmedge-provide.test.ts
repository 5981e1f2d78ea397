import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { runChecked } from '../../debug-adapter/wasmedge/command.ts';
import { readLibraryFile } from '../../debug-adapter/wasmedge/library-file.ts';
import { locateWasmEdge } from '../../debug-adapter/wasmedge/locate.ts';
import { withLock } from '../../debug-adapter/wasmedge/lock.ts';
import { loadProblem, provideWasmEdge } from '../../debug-adapter/wasmedge/provide.ts';
import { ARCHIVES, fillFromArchive } from '../../debug-adapter/wasmedge/provide-archive.ts';
import { ENGINE_VERSIONS, isVersion } from '../../debug-adapter/wasmedge/version.ts';

let folder = '';
let server: Server | undefined;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'provide-'));
});
after(async () => {
  server?.close();
  await rm(folder, { recursive: true });
});

for (const version of ENGINE_VERSIONS) {
  test(`set-up's copy of WasmEdge ${version} is that version, loads, and has its headers`, async () => {
    const provided = await provideWasmEdge(version, (line) => console.log(line));
    assert.ok(provided.version && isVersion(provided.version, version), provided.version);
    assert.equal(await loadProblem(provided), null);
    assert.deepEqual(readLibraryFile(provided.library), {
      kind: 'wasmedge',
      version: provided.version,
    });
    const header = path.join(provided.includeDirectory ?? '', 'wasmedge', 'version.h');
    assert.match(await readFile(header, 'utf8'), new RegExp(`WASMEDGE_VERSION "${provided.version}"`));

    const lines: string[] = [];
    assert.deepEqual(await provideWasmEdge(version, (line) => lines.push(line)), provided);
    assert.deepEqual(lines, [], 'the second time there is nothing to do');

    // Named by hand, the same library still needs its own loader.
    const named = locateWasmEdge({ library: provided.library });
    assert.equal(named.loader?.path, provided.loader?.path);
    assert.equal(await loadProblem(named), null);
  });
}

test('a library that cannot be loaded is told with the reason', async () => {
  const library = path.join(folder, 'libwasmedge.so.0');
  await writeFile(library, 'no library');
  assert.match((await loadProblem({ library, foundBy: '' })) ?? '', /libwasmedge\.so\.0/);
});

/** Serves one archive as the official release would; the table that pins it. */
async function serveRelease(files: Record<string, string>): Promise<[string, typeof ARCHIVES]> {
  const top = await mkdtemp(path.join(folder, 'release-'));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(top, name)), { recursive: true });
    await writeFile(path.join(top, name), content, 'latin1');
  }
  const archive = path.join(folder, 'archive.tar.gz');
  await runChecked('tar', ['-czf', archive, '-C', top, '.']);
  const bytes = await readFile(archive);
  server = createServer((request, response) => {
    if (request.url === '/0.17.1/WasmEdge-0.17.1-here.tar.gz') response.end(bytes);
    else response.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const platform = `${process.platform}-${process.arch}`;
  const archives = { '0.14': {}, '0.17': { [platform]: { release: '0.17.1', slug: 'here', sha256 } } };
  return [`http://127.0.0.1:${(server.address() as AddressInfo).port}`, archives];
}

test('the official release: its hash is checked before it is unpacked', async () => {
  const provided = await provideWasmEdge('0.17', () => undefined);
  const library = await readFile(provided.library, 'latin1');
  const [releases, archives] = await serveRelease({
    'WasmEdge-0.17.1-here/lib64/libwasmedge.so.0': library,
    'WasmEdge-0.17.1-here/lib64/libwasmedge.0.dylib': library,
    'WasmEdge-0.17.1-here/include/wasmedge/wasmedge.h': '',
  });
  const prefix = await mkdtemp(path.join(folder, 'prefix-'));
  const made = await fillFromArchive('0.17', prefix, () => undefined, releases, archives);
  assert.equal(made.version, '0.17.1');
  assert.equal(made.include, 'WasmEdge-0.17.1-here/include');
  assert.equal(path.dirname(made.library), 'WasmEdge-0.17.1-here/lib64');

  const platform = Object.keys(archives['0.17'])[0] ?? '';
  const pinned = archives['0.17'][platform];
  assert.ok(pinned);
  const tampered = { ...archives, '0.17': { [platform]: { ...pinned, sha256: '0'.repeat(64) } } };
  const empty = await mkdtemp(path.join(folder, 'prefix-'));
  await assert.rejects(
    fillFromArchive('0.17', empty, () => undefined, releases, tampered),
    /is not what was released: its SHA-256 is [0-9a-f]{64}, not 0{64}/,
  );
  await assert.rejects(stat(path.join(empty, 'WasmEdge-0.17.1-here')), { code: 'ENOENT' });

  const gone = { ...archives, '0.17': { [platform]: { ...pinned, slug: 'gone' } } };
  await assert.rejects(
    fillFromArchive('0.17', empty, () => undefined, releases, gone),
    /gone\.tar\.gz: 404/,
  );
  await assert.rejects(
    fillFromArchive('0.14', empty, () => undefined, releases, archives),
    /no release for/,
  );
});

test('one lock, one at a time; a dead holder does not keep it', { timeout: 60_000 }, async () => {
  const lock = path.join(folder, 'a.lock');
  let inside = 0;
  let most = 0;
  const waited: string[] = [];
  const enter = async (name: string) =>
    withLock(
      lock,
      () => waited.push(name),
      async () => {
        most = Math.max(most, ++inside);
        await new Promise((resolve) => setImmediate(resolve));
        inside--;
      },
    );
  await Promise.all([enter('a'), enter('b'), enter('c')]);
  assert.equal(most, 1);
  assert.equal(waited.length, 2);

  await writeFile(lock, JSON.stringify({ pid: 1, host: 'another machine' }));
  const long = new Date(Date.now() - 3_600_000);
  await utimes(lock, long, long);
  await enter('after a crash');
  const gone = spawnSync(process.execPath, ['-e', '']);
  await writeFile(lock, JSON.stringify({ pid: gone.pid, host: hostname() }));
  await enter('after a kill');
  await assert.rejects(stat(lock), { code: 'ENOENT' });
});
