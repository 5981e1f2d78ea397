import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { editorTest, useEditor } from './support/editor-test.ts';
import { artifact, type Theme } from './support/editor.ts';
import { STORE } from './support/frames.ts';
import { copyExample, type Workspace } from './support/workspace.ts';

useEditor();

const THEMES: Record<string, Theme> = { light: 'Default Light Modern', dark: 'Default Dark Modern' };
const CALL = 'nextBirthday (callId 1)';
const THROWN = 'kotlin.NumberFormatException';

/** A call with an argument that is no number. */
async function birthday(): Promise<Workspace> {
  const workspace = await copyExample('greeter');
  const configuration = {
    ...{ name: 'Birthday', type: 'kotlin-wasmedge', request: 'launch' },
    calls: [{ export: 'nextBirthday', argument: 'soon' }],
    program: '${workspaceFolder}/guest.wasm',
  };
  await writeFile(
    path.join(workspace.folder, '.vscode', 'launch.json'),
    JSON.stringify({ version: '0.2.0', configurations: [configuration] }),
  );
  return workspace;
}

for (const [name, theme] of Object.entries(THEMES)) {
  editorTest(
    `${name}: a ticked box stops where Kotlin throws, with the exception; its stack in the console leads to the line`,
    { workspace: birthday, theme },
    async ({ debugging, window }) => {
      await debugging.pressF5();
      await debugging.stoppedAt(STORE, CALL);
      await window.page
        .locator('.debug-breakpoints .monaco-list-row', { hasText: 'All Kotlin Exceptions' })
        .locator('input[type="checkbox"]')
        .check();
      await debugging.press('Continue');
      await debugging.stoppedInKotlin('greeter.receiveAge', 'greeter.nextBirthday', CALL);
      const widget = window.page.locator('.exception-widget');
      const innermost = window.page.locator('.debug-call-stack .monaco-list-row', {
        hasText: 'greeter.receiveAge',
      });
      // The widget belongs to the frame that is chosen.
      await innermost.click();
      await widget.getByText(THROWN).first().waitFor();
      await window.screenshot(await artifact(`exception-${name}.png`));
      await debugging.press('Continue');
      // Nobody has caught it: it is shown where it was thrown.
      await debugging.stoppedInKotlin('greeter.receiveAge', 'greeter.nextBirthday', CALL);
      await innermost.click();
      await widget.getByText(`was left by an uncaught ${THROWN}`).first().waitFor();
      await debugging.press('Continue');
      await debugging.ended();
      await window.command('Debug Console: Focus on Debug Console View');
      await window.page.locator('.repl .source', { hasText: 'Greeter.kt:54' }).first().waitFor();
      await window.screenshot(await artifact(`exception-output-${name}.png`));
      await window.page.locator('.repl .source', { hasText: 'Greeter.kt:46' }).first().click();
      await window.page.getByText('Ln 46, Col 15').first().waitFor();
    },
  );
}
