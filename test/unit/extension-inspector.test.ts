import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Frames, directionOf } from '../../extension/calls/frames.ts';
import { Inspector } from '../../extension/calls/inspector.ts';
import { KEPT_LIMITS, KeptLedger, keepLedger } from '../../extension/calls/kept-ledger.ts';
import {
  LiveLedger,
  type Ledger,
  type SearchOptions,
  type WantedCall,
} from '../../extension/calls/ledger.ts';
import { LiveMemory, liveBuffers } from '../../extension/calls/live-memory.ts';
import type { StoppedGuest } from '../../extension/calls/stopped-guest.ts';
import { PickedValues } from '../../extension/calls/picked-values.ts';
import { StopConditions } from '../../extension/calls/stop-conditions.ts';
import { DebuggedSession, Sessions } from '../../extension/calls/sessions.ts';
import { TextRows } from '../../protocol/text-rows.ts';
import type { CallView, FromWebview, ToWebview } from '../../protocol/webview.ts';
import { addJoin, buffer, greeterLedger, SampleLedger } from '../editor/webview/sample-ledger.ts';

function inspected(ledger = greeterLedger()) {
  const sessions = new Sessions();
  const posted: ToWebview[] = [];
  const copied: string[] = [];
  const conditions = new StopConditions(
    [],
    ({ export: name, direction, names }) =>
      Promise.resolve({
        filter: 'storeArgument',
        expression: `${name} ${direction} ${names.join()}`,
        value: '1',
      }),
    (kept) => copied.push(`${kept.length} kept`),
  );
  const inspector = new Inspector({ sessions, conditions }, (message) => posted.push(message), {
    openMemory: (session, reference) => copied.push(`${session.id} ${reference}`),
    copy: (text) => copied.push(text),
    openLocation: (file, line) => copied.push(`${file}:${line}`),
    save: (name, bytes) => {
      copied.push(`${name} ${Buffer.from(bytes).toString('hex')}`);
      return Promise.resolve();
    },
    openSaved: () => copied.push('openSaved'),
    rememberedDecoders: () => ({ greet: { argument: 'hex' } }),
    rememberDecoders: (decoders) => copied.push(JSON.stringify(decoders)),
  });
  const session = new DebuggedSession('one', 'Greet', ledger);
  const ask = async (message: FromWebview & { id: number }) => {
    await inspector.handle(message);
    const answer = posted.find((candidate) => 'id' in candidate && candidate.id === message.id);
    assert.ok(answer, `${message.type} was not answered`);
    return answer;
  };
  return { sessions, session, conditions, inspector, posted, copied, ask };
}

async function view(ask: ReturnType<typeof inspected>['ask'], sequence: number, id = 900): Promise<CallView> {
  const answer = await ask({ type: 'requestCall', id, sequence });
  assert.ok(answer.type === 'answerCall', JSON.stringify(answer));
  return answer.call;
}

test('every request is answered, wrong ones with a sentence', async () => {
  const { ask, sessions, session, inspector } = inspected();
  const early = await ask({ type: 'requestCalls', id: 1, start: 0, count: 10 });
  assert.deepEqual(early, {
    type: 'answerError',
    id: 1,
    message: 'There is no debug session yet. Start one with F5.',
  });
  sessions.add(session);
  await inspector.handle({ type: 'ready' });
  const wrong: [FromWebview & { id: number }, RegExp][] = [
    [{ type: 'requestCall', id: 2, sequence: 99 }, /no call 99/],
    [{ type: 'requestBytes', id: 3, view: 77, direction: 'argument', start: 0, count: 1 }, /Select it again/],
    [{ type: 'requestNonsense', id: 4 } as unknown as FromWebview & { id: number }, /something unknown/],
  ];
  const sum = await view(ask, 4);
  wrong.push(
    [
      { type: 'requestBytes', id: 5, view: sum.view, direction: 'result', start: 0, count: 1 },
      /sum has no result/,
    ],
    [
      { type: 'requestTree', id: 6, view: sum.view, direction: 'argument', path: [4], start: 0, count: 1 },
      /no argument/,
    ],
  );
  for (const [request, sentence] of wrong) {
    const answer = await ask(request);
    assert.ok(answer.type === 'answerError', request.type);
    assert.match(answer.message, sentence);
  }
});

