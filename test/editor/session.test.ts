import assert from 'node:assert/strict';
import { editorTest, useEditor } from './support/editor-test.ts';
import { GREET, RETURN, STORE } from './support/frames.ts';

useEditor();

editorTest('F5 stops on each callback, and the view shows both buffers', {}, async ({ debugging, calls }) => {
  await debugging.pressF5();
  await debugging.stoppedAt(STORE, GREET);
  await calls.showsCall(0, 'running');
  await calls.showsText('argument', 'World');
  assert.equal(await calls.bytes('argument'), '57 6f 72 6c 64');
  assert.equal(await calls.ascii('argument'), 'World');
  assert.match(await calls.facts('argument'), /^5 bytes at 0x/);
  await calls.showsSession('stopped');

  await debugging.press('Continue');
  await debugging.stoppedAt(RETURN, GREET);
  await calls.showsText('result', 'Hello, World!');
  assert.equal(await calls.bytes('result'), '48 65 6c 6c 6f 2c 20 57 6f 72 6c 64 21');
  assert.match(await calls.facts('result'), /^13 bytes at 0x/);

  await debugging.press('Continue');
  await debugging.ended();
});

editorTest('the view keeps the calls when the session has ended, and says so', {}, async (context) => {
  const { debugging, calls } = context;
  await debugging.pressF5();
  await debugging.stoppedAt(STORE, GREET);
  await debugging.press('Continue');
  await debugging.stoppedAt(RETURN, GREET);
  await debugging.press('Continue');
  await debugging.ended();
  await calls.showsSession('ended');
  assert.match(await calls.state.innerText(), /ended/i);
  await calls.showsCall(0, 'returned');
  await calls.showsText('argument', 'World');
  await calls.showsText('result', 'Hello, World!');
  // Another decoder needs the adapter, which has gone with the session.
  await calls.chooseDecoder('result', 'Hexadecimal bytes');
  await calls.showsText('result', '48 65 6c 6c 6f 2c 20 57 6f 72 6c 64 21');
});

editorTest('an argument that is edited in Variables reaches the guest', {}, async ({ debugging, calls }) => {
  await debugging.pressF5();
  await debugging.stoppedAt(STORE, GREET);
  await debugging.setVariable('argument', '"Earth"');
  await calls.showsText('argument', 'Earth');
  assert.equal(await calls.bytes('argument'), '45 61 72 74 68');
  await calls.buffer('argument').locator('[data-testid="edited"]:visible').waitFor();
  await debugging.press('Continue');
  await debugging.stoppedAt(RETURN, GREET);
  await calls.showsText('result', 'Hello, Earth!');
});

editorTest('an edit that does not fit is refused where it was typed', {}, async (context) => {
  const { debugging, window } = context;
  await debugging.pressF5();
  await debugging.stoppedAt(STORE, GREET);
  await debugging.typeValue('argument', '"Everybody"');
  await window.page
    .getByText(/takes 9 bytes, but the guest was told 5/)
    .first()
    .waitFor();
});

editorTest('a result that is edited in Variables is what lies in memory', {}, async (context) => {
  const { debugging, calls } = context;
  await debugging.pressF5();
  await debugging.stoppedAt(STORE, GREET);
  await debugging.press('Continue');
  await debugging.stoppedAt(RETURN, GREET);
  await debugging.setVariable('result', '"Howdy, Earth!"');
  await calls.showsText('result', 'Howdy, Earth!');
  await debugging.press('Continue');
  await debugging.ended();
  await calls.showsCall(0, 'returned');
  await calls.showsText('result', 'Howdy, Earth!');
});

editorTest('steps go from crossing to crossing, through a nested call', {}, async ({ debugging, calls }) => {
  const seat = 'seat (callId 1)';
  const vowels = ['countVowels (callId 2)', 'seating.rowFor', seat];
  await debugging.start('Seat: a call within a call');
  await debugging.stoppedAt(STORE, seat);
  await debugging.press('Step Into');
  await debugging.stoppedAt('seating.rowFor', seat);
  await debugging.press('Step Into');
  await debugging.stoppedAt(...vowels);
  await debugging.press('Step Over');
  await debugging.stoppedAt(STORE, ...vowels);
  await calls.showsText('argument', 'Grace');
  await debugging.press('Step Over');
  await debugging.stoppedAt(RETURN, ...vowels);
  await debugging.press('Step Out');
  await debugging.stoppedAt(...vowels);
  await calls.showsText('result', '2');
  await debugging.press('Step Over');
  await debugging.stoppedAt(RETURN, seat);
  await calls.showsText('result', 'Grace sits in row 3.');
  await debugging.press('Step Out');
  await debugging.stoppedAt(seat);
  await debugging.press('Continue');
  await debugging.ended();
  assert.equal(await calls.rows.count(), 2);
});

editorTest('Stop ends the session, the guest, and every process of theirs', {}, async (context) => {
  const { editor, debugging, calls } = context;
  await debugging.pressF5();
  await debugging.stoppedAt(STORE, GREET);
  assert.ok((await editor.processes('debug-adapter.js')).length > 0);
  await debugging.press('Stop');
  await debugging.ended();
  await calls.showsSession('ended');
  await calls.showsCall(0, 'cancelled');
  await editor.noProcess('debug-adapter.js');
  await editor.noProcess('runner.js');
});

editorTest('bytes that are typed over in the view reach the guest', {}, async (context) => {
  const { window, debugging, calls } = context;
  await debugging.pressF5();
  await debugging.stoppedAt(STORE, GREET);
  await calls.showsText('argument', 'World');
  await calls.buffer('argument').locator('.hex-byte[data-offset="0"]').click();
  await window.page.keyboard.type('4d');
  await calls.showsText('argument', 'Morld');
  await calls.buffer('argument').locator('[data-testid="edited"]:visible').waitFor();
  await calls.frame.locator('[data-testid="tab-memory"]').click();
  await calls.frame.locator('[data-testid="live-buffers"]', { hasText: 'argument of greet (1)' }).waitFor();
  await debugging.press('Continue');
  await debugging.stoppedAt(RETURN, GREET);
  await calls.frame
    .locator('[data-testid="memory-facts"]', { hasText: 'changes since the last stop' })
    .waitFor();
  await calls.frame.locator('[data-testid="tab-calls"]').click();
  await calls.showsText('result', 'Hello, Morld!');
});
