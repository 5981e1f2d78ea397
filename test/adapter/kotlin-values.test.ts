import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { DapClient } from '../support/dap-client.ts';
import { GUESTS, markedLine, SESSION_LIMIT } from '../support/guests.ts';
import { localsReference, onEntry, setLines, setVariable } from '../support/kotlin-session.ts';
import { resumeTo, resumeToEnd, scopeVariables, stopped, variables } from '../support/session.ts';

const SOURCE = 'test/guests/values/Values.kt';

/** A session that stands at the marked line of an export of `values.wasm`. */
async function stopAt(
  t: TestContext,
  mark: string,
  {
    program = GUESTS.values,
    export: name = mark,
    parameter = 3,
  }: { program?: string; export?: string; parameter?: number } = {},
): Promise<DapClient> {
  const client = await onEntry(t, { program, calls: [{ export: name, params: [parameter] }] });
  await setLines(client, SOURCE, { line: markedLine(SOURCE, mark) });
  await resumeTo(client);
  return client;
}

type Shown = ReadonlyMap<string, DebugProtocol.Variable>;

/** `value (type)` of each of these. */
function show(shown: Shown, ...names: string[]): string[] {
  return names.map((name) => `${shown.get(name)?.value} (${shown.get(name)?.type ?? ''})`);
}

/** What a variable holds. */
async function opened(
  client: DapClient,
  variable: DebugProtocol.Variable | undefined,
  page: Partial<DebugProtocol.VariablesArguments> = {},
): Promise<string[]> {
  assert.ok(variable && variable.variablesReference > 0, 'it cannot be opened');
  const listed = await variables(client, variable.variablesReference, page);
  return listed.map(({ name, value }) => `${name} = ${value}`);
}