test('another filter gives the search for the one before up; how far it is reaches the view', async () => {
  const { ask, sessions, session, inspector, posted } = inspected();
  sessions.add(session);
  await inspector.handle({ type: 'ready' });
  const searches: SearchOptions[] = [];
  session.ledger.calls = (_start, _count, _query, _sort, search) => {
    if (search) searches.push(search);
    return Promise.resolve({ total: 0, calls: [] });
  };
  const page = { type: 'requestCalls', start: 0, count: 10 } as const;
  await ask({ ...page, id: 1, query: 'a' });
  await ask({ ...page, id: 2, query: 'a', start: 10 });
  assert.deepEqual(
    searches.map(({ signal }) => signal.aborted),
    [false, false],
    'pages of the same list',
  );
  searches[0]?.progress({ query: 'a', done: 3, total: 10 });
  assert.deepEqual(posted.at(-1), { type: 'searching', query: 'a', done: 3, total: 10 });
  await ask({ ...page, id: 3 });
  assert.deepEqual(
    searches.map(({ signal }) => signal.aborted),
    [true, true, false],
  );
  const told = posted.length;
  searches[0]?.progress({ query: 'a', done: 4, total: 10 });
  assert.equal(posted.length, told);
});

test('a call’s contents come in pages', async () => {
  const { ask, sessions, session } = inspected();
  sessions.add(session);
  const call = await view(ask, 1);
  assert.equal(call.crossingCount, 2);
  assert.equal(call.argument?.tree?.childCount, 4);
  assert.equal('data' in (call.argument ?? {}), false);
  const page = { view: call.view, direction: 'argument' } as const;
  const bytes = await ask({ type: 'requestBytes', id: 1, ...page, start: 2, count: 4 });
  assert.deepEqual(bytes, { type: 'answerBytes', id: 1, bytes: Uint8Array.from(Buffer.from('name')) });
  assert.ok(bytes.type === 'answerBytes');
  assert.equal(bytes.bytes.buffer.byteLength, 4, 'a copy, not a window on the whole buffer');
  const tree = await ask({ type: 'requestTree', id: 2, ...page, path: [1, 0], start: 1, count: 1 });
  assert.ok(tree.type === 'answerTree');
  assert.deepEqual(
    tree.nodes.map(({ name, value, childCount }) => [name, value, childCount]),
    [['count', '3', 0]],
  );
  const text = await ask({ type: 'requestText', id: 3, ...page, columns: 20, start: 1, count: 1 });
  assert.ok(text.type === 'answerText');
  assert.equal(text.rows[0]?.length, 20);
  assert.equal(text.total, Math.ceil(129 / 20));
  const crossings = await ask({ type: 'requestCrossings', id: 4, view: call.view, start: 1, count: 9 });
  assert.ok(crossings.type === 'answerCrossings');
  assert.deepEqual(
    crossings.crossings.map(({ role }) => role),
    ['returnResult'],
  );
});

test('all buffers of a call are listed, and shown when they are asked for', async () => {
  const ledger = greeterLedger();
  const { sequence } = addJoin(ledger);
  const { ask, sessions, session, inspector, copied } = inspected(ledger);
  sessions.add(session);
  const latest = await view(ask, sequence);
  assert.equal(latest.bufferCount, 4);
  assert.deepEqual(
    [latest.argument, latest.result].map((head) => [head?.index, head?.count, head?.isNewest]),
    [
      [1, 2, false],
      [1, 2, true],
    ],
  );
  const listed = await ask({ type: 'requestBuffers', id: 1, view: latest.view, start: 1, count: 2 });
  assert.ok(listed.type === 'answerBuffers');
  assert.deepEqual(
    listed.buffers.map(({ direction, index, preview }) => [direction, index, preview]),
    [
      ['argument', 1, 'Lovelace'],
      ['result', 0, 'Ada '],
    ],
  );
  const first = await ask({ type: 'requestCall', id: 2, sequence, buffers: { argument: 0 } });
  assert.ok(first.type === 'answerCall');
  await inspector.handle({ type: 'copy', view: first.call.view, direction: 'argument', what: 'c' });
  assert.deepEqual(copied, ['const uint8_t join_11_argument_1[3] = {0x41, 0x64, 0x61};']);
});

