import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { editorTest, useEditor } from './support/editor-test.ts';
import { artifact } from './support/editor.ts';
import type { EditorWindow } from './support/window.ts';
import { copyExample, type Workspace } from './support/workspace.ts';
import { cli } from '../support/cli.ts';

// The engine is not there: a saved ledger is shown without it.
useEditor({ WASMEDGE_LIB_DIR: '/nowhere' });

const CALLS = ['World', 'Ada', 'Grace'];

/** The example with a ledger that a run without an editor has saved, and a file that is none. */
async function withLedger(): Promise<Workspace> {
  const workspace = await copyExample('greeter');
  const launch = path.join(workspace.folder, 'saved.json');
  const calls = CALLS.map((argument) => ({ export: 'greet', argument }));
  const configuration = {
    ...{ name: 'Saved', type: 'kotlin-wasmedge', request: 'launch', calls },
    program: path.join(workspace.folder, 'guest.wasm'),
  };
  await writeFile(launch, JSON.stringify({ configurations: [configuration] }));
  const { code, stderr } = await cli(['run', launch, '--save', path.join(workspace.folder, 'calls.ledger')]);
  assert.equal(code, 0, stderr);
  await writeFile(path.join(workspace.folder, 'money.ledger'), '2026-01-01 * Coffee\n');
  return workspace;
}

/** Chooses from the explorer's context menu. */
async function chooseInExplorer(window: EditorWindow, file: string, item: string): Promise<void> {
  const files = window.page.getByRole('tree', { name: 'Files Explorer' });
  await files.getByRole('treeitem', { name: file }).click({ button: 'right' });
  await window.chooseInMenu(item);
}

editorTest(
  'a saved ledger is opened from the explorer, without WasmEdge',
  { workspace: withLedger },
  async ({ window, calls, editor }) => {
    await chooseInExplorer(window, 'calls.ledger', 'Open Saved Ledger…');
    await calls.showsCall(2, 'returned');
    await calls.showsText('result', 'Hello, Grace!');
    assert.equal(await calls.state.innerText(), 'Saved');
    assert.equal(await calls.rows.count(), CALLS.length);
    await calls.chooseDecoder('result', 'Hexadecimal bytes');
    await calls.showsText('result', '48 65 6c 6c 6f 2c 20 47 72 61 63 65 21');
    await window.screenshot(await artifact('saved-ledger.png'));
    await calls.frame.locator('[data-testid="close-saved"]').click();
    await calls.frame.locator('[data-testid="empty"]:visible').waitFor();
    await editor.noProcess('debug-adapter.js');
  },
);

editorTest(
  'a file is asked for; one that is no ledger is told, and another can be chosen',
  { workspace: withLedger },
  async ({ window, calls, workspace }) => {
    await window.command('Kotlin/Wasm: Open Saved Ledger…');
    await window.chooseFile(path.join(workspace.folder, 'money.ledger'));
    const refused = await window.notification('money.ledger is no saved ledger of this debugger');
    await refused.getByRole('button', { name: 'Choose Another File…' }).click();
    await window.chooseFile(path.join(workspace.folder, 'calls.ledger'));
    await calls.showsText('result', 'Hello, Grace!');
  },
);
