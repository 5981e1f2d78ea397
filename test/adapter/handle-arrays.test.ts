import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { fieldCondition } from '../../debug-adapter/boundary/field-condition.ts';
import type { Call } from '../../protocol/boundary.ts';
import type { LaunchInput } from '../../protocol/launch.ts';
import type { DapClient } from '../support/dap-client.ts';
import { GUESTS, SESSION_LIMIT } from '../support/guests.ts';
import { hostModule } from '../support/host-module.ts';
import { ended, evaluate, launch, resumeTo, resumeToEnd, stopped } from '../support/session.ts';

type Boundary = NonNullable<LaunchInput['boundary']>;
const I32 = { elements: 'i32' };
const SQUARES: Boundary = {
  exports: { squares: { result: { as: 'array' } }, sort: { result: { as: 'array' } } },
};
const SERIES: Boundary = {
  arrays: [{ new: 'makeSeries', get: 'valueAt', set: 'putAt', element: 'f64' }],
};

/** A session on the guest with arrays; `host.again` is a JavaScript function. */
async function session(
  t: TestContext,
  calls: LaunchInput['calls'],
  boundary: Boundary = {},
  again = '() => 0',
): Promise<LaunchInput> {
  const text = `export const imports = { host: { again(...given) { return (${again}).apply(this, given); } } };`;
  return { program: GUESTS.arrays, calls, boundary, host: await hostModule(t, text) };
}

async function ran(t: TestContext, configuration: LaunchInput, exitCode = 0): Promise<DapClient> {
  const client = await launch(t, configuration, { filters: [] });
  assert.equal(await ended(client), exitCode);
  return client;
}

async function callsOf(client: DapClient): Promise<Call[]> {
  const { total } = await client.boundary('boundary/calls', { start: 0, count: 0 });
  const calls: Call[] = [];
  for (let sequence = 0; sequence < total; sequence++)
    calls.push((await client.boundary('boundary/call', { sequence })).call);
  return calls;
}

/** Each call with what it handed over. */
const shown = (calls: Call[]): unknown[] =>
  calls.map(({ export: name, buffers }) => [
    name,
    ...buffers.map(({ direction, preview, address, sizePolicy }) => [
      direction,
      preview,
      address,
      sizePolicy,
    ]),
  ]);

const set = (array: number, index: number, value: number) => ({
  export: 'array_set',
  params: [array, index, value],
});
const get = (array: number, index: number) => ({ export: 'array_get', params: [array, index] });

test('runs of array_set and array_get are one buffer of the call between them', SESSION_LIMIT, async (t) => {
  const client = await ran(
    t,
    await session(t, [
      { export: 'array_new', params: [3] },
      ...[2, 3, 4].map((value, index) => set(1, index, value)),
      { export: 'squares', params: [1] },
      { export: 'array_size', params: [2] },
      ...[0, 1, 2].map((index) => get(2, index)),
      { export: 'sum', params: [2] },
      set(1, 1, -1),
      { export: 'dot', params: [1, 2] },
      { export: 'sort', params: [1] },
      ...[0, 1, 2].map((index) => get(1, index)),
    ]),
  );
  const calls = await callsOf(client);
  assert.deepEqual(shown(calls), [
    ['array_new'],
    ['squares', ['argument', '2, 3, 4', 1, I32], ['result', '4, 9, 16', 2, I32]],
    ['array_size'],
    ['sum'],
    ['dot'],
    ['sort', ['argument', '2, -1, 4', 1, I32], ['result', '-1, 2, 4', 1, I32]],
  ]);
  assert.equal(calls[3]?.returns[0]?.value, 29);
  assert.deepEqual(
    calls.flatMap(({ findings }) => findings),
    [],
  );
  const squares = calls[1];
  assert.equal(squares?.argument?.decoder, 'i32le');
  assert.equal(squares.argument.size, 12);
  assert.equal(squares.argument.behindHandle, true);
  const read = await client.request<DebugProtocol.ReadMemoryResponse['body']>('readMemory', {
    memoryReference: squares.argument.memoryReference,
    offset: 4,
    count: 4,
  });
  assert.deepEqual([read?.address, read?.data], ['0x4', Buffer.from([3, 0, 0, 0]).toString('base64')]);
  assert.match(
    client.output('console'),
    /array_get and array_set \(with array_new, array_size, array_free\).*i32/,
  );
});

