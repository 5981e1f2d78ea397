import assert from 'node:assert/strict';
import test from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { BoundaryChanged } from '../../protocol/boundary.ts';
import type { DapClient } from '../support/dap-client.ts';
import { GUESTS, SESSION_LIMIT } from '../support/guests.ts';
import {
  ended,
  evaluate,
  launch,
  resumeTo,
  resumeToEnd,
  scopeVariables,
  stopped,
} from '../support/session.ts';

type ReadBody = DebugProtocol.ReadMemoryResponse['body'];

const GREET = { program: GUESTS.greeter, calls: [{ export: 'greet', argument: 'World' }] };

function read(client: DapClient, memoryReference: string, count: number, offset = 0): Promise<ReadBody> {
  return client.request('readMemory', { memoryReference, offset, count });
}

function bytes(body: ReadBody): string {
  return Buffer.from(body?.data ?? '', 'base64').toString('latin1');
}

test('a buffer is read by the reference of its variable', SESSION_LIMIT, async (t) => {
  const client = await launch(t, GREET);
  await stopped(client);
  await resumeTo(client);
  const call = await scopeVariables(client, 'Call');
  const result = call.get('result')?.memoryReference ?? '';
  assert.equal(bytes(await read(client, result, 13)), 'Hello, World!');
  assert.equal(bytes(await read(client, result, 5, 7)), 'World');
  assert.equal(bytes(await read(client, result, 5, -8)), 'World', 'the argument lies before it');
  assert.equal((await read(client, result, 1))?.address, '0x8');
});

test('what is outside memory is not read, and its size is told', SESSION_LIMIT, async (t) => {
  const client = await launch(t, GREET);
  await stopped(client);
  const size = Number((await evaluate(client, 'memory.size')).result);
  const end = await read(client, 'memory', 100, size - 10);
  assert.equal(bytes(end).length, 10);
  assert.equal(end?.unreadableBytes, 90);
  const beyond = await read(client, 'memory', 16, size + 1000);
  assert.equal(beyond?.data, undefined);
  assert.equal(beyond?.unreadableBytes, 16);
  assert.equal((await read(client, 'memory', 16, -4))?.unreadableBytes, 4);
  assert.equal(bytes(await read(client, 'memory', 0)), '');
  const all = await read(client, 'memory', 2 ** 31);
  assert.equal(bytes(all).length, size);
});

test('what is written is what the guest reads', SESSION_LIMIT, async (t) => {
  const client = await launch(t, GREET);
  await stopped(client);
  const written = await client.request<DebugProtocol.WriteMemoryResponse['body']>('writeMemory', {
    memoryReference: 'memory',
    offset: 0,
    data: Buffer.from('Earth').toString('base64'),
  });
  assert.equal(written?.bytesWritten, 5);
  await client.event('invalidated');
  assert.equal((await evaluate(client, 'argument')).result, '"Earth"');
  await resumeTo(client);
  assert.equal((await evaluate(client, 'result')).result, '"Hello, Earth!"');
  await resumeToEnd(client);
  const { call } = await client.boundary('boundary/call', { sequence: 0 });
  assert.equal(call.argument?.text, 'Earth');
  assert.equal(call.argument.edited, true);
});

test('what does not fit is refused, or written in part where that is allowed', SESSION_LIMIT, async (t) => {
  const client = await launch(t, GREET);
  await stopped(client);
  const size = Number((await evaluate(client, 'memory.size')).result);
  const data = Buffer.from('0123456789').toString('base64');
  const write = (offset: number, allowPartial: boolean) =>
    client.request<DebugProtocol.WriteMemoryResponse['body']>('writeMemory', {
      memoryReference: 'memory',
      offset,
      allowPartial,
      data,
    });
  await assert.rejects(write(size - 4, false), /10 bytes at address \d+ do not fit: memory has \d+ bytes/);
  assert.equal((await write(size - 4, true))?.bytesWritten, 4);
  await assert.rejects(write(-3, true), /do not fit/);
  await assert.rejects(
    client.request('writeMemory', { memoryReference: 'memory', data: '***' }),
    /data is not Base64/,
  );
});

