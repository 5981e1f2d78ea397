import assert from 'node:assert/strict';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { GUESTS } from '../support/guests.ts';
import { editorTest, useEditor } from './support/editor-test.ts';
import { artifact } from './support/editor.ts';
import { STORE } from './support/frames.ts';
import { emptyWorkspace, type Workspace } from './support/workspace.ts';

useEditor();

const JOIN = 'join (callId 1)';

/** A guest that asks for two arguments. */
async function joining(): Promise<Workspace> {
  const workspace = await emptyWorkspace('joining');
  await copyFile(GUESTS.parts, path.join(workspace.folder, 'guest.wasm'));
  const configuration = {
    ...{ name: 'Join', type: 'kotlin-wasmedge', request: 'launch', program: '${workspaceFolder}/guest.wasm' },
    calls: [{ export: 'join', arguments: ['Ada', 'Lovelace'] }],
  };
  await mkdir(path.join(workspace.folder, '.vscode'));
  await writeFile(
    path.join(workspace.folder, '.vscode', 'launch.json'),
    JSON.stringify({ version: '0.2.0', configurations: [configuration] }),
  );
  return workspace;
}

editorTest(
  'each argument of a call is shown; an edited one beside what it was, after the end too',
  { workspace: joining },
  async ({ debugging, calls, window }) => {
    await debugging.pressF5();
    await debugging.stoppedAt(STORE, JOIN);
    await calls.showsText('argument', 'Ada');
    await debugging.press('Continue');
    await calls.showsText('argument', 'Lovelace');
    // The frames are those of the stop before: only the variable tells that the editor has come to this one.
    await debugging.variable('argument').filter({ hasText: 'Lovelace' }).waitFor();
    await debugging.setVariable('argument', '"Countess"');
    await calls.showsText('argument', 'Countess');
    const argument = calls.buffer('argument');
    const original = argument.locator('[data-testid="original"]');
    await original.locator('.hex-byte.edited').first().waitFor();
    assert.equal((await original.locator('.hex-ascii').allInnerTexts()).join(''), 'Lovelace');
    // The “o” is in the same place in both words.
    assert.equal(await original.locator('.hex-byte.edited').count(), 7);
    await window.screenshot(await artifact('several-buffers.png'));

    const buffers = calls.frame.locator('[data-testid="buffers"] [role="option"]');
    assert.deepEqual(await buffers.allInnerTexts(), ['argument 1\nAda', 'argument 2\nCountess\nedited']);
    await buffers.first().click();
    await calls.showsText('argument', 'Ada');
    await original.waitFor({ state: 'hidden' });
    await debugging.press('Continue');
    await calls.showsText('result', 'Ada Countess');
    await debugging.press('Continue');
    await debugging.ended();
    await calls.showsSession('ended');
    await calls.showsText('argument', 'Countess');
    await buffers.first().click();
    await calls.showsText('argument', 'Ada');
  },
);
