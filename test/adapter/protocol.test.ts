import assert from 'node:assert/strict';
import test from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { DapError, type DapClient } from '../support/dap-client.ts';
import { GUESTS, SESSION_LIMIT } from '../support/guests.ts';
import { CLIENT, evaluate, launch, resumeToEnd, stack, startClient, stopped } from '../support/session.ts';

const GREET = { program: GUESTS.greeter, calls: [{ export: 'greet', argument: 'World' }] };

/** Every request of DAP 1.68 that this adapter does not have. */
const UNSUPPORTED = [
  'attach',
  'goto',
  'gotoTargets',
  'locations',
  'restartFrame',
  'reverseContinue',
  'stepBack',
  'terminateThreads',
  'boundary/unknown',
  'no such request',
  '__proto__',
  'constructor',
  '',
];

/** A message with its header. */
function framed(body: string, header = `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n`): string {
  return header + body;
}

/** The adapter is there and answers. */
async function assertAlive(client: DapClient): Promise<void> {
  assert.deepEqual(await client.request('threads'), { threads: [] });
}

test('each request that is not known is answered with an error that says so', SESSION_LIMIT, async (t) => {
  const client = await launch(t, GREET, { filters: ['returnResult'] });
  await stopped(client);
  for (const command of UNSUPPORTED) {
    await assert.rejects(client.request(command, {}), (error: DapError) => {
      assert.equal(error.message, `This debugger does not know the request “${command}”.`);
      assert.equal(error.error.showUser, false);
      return true;
    });
  }
  assert.equal(await resumeToEnd(client), 0);
});

test('bytes that are no DAP are reported and skipped', SESSION_LIMIT, async (t) => {
  const client = await startClient(t);
  await client.request('initialize', CLIENT);
  const cases: [string, RegExp][] = [
    [framed('{"seq": 1, "type": '), /is not JSON/],
    ['Content-Length: nonsense\r\n\r\n', /no usable Content-Length/],
    ['Content-Length: -5\r\n\r\n', /no usable Content-Length/],
    ['Content-Type: text/plain\r\n\r\n', /no usable Content-Length/],
    ['garbage without a header '.repeat(1000), /without the empty line|no usable Content-Length/],
    [framed('[1, 2, 3]'), /not a DAP request/],
    [framed('null'), /not a DAP request/],
    [framed('"text"'), /not a DAP request/],
    [framed('{"type": "request", "command": "threads"}'), /not a DAP request/],
    [framed('{"seq": "one", "type": "request", "command": "threads"}'), /not a DAP request/],
    [framed(''), /is empty/],
    [framed('', 'Content-Length: 99999999999\r\n\r\n'), /claims 99999999999 bytes/],
    [framed('\ufffd\u0000{}'), /is not JSON/],
  ];
  for (const [bytes, says] of cases) {
    client.sendRaw(bytes);
    // The next well-formed message ends the garbage.
    await assertAlive(client);
    const { output } = await client.event<DebugProtocol.OutputEvent['body']>('output', (body) =>
      says.test(body.output),
    );
    assert.match(output, /^The debug adapter ignored something that its client sent/);
  }
});

