import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { artifact } from './support/editor.ts';
import { editorTest, useEditor } from './support/editor-test.ts';
import { GREET, RETURN, STORE } from './support/frames.ts';

useEditor();

editorTest(
  'a breakpoint on a line of Kotlin stops there; steps, locals and hovers show what goes on',
  {},
  async (context) => {
    const { window, workspace, debugging } = context;
    const source = path.join(workspace.folder, 'src/wasmWasiMain/kotlin/Greeter.kt');
    const lines = (await readFile(source, 'utf8')).split('\n');
    const line = lines.findIndex((text) => text.includes('MARK: name')) + 1;
    await window.openFile('Greeter.kt', line);
    await window.page.keyboard.press('F9');
    await window.page.locator('.codicon-debug-breakpoint').first().waitFor();
    await debugging.pressF5();
    await debugging.stoppedInKotlin('greeter.greet', GREET);
    assert.equal(await debugging.value('stringSize'), '5');
    await window.page.locator('.view-line', { hasText: 'stringSize = 5' }).first().waitFor();
    await window.screenshot(await artifact('kotlin-line.png'));
    await debugging.press('Step Into');
    await debugging.stoppedInKotlin('greeter.receiveText', 'greeter.greet', GREET);
    await debugging.press('Step Out');
    // The box of the filter is ticked, so the import stops on the way; the step goes on from there.
    await debugging.stoppedInKotlin(STORE, 'greeter.receiveText', 'greeter.greet', GREET);
    await debugging.press('Step Out');
    await debugging.stoppedInKotlin('greeter.receiveText', 'greeter.greet', GREET);
    await debugging.press('Step Out');
    await debugging.stoppedInKotlin('greeter.greet', GREET);
    assert.equal(await debugging.value('name'), '"World"');
    await window.page.locator('.view-line', { hasText: 'name = "World"' }).first().waitFor();
    await window.screenshot(await artifact('kotlin-values.png'));
  },
);

editorTest('a callback whose check box is off does not stop', {}, async ({ window, debugging }) => {
  await window.command('View: Show Run and Debug');
  // The check boxes are there once a session has been.
  await debugging.pressF5();
  await debugging.stoppedAt(STORE, GREET);
  await window.page
    .locator('.debug-breakpoints .monaco-list-row', { hasText: 'Arguments Given to the Guest' })
    .locator('input[type="checkbox"]')
    .uncheck();
  await debugging.press('Restart');
  await debugging.stoppedAt(RETURN, GREET);
});
