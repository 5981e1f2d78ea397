import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import { editorTest, useEditor } from './support/editor-test.ts';

/** A machine on which set-up has provided nothing. */
const nothing = mkdtempSync(path.join(os.tmpdir(), 'kotlin-wasmedge-nothing-'));
after(() => rm(nothing, { recursive: true, force: true }));
useEditor({ KOTLIN_WASMEDGE_CACHE: nothing, WASMEDGE_LIB_DIR: '', WASMEDGE_VERSION: '0.17' });

editorTest('without WasmEdge, one sentence says so, and a button sets it up', {}, async (context) => {
  const { window, debugging } = context;
  await debugging.pressF5();
  const toast = await window.notification('WasmEdge 0.17 was not found');
  await toast.getByRole('button', { name: 'Install WasmEdge 0.17' }).waitFor();
  await debugging.ended();
});
