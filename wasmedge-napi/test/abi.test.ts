import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { compileCxx } from './support/compiler.ts';
import { library, libraryPath } from './support/engine.ts';

const info = library();

/** The folder with `wasmedge/wasmedge.h` that belongs to the library, where its headers are installed. */
const include = ['../include', '../../include']
  .map((relative) => path.resolve(path.dirname(libraryPath), relative))
  .find((folder) => existsSync(path.join(folder, 'wasmedge/wasmedge.h')));
const options = include === undefined ? { skip: `WasmEdge's headers are not beside ${libraryPath}` } : {};

test('the declarations of abi.h agree with WasmEdge’s headers', options, async () => {
  const warnings = await compileCxx([
    ...['-std=c++17', '-fsyntax-only', '-Wno-pedantic'],
    ...['-I', path.join(import.meta.dirname, '../src'), '-isystem', include ?? ''],
    path.join(import.meta.dirname, 'abi-check.cc'),
  ]);
  assert.equal(warnings, '');
});

test('the proposals are those of the headers, in their order', options, async () => {
  const enums = await readFile(path.join(include ?? '', 'wasmedge/enum.inc'), 'utf8');
  const section = /#ifdef UseProposal\b([^]*?)#endif/.exec(enums)?.[1] ?? '';
  assert.deepEqual(
    info.proposals,
    [...section.matchAll(/^P\((\w+),/gm)].map(([, name]) => name),
  );
});
