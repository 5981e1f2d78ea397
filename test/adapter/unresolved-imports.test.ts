import assert from 'node:assert/strict';
import test from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { LaunchInput } from '../../protocol/launch.ts';
import type { DapClient } from '../support/dap-client.ts';
import { GUESTS, SESSION_LIMIT } from '../support/guests.ts';
import { evaluate, launch, resumeTo, resumeToEnd, stack, stopped, topFrame } from '../support/session.ts';

const ASK: Pick<LaunchInput, 'program' | 'unresolvedImports'> = {
  program: GUESTS.imports,
  unresolvedImports: 'ask',
};

/** The variables of a scope of the innermost frame; its reference too. */
async function scopeOf(client: DapClient, name: string) {
  const frameId = (await topFrame(client)).id;
  const { scopes } = await client.request<DebugProtocol.ScopesResponse['body']>('scopes', { frameId });
  const reference = scopes.find((scope) => scope.name === name)?.variablesReference;
  if (reference === undefined) return null;
  const { variables } = await client.request<DebugProtocol.VariablesResponse['body']>('variables', {
    variablesReference: reference,
  });
  return { reference, variables };
}

test('an import that nobody provides returns what the user sets', SESSION_LIMIT, async (t) => {
  const client = await launch(
    t,
    { ...ASK, calls: [{ export: 'convert', params: [100, 1], repeat: 2 }] },
    { filters: [] },
  );
  const stop = await stopped(client);
  assert.equal(stop.reason, 'pause');
  assert.equal(stop.description, 'Waiting for what an import returns');
  assert.match(stop.text ?? '', /Nobody provides rates\.rate_of\(currency: i32\) → f64\./);
  assert.deepEqual(
    (await stack(client)).map(({ name }) => name),
    ['rates.rate_of', 'guest.convert', 'convert (callId 1)'],
  );
  const offered = await scopeOf(client, 'Return Value');
  assert.ok(offered);
  assert.deepEqual(
    offered.variables.map(({ name, value, type }) => ({ name, value, type })),
    [{ name: 'returns', value: '0', type: 'f64' }],
  );
  await client.request('setVariable', {
    variablesReference: offered.reference,
    name: 'returns',
    value: '1.25',
  });
  await resumeTo(client);
  assert.equal((await scopeOf(client, 'Return Value'))?.variables[0]?.value, '1.25', 'offered again');
  assert.equal(await resumeToEnd(client), 0);
  for (const sequence of [0, 1]) {
    const { call } = await client.boundary('boundary/call', { sequence });
    assert.deepEqual(call.returns, [{ type: 'f64', value: 125 }]);
    assert.deepEqual(call.crossings[0]?.results, [{ type: 'f64', value: 1.25 }]);
    assert.deepEqual(call.findings, []);
  }
});

test('an answer of another type is refused, and the one that is there stays', SESSION_LIMIT, async (t) => {
  const client = await launch(t, { ...ASK, calls: [{ export: 'later', params: ['5'] }] }, { filters: [] });
  await stopped(client);
  const frameId = (await topFrame(client)).id;
  const set = (expression: string, value: string) =>
    client.request('setExpression', { expression, value, frameId });
  await set('returns', '41n');
  await assert.rejects(set('returns[0]', '"noon"'), /Return value 0 is an i64: .*noon.* is none\..*5n/);
  await assert.rejects(set('returns', '[1n, 2n]'), /returns 1 values, not 2/);
  assert.equal((await evaluate(client, 'returns[0]')).result, '41n');
  assert.equal(await resumeToEnd(client), 0);
  const { call } = await client.boundary('boundary/call', { sequence: 0 });
  assert.deepEqual(call.returns, [{ type: 'i64', value: '42' }]);
});

test('an import that returns nothing writes what the user writes into memory', SESSION_LIMIT, async (t) => {
  const client = await launch(
    t,
    { ...ASK, calls: [{ export: 'audited', argument: 'abc' }] },
    { filters: ['returnResult'] },
  );
  const stop = await stopped(client);
  assert.match(
    stop.text ?? '',
    /Nobody provides audit\.note\(pointer: i32, size: i32\)\. It returns nothing\./,
  );
  assert.equal(await scopeOf(client, 'Return Value'), null);
  const { result: pointer } = await evaluate(client, 'params.pointer');
  await evaluate(client, 'memory.write(params.pointer, "A")');
  await resumeTo(client);
  assert.equal((await evaluate(client, `memory.text(${pointer}, params.size)`)).result, '"Abc"');
});

test('terminate ends a guest that waits for an answer', SESSION_LIMIT, async (t) => {
  const client = await launch(t, { ...ASK, calls: [{ export: 'convert', params: [1, 1] }] }, { filters: [] });
  await stopped(client);
  await client.request('terminate');
  await client.event('terminated');
});

test('without debugging nobody can be asked: the launch says what is missing', SESSION_LIMIT, async (t) => {
  await assert.rejects(
    launch(t, { ...ASK, calls: [{ export: 'convert', params: [1, 1] }] }, { noDebug: true }),
    /nobody provides:\n {2}rates\.rate_of/,
  );
});
