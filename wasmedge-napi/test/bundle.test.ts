import assert from 'node:assert/strict';
import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { build } from 'esbuild';
import { buildBinding } from '../scripts/build.ts';
import { withFolder } from './support/compiler.ts';
import { libraryPath } from './support/engine.ts';
import { runFile } from './support/process.ts';

test('a bundle finds the binary beside itself', () =>
  withFolder(async (folder) => {
    const outfile = path.join(folder, 'bundle.js');
    await build({
      entryPoints: [path.join(import.meta.dirname, 'fixtures/load.ts')],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      logLevel: 'silent',
    });
    const env = { WASMEDGE_LIB: libraryPath, WASMEDGE_NAPI_BINARY: '' };
    const without = runFile([outfile], { env });
    assert.notEqual(without.status, 0);
    assert.ok(
      without.stderr.includes(`looked for ${path.join(folder, 'wasmedge_napi.node')}`),
      without.stderr,
    );

    await copyFile(
      process.env.WASMEDGE_NAPI_BINARY ?? (await buildBinding()),
      path.join(folder, 'wasmedge_napi.node'),
    );
    assert.deepEqual(runFile([outfile], { env }), { status: 0, signal: null, stdout: '', stderr: '' });
  }));
