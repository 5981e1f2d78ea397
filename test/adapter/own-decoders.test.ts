import assert from 'node:assert/strict';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type TestContext } from 'node:test';
import { DecoderProcesses } from '../../debug-adapter/decoder-process/decoder-processes.ts';
import type { DecodeAnswer } from '../../debug-adapter/decoder-process/messages.ts';
import { GUESTS, SESSION_LIMIT } from '../support/guests.ts';
import { ended, evaluate, launch, stopped } from '../support/session.ts';

const SCRIPT = path.join(import.meta.dirname, '../../dist/decoder-process.js');
const CALL = {
  sequence: 3,
  callId: 7,
  export: 'greet',
  direction: 'argument',
  address: 16,
  size: 3,
} as const;

async function moduleFile(t: TestContext, source: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'decoder-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'decoder.mjs');
  await writeFile(file, source);
  return file;
}

/** A decoder's module with this body of `decode(bytes, call)`. */
const decoding = (body: string) => `export default { id: 'mine', decode(bytes, call) { ${body} } }`;

function processes(t: TestContext): DecoderProcesses {
  const all = new DecoderProcesses(SCRIPT);
  t.after(() => all.close());
  return all;
}

async function decoded(t: TestContext, source: string): Promise<DecodeAnswer> {
  const job = {
    decoder: { kind: 'module', file: await moduleFile(t, source) } as const,
    data: Buffer.from('abc').toString('base64'),
    call: CALL,
  };
  return processes(t).decode(job);
}

test('a decoder gets the bytes and the call, and may answer with text', SESSION_LIMIT, async (t) => {
  const answer = await decoded(t, decoding('return `${[...bytes]} ${JSON.stringify(call)}`;'));
  assert.deepEqual(answer, { text: `97,98,99 ${JSON.stringify(CALL)}` });
});

test('any value that it returns becomes text and a tree', SESSION_LIMIT, async (t) => {
  const { text, tree } = await decoded(
    t,
    decoding('const o = { n: 5n, list: [1, "x"], bytes }; o.self = o; return Promise.resolve(o);'),
  );
  assert.equal(text, '{"n":"5","list":[1,"x"],"bytes":"616263","self":"contains itself"}');
  assert.deepEqual(
    tree?.children?.map(({ name, value, type }) => [name, value, type]),
    [
      ['n', '5', 'bigint'],
      ['list', '[1,"x"]', 'array'],
      ['bytes', '61 62 63', 'bytes'],
      ['self', 'contains itself', 'object'],
    ],
  );
});

test('its own tree is shown; ranges outside the buffer or the parent are not', SESSION_LIMIT, async (t) => {
  const { tree } = await decoded(
    t,
    decoding(`return { text: 'x', tree: { name: '', value: 'v', type: 't', range: [0, 2], children: [
      { name: 'in', value: '', type: '', range: [1, 2] }, { name: 'out', value: '', type: '', range: [1, 3] },
    ] } };`),
  );
  assert.deepEqual(tree?.range, [0, 2]);
  assert.deepEqual(
    tree.children?.map(({ range }) => range),
    [[1, 2], undefined],
  );
});

const failures: [string, string, RegExp][] = [
  ['throws', decoding('throw new TypeError("no header");'), /^decoder\.mjs: TypeError: no header\.$/],
  ['loops', decoding('for (;;);'), /did not answer in 3 seconds and was ended\.$/],
  [
    'never answers',
    decoding('return new Promise(() => {});'),
    /did not answer in 3 seconds and was ended\.$/,
  ],
  [
    'returns a tree that is huge',
    decoding(`const child = { name: 'x'.repeat(999), value: 'y', type: 'z' };
      return { text: '', tree: { ...child, children: Array(20000).fill(child) } };`),
    /more than 8 MiB and was ended\.$/,
  ],
  ['ends its process', decoding('process.exit(0);'), /ended its process/],
  [
    'takes all memory',
    decoding('const all = []; for (;;) all.push(new Array(1e6).fill({}));'),
    /was ended|ended its process/,
  ],
  ['is none', 'export const decode = 5;', /has no “export default \{ id, decode\(bytes, call\) \}”/],
  ['has a fault in its source', 'export default {', /^decoder\.mjs: SyntaxError/],
  [
    'returns a tree that is none',
    decoding('return { tree: { name: 1, value: 2 } };'),
    /its nodes need name, value and type/,
  ],
];
for (const [what, source, says] of failures) {
  test(`a decoder that ${what} is told so, and nothing waits for it`, SESSION_LIMIT, async (t) => {
    const { text, error } = await decoded(t, source);
    assert.equal(text, undefined);
    assert.match(error ?? '', says);
  });
}

