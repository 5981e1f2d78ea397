import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, describe, test } from 'node:test';
import { describeFunctions } from '../../debug-adapter/guest-functions.ts';
import { loadSourceMap } from '../../debug-adapter/kotlin/source-map.ts';
import { readProgram } from '../../debug-adapter/wasm/program.ts';
import { root } from '../../scripts/paths.ts';
import { GUESTS, markedLine } from '../support/guests.ts';
import { core, custom, importedFunction, section, text } from './support/module-bytes.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'source-map-'));
});
after(() => rm(folder, { recursive: true }));

/** A guest that imports `host.store(i32, i32)` and names `url` as its map; without one where null. */
async function guestWithMap(place: string, url: string | null): Promise<string> {
  const file = path.join(folder, place, 'guest.wasm');
  await mkdir(path.dirname(file), { recursive: true });
  const sections = [
    section(1, [1, 0x60, 2, 0x7f, 0x7f, 0]),
    section(2, [1, ...importedFunction('host', 'store', 0)]),
  ];
  if (url !== null) sections.push(custom('sourceMappingURL', text(url)));
  await writeFile(file, core(...sections));
  return file;
}
async function put(place: string, contents: string): Promise<string> {
  const file = path.join(folder, place);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, contents);
  return file;
}
const mapOf = (sources: string[], contents?: (string | null)[], more: object = {}) =>
  JSON.stringify({
    version: 3,
    sources,
    ...(contents && { sourcesContent: contents }),
    names: [],
    mappings: '',
    ...more,
  });
const DECLARATION = '@WasmImport("host", "store") external fun store(callId: Int, pointer: Int)';

async function namesOf(file: string): Promise<(string | null)[] | undefined> {
  const { imports } = await describeFunctions(await readProgram(file));
  return imports.find(({ name }) => name === 'store')?.parameterNames?.slice();
}

describe('positions', () => {
  test('byte offsets of a real guest lead to the marked lines', async () => {
    const { guest, path: program } = await readProgram(GUESTS.greeter);
    const map = await loadSourceMap(program, guest);
    assert(map);
    const greet = guest.exports.find(({ name }) => name === 'greet');
    const code = guest.sections.find(({ id }) => id === 'code');
    assert(greet && code);
    const lines = new Set<number>();
    let inherited = 0;
    for (let at = code.start; at < code.end; at++) {
      const range = guest.functionAt(at);
      if (range?.index !== greet.index) continue;
      const position = map.positionAt(at, range.start);
      if (position?.path.endsWith('Greeter.kt')) lines.add(position.line);
      // What is mapped before a function begins is another's.
      if (position && map.positionAt(at, at) === null) inherited += 1;
    }
    assert(inherited > 0);
    const source = 'examples/greeter/src/wasmWasiMain/kotlin/Greeter.kt';
    for (const mark of ['name', 'greeting']) assert(lines.has(markedLine(source, mark)), mark);
    assert.equal(map.positionAt(0), null);
  });

  test('the compiler’s own code has none', async () => {
    const { guest, path: program } = await readProgram(GUESTS.greeter);
    const map = await loadSourceMap(program, guest);
    assert(map);
    assert(map.sources.some(({ ignored }) => ignored));
    const code = guest.sections.find(({ id }) => id === 'code');
    for (let at = code?.start ?? 0; at < (code?.end ?? 0); at += 7) {
      assert(!map.positionAt(at)?.path.endsWith('NATIVE_IMPLEMENTATIONS.kt'));
    }
  });
});

