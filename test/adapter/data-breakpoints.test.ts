import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type TestContext } from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { LaunchInput } from '../../protocol/launch.ts';
import type { DapClient } from '../support/dap-client.ts';
import { GUESTS, markedLine, SESSION_LIMIT } from '../support/guests.ts';
import { launch, resumeTo, resumeToEnd, scopeVariables, stack, stopped } from '../support/session.ts';

const BOUNDARY = 'examples/greeter/src/wasmWasiMain/kotlin/Boundary.kt';

type Info = DebugProtocol.DataBreakpointInfoResponse['body'];

const info = (client: DapClient, args: object) => client.request<Info>('dataBreakpointInfo', args);

async function setData(
  client: DapClient,
  ...breakpoints: DebugProtocol.DataBreakpoint[]
): Promise<DebugProtocol.Breakpoint[]> {
  const body = await client.request<DebugProtocol.SetDataBreakpointsResponse['body']>('setDataBreakpoints', {
    breakpoints,
  });
  return body.breakpoints;
}

/** Two calls of greet, at the stop where the first has got its argument. */
async function atArgument(t: TestContext, configuration: Partial<LaunchInput> = {}): Promise<DapClient> {
  const calls = ['Ada', 'Bob'].map((argument) => ({ export: 'greet', argument }));
  const client = await launch(
    t,
    { program: GUESTS.greeter, dataBreakpoints: true, calls, ...configuration },
    { filters: ['storeArgument'] },
  );
  await stopped(client);
  return client;
}

/** The buffer `name` of the call at this stop, as data that can be watched. */
async function bufferInfo(client: DapClient, name: 'argument' | 'result'): Promise<Info> {
  const [frame] = await stack(client);
  return info(client, { name, frameId: frame?.id });
}

/** Top of the stack: `greeter.greet Greeter.kt:38`. */
async function top(client: DapClient): Promise<string> {
  const [frame] = await stack(client);
  return `${frame?.name} ${frame?.source?.name}:${frame?.line}`;
}

const noFilters = (client: DapClient) => client.request('setExceptionBreakpoints', { filters: [] });

test('the guest that reads its argument stops after the read, at its line', SESSION_LIMIT, async (t) => {
  const client = await atArgument(t);
  await noFilters(client);
  const { dataId, accessTypes, description } = await bufferInfo(client, 'argument');
  assert.ok(dataId);
  assert.deepEqual(accessTypes, ['read', 'write', 'readWrite']);
  const address = /^argument \(3 bytes at (0x[\da-f]+)\)$/.exec(description)?.[1];
  assert.ok(address, description);
  const [breakpoint] = await setData(client, { dataId, accessType: 'read' });
  assert.equal(breakpoint?.verified, true);
  for (const offset of [0, 1, 2]) {
    const stop = await resumeTo(client);
    assert.equal(stop.reason, 'data breakpoint');
    assert.deepEqual(stop.hitBreakpointIds, [breakpoint.id]);
    const at: string = `0x${(Number(address) + offset).toString(16)}`;
    assert.equal(stop.description, `Paused on data breakpoint: the guest read 1 byte at ${at}`);
    assert.match(await top(client), new RegExp(`Boundary.kt:${markedLine(BOUNDARY, 'store argument') + 1}$`));
  }
  await setData(client);
  assert.equal(await resumeToEnd(client), 0);
});

test('a write stops with the new bytes there, by the guest and by its host', SESSION_LIMIT, async (t) => {
  const client = await atArgument(t);
  await noFilters(client);
  // The second call's argument lies where the first one's lay: its host writes it there.
  const { dataId } = await bufferInfo(client, 'argument');
  assert.ok(dataId);
  await setData(client, { dataId, accessType: 'write' });
  const stop = await resumeTo(client);
  assert.match(stop.description ?? '', /^Paused on data breakpoint: the host wrote 3 bytes at /);
  assert.equal(
    (await scopeVariables(client, 'Call', (await stack(client))[1]?.id)).get('argument')?.value,
    '"Bob"',
  );
  // Behind the argument lies what the guest returns: it writes that itself.
  const address = Number(/^memory:(\d+):/.exec(dataId)?.[1]) + 8;
  const other = await info(client, { name: `0x${address.toString(16)}`, asAddress: true, bytes: 2 });
  assert.equal(other.dataId, `memory:${address}:2`);
  await setData(client, { dataId: other.dataId, accessType: 'write' });
  const seen: string[] = [];
  for (let hit = 0; hit < 2; hit++) {
    const { description } = await resumeTo(client);
    const memory = await client.request<DebugProtocol.ReadMemoryResponse['body']>('readMemory', {
      memoryReference: `memory@${address}`,
      count: 2,
    });
    seen.push(
      `${description?.replace(/0x.*/, '')}${Buffer.from(memory?.data ?? '', 'base64').toString('latin1')}`,
    );
    assert.match(await top(client), /Boundary\.kt/);
  }
  const written = 'Paused on data breakpoint: the guest wrote 1 byte at ';
  assert.deepEqual(
    seen.map((text) => text.startsWith(written)),
    [true, true],
    seen.join('; '),
  );
  assert.equal(await resumeToEnd(client), 0);
});