test('of a large buffer only the beginning comes with its call; the rest is read as it is seen', async () => {
  const bytes = Buffer.alloc(20_000_000, 'Hello, World! ');
  bytes.write('needle', 19_000_000);
  const ledger = greeterLedger();
  const given = 1000;
  const large = buffer('result', bytes.subarray(0, given), {
    ...{ size: bytes.length, captured: bytes.length, memoryReference: 'large' },
  });
  Object.assign(ledger.made[0] ?? {}, { result: large, buffers: [] });
  const most: (number | undefined)[] = [];
  const reads: [number, number][] = [];
  const reading: Ledger = Object.assign(Object.create(ledger) as SampleLedger, {
    call: (sequence: number, wanted: WantedCall) => {
      most.push(wanted.maxBytes);
      return ledger.call(sequence, wanted);
    },
    readCaptured: (reference: string, start: number, count: number) => {
      assert.equal(reference, 'large');
      reads.push([start, count]);
      return Promise.resolve(bytes.subarray(start, start + count));
    },
  });
  const { ask, sessions, inspector, copied } = inspected();
  sessions.add(new DebuggedSession('large', 'Large', reading));
  const call = await view(ask, 0);
  assert.ok((most[0] ?? Infinity) <= 2 ** 20);
  assert.equal(call.result?.captured, bytes.length);
  assert.deepEqual(reads, []);
  const page = { view: call.view, direction: 'result' } as const;
  const read = async (id: number, start: number, count: number) => {
    const answer = await ask({ type: 'requestBytes', id, ...page, start, count });
    assert.ok(answer.type === 'answerBytes');
    return Buffer.from(answer.bytes).toString();
  };
  assert.equal(await read(1, 0, 5), 'Hello');
  assert.deepEqual(reads, [], 'what came with the call is not read again');
  assert.equal(await read(2, 19_000_000, 6), 'needle');
  assert.equal(await read(3, bytes.length - 2, 99), bytes.subarray(-2).toString());
  assert.deepEqual(reads.splice(0), [
    [19_000_000, 6],
    [bytes.length - 2, 2],
  ]);
  const find = { kind: 'text', text: 'needle', from: 0, after: null, backwards: false } as const;
  const found = await ask({ type: 'requestFind', id: 4, ...page, ...find });
  assert.deepEqual(found, {
    ...{ type: 'answerFind', id: 4 },
    found: { range: [19_000_000, 19_000_006], wrapped: false },
  });
  assert.equal(reads.length, 5, 'in pages');
  await inspector.handle({ type: 'save', ...page, range: [18_999_999, 19_000_002] });
  assert.match(copied.at(-1) ?? '', /^greet-1-result\.bin ..6e65$/);
  await assert.rejects(
    inspector.handle({ type: 'copy', ...page, what: 'hex' }),
    /20000000 bytes are too many for the clipboard/,
  );
  const refused = await ask({ type: 'requestCondition', id: 5, ...page, names: [] });
  assert.ok(refused.type === 'answerError');
  assert.match(refused.message, /20000000 bytes is too large to make a condition of/);
});

test('a condition is made of what the view shows, kept, told and taken away', async () => {
  const { ask, sessions, session, inspector, conditions, posted, copied } = inspected();
  sessions.add(session);
  await inspector.handle({ type: 'ready' });
  const { view: shown } = await view(ask, 1);
  const names = ['name'];
  const wanted = { type: 'requestCondition', view: shown, direction: 'argument', names } as const;
  assert.equal((await ask({ ...wanted, id: 1 })).type, 'answerCondition');
  await ask({ ...wanted, id: 2 });
  assert.deepEqual(
    posted.findLast(({ type }) => type === 'conditions'),
    {
      type: 'conditions',
      conditions: [
        {
          id: 2,
          export: 'describeOrder',
          direction: 'argument',
          names: ['name'],
          value: '1',
          expression: 'describeOrder argument name',
        },
      ],
    },
  );
  assert.deepEqual(conditions.filters, ['storeArgument']);
  await inspector.handle({ type: 'removeCondition', condition: 2 });
  assert.deepEqual(conditions.list(), []);
  assert.deepEqual(copied, ['1 kept', '1 kept', '0 kept']);
  // What a decoder shows that was chosen in the view is not what conditions see.
  const other = await ask({ type: 'requestCall', id: 3, sequence: 1, decoders: { argument: 'hex' } });
  assert.ok(other.type === 'answerCall');
  const refused = await ask({ ...wanted, id: 4, view: other.call.view, names: [] });
  assert.ok(refused.type === 'answerError');
  assert.match(refused.message, /"decoders": \{ "describeOrder": \{ "argument": "hex" \} \}/);
});