test('an array in launch.json is made, passed by its handle, and read back', SESSION_LIMIT, async (t) => {
  const client = await ran(
    t,
    await session(
      t,
      [
        { export: 'sum', argument: { array: [1, 2, 3] } },
        { export: 'squares', argument: { array: [-3, 5] }, repeat: 2 },
        { export: 'sort', argument: { array: [3, 1, 2] } },
        {
          export: 'dot',
          arguments: [{ array: [1, 2] }, { array: [10, 20] }],
        },
      ],
      { exports: { ...SQUARES.exports, dot: { params: ['array', 'array2'] } } },
    ),
  );
  const calls = await callsOf(client);
  assert.deepEqual(
    calls.map(({ export: name, argument, result, returns }) => [
      name,
      argument?.preview,
      result?.preview,
      name === 'squares' ? undefined : returns[0]?.value,
    ]),
    [
      ['sum', '1, 2, 3', undefined, 6],
      ['squares', '-3, 5', '9, 25', undefined],
      ['squares', '-3, 5', '9, 25', undefined],
      ['sort', '3, 1, 2', '1, 2, 3', undefined],
      ['dot', '10, 20', undefined, 50],
    ],
  );
  assert.equal(calls[4]?.buffers.length, 2);
});

test('arrays with other names and elements, as configured', SESSION_LIMIT, async (t) => {
  const client = await ran(t, {
    ...(await session(t, [{ export: 'mean', argument: { array: [0.5, 2, 3.5] } }], SERIES)),
  });
  const [mean] = await callsOf(client);
  assert.equal(mean?.returns[0]?.value, 2);
  assert.deepEqual(mean.argument?.sizePolicy, { elements: 'f64' });
  assert.equal(mean.argument.preview, '0.5, 2, 3.5');
});

test(
  'the filters stop there; elements are changed, and an expression sees them',
  SESSION_LIMIT,
  async (t) => {
    const client = await launch(
      t,
      await session(t, [{ export: 'squares', argument: { array: [1, 2, 3] } }], SQUARES),
      { filters: ['storeArgument', 'returnResult'] },
    );
    assert.equal((await stopped(client)).description, 'Paused on an argument');
    assert.equal((await evaluate(client, 'argument[2]')).result, '3');
    await assert.rejects(evaluate(client, 'argument = [1, 2]'), /takes 8 bytes, but the guest was told 12/);
    await evaluate(client, 'argument = [1, 2, 7]');
    assert.equal((await resumeTo(client)).description, 'Paused on a result');
    assert.equal((await evaluate(client, 'result[2]')).result, '49');
    assert.equal(await resumeToEnd(client), 0);
    const [call] = await callsOf(client);
    assert.equal(call?.argument?.preview, '1, 2, 7');
    assert.equal(call.argument.edited, true);
    assert.equal(Buffer.from(call.argument.original ?? '', 'base64').readInt32LE(8), 3);
  },
);

test(
  'a host function reaches arrays in between: its runs belong to its own call',
  SESSION_LIMIT,
  async (t) => {
    const client = await ran(
      t,
      await session(
        t,
        [{ export: 'through', argument: { array: [1, 2] } }],
        {},
        `function (array) {
        const own = this.call('array_new', { params: [2] }).returns[0];
        [5, 6].forEach((value, index) => this.call('array_set', { params: [own, index, value] }));
        const { returns: [squares] } = this.call('squares', { params: [own] });
        const got = [0, 1].map((index) => this.call('array_get', { params: [squares, index] }).returns[0]);
        return got[0] + got[1] + this.call('sum', { argument: { array: [100, 200] } }).returns[0];
      }`,
      ),
    );
    const calls = await callsOf(client);
    assert.deepEqual(shown(calls), [
      ['through', ['argument', '1, 2', 1, I32]],
      ['array_new'],
      ['squares', ['argument', '5, 6', 2, I32], ['result', '25, 36', 3, I32]],
      ['sum', ['argument', '100, 200', 4, I32]],
    ]);
    assert.equal(calls[0]?.returns[0]?.value, 25 + 36 + 300 + 3);
  },
);

