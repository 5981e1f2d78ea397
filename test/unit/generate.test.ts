import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { generatedFiles } from '../../scripts/generate.ts';
import { launchJsonSchema } from '../../scripts/launch-schema.ts';
import { root } from '../../scripts/paths.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'generate-'));
  for (const name of ['package.json', 'README.md']) await cp(path.join(root, name), path.join(folder, name));
});
after(() => rm(folder, { recursive: true }));

const stale = async () =>
  (await generatedFiles(folder))
    .filter(({ text, wanted }) => text !== wanted)
    .map(({ file }) => path.basename(file));

async function edit(name: string, change: (text: string) => string): Promise<void> {
  const file = path.join(folder, name);
  const text = await readFile(file, 'utf8');
  const changed = change(text);
  assert.notEqual(changed, text);
  await writeFile(file, changed);
}

test('a change of what is generated is noticed, and writing it back makes all well', async () => {
  for (const { file, wanted } of await generatedFiles(folder)) await writeFile(file, wanted);
  assert.deepEqual(await stale(), []);
  await edit('package.json', (text) => text.replace('"Name of the export to call."', '"Something else."'));
  assert.deepEqual(await stale(), ['package.json']);
  await edit('README.md', (text) => text.replace('Name of the export to call.', 'Something else.'));
  assert.deepEqual(await stale(), ['package.json', 'README.md']);
});

test('a README without the markers is an error that names them', async () => {
  await writeFile(path.join(folder, 'README.md'), '# Title\n');
  await assert.rejects(generatedFiles(folder), /<!-- launch-reference:start -->/);
});

test('the schema is the input’s: only the program is required, and everything is described', () => {
  const schema = launchJsonSchema();
  assert.deepEqual(schema.required, ['program']);
  const undescribed = Object.entries(schema.properties ?? {}).filter(([, property]) => !property.description);
  assert.deepEqual(
    undescribed.map(([name]) => name),
    [],
  );
  assert.deepEqual(schema.properties?.['calls']?.items?.required, ['export']);
});