test('an edited buffer’s bytes from before are read in pages, and never sent with the call', async () => {
  const ledger = greeterLedger();
  const edited = ledger.made[9]?.argument;
  assert.ok(edited, 'the last call has an argument');
  edited.original = Buffer.from('Earth').toString('base64');
  const { ask, sessions, session } = inspected(ledger);
  sessions.add(session);
  const call = await view(ask, 9);
  assert.equal(call.argument?.originalSize, 5);
  assert.ok(!('original' in call.argument));
  const page = { view: call.view, direction: 'argument', start: 1, count: 3, original: true } as const;
  const before = await ask({ type: 'requestBytes', id: 1, ...page });
  assert.ok(before.type === 'answerBytes');
  assert.equal(Buffer.from(before.bytes).toString(), 'art');
  const other = await view(ask, 0, 2);
  const refused = await ask({ type: 'requestBytes', id: 3, ...page, view: other.view });
  assert.ok(refused.type === 'answerError');
  assert.match(refused.message, /has not been edited/);
});

test('copying and opening memory are about the call that is shown', async () => {
  const { ask, sessions, session, inspector, copied } = inspected();
  sessions.add(session);
  const { view: shown } = await view(ask, 0);
  await inspector.handle({ type: 'copy', view: shown, direction: 'result', what: 'text' });
  await inspector.handle({ type: 'copy', view: shown, direction: 'argument', what: 'hex' });
  await inspector.handle({ type: 'openMemory', view: shown, direction: 'argument' });
  await inspector.handle({ type: 'openLocation', path: '/a.kt', line: 3 });
  assert.deepEqual(copied, ['Hello, World!', '57 6f 72 6c 64', 'one argument-1', '/a.kt:3']);
});

test('the view is told the state, the decoders once, and a reveal that came before it was there', async () => {
  const { ask, sessions, session, inspector, posted } = inspected();
  inspector.reveal(3, 'result');
  sessions.add(session);
  session.acceptChanged({ total: 10, current: 3, memoryBytes: 65536 });
  session.acceptChanged({ total: 10, current: 3, memoryBytes: 131072 });
  assert.deepEqual(posted, [], 'nothing reaches a view that is not ready');
  await inspector.handle({ type: 'ready' });
  assert.deepEqual(posted.at(-1), { type: 'reveal', sequence: 3, direction: 'result' });
  assert.deepEqual(posted[0], { type: 'remembered', decoders: { greet: { argument: 'hex' } } });
  assert.deepEqual(posted[3], {
    type: 'changed',
    total: 10,
    current: 3,
    memoryBytes: 131072,
    firstMemoryBytes: 65536,
  });
  await view(ask, 0, 1);
  await view(ask, 1, 2);
  assert.equal(posted.filter(({ type }) => type === 'decoders').length, 1);
});

test('sessions: the newest is shown, a chosen one stays, ended ones are kept within reason', () => {
  const sessions = new Sessions();
  const make = (id: string) => new DebuggedSession(id, id, greeterLedger());
  const [first, second] = [make('1'), make('2')];
  sessions.add(first);
  sessions.add(second);
  assert.equal(sessions.shown, second);
  sessions.show('1');
  sessions.show('unknown');
  assert.equal(sessions.shown, first);
  for (const id of ['3', '4', '5', '6', '7']) {
    const next = make(id);
    sessions.add(next);
    next.end(null);
    sessions.touch();
  }
  const ids = sessions.list().map(({ id }) => id);
  assert.deepEqual(ids.slice(0, 2), ['1', '2'], 'running sessions are never forgotten');
  assert.equal(ids.length, 5);
  assert.equal(ids.at(-1), '7');
});

