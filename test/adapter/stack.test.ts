import assert from 'node:assert/strict';
import test from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { GUESTS, NESTED_HOST, SESSION_LIMIT } from '../support/guests.ts';
import { boundaryStack, launch, resumeTo, stack, stopped, topFrame } from '../support/session.ts';

const GREET = { program: GUESTS.greeter, calls: [{ export: 'greet', argument: 'World', callId: 7 }] };
const SEAT = { program: GUESTS.nested, host: NESTED_HOST, calls: [{ export: 'seat', argument: 'Grace' }] };

async function names(client: Parameters<typeof stack>[0]): Promise<string[]> {
  return (await stack(client)).map(({ name }) => name);
}

test('the stack shows the import and the call with its callId', SESSION_LIMIT, async (t) => {
  const client = await launch(t, GREET);
  await stopped(client);
  assert.deepEqual(await names(client), [
    'host.callHostToStoreArgumentData',
    'greeter.receiveText',
    'greeter.greet',
    'greet (callId 7)',
  ]);
});

test('a nested call has frames of its own above the import that made it', SESSION_LIMIT, async (t) => {
  const client = await launch(t, SEAT);
  await stopped(client);
  await resumeTo(client);
  assert.deepEqual(await names(client), [
    'host.callHostToStoreArgumentData',
    'greeter.receiveText',
    'greeter.nested.countVowels',
    'countVowels (callId 2)',
    'seating.rowFor',
    'greeter.nested.seat',
    'seat (callId 1)',
  ]);
});

test('frames are paged, and keep their ids while stopped', SESSION_LIMIT, async (t) => {
  const client = await launch(t, SEAT);
  await stopped(client);
  await resumeTo(client);
  const all = await stack(client);
  assert.deepEqual(await stack(client), all);
  const page = await client.request<DebugProtocol.StackTraceResponse['body']>('stackTrace', {
    threadId: 1,
    startFrame: 1,
    levels: 2,
  });
  assert.deepEqual(page.stackFrames, all.slice(1, 3));
  assert.equal(page.totalFrames, all.length);
});

test('ids of an earlier stop are refused, not reused', SESSION_LIMIT, async (t) => {
  const client = await launch(t, GREET);
  await stopped(client);
  const frame = await topFrame(client);
  const { scopes } = await client.request<DebugProtocol.ScopesResponse['body']>('scopes', {
    frameId: frame.id,
  });
  await resumeTo(client);
  assert.notEqual((await topFrame(client)).id, frame.id);
  await assert.rejects(client.request('scopes', { frameId: frame.id }), /is of an earlier stop/);
  await assert.rejects(
    client.request('variables', { variablesReference: scopes[0]?.variablesReference }),
    /is of an earlier stop/,
  );
  await assert.rejects(
    client.request('evaluate', { expression: 'callId', frameId: frame.id }),
    /is of an earlier stop/,
  );
});

test('one thread, while the guest is there', SESSION_LIMIT, async (t) => {
  const client = await launch(t, GREET);
  await stopped(client);
  assert.deepEqual(await client.request('threads'), { threads: [{ id: 1, name: 'guest.wasm' }] });
  await client.request('terminate');
  await client.event('terminated');
  assert.deepEqual(await client.request('threads'), { threads: [] });
});

test('the scopes of each kind of frame', SESSION_LIMIT, async (t) => {
  const client = await launch(t, GREET);
  await stopped(client);
  const scopesOf = async (frameId: number): Promise<string[]> => {
    const { scopes } = await client.request<DebugProtocol.ScopesResponse['body']>('scopes', { frameId });
    return scopes.map(({ name }) => name);
  };
  const [inImport, inCall] = await boundaryStack(client);
  assert.deepEqual(await scopesOf(inImport?.id ?? 0), ['Call', 'Import parameters', 'Memory', 'Globals']);
  assert.deepEqual(await scopesOf(inCall?.id ?? 0), ['Call', 'Export parameters', 'Memory', 'Globals']);
});

test("the frames' source lists the guest's imports and exports", SESSION_LIMIT, async (t) => {
  const client = await launch(t, GREET);
  await stopped(client);
  const [inImport, inCall] = await boundaryStack(client);
  const reference = inImport?.source?.sourceReference;
  const { content, mimeType } = await client.request<DebugProtocol.SourceResponse['body']>('source', {
    source: { sourceReference: reference },
    sourceReference: reference,
  });
  assert.equal(mimeType, 'text/x-wat');
  const lines = content.split('\n');
  assert.match(lines[(inImport?.line ?? 0) - 1] ?? '', /import "host" "callHostToStoreArgumentData"/);
  assert.match(lines[(inImport?.line ?? 0) - 2] ?? '', /;; storeArgument: asks for the argument/);
  assert.match(
    lines[(inCall?.line ?? 0) - 1] ?? '',
    /export "greet"\) \(param \$stringSize i32\) \(param \$callId i32\)/,
  );
  const { sources } = await client.request<DebugProtocol.LoadedSourcesResponse['body']>('loadedSources');
  const kotlin = ['Greeter.kt', 'Boundary.kt', 'Json.kt'];
  assert.deepEqual(sources.map(({ name }) => name).sort(), [inImport?.source?.name, ...kotlin].sort());
  assert.deepEqual(sources[0], inImport?.source);
});

test('modules: the guest and the engine', SESSION_LIMIT, async (t) => {
  const client = await launch(t, GREET);
  await stopped(client);
  const { modules, totalModules } = await client.request<DebugProtocol.ModulesResponse['body']>('modules');
  assert.equal(totalModules, 2);
  assert.equal(modules[0]?.path, GUESTS.greeter);
  assert.equal(modules[0].symbolStatus, 'With name section and source map');
  assert.match(modules[1]?.version ?? '', /^0\.1[47]\./);
  const page = await client.request<DebugProtocol.ModulesResponse['body']>('modules', {
    startModule: 1,
    moduleCount: 1,
  });
  assert.deepEqual(page.modules, modules.slice(1));
});