test('what a function of WASI writes stops after it has returned', SESSION_LIMIT, async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'wasi-writes-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const stdin = path.join(folder, 'in.txt');
  await writeFile(stdin, 'from the file');
  const client = await launch(
    t,
    {
      program: GUESTS.wasi,
      dataBreakpoints: true,
      calls: [{ export: 'readStandardInput' }],
      stdin,
    },
    { filters: [], functionBreakpoints: [{ name: 'readStandardInput' }] },
  );
  assert.equal((await stopped(client)).reason, 'function breakpoint');
  // Its buffer is the first thing that the call allocates.
  const { dataId } = await info(client, { name: '0x0', asAddress: true, bytes: 8 });
  assert.ok(dataId);
  await setData(client, { dataId, accessType: 'write' });
  const stop = await resumeTo(client);
  assert.equal(stop.reason, 'data breakpoint');
  assert.equal(stop.description, 'Paused on data breakpoint: the host wrote 8 bytes at 0x0');
  assert.match(await top(client), /readAll Wasi\.kt:/);
  const { data = '' } = await client.request<{ data?: string }>('readMemory', {
    memoryReference: 'memory@0',
    count: 8,
  });
  assert.equal(Buffer.from(data, 'base64').toString(), 'from the');
  await setData(client);
  assert.equal(await resumeToEnd(client), 0);
});

test('conditions and hit counts decide over accesses', SESSION_LIMIT, async (t) => {
  const client = await atArgument(t);
  await noFilters(client);
  const { dataId } = await bufferInfo(client, 'argument');
  assert.ok(dataId);
  const [breakpoint] = await setData(client, {
    dataId,
    accessType: 'read',
    condition: 'callId === 2',
    hitCondition: '3',
  });
  assert.equal(breakpoint?.verified, true);
  await resumeTo(client);
  const [call] = (await stack(client)).filter(({ name }) => name.startsWith('greet ('));
  assert.equal(call?.name, 'greet (callId 2)');
  assert.equal(await resumeToEnd(client), 0);
});

test('without the option they are unverified, with what to do', SESSION_LIMIT, async (t) => {
  const client = await atArgument(t, { dataBreakpoints: false });
  await noFilters(client);
  const { dataId } = await bufferInfo(client, 'argument');
  assert.ok(dataId);
  const [breakpoint] = await setData(client, { dataId, accessType: 'read' });
  assert.equal(breakpoint?.verified, false);
  assert.match(breakpoint.message ?? '', /set "dataBreakpoints": true in launch\.json and restart/);
  assert.equal(await resumeToEnd(client), 0);
});

test('what is no data says so', SESSION_LIMIT, async (t) => {
  const client = await atArgument(t);
  await noFilters(client);
  const refused = async (args: object) => {
    const { dataId, description } = await info(client, args);
    assert.equal(dataId, null);
    return description;
  };
  assert.match(await refused({ name: 'callId' }), /^callId is not a buffer in linear memory/);
  assert.match(await refused({ name: 'here', asAddress: true }), /^“here” is no address/);
  assert.match(await refused({ name: '0x100000000', asAddress: true }), /is no address/);
  const [bad] = await setData(client, { dataId: 'memory:4294967295:2', accessType: 'write' });
  assert.equal(bad?.verified, false);
  assert.match(bad.message ?? '', /is no data that can be watched/);
  const [wrong] = await setData(client, { dataId: 'memory:0:4', condition: 'callId ===' });
  assert.equal(wrong?.verified, false);
  assert.match(wrong.message ?? '', /is not a JavaScript expression/);
  assert.equal(await resumeToEnd(client), 0);
});
