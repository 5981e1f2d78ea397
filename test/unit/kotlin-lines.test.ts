import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { LineTable } from '../../debug-adapter/kotlin/line-table.ts';
import { describeProbes, planProbes, type ProbeChoice } from '../../debug-adapter/kotlin/probed-guest.ts';
import { RewrittenCache } from '../../debug-adapter/kotlin/rewritten-cache.ts';
import { rewrite } from '../../debug-adapter/kotlin/rewriting/rewrite.ts';
import { type GuestTypes, guestTypes } from '../../debug-adapter/kotlin/source-types/guest-types.ts';
import { loadSourceMap } from '../../debug-adapter/kotlin/source-map.ts';
import { Stepper } from '../../debug-adapter/runner/stepping.ts';
import { type GuestModule, readGuestModule } from '../../debug-adapter/wasm/module.ts';
import { root } from '../../scripts/paths.ts';
import { GUESTS, markedLine } from '../support/guests.ts';

const GREETER = path.join(root, 'examples/greeter/src/wasmWasiMain/kotlin/Greeter.kt');

const choice = (depth: number): ProbeChoice => ({
  depth,
  justMyCode: true,
  instructions: false,
  dataBreakpoints: false,
});

async function greeter(): Promise<{
  bytes: Uint8Array;
  guest: GuestModule;
  lines: LineTable;
  types: GuestTypes;
}> {
  const bytes = readFileSync(GUESTS.greeter);
  const guest = readGuestModule(bytes);
  const map = await loadSourceMap(GUESTS.greeter, guest);
  assert.ok(map);
  const lines = new LineTable(map, guest);
  return { bytes, guest, lines, types: await guestTypes(lines) };
}

describe('the table of lines', () => {
  test('a line leads to its code, one without code to the next line that has some', async () => {
    const { guest, lines } = await greeter();
    const total = markedLine('examples/greeter/src/wasmWasiMain/kotlin/Greeter.kt', 'total');
    const code = lines.from(GREETER, total);
    assert.ok(code.length > 0);
    for (const each of code) {
      assert.equal(each.line, total);
      assert.equal(guest.functionName(each.functionIndex), 'greeter.sum');
    }
    assert.ok((lines.from(GREETER, 1)[0]?.line ?? 0) > 1);
    assert.deepEqual(lines.from(GREETER, 100_000), []);
    assert.equal(lines.has(path.join(root, 'README.md')), false);
  });

  test('an offset leads back to the line, in its own function alone', async () => {
    const { lines } = await greeter();
    const [first] = lines.code;
    assert.ok(first);
    assert.deepEqual(lines.at(first.functionIndex, first.offset), first);
    assert.deepEqual(lines.at(first.functionIndex, first.offset - 1), first, 'where the function begins');
    assert.equal(lines.at(-1, first.offset), null);
  });
});