test(
  'after a failure the next buffer is decoded; a changed module is loaded anew',
  SESSION_LIMIT,
  async (t) => {
    const module = await moduleFile(t, decoding('if (bytes.length === 0) process.exit(1); return "old";'));
    const all = processes(t);
    const decode = async (data: string) =>
      (await all.decode({ decoder: { kind: 'module', file: module }, data, call: CALL })).text;
    assert.equal(await decode('YWJj'), 'old');
    assert.equal(await decode(''), undefined);
    assert.equal(await decode('YWJj'), 'old');
    await writeFile(module, decoding('return "new";'));
    await utimes(module, new Date(), new Date(Date.now() + 5000));
    assert.equal(await decode('YWJj'), 'new');
  },
);

test('one that has to be ended again and again is not run any more', SESSION_LIMIT, async (t) => {
  const module = await moduleFile(t, decoding('process.exit(1);'));
  const all = processes(t);
  const errors: unknown[] = [];
  for (let i = 0; i < 4; i++)
    errors.push(
      (await all.decode({ decoder: { kind: 'module', file: module }, data: '', call: CALL })).error,
    );
  assert.match(String(errors[2]), /ended its process/);
  assert.match(String(errors[3]), /not run again until it is changed/);
});

test('a request that is cancelled ends the decoder', SESSION_LIMIT, async (t) => {
  const module = await moduleFile(t, decoding('for (;;);'));
  const cancel = new AbortController();
  const answer = processes(t).decode(
    { decoder: { kind: 'module', file: module }, data: '', call: CALL },
    cancel.signal,
  );
  cancel.abort();
  await assert.rejects(answer, { name: 'AbortError' });
});

test(
  'launch.json names it: the call shows what it decodes, lists and expressions the bytes',
  SESSION_LIMIT,
  async (t) => {
    const module = await moduleFile(t, decoding('return { length: bytes.length, of: call.export };'));
    const client = await launch(t, {
      program: GUESTS.greeter,
      calls: [{ export: 'greet', argument: 'Ada' }],
      decoders: { greet: { argument: { module } } },
    });
    await stopped(client);
    assert.equal((await evaluate(client, 'argument')).result, '"41 64 61"');
    const { call } = await client.boundary('boundary/call', { sequence: 0 });
    assert.equal(call.argument?.text, '{"length":3,"of":"greet"}');
    assert.equal(call.argument.preview, '41 64 61');
    const { decoders } = await client.boundary('boundary/decoders', {});
    assert.equal(decoders[1]?.label, 'Own decoder: decoder.mjs');
    await assert.rejects(
      client.boundary('boundary/call', { sequence: 0, decoders: { result: 'module:/tmp/other.mjs' } }),
      /none of this session/,
    );
  },
);

test('a decoder that fails leaves the bytes, with the error beside them', SESSION_LIMIT, async (t) => {
  const module = await moduleFile(t, decoding('for (;;);'));
  const client = await launch(
    t,
    {
      program: GUESTS.greeter,
      calls: [{ export: 'greet', argument: 'Ada' }],
      decoders: { greet: { argument: { module } } },
    },
    { filters: [] },
  );
  await ended(client);
  const asked = client.boundary('boundary/call', { sequence: 0 });
  const { total } = await client.boundary('boundary/calls', { start: 0, count: 1 });
  assert.equal(total, 1, 'other requests are answered meanwhile');
  const { call } = await asked;
  assert.equal(call.argument?.text, '41 64 61');
  assert.match(call.argument.decodeError ?? '', /did not answer in 3 seconds/);
});
