import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { DapClient } from '../support/dap-client.ts';
import { GUESTS, markedLine, SESSION_LIMIT } from '../support/guests.ts';
import { onEntry, setLines } from '../support/kotlin-session.ts';
import { resumeTo, resumeToEnd, scopeVariables, stack, variables } from '../support/session.ts';

const VALUES = 'test/guests/values/Values.kt';
const GREETER = 'examples/greeter/src/wasmWasiMain/kotlin/Greeter.kt';

type Evaluated = DebugProtocol.EvaluateResponse['body'];

/** A session that stands at the marked line of the export of that name. */
async function stopAt(t: TestContext, mark: string): Promise<DapClient> {
  const client = await onEntry(t, { program: GUESTS.values, calls: [{ export: mark, params: [3] }] });
  await setLines(client, VALUES, { line: markedLine(VALUES, mark) });
  await resumeTo(client);
  return client;
}

async function evaluated(client: DapClient, expression: string, context = 'watch'): Promise<Evaluated> {
  const [frame] = await stack(client);
  return client.request<Evaluated>('evaluate', { expression, frameId: frame?.id, context });
}

/** `8: Int`, or what is wrong. */
async function shown(client: DapClient, expression: string): Promise<string> {
  try {
    const { result, type } = await evaluated(client, expression);
    return `${result}: ${type}`;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}

async function check(client: DapClient, expected: [string, string][]): Promise<void> {
  const answers: [string, string][] = [];
  for (const [expression] of expected) answers.push([expression, await shown(client, expression)]);
  assert.deepEqual(answers, expected);
}

test('numbers, text and nulls of the guest are calculated with as Kotlin does', SESSION_LIMIT, async (t) => {
  const client = await stopAt(t, 'primitives');
  await check(client, [
    ['seed + 1', '4: Int'],
    ['letter', "'d': Char"],
    ['letter - 1', "'c': Char"],
    ['byte + short', '299: Int'],
    ['long * 2', '10000000000: Long'],
    ['float + 0.2f', '0.3: Float'],
    ['unsigned + 294967297u', '1: UInt'],
    ['unsignedLong == 18446744073709551615uL', 'true: Boolean'],
    ['metres.value + 1', '4: Int'],
    ['maybe ?: 0', '3: Int'],
    ['none?.length ?: "no text"', '"no text": String'],
    ['yes && seed in 1..3', 'true: Boolean'],
    ['"$seed of ${seed * 2}: $letter"', '"3 of 6: d": String'],
    ['if (yes) double else float', '2.0: Double'],
    ['callId', '1: Int'],
    ['exportName', '"primitives": String'],
    ['seed / 0', '“seed / 0” cannot be evaluated: it divides by zero.'],
    ['nobody', '“nobody” cannot be evaluated: there is no nobody here.'],
    ['seed +', '“seed +” is not a Kotlin expression: a value is missing at its end.'],
    [
      'seed = 4',
      '“seed = 4” is not a Kotlin expression: = at character 6 would change something: use “Set Value”.',
    ],
  ]);
  assert.equal(await resumeToEnd(client), 0);
});

test('collections and texts are indexed, searched and opened', SESSION_LIMIT, async (t) => {
  const client = await stopAt(t, 'collections');
  await check(client, [
    ['ints[2]', '6: Int'],
    ['words[0]', '"one": String'],
    ['words[1] == null', 'true: Boolean'],
    ['list.size', '7: Int'],
    ['list[6]', 'RED: values.Colour'],
    ['"one" in list && 9 !in ints', 'true: Boolean'],
    ['map["c"]', '3: Int'],
    ['map["b"]', 'null: null'],
    ['grown == deque', 'false: Boolean'],
    ['pair.second + range.last', '6: Int'],
    ['list is List<*> && map is Map', 'true: Boolean'],
    ['map is values.Circle', 'false: Boolean'],
    ['ints[7]', '“ints[7]” cannot be evaluated: index 7 is outside of 0 to 2.'],
  ]);
  const list = await evaluated(client, 'grown');
  const elements = await variables(client, list.variablesReference, { filter: 'indexed' });
  assert.deepEqual(
    elements.map(({ value }) => value),
    ['0', '1', '2'],
  );
  assert.equal((await evaluated(client, '"a" + "b"', 'clipboard')).result, 'ab');
  assert.equal(await resumeToEnd(client), 0);
});

test('fields, classes and identity of objects, and `this` in a method', SESSION_LIMIT, async (t) => {
  const client = await stopAt(t, 'objects');
  await check(client, [
    ['account.owner.length', '3: Int'],
    ['savings.next === savings', 'true: Boolean'],
    ['savings is Account && account !is Savings', 'true: Boolean'],
    ['shape is values.Circle', 'true: Boolean'],
    ['(shape as Circle).radius', '2.5: Double'],
    [
      'account as Savings',
      '“account as Savings” cannot be evaluated: values.Account cannot be cast to Savings.',
    ],
    ['problem.cause?.message', '"inner": String'],
    ['counter', '8: Int'],
    [
      'account.nothing',
      '“account.nothing” cannot be evaluated: values.Account has no nothing that is known.',
    ],
  ]);
  assert.equal(await resumeToEnd(client), 0);

  const method = await onEntry(t, { program: GUESTS.values, calls: [{ export: 'objects', params: [3] }] });
  await setLines(method, VALUES, { line: markedLine(VALUES, 'deposit') });
  await resumeTo(method);
  await check(method, [
    ['balance + amount', '8: Int'],
    ['this.owner', '"Ada": String'],
    ['grade', "'b': Char"],
  ]);
  assert.equal(await resumeToEnd(method), 0);
});

test('exports are called, and nothing of that stops or is recorded', SESSION_LIMIT, async (t) => {
  const client = await onEntry(t, { program: GUESTS.greeter, calls: [{ export: 'sum', params: [3] }] });
  await setLines(client, GREETER, { line: markedLine(GREETER, 'total') });
  await resumeTo(client);
  await check(client, [
    ['sum(4) + total', '10: Int'],
    ['sum(1, 2)', '“sum(1, 2)” cannot be evaluated: sum takes 1 parameters, not 2.'],
    [
      'summ(1)',
      '“summ(1)” cannot be evaluated: summ is no exported function: those can be called, and functions of values.',
    ],
  ]);
  assert.match(
    await shown(client, 'greet(3, 99)'),
    /^“greet\(3, 99\)” cannot be evaluated: greet passes buffers in a call of its own/,
  );
  assert.equal((await scopeVariables(client, 'Locals')).get('number')?.value, '1');
  await setLines(client, GREETER);
  assert.equal(await resumeToEnd(client), 0);
  const { total } = await client.boundary('boundary/calls', { start: 0, count: 10 });
  assert.equal(total, 1);
});

test(
  'conditions, hit counts and log points are Kotlin over the locals of their line',
  SESSION_LIMIT,
  async (t) => {
    const client = await onEntry(t, { program: GUESTS.greeter, calls: [{ export: 'sum', params: [100] }] });
    const line = markedLine(GREETER, 'total');
    const [breakpoint] = await setLines(client, GREETER, {
      line,
      condition: 'number % 30 == 0 && total > 1000',
    });
    assert.equal(breakpoint?.verified, true);
    for (const number of ['60', '90']) {
      const stop = await resumeTo(client);
      assert.equal(stop.reason, 'breakpoint');
      assert.equal((await scopeVariables(client, 'Locals')).get('number')?.value, number);
    }
    await setLines(client, GREETER, {
      line,
      condition: 'number > 98',
      logMessage: 'at {number}: {"<$total>"} {nobody}',
    });
    assert.equal(await resumeToEnd(client), 0);
    const nobody = '<“nobody” cannot be evaluated: there is no nobody here.>';
    assert.match(
      client.output('console'),
      new RegExp(`^at 99: <4851> ${nobody}\nat 100: <4950> ${nobody}$`, 'm'),
    );
  },
);

test('a condition that cannot be evaluated stops once, and says why', SESSION_LIMIT, async (t) => {
  const client = await onEntry(t, { program: GUESTS.greeter, calls: [{ export: 'sum', params: [100] }] });
  await setLines(client, GREETER, { line: markedLine(GREETER, 'total'), condition: 'number + 1' });
  const stop = await resumeTo(client);
  assert.match(stop.text ?? '', /The condition “number \+ 1” threw .*it is Int and no Boolean/);
  assert.equal(await resumeToEnd(client), 0);
});

test('locals, fields and the boundary’s names are completed', SESSION_LIMIT, async (t) => {
  const client = await stopAt(t, 'objects');
  const [frame] = await stack(client);
  const complete = async (text: string) => {
    const body = await client.request<DebugProtocol.CompletionsResponse['body']>('completions', {
      text,
      column: text.length + 1,
      frameId: frame?.id,
    });
    return body.targets.map(({ label }) => label);
  };
  assert.deepEqual(await complete('1 + sa'), ['savings']);
  assert.deepEqual(await complete('savings.ow'), ['owner']);
  assert.deepEqual(await complete('savings.next?.ra'), ['ratio', 'rate']);
  assert.deepEqual(await complete('call'), ['callId']);
  assert.equal(await resumeToEnd(client), 0);
});
