import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { editorTest, useEditor } from './support/editor-test.ts';
import { artifact } from './support/editor.ts';
import { STORE } from './support/frames.ts';
import { copyExample, type Workspace } from './support/workspace.ts';

useEditor();

/** Five calls of greetPerson, two of them with Ada. */
async function people(): Promise<Workspace> {
  const workspace = await copyExample('greeter');
  const calls = ['Ada', 'Grace', 'Alan', 'Ada', 'Barbara'].map((name) => ({
    export: 'greetPerson',
    argument: { json: { name, languages: [] } },
  }));
  const configuration = {
    ...{ name: 'People', type: 'kotlin-wasmedge', request: 'launch', calls },
    program: '${workspaceFolder}/guest.wasm',
  };
  await writeFile(
    path.join(workspace.folder, '.vscode', 'launch.json'),
    JSON.stringify({ version: '0.2.0', configurations: [configuration] }),
  );
  return workspace;
}

editorTest(
  'a condition on a decoded value makes the running session stop only where it holds, until it is removed',
  { workspace: people },
  async ({ debugging, calls, window }) => {
    await debugging.pressF5();
    await debugging.stoppedAt(STORE, 'greetPerson (callId 1)');
    const argument = calls.buffer('argument');
    await argument.getByRole('treeitem', { name: 'name: "Ada"' }).click({ button: 'right' });
    await calls.frame.getByRole('menuitem', { name: 'Break When $.name Has This Value' }).click();
    const conditions = calls.frame.locator('[data-testid="conditions"]');
    await conditions.getByText('argument of greetPerson: $.name is "Ada"').waitFor();
    await window.screenshot(await artifact('conditions.png'));
    // Results are not concerned: they stop as their box says.
    for (const callId of [1, 2, 3]) {
      await debugging.press('Continue');
      await debugging.stoppedAt('host.callHostToReturnResultData', `greetPerson (callId ${callId})`);
    }
    await debugging.press('Continue');
    await debugging.stoppedAt(STORE, 'greetPerson (callId 4)');
    await conditions.getByRole('button').click();
    await conditions.waitFor({ state: 'hidden' });
    await debugging.press('Continue');
    await debugging.stoppedAt('host.callHostToReturnResultData', 'greetPerson (callId 4)');
    await debugging.press('Continue');
    await debugging.stoppedAt(STORE, 'greetPerson (callId 5)');
    assert.equal(await calls.rows.count(), 5);
  },
);
