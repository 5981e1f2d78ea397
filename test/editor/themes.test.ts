import { artifact, type Theme } from './support/editor.ts';
import { editorTest, useEditor } from './support/editor-test.ts';
import { RETURN, STORE } from './support/frames.ts';

useEditor();

const THEMES: Record<string, Theme> = {
  light: 'Default Light Modern',
  dark: 'Default Dark Modern',
  'high-contrast': 'Default High Contrast',
};
/** Room for both buffers. */
const SIZE = { width: 1600, height: 1150 };
const PERSON = 'greetPerson (callId 7)';

for (const [name, theme] of Object.entries(THEMES)) {
  editorTest(
    `${name}: a session, and the view after it, are drawn`,
    { theme, size: SIZE },
    async (context) => {
      const { window, debugging, calls } = context;
      await debugging.start('Greet a person: JSON');
      await debugging.stoppedAt(STORE, PERSON);
      await debugging.press('Continue');
      await debugging.stoppedAt(RETURN, PERSON);
      await calls.buffer('argument').locator('.tree-row', { hasText: 'Ada' }).first().waitFor();
      await calls.buffer('result').locator('.tree-row', { hasText: 'Hello, Ada!' }).first().waitFor();
      await window.screenshot(await artifact(`session-${name}.png`));
      await debugging.press('Continue');
      await debugging.ended();
      await calls.showsSession('ended');
      await window.screenshot(await artifact(`ended-${name}.png`));
    },
  );
}
