import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import test from 'node:test';
import { text } from 'node:stream/consumers';
import type { CapturedBuffer } from '../../protocol/boundary.ts';
import type { Inspection } from '../../protocol/inspection.ts';
import { frame, MessageReader } from '../../debug-adapter/message-reader.ts';
import { ADAPTER } from '../support/dap-client.ts';
import { GUESTS, SESSION_LIMIT } from '../support/guests.ts';

/** Runs a subcommand of the adapter to its end. */
async function run(args: string[], input = ''): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [ADAPTER, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.end(input);
  const exit = once(child, 'close');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = (await exit) as unknown[];
  return { code, stdout, stderr };
}

test('inspect prints what is known of a configuration as one JSON line', SESSION_LIMIT, async () => {
  const { code, stdout } = await run(['inspect', JSON.stringify({ program: GUESTS.greeter })]);
  assert.equal(code, 0);
  assert.equal(stdout.trimEnd().split('\n').length, 1);
  const inspection = JSON.parse(stdout) as Inspection;
  assert.deepEqual(inspection.problems, []);
  assert.equal(inspection.boundary.storeArgument?.import, 'host.callHostToStoreArgumentData');
  assert.ok(inspection.exports.some(({ name, takesArgument }) => name === 'greet' && takesArgument));
});

test('decode reads a kept buffer in another decoder', SESSION_LIMIT, async () => {
  const buffer = { direction: 'result', data: Buffer.from('Hello').toString('base64'), text: '?' };
  const { code, stdout } = await run(['decode'], JSON.stringify({ buffer, decoder: 'utf-8' }));
  assert.equal(code, 0);
  assert.equal((JSON.parse(stdout) as CapturedBuffer).text, 'Hello');
});

test('decode finds the libraries beside the bundle', SESSION_LIMIT, async () => {
  for (const [decoder, hex] of [
    ['cbor', 'a1616101'],
    ['messagepack', '81a16101'],
    ['windows-1252', '7b2261223a20317d'],
  ] as const) {
    const buffer = { direction: 'result', data: Buffer.from(hex, 'hex').toString('base64'), text: '?' };
    const { stdout, stderr } = await run(['decode'], JSON.stringify({ buffer, decoder }));
    assert.equal(stderr, '');
    const { text, decodeError } = JSON.parse(stdout) as CapturedBuffer;
    assert.deepEqual([text, decodeError], ['{"a": 1}', undefined]);
  }
});

test('what cannot be done is one sentence on standard error', SESSION_LIMIT, async () => {
  for (const [args, input, says] of [
    [['inspct'], '', /There is no command “inspct”/],
    [['inspect', '{'], '', /The configuration is not JSON/],
    [['decode'], '{}', /no request to decode/],
    [['provide-wasmedge', '0.9'], '', /WasmEdge 0\.14 and 0\.17 can be provided, not “0\.9”/],
    [['listen', '70000'], '', /70000.*is no port/],
  ] as const) {
    const { code, stdout, stderr } = await run([...args], input);
    assert.equal(code, 1, args.join(' '));
    assert.equal(stdout, '');
    assert.match(stderr, says);
    assert.doesNotMatch(stderr, /^\s+at /m, 'no stack trace');
  }
});

test('listen serves one session after another to whoever connects', SESSION_LIMIT, async (t) => {
  const adapter = spawn(process.execPath, [ADAPTER, 'listen', '0'], { stdio: ['ignore', 'ignore', 'pipe'] });
  t.after(() => adapter.kill());
  const [announced] = (await once(adapter.stderr.setEncoding('utf8'), 'data')) as [string];
  const port = Number(/:(\d+)/.exec(announced)?.[1]);
  for (let session = 0; session < 2; session++) {
    const socket = net.connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const answers: { command: string; success: boolean }[] = [];
    const reader = new MessageReader({
      message: (message) => answers.push(message as (typeof answers)[0]),
      malformed: (problem) => assert.fail(problem),
    });
    socket.on('data', (chunk) => reader.push(chunk));
    socket.write(frame({ seq: 1, type: 'request', command: 'initialize', arguments: {} }));
    socket.write(frame({ seq: 2, type: 'request', command: 'disconnect' }));
    await once(socket, 'close');
    assert.deepEqual(
      answers.map(({ command, success }) => [command, success]),
      [
        ['initialize', true],
        ['disconnect', true],
      ],
    );
  }
});