test('a saved ledger stays until it is closed, and what reads it is ended then', () => {
  const sessions = new Sessions();
  const closed: string[] = [];
  const saved = new DebuggedSession('s', 'calls.ledger', greeterLedger(), {
    path: '/tmp/calls.ledger',
    close: () => closed.push('s'),
  });
  saved.acceptChanged({ total: 10, current: null });
  sessions.add(saved);
  assert.deepEqual(saved.describe(), {
    id: 's',
    name: 'calls.ledger',
    state: 'ended',
    saved: '/tmp/calls.ledger',
  });
  for (const id of ['1', '2', '3', '4']) {
    const next = new DebuggedSession(id, id, greeterLedger());
    sessions.add(next);
    next.end(null);
    sessions.touch();
  }
  assert.ok(sessions.get('s'), 'ended sessions take no room of a saved ledger');
  sessions.closeSaved('4');
  assert.ok(sessions.get('4'), 'only saved ledgers are closed');
  sessions.show('s');
  sessions.closeSaved('s');
  assert.deepEqual(closed, ['s']);
  assert.equal(sessions.shown?.id, '4');
});

test('a session’s state: running forgets the current call, the end is final', () => {
  const session = new DebuggedSession('1', 'x', greeterLedger());
  session.acceptChanged({ total: 4, current: 2 });
  assert.ok(session.setState('stopped'));
  assert.ok(!session.setState('stopped'));
  session.setState('running');
  assert.equal(session.ledgerState.current, null);
  session.end(null);
  assert.ok(!session.setState('stopped'));
  assert.equal(session.describe().state, 'ended');
});

test('an ended session keeps its calls, with problems first, and says what it could not keep', async () => {
  const live = greeterLedger();
  const limit = KEPT_LIMITS.calls;
  KEPT_LIMITS.calls = 3;
  try {
    const kept = await keepLedger(
      live,
      () => Promise.reject(new Error('not asked for')),
      () => false,
    );
    assert.deepEqual(kept.size, { calls: 10, whole: 3 });
    const trapped = await kept.call(8);
    assert.equal(trapped.call.findings.length, 2, 'the call with findings came first');
    assert.equal((await kept.call(9)).notKept, undefined);
    const lost = await kept.call(0);
    assert.match(lost.notKept ?? '', /Only 3 of 10 calls.*Argument: 5 bytes at 0, “World”/);
    await assert.rejects(kept.call(10), /Call 10 was not kept/);
  } finally {
    KEPT_LIMITS.calls = limit;
  }
});

test('all buffers of a call are kept, up to a limit that is told', async () => {
  const live = new SampleLedger();
  addJoin(live);
  const keep = () =>
    keepLedger(
      live,
      () => Promise.reject(new Error('not asked for')),
      () => false,
    );
  const kept = await keep();
  assert.equal((await kept.call(0, { buffers: { argument: 0 } })).call.argument?.text, 'Ada');
  assert.equal((await kept.call(0, { buffers: { result: 0 } })).call.result?.text, 'Ada ');
  assert.equal((await kept.call(0)).call.argument?.text, 'Lovelace', 'the latest');
  const limit = KEPT_LIMITS.buffers;
  KEPT_LIMITS.buffers = 1;
  try {
    const fewer = await keep();
    assert.equal((await fewer.call(0, { buffers: { argument: 0 } })).call.argument?.text, 'Ada');
    await assert.rejects(fewer.call(0, { buffers: { result: 0 } }), {
      message: 'The result 1 of this call was not kept when the session ended.',
    });
  } finally {
    KEPT_LIMITS.buffers = limit;
  }
});

test('keeping stops at the limit of bytes, and when there is no more time', async () => {
  const live = new SampleLedger();
  for (let index = 0; index < 5; index++)
    live.add({ export: 'x', argument: buffer('argument', Buffer.alloc(1000, 0x61)) });
  const limit = KEPT_LIMITS.bytes;
  KEPT_LIMITS.bytes = 2500;
  try {
    const noRedecode = () => Promise.reject(new Error('not asked for'));
    assert.equal((await keepLedger(live, noRedecode, () => false)).size.whole, 2);
    KEPT_LIMITS.bytes = limit;
    assert.deepEqual((await keepLedger(live, noRedecode, () => true)).size, { calls: 0, whole: 0 });
  } finally {
    KEPT_LIMITS.bytes = limit;
  }
});

