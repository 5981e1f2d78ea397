import assert from 'node:assert/strict';
import path from 'node:path';
import test from 'node:test';
import { runCommand } from '../../debug-adapter/wasmedge/command.ts';
import { root } from '../../scripts/paths.ts';
import { SESSION_LIMIT } from '../support/guests.ts';

const demo = (...args: string[]) =>
  runCommand(process.execPath, [path.join(root, 'scripts/bootstrap.mjs'), 'scripts/demo.ts', ...args], {
    cwd: root,
  });

test('the demo prints each stop, the stack, the buffers decoded and the ledger', SESSION_LIMIT, async () => {
  const { status, stdout, stderr } = await demo('--argument', 'Zoë');
  assert.equal(status, 0, stdout + stderr);
  assert.equal(stderr, '');
  const [head = '', first = '', second = '', ...more] = stdout.split(/^■ Stop \d+/m);
  assert.deepEqual(more, []);
  assert.match(head, /greet\("Zoë"\) +4 bytes of UTF-8/);
  assert.match(
    first,
    /host\.callHostToStoreArgumentData .*\n +greeter\.receiveText +Boundary\.kt:\d+\n +greeter\.greet +Greeter\.kt:\d+\n +greet \(callId 1\)/,
  );
  assert.match(first, /argument +4 bytes[^]*5a 6f c3 ab[^]*"Zoë"/);
  assert.match(second, /host\.callHostToReturnResultData .*\n(?: +greeter\..*\n)+ +greet \(callId 1\)/);
  assert.match(second, /result +12 bytes[^]*"Hello, Zoë!"/);
  assert.match(second, /^Ledger/m);
  assert.match(second, /npm run demo:editor/);
});

test('the demo says how it is used where it is not understood', SESSION_LIMIT, async () => {
  const { status, stdout } = await demo('--arguments', 'x');
  assert.equal(status, 2);
  assert.match(stdout, /npm run demo \[-- --argument TEXT\]/);
});
