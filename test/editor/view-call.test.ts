import { editorTest, useEditor } from './support/editor-test.ts';
import { GREET, RETURN, STORE } from './support/frames.ts';

useEditor();

editorTest('"View Boundary Call" on a variable opens the call there', {}, async (context) => {
  const { window, debugging, calls } = context;
  await debugging.pressF5();
  await debugging.stoppedAt(STORE, GREET);
  await debugging.press('Continue');
  await debugging.stoppedAt(RETURN, GREET);
  await window.command('View: Toggle Panel Visibility');
  await calls.list.waitFor({ state: 'hidden' });
  await debugging.variable('result').first().click({ button: 'right' });
  await window.chooseInMenu('View Boundary Call');
  await calls.showsCall(0, 'running');
  await calls.showsText('result', 'Hello, World!');
});

editorTest('the view is used with the keyboard alone', {}, async ({ window, debugging, calls }) => {
  await debugging.start('Seat: a call within a call');
  await debugging.stoppedAt(STORE, 'seat (callId 1)');
  for (const frames of [
    [STORE, 'countVowels (callId 2)', 'seating.rowFor', 'seat (callId 1)'],
    [RETURN, 'countVowels (callId 2)', 'seating.rowFor', 'seat (callId 1)'],
    [RETURN, 'seat (callId 1)'],
  ]) {
    await debugging.press('Continue');
    await debugging.stoppedAt(...frames);
  }
  await calls.showsCall(0, 'running');
  await calls.list.focus();
  await window.page.keyboard.press('ArrowDown');
  await calls.showsCall(1, 'returned');
  await calls.showsText('result', '2');
  await window.page.keyboard.press('Enter');
  await calls.buffer('argument').locator('[data-testid="hex"]:focus').waitFor();
  await window.page.keyboard.press('Escape');
  await calls.list.and(calls.frame.locator(':focus')).waitFor();
  await window.page.keyboard.press('Home');
  await calls.showsCall(0, 'running');
});
