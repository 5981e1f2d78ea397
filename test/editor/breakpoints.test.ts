import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { editorTest, useEditor } from './support/editor-test.ts';
import { GREET, RETURN, STORE } from './support/frames.ts';

useEditor();

editorTest('a breakpoint on a Kotlin line says why it does not bind', {}, async (context) => {
  const { window, workspace, debugging } = context;
  const source = path.join(workspace.folder, 'src/wasmWasiMain/kotlin/Greeter.kt');
  const lines = (await readFile(source, 'utf8')).split('\n');
  const line = lines.findIndex((text) => text.includes('MARK: name')) + 1;
  await window.openFile('Greeter.kt', line);
  await window.page.keyboard.press('F9');
  await window.page.locator('.codicon-debug-breakpoint').first().waitFor();
  await debugging.pressF5();
  await debugging.stoppedAt(STORE, GREET);
  await window.openFile('Greeter.kt', line);
  await window.page.locator('.margin .codicon-debug-breakpoint-unverified').first().hover();
  await window.page
    .locator('.monaco-hover:visible', { hasText: /Kotlin/ })
    .first()
    .waitFor();
});

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