for (const [kotlin, program] of [
  ['2.4', GUESTS.values],
  ['2.3.0', GUESTS.values23],
] as const) {
  test(`Kotlin ${kotlin}: texts, ropes too, are shown as they are`, SESSION_LIMIT, async (t) => {
    const client = await stopAt(t, 'texts', { program });
    const locals = await scopeVariables(client, 'Locals');
    assert.deepEqual(show(locals, 'plain', 'rope', 'empty', 'builder'), [
      String.raw`"Grüße, \"Ada\" 🙂" (String)`,
      '"start, 0, 1, 2" (String)',
      '"" (String)',
      'StringBuilder "built 3" (kotlin.text.StringBuilder)',
    ]);
    assert.equal(locals.get('long')?.value, `"${'x'.repeat(1000)}"… (5000 characters)`);
  });

  test(`Kotlin ${kotlin}: collections are what they hold`, SESSION_LIMIT, async (t) => {
    const client = await stopAt(t, 'collections', { program });
    const locals = await scopeVariables(client, 'Locals');
    assert.deepEqual(
      show(locals, 'ints', 'flags', 'letters', 'words', 'grown', 'deque', 'map', 'set', 'pair', 'range'),
      [
        'IntArray (3) [0, 3, 6] (kotlin.IntArray)',
        'BooleanArray (2) [true, false] (kotlin.BooleanArray)',
        `CharArray (2) ['a', '"'] (kotlin.CharArray)`,
        'Array (3) ["one", null, "three"] (kotlin.Array)',
        'ArrayList (3) [0, 1, 2] (kotlin.collections.ArrayList)',
        'ArrayDeque (4) [0, 1, 2, 3] (kotlin.collections.ArrayDeque)',
        'HashMap (2) {"a"=1, "c"=3} (kotlin.collections.HashMap)',
        'HashSet (2) ["x", "y"] (kotlin.collections.HashSet)',
        '("left", 3) (kotlin.Pair)',
        '1..3 (kotlin.ranges.IntRange)',
      ],
    );
    assert.match(locals.get('list')?.value ?? '', /\(7\) \["one", 2, 3\.0, 'c', true, null, RED\]$/);
    assert.match(locals.get('nothing')?.value ?? '', /^EmptyList \(0\) \[\]$/);
    assert.deepEqual(await opened(client, locals.get('deque')), [
      '0 = 0',
      '1 = 1',
      '2 = 2',
      '3 = 3',
      'raw = kotlin.collections.ArrayDeque',
    ]);
    assert.deepEqual(await opened(client, locals.get('map'), { filter: 'indexed' }), [
      '0 = "a"=1',
      '1 = "c"=3',
    ]);
    const { variablesReference = 0 } = locals.get('map') ?? {};
    const [entry] = await variables(client, variablesReference, { filter: 'indexed', start: 1, count: 1 });
    assert.deepEqual(await opened(client, entry), ['key = "c"', 'value = 3']);
    const [raw] = await variables(client, variablesReference, { filter: 'named' });
    assert.ok((await opened(client, raw)).includes('_size = 2'));
  });

  test(`Kotlin ${kotlin}: objects are their fields, as they are declared`, SESSION_LIMIT, async (t) => {
    const client = await stopAt(t, 'objects', { program });
    const locals = await scopeVariables(client, 'Locals');
    assert.deepEqual(show(locals, 'shape', 'nowhere', 'colour', 'unit', 'boxed', 'counter', 'problem'), [
      'Circle(radius=2.5) (values.Circle)',
      'Nowhere (values.Nowhere)',
      'GREEN (values.Colour)',
      'Unit (kotlin.Unit)',
      'Metres(value=3) (values.Metres)',
      '8 (Int)',
      'Problem: outer (values.Problem)',
    ]);
    assert.match(locals.get('increase')?.value ?? '', /^lambda in objects\(/);
    assert.ok((await opened(client, locals.get('increase'))).includes('step = 4'));
    assert.match(locals.get('anonymous')?.value ?? '', /^object : Account\(owner="Eve", /);
    assert.deepEqual((await opened(client, locals.get('problem'))).slice(0, 2), [
      'message = "outer"',
      'cause = IllegalStateException: inner',
    ]);
    const savings = locals.get('savings');
    const names = (await opened(client, savings)).map((line) => line.split(' ')[0]);
    assert.deepEqual(names, ['owner', 'balance', 'open', 'limit', 'grade', 'ratio', 'rate', 'next']);
    // It refers to itself: each time it is opened there is another one to open.
    let next = savings;
    for (let depth = 0; depth < 5; depth++) {
      const fields = await variables(client, next?.variablesReference ?? 0);
      next = fields.find(({ name }) => name === 'next');
      assert.match(next?.value ?? '', /^Savings\(owner="Bob", balance=7/);
    }
    await setLines(client, SOURCE);
    assert.equal(await resumeToEnd(client), 0);
  });
}

test('a million elements are shown page by page', SESSION_LIMIT, async (t) => {
  const client = await stopAt(t, 'many', { parameter: 1_000_000 });
  const locals = await scopeVariables(client, 'Locals');
  for (const name of ['numbers', 'list']) {
    const { value, indexedVariables, variablesReference = 0 } = locals.get(name) ?? {};
    assert.match(value ?? '', /^\w+ \(1000000\) \[0, 1, 2, .*, …\]$/);
    assert.equal(indexedVariables, 1_000_000);
    const last = await variables(client, variablesReference, {
      filter: 'indexed',
      start: 999_998,
      count: 50,
    });
    assert.deepEqual(
      last.map((each) => `${each.name} = ${each.value}`),
      ['999998 = 999998', '999999 = 999999'],
    );
  }
});

test(
  'a method’s frame shows what it was called on; each frame has locals of its own',
  SESSION_LIMIT,
  async (t) => {
    const client = await stopAt(t, 'deposit', { export: 'objects' });
    const { stackFrames } = await client.request<DebugProtocol.StackTraceResponse['body']>('stackTrace', {
      threadId: 1,
    });
    const [deposit, objects] = stackFrames;
    assert.match(deposit?.name ?? '', /Account\.deposit/);
    assert.match(
      (await scopeVariables(client, 'Locals', deposit?.id)).get('this')?.value ?? '',
      /^Account\(owner="Ada", balance=3/,
    );
    const outer = await scopeVariables(client, 'Locals', objects?.id);
    assert.match(outer.get('account')?.value ?? '', /^Account\(owner="Ada", balance=3/);
    assert.equal(outer.get('owners'), undefined, 'what has not been written yet is not there');
    assert.equal(outer.get('amount'), undefined);
  },
);

test('objects are there until the guest goes on', SESSION_LIMIT, async (t) => {
  const client = await stopAt(t, 'deposit', { export: 'objects' });
  const account = (await scopeVariables(client, 'Locals')).get('this');
  const reference = account?.variablesReference ?? 0;
  assert.ok((await opened(client, account)).includes('balance = 3'));
  await client.request('next', { threadId: 1 });
  await stopped(client);
  await assert.rejects(variables(client, reference), /the guest has run since/);
  const again = (await scopeVariables(client, 'Locals')).get('this');
  assert.ok((await opened(client, again)).includes('balance = 8'));
});

for (const [kotlin, program] of [
  ['2.4', GUESTS.values],
  ['2.3.0', GUESTS.values23],
] as const) {
  test(`Kotlin ${kotlin}: numbers are what the source says they are`, SESSION_LIMIT, async (t) => {
    const client = await stopAt(t, 'primitives', { program });
    const locals = await scopeVariables(client, 'Locals');
    assert.deepEqual(
      [...locals.values()].map(({ name, value, type }) => `${name} = ${value} (${type ?? ''})`),
      [
        'seed = 3 (Int)',
        'yes = true (Boolean)',
        "letter = 'd' (Char)",
        'byte = -1 (Byte)',
        'short = 300 (Short)',
        'long = 5000000000 (Long)',
        'float = 0.1 (Float)',
        'double = 2.0 (Double)',
        'unsigned = 4000000000 (UInt)',
        'unsignedByte = 200 (UByte)',
        'unsignedLong = 18446744073709551615 (ULong)',
        'metres = Metres(value=3) (values.Metres)',
        'maybe = 3 (Int)',
        'none = null (Nothing?)',
        'sum = 5000000514.0 (Double)',
        'unsignedSum = -294967094 (i32)',
      ],
    );
  });

  test(`Kotlin ${kotlin}: fields are what the source says they are`, SESSION_LIMIT, async (t) => {
    const client = await stopAt(t, 'objects', { program });
    const locals = await scopeVariables(client, 'Locals');
    assert.deepEqual(await opened(client, locals.get('account')), [
      'owner = "Ada"',
      'balance = 8',
      'open = true',
      'limit = 4000000000',
      "grade = 'b'",
      'ratio = 0.1',
    ]);
    assert.deepEqual(show(locals, 'counter', 'step'), ['8 (Int)', '4 (Int)']);
  });

  test(`Kotlin ${kotlin}: a Pointer opens memory where it points`, SESSION_LIMIT, async (t) => {
    const client = await stopAt(t, 'pointers', { program });
    const buffer = (await scopeVariables(client, 'Locals')).get('buffer');
    assert.equal(buffer?.value, 'Pointer(address=0)');
    const { data } = await client.request<{ data: string }>('readMemory', {
      memoryReference: buffer.memoryReference,
      count: 4,
    });
    assert.deepEqual([...Buffer.from(data, 'base64')], [3, 0, 0, 0]);
  });
}

test('locals are set, and the guest goes on with them', SESSION_LIMIT, async (t) => {
  const client = await stopAt(t, 'changed');
  const reference = await localsReference(client);
  const set = (name: string, value: string) => setVariable(client, reference, name, value);
  assert.equal(await set('number', '40 + 1'), '41');
  assert.equal(await set('long', '5'), '5');
  assert.equal(await set('yes', 'false'), 'false');
  assert.equal(await set('letter', "'z'"), "'z'");
  assert.equal(await set('text', '"Grüße 🙂"'), '"Grüße 🙂"');
  assert.equal(await set('unsigned', '4000000000u'), '4000000000');
  assert.equal(await set('real', '2.5'), '2.5');
  assert.equal(await set('counter', '100'), '100');
  await assert.rejects(set('number', '"no"'), /number cannot become that: .*type Int .*String/);
  await assert.rejects(set('number', '3000000000'), /number cannot become that: .*range of Int|type Int/);
  await assert.rejects(set('number', '1 +'), /number cannot become that/);
  await setLines(client, SOURCE, { line: markedLine(SOURCE, 'told') });
  await resumeTo(client);
  const after = await scopeVariables(client, 'Locals');
  assert.equal(after.get('all')?.value, '"41 5 false z Grüße 🙂 4000000000 2.5 101"');
});

test('fields and elements are set, also of what an outer frame holds', SESSION_LIMIT, async (t) => {
  const client = await stopAt(t, 'deposit', { export: 'objects' });
  const account = (await scopeVariables(client, 'Locals')).get('this');
  const reference = account?.variablesReference ?? 0;
  assert.equal(await setVariable(client, reference, 'balance', '70'), '70');
  assert.equal(await setVariable(client, reference, 'owner', '"Grace"'), '"Grace"');
  assert.equal(await setVariable(client, reference, 'open', 'false'), 'false');
  await client.request('stepOut', { threadId: 1 });
  await stopped(client);
  const outer = (await scopeVariables(client, 'Locals')).get('account');
  assert.match(outer?.value ?? '', /^Account\(owner="Grace", balance=75, open=false/);
  const next = await stopAt(t, 'collections');
  const ints = (await scopeVariables(next, 'Locals')).get('ints');
  assert.equal(await setVariable(next, ints?.variablesReference ?? 0, '1', '-7'), '-7');
  assert.equal((await scopeVariables(next, 'Locals')).get('ints')?.value, 'IntArray (3) [0, -7, 6]');
});
