import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { AdapterConnection } from '../../extension/adapter/connection.ts';
import { encodeMessage, MessageReader } from '../../extension/adapter/framing.ts';
import { SessionAdapter, type SessionObserver } from '../../extension/adapter/session-adapter.ts';
import { StopConditions } from '../../extension/calls/stop-conditions.ts';
import { root } from '../../scripts/paths.ts';

type Message = DebugProtocol.ProtocolMessage & Record<string, unknown>;
type Script = Record<string, object>;

const program = (script: Script) => ({
  command: process.execPath,
  script: path.join(root, 'test/unit/support/scripted-adapter.mjs'),
  env: { ...process.env, SCRIPT: JSON.stringify(script) },
});

/** Waits for messages by what they are, in whatever order they come. */
class Inbox {
  readonly messages: Message[] = [];
  private readonly waiting: {
    matches: (message: Message) => boolean;
    resolve: (message: Message) => void;
  }[] = [];

  push(message: DebugProtocol.ProtocolMessage): void {
    const received = message as Message;
    this.messages.push(received);
    for (const waiting of this.waiting.filter(({ matches }) => matches(received))) waiting.resolve(received);
  }

  next(matches: (message: Message) => boolean): Promise<Message> {
    const there = this.messages.find(matches);
    return there ? Promise.resolve(there) : new Promise((resolve) => this.waiting.push({ matches, resolve }));
  }

  response(requestSeq: number): Promise<Message> {
    return this.next((message) => message.type === 'response' && message['request_seq'] === requestSeq);
  }

  event(name: string): Promise<Message> {
    return this.next((message) => message['event'] === name);
  }
}

const request = (seq: number, command: string, parameters: object = {}): DebugProtocol.Request => ({
  seq,
  type: 'request',
  command,
  arguments: parameters,
});

function connect(script: Script) {
  const inbox = new Inbox();
  let end: (reason: string) => void;
  const ended = new Promise<string>((resolve) => (end = resolve));
  const connection = new AdapterConnection(program(script), undefined, {
    message: (message) => inbox.push(message),
    ended: (reason) => end(reason),
    log: () => undefined,
  });
  return { connection, inbox, ended };
}

/** What the extension itself asks from then on. */
function spyOn(connection: AdapterConnection): object[] {
  const sent: object[] = [];
  const send = connection.requestStandard.bind(connection);
  connection.requestStandard = (command, parameters, signal) => {
    sent.push({ command, parameters });
    return send(command, parameters, signal);
  };
  return sent;
}

interface Observed {
  observer: SessionObserver;
  problems: { message: string; fix?: unknown }[];
  deaths: string[];
  endings: number;
}

function observe(ending: () => Promise<void> = () => Promise.resolve()): Observed {
  const observed: Observed = {
    problems: [],
    deaths: [],
    endings: 0,
    observer: {
      event: () => undefined,
      answered: () => undefined,
      ending: () => {
        observed.endings++;
        return ending();
      },
      launchFailed: (problem) => observed.problems.push(problem),
      died: (reason, stderr) => observed.deaths.push(`${reason} | ${stderr}`),
      ended: () => undefined,
      log: () => undefined,
    },
  };
  return observed;
}

const noConditions = () =>
  new StopConditions(
    [],
    ({ direction, names }) =>
      Promise.resolve({
        filter: direction === 'argument' ? 'storeArgument' : 'returnResult',
        expression: names.join(),
        value: '',
      }),
    () => undefined,
  );

function session(script: Script, observed: Observed, conditions = noConditions()) {
  const inbox = new Inbox();
  let connection: AdapterConnection | undefined;
  const adapter = new SessionAdapter(
    (listener) => (connection = new AdapterConnection(program(script), undefined, listener)),
    (message) => inbox.push(message),
    observed.observer,
    conditions,
  );
  assert.ok(connection);
  return { adapter, inbox, connection };
}

test('messages are read whatever the chunks are', () => {
  const messages = ['ä'.repeat(5), 'x', '🌍'.repeat(3000)].map((text, seq) => ({
    seq,
    type: 'event',
    event: text,
  }));
  const bytes = Buffer.concat(messages.map(encodeMessage));
  for (const size of [1, 3, 1024, bytes.length]) {
    const reader = new MessageReader();
    const read: unknown[] = [];
    for (let at = 0; at < bytes.length; at += size) read.push(...reader.push(bytes.subarray(at, at + size)));
    assert.deepEqual(read, messages, `chunks of ${size}`);
  }
  assert.throws(() => new MessageReader().push(Buffer.from('hello\r\n\r\n')), /without a length: hello/);
});