test('what is set for no call is shown with the call that made the array', SESSION_LIMIT, async (t) => {
  const client = await ran(
    t,
    await session(t, [{ export: 'array_new', params: [2] }, set(1, 0, 8), set(1, 1, 9)]),
  );
  assert.deepEqual(shown(await callsOf(client)), [['array_new', ['argument', '8, 9', 1, I32]]]);
});

test('an element that cannot be reached is a call of its own, with its failure', SESSION_LIMIT, async (t) => {
  const client = await ran(
    t,
    await session(t, [{ export: 'array_new', params: [1] }, set(1, 0, 8), set(1, 5, 9), get(7, 0)]),
    1,
  );
  const calls = await callsOf(client);
  assert.deepEqual(
    calls.map(({ export: name, status }) => [name, status]),
    [
      ['array_new', 'returned'],
      ['array_set', 'trapped'],
      ['array_get', 'trapped'],
    ],
  );
  assert.match(calls[1]?.reason ?? '', /array_set \(callId 3\)/);
  assert.equal(calls[0]?.argument?.preview, '8');
});

test(
  'calls are listed singly with "arrays": false, and where a breakpoint is on them',
  SESSION_LIMIT,
  async (t) => {
    const calls = [{ export: 'array_new', params: [1] }, set(1, 0, 8), { export: 'sum', params: [1] }];
    const single = await ran(t, await session(t, calls, { arrays: false }));
    assert.deepEqual(shown(await callsOf(single)), [['array_new'], ['array_set'], ['sum']]);
    const client = await launch(t, await session(t, calls), {
      filters: [],
      functionBreakpoints: [{ name: 'array_set' }],
    });
    await stopped(client);
    assert.equal((await evaluate(client, 'params.value')).result, '8');
    assert.equal(await resumeToEnd(client), 0);
    assert.deepEqual(shown(await callsOf(client)), [
      ['array_new'],
      ['array_set'],
      ['sum', ['argument', '8', 1, I32]],
    ]);
  },
);

test('what does not fit is refused with what to do', SESSION_LIMIT, async (t) => {
  const launched = async (calls: LaunchInput['calls'], boundary: Boundary = {}) =>
    launch(t, await session(t, calls, boundary));
  const one = { array: [1] };
  await assert.rejects(
    launched([{ export: 'sum', argument: { array: [2 ** 40] } }]),
    /element 0, 1099511627776, is no i32/,
  );
  await assert.rejects(
    launched([{ export: 'dot', argument: one }]),
    /dot\(left: i32, right: i32\) → i32 is known to take 0.*"params": \["array"\]/,
  );
  await assert.rejects(launched([{ export: 'sum', arguments: [one, one] }]), /gives 2 arrays/);
  await assert.rejects(
    launched([], { arrays: [{ get: 'sum', set: 'putAt' }] }),
    /arrays\[0\]\.get: sum.*not of the form \(array, index\) → element/,
  );
  await assert.rejects(
    launched([], { arrays: [{ get: 'valueAt', set: 'putAt', element: 'i64' }] }),
    /elements of type i64 do not fit valueAt/,
  );
  await assert.rejects(
    launched([], { exports: { mean: { result: { as: 'array' } } } }),
    /must return its handle/,
  );
});

test(
  'a condition that is made of an element stops where the next array has the same',
  SESSION_LIMIT,
  async (t) => {
    const { filter, expression } = fieldCondition({
      data: Buffer.from(Int32Array.of(5, 6).buffer).toString('base64'),
      decoder: 'i32le',
      direction: 'argument',
      export: 'sum',
      names: ['1'],
    });
    const calls = [
      { export: 'sum', argument: { array: [5, 7] } },
      { export: 'squares', argument: { array: [1, 6] } },
      { export: 'sum', argument: { array: [0, 6, 1] } },
    ];
    const client = await launch(t, await session(t, calls), {
      filters: [],
      filterOptions: [{ filterId: filter, condition: expression }],
    });
    await stopped(client);
    assert.equal((await evaluate(client, 'exportName')).result, '"sum"');
    assert.equal((await evaluate(client, 'argument.length')).result, '3');
    assert.equal(await resumeToEnd(client), 0);
  },
);
