import assert from 'node:assert/strict';
import { editorTest, useEditor } from './support/editor-test.ts';

useEditor();

const STORE = 'host.callHostToStoreArgumentData';
const RETURN = 'host.callHostToReturnResultData';

editorTest('F5 stops on each callback, and the view shows both buffers', {}, async ({ debugging, calls }) => {
  await debugging.pressF5();
  await debugging.stopped(STORE);
  assert.deepEqual(await debugging.frames(), [STORE, 'greet (callId 1)']);
  await calls.showsCall(0, 'running');
  await calls.showsText('argument', 'World');
  assert.equal(await calls.bytes('argument'), '57 6f 72 6c 64');
  assert.equal(await calls.ascii('argument'), 'World');
  assert.match(await calls.facts('argument'), /^5 bytes at 0x/);
  await calls.showsSession('stopped');

  await debugging.press('Continue');
  await debugging.stopped(RETURN);
  await calls.showsText('result', 'Hello, World!');
  assert.equal(await calls.bytes('result'), '48 65 6c 6c 6f 2c 20 57 6f 72 6c 64 21');
  assert.match(await calls.facts('result'), /^13 bytes at 0x/);

  await debugging.press('Continue');
  await debugging.ended();
});

editorTest('the view keeps the calls when the session has ended, and says so', {}, async (context) => {
  const { debugging, calls } = context;
  await debugging.pressF5();
  await debugging.stopped(STORE);
  await debugging.press('Continue');
  await debugging.stopped(RETURN);
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
  await debugging.stopped(STORE);
  await debugging.setVariable('argument', '"Earth"');
  await calls.showsText('argument', 'Earth');
  assert.equal(await calls.bytes('argument'), '45 61 72 74 68');
  await calls.buffer('argument').locator('[data-testid="edited"]:visible').waitFor();
  await debugging.press('Continue');
  await debugging.stopped(RETURN);
  await calls.showsText('result', 'Hello, Earth!');
});
