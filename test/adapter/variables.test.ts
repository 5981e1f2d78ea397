import assert from 'node:assert/strict';
import test from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { DapClient } from '../support/dap-client.ts';
import { GUESTS, SESSION_LIMIT } from '../support/guests.ts';
import {
  evaluate,
  launch,
  resumeTo,
  resumeToEnd,
  scopeVariables,
  stopped,
  topFrame,
  variables,
} from '../support/session.ts';

const GREET = { program: GUESTS.greeter, calls: [{ export: 'greet', argument: 'World' }] };
const numbers = Array.from({ length: 2500 }, (_, index) => index);
const PERSON = {
  program: GUESTS.greeter,
  calls: [
    { export: 'greetPerson', argument: { json: { name: 'Ada', languages: ['Kotlin'], numbers } }, callId: 7 },
  ],
};

function show(listed: Map<string, DebugProtocol.Variable>): string[] {
  return [...listed.values()].map(({ name, value, type }) => `${name} = ${value} (${type ?? ''})`);
}

/** Each new value is an expression, as it is typed into the Variables view. */
function set(client: DapClient, variablesReference: number, name: string, value: string) {
  return client.request<DebugProtocol.SetVariableResponse['body']>('setVariable', {
    variablesReference,
    name,
    value,
  });
}

test('the scopes of a call with text', SESSION_LIMIT, async (t) => {
  const client = await launch(t, GREET);
  await stopped(client);
  await resumeTo(client);
  const call = await scopeVariables(client, 'Call');
  assert.deepEqual(show(call), [
    'callId = 1 (number)',
    'export = "greet" (string)',
    'argument = "World" (utf-8)',
    'result = "Hello, World!" (utf-8)',
  ]);
  assert.deepEqual(
    call.get('argument')?.presentationHint?.attributes,
    ['readOnly'],
    'the guest has it already',
  );
  assert.equal(call.get('result')?.presentationHint?.attributes, undefined);
  const params = await scopeVariables(client, 'Import parameters');
  assert.deepEqual(
    [...params.values()].map(({ name, type }) => `${name}: ${type ?? ''}`),
    ['pointer: i32 (pointer)', 'size: i32 (size)', 'callId: i32 (callId)'],
  );
  assert.equal(params.get('size')?.value, '13');
  const memory = await scopeVariables(client, 'Memory');
  assert.match(memory.get('size')?.value ?? '', /^\d+ bytes \(\d+ pages of 64 KiB\)$/);
  assert.equal(memory.get('size')?.memoryReference, 'memory');
  assert.match(memory.get('growth')?.value ?? '', /since the guest was loaded/);
});

test('a JSON argument is a tree, and its elements come in pages', SESSION_LIMIT, async (t) => {
  const client = await launch(t, PERSON);
  await stopped(client);
  const argument = (await scopeVariables(client, 'Call')).get('argument');
  assert.equal(argument?.type, 'json');
  assert.equal(argument.namedVariables, 3);
  const members = await variables(client, argument.variablesReference);
  assert.deepEqual(
    members.map(({ name }) => name),
    ['name', 'languages', 'numbers'],
  );
  const list = members[2];
  assert.equal(list?.indexedVariables, 2500);
  assert.equal(list.evaluateName, 'argument.numbers');
  const page = await variables(client, list.variablesReference, {
    filter: 'indexed',
    start: 2498,
    count: 100,
  });
  assert.deepEqual(
    page.map(({ name, value, evaluateName }) => [name, value, evaluateName]),
    [
      ['2498', '2498', 'argument.numbers[2498]'],
      ['2499', '2499', 'argument.numbers[2499]'],
    ],
  );
  assert.equal(
    (await variables(client, list.variablesReference)).length,
    2500,
    'all, where no page is asked for',
  );
  assert.deepEqual(await variables(client, list.variablesReference, { filter: 'named' }), []);
});

test('an edited argument is what the guest uses', SESSION_LIMIT, async (t) => {
  const client = await launch(t, GREET);
  await stopped(client);
  const frameId = (await topFrame(client)).id;
  const { scopes } = await client.request<DebugProtocol.ScopesResponse['body']>('scopes', { frameId });
  const call = scopes.find(({ name }) => name === 'Call');
  const changed = await set(client, call?.variablesReference ?? 0, 'argument', '"Mars!"');
  assert.equal(changed.value, '"Mars!"');
  await client.event('invalidated');
  await resumeTo(client);
  assert.equal((await evaluate(client, 'result')).result, '"Hello, Mars!!"');
  await resumeToEnd(client);
  const { call: kept } = await client.boundary('boundary/call', { sequence: 0 });
  assert.equal(kept.argument?.text, 'Mars!');
  assert.equal(kept.argument.edited, true);
  assert.equal(kept.result?.edited, false);
});

test('a member of a JSON argument is edited by its name', SESSION_LIMIT, async (t) => {
  const client = await launch(t, PERSON);
  await stopped(client);
  const argument = (await scopeVariables(client, 'Call')).get('argument');
  await set(client, argument?.variablesReference ?? 0, 'name', '"Bob"');
  await resumeTo(client);
  assert.equal((await evaluate(client, 'result.greeting')).result, '"Hello, Bob!"');
});