test('a message in many pieces, several in one, and headers in any case', SESSION_LIMIT, async (t) => {
  const client = await startClient(t);
  const initialize = JSON.stringify({ seq: 101, type: 'request', command: 'initialize', arguments: CLIENT });
  const answers = [client.answerTo(101), client.answerTo(102), client.answerTo(103)];
  for (const character of framed(initialize)) {
    client.sendRaw(character);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const threads = (seq: number) => JSON.stringify({ seq, type: 'request', command: 'threads' });
  client.sendRaw(
    framed(threads(102), `CONTENT-LENGTH: ${threads(102).length}\r\nContent-Type: x\r\n\r\n`) +
      framed(threads(103)),
  );
  for (const { success } of await Promise.all(answers)) assert.equal(success, true);
});

test('wrong types of arguments are named, for every request', SESSION_LIMIT, async (t) => {
  const client = await launch(t, GREET);
  await stopped(client);
  const wrong: [string, unknown, RegExp][] = [
    ['stackTrace', {}, /stackTrace: threadId/],
    ['stackTrace', { threadId: 'one' }, /threadId/],
    ['stackTrace', { threadId: 1, startFrame: -1 }, /startFrame/],
    ['scopes', { frameId: null }, /frameId/],
    ['variables', { variablesReference: 1, start: 0.5 }, /start/],
    ['variables', { variablesReference: 1, filter: 'all' }, /filter/],
    ['evaluate', { expression: 5 }, /expression/],
    ['setVariable', { variablesReference: 1, name: 'x' }, /value/],
    ['setExpression', { expression: 'x' }, /value/],
    ['readMemory', { memoryReference: 'memory' }, /count/],
    ['readMemory', { memoryReference: 5, count: 1 }, /memoryReference/],
    ['writeMemory', { memoryReference: 'memory', data: 7 }, /data/],
    ['setFunctionBreakpoints', {}, /breakpoints/],
    ['setFunctionBreakpoints', { breakpoints: [{ name: 1 }] }, /breakpoints\[0\]\.name/],
    ['setExceptionBreakpoints', { filters: 'traps' }, /filters/],
    ['setBreakpoints', { breakpoints: [] }, /source/],
    ['completions', { text: 'a' }, /column/],
    ['continue', {}, /threadId/],
    ['exceptionInfo', [], /arguments|threadId/],
    ['cancel', { requestId: 'x' }, /requestId/],
    ['boundary/calls', { start: '0', count: 5 }, /start/],
    ['boundary/call', { sequence: 1.5 }, /sequence/],
    ['modules', { startModule: 'a' }, /startModule/],
    ['source', { sourceReference: 'one' }, /sourceReference/],
    ['threads', 'text', /arguments/],
  ];
  for (const [command, args, says] of wrong) {
    await assert.rejects(client.request(command, args), (error: DapError) => {
      assert.match(error.message, says, command);
      assert.equal(error.error.id, 1001, command);
      return true;
    });
  }
  assert.equal((await stack(client)).length, 4);
});

test('ids that do not exist', SESSION_LIMIT, async (t) => {
  const client = await launch(t, GREET);
  await stopped(client);
  await assert.rejects(client.request('stackTrace', { threadId: 2 }), /no thread 2/);
  await assert.rejects(client.request('continue', { threadId: 0 }), /no thread 0/);
  await assert.rejects(
    client.request('scopes', { frameId: 12345 }),
    /stack frame 12345 has not been given out/,
  );
  await assert.rejects(
    client.request('variables', { variablesReference: 777 }),
    /variables reference 777 has not/,
  );
  await assert.rejects(
    client.request('variables', { variablesReference: 0 }),
    /variables reference 0 has not/,
  );
  await assert.rejects(
    client.request('evaluate', { expression: '1', frameId: -3 }),
    /stack frame -3 has not/,
  );
  await assert.rejects(client.request('source', { sourceReference: 9 }), /no source 9/);
  await assert.rejects(client.request('cancel', { progressId: 'p' }), /no progress “p”/);
  await client.request('cancel', { requestId: 123_456 });
  assert.equal((await evaluate(client, 'callId')).result, '1');
});

test('requests out of order', SESSION_LIMIT, async (t) => {
  const client = await startClient(t);
  await assert.rejects(client.request('launch', GREET), /“launch” came before “initialize”/);
  await assert.rejects(client.request('threads'), /came before “initialize”/);
  await assert.rejects(
    client.request('initialize', { ...CLIENT, pathFormat: 'uri' }),
    /Paths are files' paths/,
  );
  await client.request('initialize', CLIENT);
  await assert.rejects(client.request('initialize', CLIENT), /has been sent before/);
  await assert.rejects(client.request('configurationDone'), /came before “launch”/);
  await assert.rejects(client.request('continue', { threadId: 1 }), /No guest has been launched/);
  await assert.rejects(client.request('restart', {}), /no running session to restart/);
  await assert.rejects(client.request('stackTrace', { threadId: 1 }), /No guest has been launched/);
  await assert.rejects(client.request('boundary/call', { sequence: 0 }), /There are none yet/);
  assert.deepEqual(await client.request('loadedSources'), { sources: [] });
  assert.deepEqual(await client.request('modules'), { modules: [], totalModules: 0 });
  await client.request('terminate');
  const launched = client.request('launch', GREET);
  await assert.rejects(client.request('launch', GREET), /“launch” has been sent before/);
  await client.event('initialized');
  await launched;
  await assert.rejects(client.request('continue', { threadId: 1 }), /The guest has not started/);
  await client.request('setExceptionBreakpoints', { filters: ['returnResult'] });
  await client.request('configurationDone');
  await assert.rejects(client.request('configurationDone'), /has been sent before/);
  await stopped(client);
  await assert.rejects(client.request('launch', GREET), /“launch” has been sent before/);
  assert.equal(await resumeToEnd(client), 0);
  for (const command of ['continue', 'pause', 'stackTrace', 'exceptionInfo']) {
    await assert.rejects(client.request(command, { threadId: 1 }), /The guest has ended/);
  }
});

/** A generator of numbers that is the same in each run (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

test('a fuzzed session survives, and each of its requests is answered once', SESSION_LIMIT, async (t) => {
  const client = await launch(t, GREET);
  await stopped(client);
  const next = random(20_261_123);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(next() * values.length)] as T;
  const values = [
    null,
    true,
    -1,
    0,
    1,
    2 ** 40,
    1.5,
    NaN,
    '',
    'memory',
    'call-0-argument',
    '*',
    [],
    {},
    [[]],
    'x'.repeat(5000),
  ];
  const fields = [
    'threadId',
    'frameId',
    'variablesReference',
    'memoryReference',
    'count',
    'offset',
    'data',
    'name',
    'value',
    'expression',
    'start',
    'sequence',
    'filters',
    'breakpoints',
    'text',
    'column',
    'source',
    'levels',
  ];
  // What would let the guest go on or end is not among them.
  const commands = [
    'threads',
    'stackTrace',
    'scopes',
    'variables',
    'setVariable',
    'setExpression',
    'evaluate',
    'completions',
    'readMemory',
    'exceptionInfo',
    'modules',
    'source',
    'cancel',
    'setBreakpoints',
    'setFunctionBreakpoints',
    'boundary/calls',
    'boundary/call',
    'boundary/locate',
    'initialize',
    'launch',
    'configurationDone',
    'unknown',
  ];
  const answers: Promise<unknown>[] = [];
  for (let i = 0; i < 500; i++) {
    const args = Object.fromEntries(
      Array.from({ length: Math.floor(next() * 5) }, () => [pick(fields), pick(values)]),
    );
    answers.push(
      client.request(pick(commands), next() < 0.1 ? pick(values) : args).catch((error: unknown) => error),
    );
    if (next() < 0.1) client.sendRaw(pick(['\r\n\r\n', 'Content-Length: 3\r\n\r\n{]}', 'x', '{"seq":1}']));
  }
  for (const answer of await Promise.all(answers)) {
    if (answer instanceof Error) {
      assert.ok(answer instanceof DapError, String(answer));
      assert.notEqual(answer.error.id, 1099, `a defect: ${answer.message}`);
      assert.ok(answer.message.length > 10, answer.message);
    }
  }
  await client.request('setFunctionBreakpoints', { breakpoints: [] });
  await client.request('setExceptionBreakpoints', { filters: [] });
  assert.equal(await resumeToEnd(client), 0);
});
