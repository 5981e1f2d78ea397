import assert from 'node:assert/strict';
import { editorTest, useEditor } from './support/editor-test.ts';

useEditor();

editorTest(
  'findings are in Problems, at the Kotlin declaration, until the next session',
  {},
  async ({ debugging, window }) => {
    const rows = window.page.locator('.markers-panel .monaco-list-row');
    const finding = rows.filter({ hasText: 'pointer-outside-memory' });
    await debugging.start('Greet from nowhere: a pointer outside memory');
    await debugging.press('Continue');
    await window.command('Problems: Focus on Problems View');
    await finding.waitFor();
    assert.match(await finding.innerText(), /outside memory, which has \d+ bytes.*boundary/s);
    assert.match(await rows.first().innerText(), /Boundary\.kt/);

    // It stays when the session has ended, and leads to the declaration.
    await debugging.press('Stop');
    await debugging.ended();
    await finding.dblclick();
    await window.page.locator('.tab.active', { hasText: 'Boundary.kt' }).waitFor();
    await window.page.getByRole('button', { name: /^Ln 1[5-7], / }).waitFor();

    await debugging.start('Sum: numbers only');
    await debugging.press('Continue');
    await debugging.ended();
    await finding.waitFor({ state: 'detached' });
  },
);