test('captured buffers stay as they were, and are read after the end', SESSION_LIMIT, async (t) => {
  const client = await launch(
    t,
    {
      program: GUESTS.greeter,
      calls: [
        { export: 'greet', argument: 'World' },
        { export: 'greet', argument: 'Ada' },
      ],
    },
    { filters: [] },
  );
  assert.equal(await ended(client), 0);
  // Both calls used the same addresses.
  assert.equal(bytes(await read(client, 'call-0-argument', 100)), 'World');
  assert.equal(bytes(await read(client, 'call-0-result', 100)), 'Hello, World!');
  assert.equal(bytes(await read(client, 'call-1-result', 4, 7)), 'Ada!');
  assert.equal((await read(client, 'call-1-result', 100))?.unreadableBytes, 89);
  await assert.rejects(read(client, 'memory', 1), /The guest has ended and its memory with it/);
  await assert.rejects(
    client.request('writeMemory', { memoryReference: 'call-0-result', data: '' }),
    /A captured buffer cannot be changed/,
  );
});

test('references that do not exist', SESSION_LIMIT, async (t) => {
  const client = await launch(
    t,
    { program: GUESTS.calls, calls: [{ export: 'neverReturn', argument: 'x' }] },
    { filters: [] },
  );
  assert.equal(await ended(client), 0);
  await assert.rejects(read(client, 'call-7-argument', 1), /there is no call 7/);
  await assert.rejects(read(client, 'call-0-result', 1), /call 0 has no result/);
  await assert.rejects(read(client, 'nowhere', 1), /no memory “nowhere”/);
  await assert.rejects(read(client, 'memory', -1), /count: /);
});

test('memory is read and written while the guest runs', SESSION_LIMIT, async (t) => {
  const client = await launch(
    t,
    {
      program: GUESTS.calls,
      calls: [
        { export: 'echo', argument: 'first' },
        { export: 'loopForever', params: [] },
      ],
    },
    { filters: [] },
  );
  await client.event<BoundaryChanged>('boundary/changed', ({ total }) => total === 2);
  assert.equal(bytes(await read(client, 'memory', 5)), 'first');
  const data = Buffer.from('abc').toString('base64');
  await client.request('writeMemory', { memoryReference: 'memory', offset: 8, data });
  assert.equal(bytes(await read(client, 'memory', 3, 8)), 'abc');
  await client.request('terminate');
  await ended(client);
});

test(
  'each stop tells that what was read may have changed, all of it from offset 0',
  SESSION_LIMIT,
  async (t) => {
    const client = await launch(t, GREET);
    await stopped(client);
    await read(client, 'memory', 16);
    await read(client, 'memory@8', 16);
    assert.equal(client.eventsSoFar('memory').length, 0);
    await resumeTo(client);
    const size = Number((await evaluate(client, 'memory.size')).result);
    const told: unknown[] = [];
    for (let i = 0; i < 2; i++) told.push(await client.event('memory'));
    assert.deepEqual(told, [
      { memoryReference: 'memory', offset: 0, count: size },
      { memoryReference: 'memory@8', offset: 0, count: size - 8 },
    ]);
  },
);

test('a client that knows no memory events gets none', SESSION_LIMIT, async (t) => {
  const client = await launch(t, GREET, {
    initialize: { supportsMemoryEvent: false, supportsInvalidatedEvent: false },
  });
  await stopped(client);
  await read(client, 'memory', 16);
  await client.request('writeMemory', { memoryReference: 'memory', data: 'QQ==' });
  await resumeTo(client);
  await resumeToEnd(client);
  assert.equal(client.eventsSoFar('memory').length + client.eventsSoFar('invalidated').length, 0);
});