describe('rewritten modules on the disk', () => {
  function folder(t: TestContext): string {
    const made = mkdtempSync(path.join(tmpdir(), 'rewritten-'));
    t.after(() => rmSync(made, { recursive: true, force: true }));
    return made;
  }

  test('what was kept is found again, with the same sites, frames and offsets', async (t) => {
    const { bytes, guest, lines, types } = await greeter();
    const plan = planProbes({ guest, lines, types }, choice(100));
    const cache = new RewrittenCache(folder(t));
    const key = RewrittenCache.key(bytes, plan, Buffer.from('code'));
    assert.equal(cache.get(key), null);
    const made = rewrite(bytes, plan);
    cache.put(key, made);
    const found = cache.get(key);
    assert.ok(found);
    assert.deepEqual(readFileSync(found.file), Buffer.from(made.bytes));
    assert.deepEqual(found.sites, made.sites);
    assert.deepEqual(found.functions, made.functions);
    for (const { offset } of made.sites) {
      const rewritten = made.offsets.toRewritten(offset);
      assert.equal(found.offsets.toRewritten(offset), rewritten);
      assert.equal(found.offsets.toOriginal(rewritten), offset);
    }
    const described = describeProbes(found, { guest, lines, types }, 100);
    assert.equal(described.sites.length, made.sites.length, 'every site has its code');
  });

  test('another module, plan or rewriter has another key', async () => {
    const { bytes, guest, lines, types } = await greeter();
    const plan = planProbes({ guest, lines, types }, choice(100));
    const code = Buffer.from('code');
    const keys = [
      RewrittenCache.key(bytes, plan, code),
      RewrittenCache.key(bytes.subarray(1), plan, code),
      RewrittenCache.key(bytes, planProbes({ guest, lines, types }, choice(101)), code),
      RewrittenCache.key(bytes, plan, Buffer.from('other')),
    ];
    assert.equal(new Set(keys).size, keys.length);
  });

  test('a damaged file is as good as none; those that were not used for long are forgotten', async (t) => {
    const { bytes, guest, lines, types } = await greeter();
    const made = rewrite(bytes, planProbes({ guest, lines, types }, choice(100)));
    const at = folder(t);
    const cache = new RewrittenCache(at);
    for (let i = 0; i < 21; i++) {
      const { file } = cache.put(`key${i}`, made);
      utimesSync(file, i, i);
    }
    cache.put('last', made);
    assert.equal(cache.get('key0'), null);
    assert.equal(cache.get('key1'), null);
    assert.ok(cache.get('key2'));
    assert.equal(readdirSync(at).length, 40);
    writeFileSync(path.join(at, 'last.json'), '{"sites": [');
    assert.equal(cache.get('last'), null);
  });
});

describe('steps by lines', () => {
  const here = { address: 100, functionIndex: 1, line: 5, site: 50 };
  const stepper = (kind: 'into' | 'over' | 'out'): Stepper => {
    const made = new Stepper();
    made.begin(kind, { at: 'site', depth: 1 }, here);
    return made;
  };
  const nextLine = { ...here, line: 6, site: 60 };
  const callee = { address: 132, functionIndex: 2, line: 9, site: 90 };
  const caller = { address: 60, functionIndex: 3, line: 5, site: 51 };
  const sibling = { address: 100, functionIndex: 4, line: 20, site: 200 };

  for (const [kind, ends] of [
    ['into', [nextLine, callee, caller, sibling]],
    ['over', [nextLine, caller]],
    ['out', [caller]],
  ] as const) {
    test(`${kind} ends where it should`, () => {
      const all = { here, nextLine, callee, caller, sibling };
      for (const [name, point] of Object.entries(all)) {
        const expected = (ends as readonly object[]).includes(point);
        assert.equal(stepper(kind).stopsAtSite(point), expected, name);
      }
    });
  }

  test('by instruction each other site of the function is a place of its own', () => {
    const sameLine = { ...here, site: 51 };
    assert.equal(stepper('over').stopsAtSite(sameLine), false);
    const made = new Stepper();
    made.begin('over', { at: 'site', depth: 1 }, here, { byInstruction: true });
    assert.equal(made.stopsAtSite(here), false);
    assert.equal(made.stopsAtSite(callee), false);
    assert.equal(made.stopsAtSite(sameLine), true);
  });

  test('over and out end with the call, and not at its imports', () => {
    for (const kind of ['over', 'out'] as const) {
      assert.equal(stepper(kind).stopsAt({ at: 'import', depth: 1 }), false);
      assert.equal(stepper(kind).stopsAt({ at: 'call begin', depth: 2 }), false);
      assert.equal(stepper(kind).stopsAt({ at: 'call end', depth: 2 }), false);
      assert.equal(stepper(kind).stopsAt({ at: 'call end', depth: 1 }), true);
    }
    assert.equal(stepper('into').stopsAt({ at: 'import', depth: 1 }), true);
  });
});
