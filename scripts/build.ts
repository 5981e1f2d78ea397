import { copyFile, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { build, type BuildOptions } from 'esbuild';
import { buildBinding } from '../wasmedge-napi/scripts/build.ts';
import { root } from './paths.ts';

const dist = path.join(root, 'dist');

const node: BuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  external: ['vscode'],
  define: { 'import.meta.filename': '__filename', 'import.meta.dirname': '__dirname' },
  // Some packages' CommonJS is UMD, whose requires a bundler does not see; their ES modules are bundled whole.
  mainFields: ['module', 'main'],
  sourcemap: true,
  minify: true,
  logLevel: 'warning',
  outdir: dist,
};

/** Bundles every program of the product into dist/ and puts the native binding beside them. */
export async function buildAll(): Promise<void> {
  await mkdir(dist, { recursive: true });
  await rm(path.join(dist, 'wasmedge_napi.node'), { force: true });
  const binding = await buildBinding();
  await Promise.all([
    build({
      ...node,
      entryPoints: {
        extension: path.join(root, 'extension/extension.ts'),
        'debug-adapter': path.join(root, 'debug-adapter/main.ts'),
        adapter: path.join(root, 'debug-adapter/adapter.ts'),
        runner: path.join(root, 'debug-adapter/runner/runner.ts'),
        'runner-guest': path.join(root, 'debug-adapter/runner/guest-thread.ts'),
        'runner-control': path.join(root, 'debug-adapter/runner/control.ts'),
        'decoder-process': path.join(root, 'debug-adapter/decoder-process/decoder-process.ts'),
        'decoding-worker': path.join(root, 'debug-adapter/decoding/decoding-worker.ts'),
        // Loaded when they are used (debug-adapter/on-demand.ts).
        'import-module': path.join(root, 'debug-adapter/runner/import-module.ts'),
        'module-syntax': path.join(root, 'debug-adapter/runner/module-syntax.ts'),
        disassembler: path.join(root, 'debug-adapter/kotlin/disassembly/disassembler.ts'),
        rewrite: path.join(root, 'debug-adapter/kotlin/rewriting/rewrite.ts'),
        'legacy-exceptions': path.join(root, 'debug-adapter/wasm/legacy-exceptions.ts'),
        serialization: path.join(root, 'debug-adapter/boundary/decoders/on-demand/serialization.ts'),
        protobufjs: path.join(root, 'debug-adapter/boundary/decoders/on-demand/protobufjs.ts'),
        encodings: path.join(root, 'debug-adapter/boundary/decoders/on-demand/encodings.ts'),
      },
    }),
    build({
      ...node,
      banner: { js: '#!/usr/bin/env node' },
      entryPoints: { cli: path.join(root, 'debug-adapter/headless/cli.ts') },
    }),
    build({
      bundle: true,
      platform: 'browser',
      target: 'chrome130',
      format: 'iife',
      minify: true,
      sourcemap: true,
      logLevel: 'warning',
      outdir: dist,
      entryPoints: { webview: path.join(root, 'webview/webview.ts') },
    }),
    copyFile(binding, path.join(dist, 'wasmedge_napi.node')),
  ]);
}

if (process.argv[1] === import.meta.filename) {
  await buildAll();
  console.log('Built dist/.');
}