test('the editor and the inspector share one adapter, each with its own numbers', async () => {
  const { connection, inbox } = connect({ 'boundary/calls': { body: { total: 3, calls: [] } } });
  connection.send(request(41, 'threads'));
  const own = connection.request('boundary/calls', { start: 0, count: 1 });
  connection.send(request(7, 'scopes'));
  assert.deepEqual(await own, { total: 3, calls: [] });
  const threads = await inbox.response(41);
  const scopes = await inbox.response(7);
  assert.equal((threads['body'] as { seen: { seq: number } }).seen.seq, 1);
  assert.equal((scopes['body'] as { seen: { seq: number } }).seen.seq, 3);
  assert.equal(inbox.messages.length, 2, 'the inspector’s answer is not passed on');
  connection.dispose();
});

test('cancel names the request by the number that the adapter knows', async () => {
  const { connection, inbox } = connect({ variables: { silent: true } });
  await connection.request('boundary/decoders', {});
  connection.send(request(100, 'variables'));
  connection.send(request(101, 'cancel', { requestId: 100 }));
  const cancel = await inbox.response(101);
  const seen = (cancel['body'] as { seen: { arguments: { requestId: number } } }).seen;
  assert.equal(seen.arguments.requestId, 2);
  connection.dispose();
});

test('a request that is given up is cancelled by its number', async () => {
  const { connection } = connect({ 'boundary/calls': { silent: true } });
  const abort = new AbortController();
  const requested = spyOn(connection);
  void connection.request('boundary/calls', { start: 0, count: 1 }, abort.signal).catch(() => undefined);
  await connection.request('boundary/decoders', {});
  abort.abort();
  assert.deepEqual(requested.at(-1), { command: 'cancel', parameters: { requestId: 1 } });
  const done = new AbortController();
  await connection.request('boundary/decoders', {}, done.signal);
  const count = requested.length;
  done.abort();
  assert.equal(requested.length, count, 'what has been answered is not cancelled');
  connection.dispose();
});

test('the inspector’s requests reject with the adapter’s sentence', async () => {
  const error = { id: 1, format: 'There is no call {sequence}.', variables: { sequence: '9' } };
  const { connection } = connect({ 'boundary/call': { success: false, body: { error } } });
  await assert.rejects(connection.request('boundary/call', { sequence: 9 }), /^Error: There is no call 9\.$/);
  connection.dispose();
});

test('an adapter that dies leaves no request unanswered', async () => {
  const { connection, inbox, ended } = connect({ threads: { silent: true }, next: { exit: 3 } });
  connection.send(request(1, 'threads'));
  const own = assert.rejects(
    connection
      .request('boundary/call', { sequence: 0 })
      .then(() => connection.request('boundary/calls', { start: 0, count: 1 })),
    /has ended/,
  );
  connection.send(request(2, 'next'));
  assert.equal(await ended, 'with exit code 3');
  const threads = await inbox.response(1);
  assert.equal(threads['success'], false);
  assert.match(String(threads['message']), /ended with exit code 3/);
  await own;
  connection.send(request(3, 'threads'));
  assert.match(String((await inbox.response(3))['message']), /has ended/);
});

test('an adapter that cannot be started is reported', async () => {
  const inbox = new Inbox();
  const reason = await new Promise<string>((resolve) => {
    const connection = new AdapterConnection({ command: '/nowhere/node', script: 'x', env: {} }, undefined, {
      message: (message) => inbox.push(message),
      ended: resolve,
      log: () => undefined,
    });
    connection.send(request(1, 'initialize'));
  });
  assert.match(reason, /could not be started/);
  assert.equal((await inbox.response(1))['success'], false);
});

test('the end of a session waits until its calls have been copied', async () => {
  let copied: () => void = () => undefined;
  const observed = observe(() => new Promise<void>((resolve) => (copied = resolve)));
  const after = [{ event: 'exited', body: { exitCode: 0 } }, { event: 'terminated' }, { event: 'output' }];
  const { adapter, inbox, connection } = session({ terminate: { after } }, observed);
  adapter.handleMessage(request(1, 'terminate'));
  await inbox.event('exited');
  // The adapter still answers, so that the calls can be copied.
  await connection.request('boundary/decoders', {});
  assert.deepEqual(
    inbox.messages.map((message) => message['event'] ?? message['command']),
    ['terminate', 'exited'],
  );
  copied();
  await inbox.event('output');
  assert.deepEqual(
    inbox.messages.slice(2).map((message) => message['event']),
    ['terminated', 'output'],
  );
  adapter.handleMessage(request(2, 'disconnect'));
  await inbox.response(2);
  assert.equal(observed.endings, 1, 'the calls are copied once');
  adapter.dispose();
});