describe('the map is found', () => {
  test('by the section, relative to the module', async () => {
    const file = await guestWithMap('by-section', 'maps/other.map');
    await put('by-section/maps/other.map', mapOf(['../Host.kt']));
    await put('by-section/Host.kt', DECLARATION);
    assert.deepEqual(await namesOf(file), ['callId', 'pointer']);
  });

  test('beside the module, where it names none or one that is not there', async () => {
    for (const [place, url] of [
      ['beside', null],
      ['beside-missing', 'gone.map'],
      ['beside-web', 'https://example.org/guest.wasm.map'],
    ] as const) {
      const file = await guestWithMap(place, url);
      await put(`${place}/guest.wasm.map`, mapOf(['Host.kt']));
      await put(`${place}/Host.kt`, DECLARATION);
      assert.deepEqual(await namesOf(file), ['callId', 'pointer'], place);
    }
  });

  test('as a file: or data: URL', async () => {
    const map = await put('urls/elsewhere/x.map', mapOf(['../Host.kt']));
    await put('urls/Host.kt', DECLARATION);
    assert.deepEqual(await namesOf(await guestWithMap('urls', pathToFileURL(map).href)), [
      'callId',
      'pointer',
    ]);
    const inline = `data:application/json;base64,${Buffer.from(mapOf(['Host.kt'])).toString('base64')}`;
    assert.deepEqual(await namesOf(await guestWithMap('urls', inline)), ['callId', 'pointer']);
  });

  test('a map that is none costs names, and is told', async () => {
    const file = await guestWithMap('broken', null);
    await put('broken/guest.wasm.map', '{"version":');
    const { imports, notes } = await describeFunctions(await readProgram(file));
    assert.equal(imports[0]?.parameterNames, undefined);
    assert.match(notes.join(), /guest\.wasm\.map cannot be read/);
  });

  test('no map, no names, no notes', async () => {
    const { imports, notes } = await describeFunctions(await readProgram(await guestWithMap('none', null)));
    assert.deepEqual([imports[0]?.parameterNames, notes], [undefined, []]);
  });
});

describe('the declaration is found', () => {
  test('in the map’s own text, though the file is gone', async () => {
    const file = await guestWithMap('inside', null);
    await put('inside/guest.wasm.map', mapOf(['gone/Host.kt'], [DECLARATION]));
    assert.deepEqual(await namesOf(file), ['callId', 'pointer']);
  });

  test('by sourceRoot', async () => {
    const file = await guestWithMap('rooted/out', null);
    await put('rooted/out/guest.wasm.map', mapOf(['Host.kt'], undefined, { sourceRoot: '../src' }));
    await put('rooted/src/Host.kt', DECLARATION);
    assert.deepEqual(await namesOf(file), ['callId', 'pointer']);
  });

  test('in a file beside a mapped one, which no map names because it holds no code', async () => {
    const file = await guestWithMap('sibling', null);
    await put('sibling/guest.wasm.map', mapOf(['app/Main.kt']));
    await put('sibling/app/Main.kt', 'const val HOST = "host"');
    await put(
      'sibling/app/Imports.kt',
      '@WasmImport(HOST, "store") external fun store(callId: Int, pointer: Int)',
    );
    assert.deepEqual(await namesOf(file), ['callId', 'pointer']);
  });

  test('elsewhere in the source set', async () => {
    const file = await guestWithMap('set', null);
    await put('set/guest.wasm.map', mapOf(['src/wasmWasiMain/kotlin/app/Main.kt']));
    await put('set/src/wasmWasiMain/kotlin/app/Main.kt', 'fun main() {}');
    await put('set/src/wasmWasiMain/kotlin/interop/Host.kt', DECLARATION);
    assert.deepEqual(await namesOf(file), ['callId', 'pointer']);
  });

  test('by a path that starts above the map, as kotlinc 2.2 writes it', async () => {
    const file = await guestWithMap('above/build/out', null);
    await put('above/build/out/guest.wasm.map', mapOf(['src/Host.kt']));
    await put('above/src/Host.kt', DECLARATION);
    assert.deepEqual(await namesOf(file), ['callId', 'pointer']);
  });

  test('only where the number of parameters agrees', async () => {
    const file = await guestWithMap('other-count', null);
    await put('other-count/guest.wasm.map', mapOf(['Host.kt']));
    await put('other-count/Host.kt', '@WasmImport("host", "store") external fun store(pointer: Int)');
    assert.equal(await namesOf(file), undefined);
  });

  test('for the exports too, where there is no name section', async () => {
    const place = path.join(folder, 'no-names');
    await cp(path.join(root, 'examples/greeter/src'), path.join(place, 'src'), { recursive: true });
    await writeFile(
      path.join(place, 'guest.wasm'),
      await readFile(path.join(root, 'test/guests/malformed/no-names.wasm')),
    );
    await writeFile(path.join(place, 'guest.wasm.map'), await readFile(`${GUESTS.greeter}.map`));
    const { exports } = await describeFunctions(await readProgram(path.join(place, 'guest.wasm')));
    assert.deepEqual(exports.find(({ name }) => name === 'greet')?.parameterNames, ['stringSize', 'callId']);
  });
});
