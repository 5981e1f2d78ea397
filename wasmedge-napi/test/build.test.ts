import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { test } from 'node:test';
import { buildBinding } from '../scripts/build.ts';

test('a second build changes nothing', async () => {
  const first = await stat(await buildBinding());
  const second = await stat(await buildBinding());
  assert.equal(second.ino, first.ino);
  assert.equal(second.mtimeMs, first.mtimeMs);
});

test('without a compiler, a sentence says what is needed', async () => {
  const before = process.env.CXX;
  process.env.CXX = '/nowhere/c++';
  try {
    await assert.rejects(buildBinding(), /C\+\+17 compiler, and "\/nowhere\/c\+\+" cannot be run.*CXX/);
  } finally {
    if (before === undefined) delete process.env.CXX;
    else process.env.CXX = before;
  }
});