test('a disconnect that comes first waits too', async () => {
  let copied = false;
  const observed = observe(async () => {
    await Promise.resolve();
    copied = true;
  });
  const { adapter, inbox } = session({}, observed);
  adapter.handleMessage(request(1, 'disconnect'));
  await inbox.response(1);
  assert.ok(copied);
  adapter.dispose();
});

test('a refused launch is shown once, with its fix, and not by the editor', async () => {
  const problem = {
    code: 'program-missing',
    severity: 'error',
    message: 'No file.',
    fix: { kind: 'choose-program', title: 'Choose' },
  };
  const refused = (format: string, variables?: object) => ({
    success: false,
    body: { error: { id: 1, format, showUser: true, variables } },
  });
  const observed = observe();
  const { adapter, inbox } = session(
    {
      launch: refused('No file.', { problem: JSON.stringify(problem) }),
      configurationDone: refused('Before launch.'),
    },
    observed,
  );
  adapter.handleMessage(request(1, 'launch'));
  adapter.handleMessage(request(2, 'configurationDone'));
  for (const seq of [1, 2]) {
    const response = await inbox.response(seq);
    const { error } = response['body'] as DebugProtocol.ErrorResponse['body'];
    assert.equal(error?.showUser, false);
  }
  assert.deepEqual(observed.problems, [problem]);
  adapter.dispose();
});

test('an adapter that dies ends the session once, with what it said last', async () => {
  const observed = observe();
  const { adapter, inbox } = session({ continue: { stderr: 'out of memory', exit: 9 } }, observed);
  adapter.handleMessage(request(1, 'continue'));
  await inbox.event('terminated');
  assert.deepEqual(observed.deaths, ['with exit code 9 | out of memory']);
  assert.equal((await inbox.response(1))['success'], false);
});

test('conditions of the view are put into the boxes under Breakpoints, and answers fit what the editor asked', async () => {
  const conditions = noConditions();
  const observed = observe();
  const { adapter, inbox } = session({}, observed, conditions);
  const condition = { data: '', decoder: 'json', export: 'greet' } as const;
  await conditions.add({ ...condition, direction: 'argument', names: ['a'] });
  const asked = async (seq: number, parameters: object) => {
    adapter.handleMessage(request(seq, 'setExceptionBreakpoints', parameters));
    const { seen } = (await inbox.response(seq))['body'] as { seen: { arguments: object } };
    return seen.arguments;
  };
  assert.deepEqual(await asked(1, { filters: ['traps', 'storeArgument'] }), {
    filters: [],
    filterOptions: [{ filterId: 'traps' }, { filterId: 'storeArgument', condition: 'a' }],
  });
  await conditions.add({ ...condition, direction: 'argument', names: ['b'] });
  await conditions.add({ ...condition, direction: 'result', names: ['c'] });
  const boxes = [{ filterId: 'storeArgument', condition: 'mine' }, { filterId: 'traps' }];
  assert.deepEqual(await asked(2, { filters: [], filterOptions: boxes }), {
    filters: [],
    filterOptions: [
      { filterId: 'storeArgument', condition: '(mine) || (a) || (b)' },
      { filterId: 'traps' },
      { filterId: 'returnResult', condition: 'c' },
    ],
  });
  for (const { id } of conditions.list()) conditions.remove(id);
  assert.deepEqual(await asked(3, { filters: ['storeArgument'] }), {
    filters: [],
    filterOptions: [{ filterId: 'storeArgument' }],
  });
  adapter.dispose();
});

test('a condition that comes while a session runs reaches its adapter; the editor hears only what it asked', async () => {
  const conditions = noConditions();
  const answers = { body: { breakpoints: [{ verified: true }, { verified: true, message: 'second' }] } };
  const { adapter, inbox, connection } = session({ setExceptionBreakpoints: answers }, observe(), conditions);
  const sent = spyOn(connection);
  await conditions.add({ data: '', decoder: 'json', export: 'x', direction: 'result', names: ['early'] });
  assert.deepEqual(sent, [], 'the editor has not said yet which boxes are ticked');
  adapter.handleMessage(request(1, 'setExceptionBreakpoints', { filters: ['traps'] }));
  const answer = await inbox.response(1);
  assert.deepEqual(answer['body'], { breakpoints: [{ verified: true }] });
  await conditions.add({ data: '', decoder: 'json', export: 'x', direction: 'result', names: ['late'] });
  assert.deepEqual(sent, [
    {
      command: 'setExceptionBreakpoints',
      parameters: {
        filters: [],
        filterOptions: [{ filterId: 'traps' }, { filterId: 'returnResult', condition: '(early) || (late)' }],
      },
    },
  ]);
  adapter.dispose();
  await conditions.add({ data: '', decoder: 'json', export: 'x', direction: 'result', names: ['after'] });
  assert.equal(sent.length, 1);
});