test('kept calls can be filtered, paged and decoded anew', async () => {
  const kept = await keepLedger(
    greeterLedger(),
    (captured, decoder) => Promise.resolve({ ...captured, decoder, text: `as ${decoder}` }),
    () => false,
  );
  const page = await kept.calls(1, 2, 'GREET');
  assert.equal(page.total, 6);
  assert.deepEqual(
    page.calls.map(({ sequence }) => sequence),
    [2, 3],
  );
  const { call } = await kept.call(0, { decoders: { argument: 'hex' } });
  assert.deepEqual([call.argument?.text, call.result?.text], ['as hex', 'Hello, World!']);
  assert.equal((await kept.call(0)).call.argument?.text, 'World', 'the kept call itself is unchanged');
});

test('kept calls are sorted and searched for problems as the adapter does', async () => {
  const kept = await keepLedger(
    greeterLedger(),
    () => Promise.reject(new Error('not asked for')),
    () => false,
  );
  const sequences = async (...order: Parameters<typeof kept.calls>) =>
    (await kept.calls(...order)).calls.map(({ sequence }) => sequence);
  assert.deepEqual(await sequences(0, 3, undefined, { by: 'argumentSize', descending: true }), [1, 2, 3]);
  assert.deepEqual(await sequences(0, 3, undefined, { by: 'argumentSize' }), [8, 0, 5]);
  assert.deepEqual(
    await sequences(8, 9, undefined, { by: 'duration' }),
    [8, 9],
    'what still runs comes last',
  );
  assert.deepEqual(await sequences(0, 2, 'greet', { by: 'callId', descending: true }), [9, 6]);
  assert.equal(await kept.findProblem(-1, 'next'), 8);
  assert.equal(await kept.findProblem(8, 'next'), null);
  assert.equal(await kept.findProblem(9, 'previous'), 8);
});

test('values of picked columns are found once for each call, and never in large buffers', async () => {
  const ledger = greeterLedger();
  const whole = ledger.made[1];
  assert.ok(whole, 'the sample has ten calls');
  ledger.made.push({ ...whole, sequence: 10 });
  ledger.made.push({ ...whole, sequence: 11, argument: buffer('argument', Buffer.alloc(2 ** 20 + 1)) });
  let asked = 0;
  const call = ledger.call.bind(ledger);
  ledger.call = (...which) => {
    asked++;
    return call(...which);
  };
  const picked = new PickedValues();
  const column = { direction: 'argument', names: ['items', '0', 'sku'] } as const;
  const values = () => picked.of(ledger, { ...column, names: [...column.names] }, [0, 1, 4, 10, 11, 99], {});
  assert.deepEqual(await values(), [null, '"K-2410"', null, '"K-2410"', '(large)', null]);
  assert.equal(asked, 3, 'calls without an argument, or with a large one, are not asked for');
  await values();
  assert.equal(asked, 4, 'only the call that had no such part is asked for again');
});

test('text is cut into rows at line ends and at the width', () => {
  const rows = (text: string, columns: number) => new TextRows(text, columns).rows(0, 99);
  assert.deepEqual(rows('', 10), []);
  assert.deepEqual(rows('one\ntwo\r\n\nfour', 10), ['one', 'two', '', 'four']);
  assert.deepEqual(rows('abcdefghij', 8), ['abcdefgh', 'ij']);
  assert.deepEqual(
    rows('🌍🌍🌍🌍🌍', 8),
    ['🌍🌍🌍🌍', '🌍'],
    'wide characters take two columns and are never split',
  );
  assert.deepEqual(rows('世'.repeat(5), 8), ['世世世世', '世']);
  assert.deepEqual(rows('a\u0301'.repeat(9), 8), ['a\u0301'.repeat(8), 'a\u0301']);
  const long = Array.from({ length: 1000 }, (_, line) => `line ${line}`).join('\n');
  const cut = new TextRows(long, 40);
  assert.equal(cut.total, 1000);
  assert.deepEqual(cut.rows(517, 2), ['line 517', 'line 518']);
  assert.deepEqual(cut.rows(999, 5), ['line 999']);
  assert.deepEqual(cut.rows(1000, 5), []);
});