test('a result is edited where it is returned', SESSION_LIMIT, async (t) => {
  const client = await launch(t, GREET, { filters: ['returnResult'] });
  await stopped(client);
  const frameId = (await topFrame(client)).id;
  const body = await client.request<DebugProtocol.SetExpressionResponse['body']>('setExpression', {
    expression: 'result',
    value: '"Goodbye, Moon"',
    frameId,
  });
  assert.equal(body.value, '"Goodbye, Moon"');
  await resumeToEnd(client);
  const { call } = await client.boundary('boundary/call', { sequence: 0 });
  assert.equal(call.result?.text, 'Goodbye, Moon');
  assert.equal(call.result.edited, true);
});

test('what cannot be assigned says why', SESSION_LIMIT, async (t) => {
  const client = await launch(t, GREET);
  await stopped(client);
  const frameId = (await topFrame(client)).id;
  const assign = (expression: string, value: string) =>
    client.request('setExpression', { expression, value, frameId });
  await assert.rejects(
    assign('argument', '"far too long a name"'),
    /takes 19 bytes, but the guest was told 5/,
  );
  await assert.rejects(assign('argument', 'World'), /World is not defined.*quotes/);
  await assert.rejects(assign('argument', '42'), /writes text, not number/);
  await assert.rejects(assign('result', '"x"'), /can be changed where the guest returns it/);
  await assert.rejects(assign('callId', '9'), /callId cannot be changed/);
  await assert.rejects(assign('1 + 1', '9'), /nothing that can be assigned/);
  await assert.rejects(assign('argument', '('), /not a JavaScript expression/);
  const { scopes } = await client.request<DebugProtocol.ScopesResponse['body']>('scopes', { frameId });
  const call = scopes.find(({ name }) => name === 'Call')?.variablesReference ?? 0;
  await assert.rejects(set(client, call, 'nobody', '1'), /no “nobody” here/);
  assert.equal((await evaluate(client, 'argument')).result, '"World"', 'nothing has changed');
});

test('expressions in watch, hover and REPL', SESSION_LIMIT, async (t) => {
  const client = await launch(t, PERSON);
  await stopped(client);
  assert.equal((await evaluate(client, 'argument.name.length + callId', 'watch')).result, '10');
  const hovered = await evaluate(client, 'argument.languages', 'hover');
  assert.equal(hovered.indexedVariables, 1);
  const [element] = await variables(client, hovered.variablesReference);
  assert.equal(element?.value, '"Kotlin"');
  assert.equal((await evaluate(client, 'argument', 'watch')).memoryReference, 'memory');
  assert.equal((await evaluate(client, 'argument.name = "Eve"', 'repl')).result, '"Eve"');
  await client.event('invalidated');
  await resumeTo(client);
  assert.equal((await evaluate(client, 'result.greeting')).result, '"Hello, Eve!"');
  assert.equal((await evaluate(client, 'params.size === memory.size', 'watch')).result, 'false');
});

test('the clipboard gets the whole value', SESSION_LIMIT, async (t) => {
  const long = 'long text '.repeat(20_000);
  const client = await launch(t, { program: GUESTS.greeter, calls: [{ export: 'greet', argument: long }] });
  await stopped(client);
  assert.ok((await evaluate(client, 'argument')).result.length < long.length, 'a watch shows a part');
  assert.equal((await evaluate(client, 'argument', 'clipboard')).result, long);
});

test('an expression that fails says why, and an endless one is ended', SESSION_LIMIT, async (t) => {
  const client = await launch(t, GREET);
  await stopped(client);
  await assert.rejects(evaluate(client, 'argument.nothing.there'), /TypeError/);
  await assert.rejects(evaluate(client, 'callId +'), /not a JavaScript expression/);
  await assert.rejects(evaluate(client, ''), /it is empty/);
  await assert.rejects(evaluate(client, '(() => { for (;;); })()'), /took longer than/);
  assert.equal((await evaluate(client, 'callId')).result, '1', 'the session goes on');
});

test('a request that takes long is cancelled', SESSION_LIMIT, async (t) => {
  const client = await launch(t, GREET);
  await stopped(client);
  const frameId = (await topFrame(client)).id;
  const { seq, answer } = client.requestWithSeq('evaluate', {
    expression: '(() => { for (;;); })()',
    frameId,
  });
  await Promise.all([assert.rejects(answer, /cancelled/), client.request('cancel', { requestId: seq })]);
});

test('completions of names and members', SESSION_LIMIT, async (t) => {
  const client = await launch(t, PERSON);
  await stopped(client);
  const frameId = (await topFrame(client)).id;
  const complete = async (text: string, column = text.length + 1) => {
    const body = await client.request<DebugProtocol.CompletionsResponse['body']>('completions', {
      text,
      column,
      frameId,
    });
    return body.targets;
  };
  assert.deepEqual(
    (await complete('arg')).map(({ label, start, length }) => [label, start, length]),
    [['argument', 1, 3]],
  );
  assert.deepEqual(
    (await complete('callId + argument.na')).map(({ label, start, length }) => [label, start, length]),
    [['name', 19, 2]],
  );
  assert.ok((await complete('')).some(({ label }) => label === 'memory'));
});
