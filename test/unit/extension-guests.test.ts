import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { chooseGuest, describeGuest, findGuests } from '../../extension/launch/guests.ts';

const GRADLE = 'app/build/compileSync/wasmWasi';
const FILES = {
  development: `${GRADLE}/main/developmentExecutable/kotlin/app.wasm`,
  production: `${GRADLE}/main/productionExecutable/kotlin/app.wasm`,
  optimized: `${GRADLE}/main/productionExecutable/optimized/app.wasm`,
  copy: 'app/build/wasm/packages/app/kotlin/app.wasm',
  test: `${GRADLE}/test/testDevelopmentExecutable/kotlin/app-test.wasm`,
};
let folder: string;

before(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'guests-'));
});
after(() => rm(folder, { recursive: true }));

async function workspace(name: string, files: string[]): Promise<string> {
  const root = path.join(folder, name);
  for (const file of files) {
    await mkdir(path.join(root, path.dirname(file)), { recursive: true });
    await writeFile(path.join(root, file), '');
  }
  return root;
}

test('variants of one Gradle program are one guest, the development build first', async () => {
  const root = await workspace('gradle', Object.values(FILES));
  const guests = await findGuests(root);
  assert.deepEqual(
    guests.map(({ file }) => path.relative(root, file)),
    [FILES.development, FILES.copy, FILES.production, FILES.optimized, FILES.test],
  );
  const choice = chooseGuest(guests);
  assert.ok(choice.kind === 'one');
  assert.equal(choice.guest.file, path.join(root, FILES.development));
});

test('several programs are a question that shows every file', async () => {
  const root = await workspace('several', [FILES.production, 'other/guest.wasm', 'guest.wasm']);
  const choice = chooseGuest(await findGuests(root));
  assert.ok(choice.kind === 'several');
  assert.deepEqual(
    choice.guests.map(({ file }) => path.relative(root, file)).sort(),
    [FILES.production, 'guest.wasm', 'other/guest.wasm'].sort(),
  );
});

test('two modules with a program each are two guests', async () => {
  const other = FILES.development.replace('app/', 'server/');
  const root = await workspace('modules', [FILES.development, other]);
  assert.equal(chooseGuest(await findGuests(root)).kind, 'several');
});

test('a test program is taken only where there is nothing else', async () => {
  const root = await workspace('tests', [FILES.test]);
  const choice = chooseGuest(await findGuests(root));
  assert.ok(choice.kind === 'one');
  assert.ok(choice.guest.test);
});

test('node_modules, caches and links are left out', async () => {
  const root = await workspace('skipped', [
    'node_modules/a/x.wasm',
    '.gradle/x.wasm',
    '.git/x.wasm',
    'src/a.txt',
  ]);
  await symlink(root, path.join(root, 'src', 'circle'));
  assert.deepEqual(await findGuests(root), []);
  assert.deepEqual(chooseGuest([]), { kind: 'none' });
});

test('a search that is cancelled ends', async () => {
  const root = await workspace('cancelled', ['a/x.wasm', 'b/x.wasm']);
  assert.deepEqual(await findGuests(root, () => true), []);
});

test('a .wasm outside Gradle is a guest of its own', () => {
  assert.notEqual(describeGuest('/w/a/guest.wasm').group, describeGuest('/w/b/guest.wasm').group);
});