test('variables and lines of the call stack lead to their frame', () => {
  const frames = new Frames();
  const answered = (command: string, parameters: object, body: object) =>
    frames.answered(
      { seq: 1, type: 'request', command, arguments: parameters },
      {
        seq: 1,
        type: 'response',
        request_seq: 1,
        success: true,
        command,
        body,
      },
    );
  answered('stackTrace', { threadId: 1, startFrame: 0 }, { stackFrames: [{ id: 10 }, { id: 11 }] });
  answered('stackTrace', { threadId: 1, startFrame: 2 }, { stackFrames: [{ id: 12 }] });
  answered('scopes', { frameId: 11 }, { scopes: [{ variablesReference: 100 }] });
  answered(
    'variables',
    { variablesReference: 100 },
    { variables: [{ variablesReference: 101 }, { variablesReference: 0 }] },
  );
  answered('variables', { variablesReference: 555 }, { variables: [{ variablesReference: 556 }] });
  assert.equal(frames.at(1, 2), 12);
  assert.equal(frames.ofContainer(101), 11);
  assert.equal(frames.ofContainer(556), undefined);
  frames.clear();
  assert.equal(frames.ofContainer(101), undefined);
  assert.equal(directionOf({ name: 'total', evaluateName: 'result.total' }), 'result');
  assert.equal(directionOf({ name: 'argument' }), 'argument');
  assert.equal(directionOf({ name: 'arguments' }), undefined);
});

test('what the view was shown outlives an adapter that dies', async () => {
  const source = greeterLedger();
  const connection = {
    request: async (command: string, parameters: { start: number; count: number; sequence: number }) => {
      if (command === 'boundary/calls') return source.calls(parameters.start, parameters.count);
      if (command === 'boundary/call') return source.call(parameters.sequence);
      return { decoders: await source.decoders() };
    },
    requestStandard: () => Promise.reject(new Error('not asked for')),
  };
  const live = new LiveLedger(connection);
  await live.calls(0, 3);
  await live.calls(6, 2);
  const running = source.made[2];
  assert.ok(running, 'the sample has ten calls');
  running.status = 'running';
  await live.call(2);
  await live.decoders();
  const { summaries, whole, offered } = live.remembered();
  assert.deepEqual(
    summaries.map(({ sequence }) => sequence),
    [0, 1, 2],
    'a gap would put calls at the wrong place',
  );
  const kept = new KeptLedger(summaries, whole, offered, () => Promise.reject(new Error('not asked for')));
  const { call, notKept } = await kept.call(2);
  assert.deepEqual(
    [call.status, call.reason],
    ['cancelled', 'The debug adapter ended before this call did.'],
  );
  assert.equal(notKept, undefined);
  assert.match((await kept.call(1)).notKept ?? '', /Only 1 of 3 calls/);
  assert.equal((await kept.decoders()).length, 5);
});

test('memory is compared with that of the stop before, however often it is read', async () => {
  const memory = Buffer.from('abcdef');
  const guest: StoppedGuest = {
    read: (address, count) => Promise.resolve(Buffer.from(memory.subarray(address, address + count))),
    write: () => Promise.resolve(),
    assign: () => Promise.resolve(),
  };
  const live = new LiveMemory();
  const changed = async () => (await live.read(guest, 0, 6)).changed;
  await live.refresh(guest, 1, 6);
  assert.equal(live.compared, false, 'there was no stop before');
  memory.write('X', 2);
  await live.refresh(guest, 1, 6);
  assert.deepEqual(await changed(), [], 'an edit at the same stop is none of the guest’s changes');
  memory.write('Y', 4);
  await live.refresh(guest, 2, 6);
  assert.deepEqual(await changed(), [4]);
  await live.refresh(guest, 2, 6);
  assert.deepEqual(await changed(), [4]);
  assert.equal((await live.read(guest, 4, 99)).bytes.toString(), 'Yf');
});

test('only buffers of the stop’s call and its callers are live', async () => {
  const buffers = await liveBuffers(greeterLedger(), 3);
  assert.deepEqual(
    buffers.map(({ sequence, direction }) => `${sequence} ${direction}`),
    ['3 argument', '3 result', '2 argument', '2 result'],
  );
  assert.deepEqual(await liveBuffers(greeterLedger(), null), []);
  const ledger = greeterLedger();
  const { calls } = await ledger.calls(3, 1);
  const argument = { address: 3, size: 12, preview: '1, 2, 3', behindHandle: true } as const;
  const listed = { total: 4, calls: [{ ...calls[0], argument }] };
  const inArray = { calls: () => Promise.resolve(listed) } as unknown as typeof ledger;
  const [only, ...others] = await liveBuffers(inArray, 3);
  assert.equal(only?.direction, 'result', 'what is behind a handle does not lie in memory');
  assert.deepEqual(others, []);
});
