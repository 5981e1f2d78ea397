import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Call } from '../../protocol/boundary.ts';
import type { LaunchInput } from '../../protocol/launch.ts';
import type { DapClient } from '../support/dap-client.ts';
import { GUESTS, SESSION_LIMIT } from '../support/guests.ts';
import { hostModule } from '../support/host-module.ts';
import {
  ended,
  evaluate,
  launch,
  resumeTo,
  resumeToEnd,
  scopeVariables,
  stopped,
} from '../support/session.ts';

type Boundary = NonNullable<LaunchInput['boundary']>;

const PACKED = { result: { as: 'packed', free: true } } as const;
const EXPORTS: Boundary['exports'] = {
  upper: PACKED,
  lower: { result: { as: 'packed', order: 'size-pointer', free: 'free' } },
  reverse: { result: { as: 'out', free: true } },
  greet: { result: { as: 'pointer', size: 'nul', free: true } },
  twice: { result: { as: 'pointer', size: 'u32le-prefix' } },
  join: PACKED,
  repeated: PACKED,
  announce: PACKED,
  nowhere: { result: { as: 'packed' } },
};

/** A session on the guest with malloc and free; `host.again` answers 0 where nothing else is said. */
async function session(
  t: TestContext,
  calls: LaunchInput['calls'],
  boundary: Boundary = {},
  again = '() => 0',
): Promise<LaunchInput> {
  const text = `export const imports = { host: { again(...given) { return (${again}).apply(this, given); } } };`;
  return {
    program: GUESTS.allocating,
    calls,
    boundary: { exports: EXPORTS, ...boundary },
    host: await hostModule(t, text),
  };
}

async function callOf(client: DapClient, sequence: number): Promise<Call> {
  return (await client.boundary('boundary/call', { sequence })).call;
}

async function ran(t: TestContext, configuration: LaunchInput, exitCode = 0): Promise<DapClient> {
  const client = await launch(t, configuration, { filters: [] });
  assert.equal(await ended(client), exitCode);
  return client;
}

const policies = ({ buffers }: Call): unknown[] =>
  buffers.map(({ direction, preview, sizePolicy }) => [direction, preview, sizePolicy]);

test('each way of returning a result: argument and result are in the ledger', SESSION_LIMIT, async (t) => {
  const argument = 'Ada';
  const client = await ran(
    t,
    await session(t, [
      { export: 'upper', argument },
      { export: 'lower', argument },
      { export: 'reverse', argument },
      { export: 'greet', argument },
      { export: 'join', arguments: [argument, 'Lovelace'] },
      { export: 'countVowels', argument },
      { export: 'repeated', argument, params: ['$pointer', '$size', 3] },
      { export: 'liveBlocks', params: [] },
      { export: 'twice', argument },
    ]),
  );
  const given = ['argument', 'Ada', 'param'];
  for (const [sequence, expected] of [
    [given, ['result', 'ADA', 'param']],
    [given, ['result', 'ada', 'param']],
    [given, ['result', 'adA', 'param']],
    [given, ['result', 'Hello, Ada!', 'nul']],
    [given, ['argument', 'Lovelace', 'param'], ['result', 'Ada Lovelace', 'param']],
    [given],
    [given, ['result', 'AdaAdaAda', 'param']],
    [],
    [given, ['result', 'AdaAda', 'u32le-prefix']],
  ].entries()) {
    const call = await callOf(client, sequence);
    assert.deepEqual(policies(call), expected, call.export);
    assert.deepEqual(call.findings, [], call.export);
    assert.equal(call.status, 'returned');
    const [pointer] = call.params;
    if (call.argument && call.export !== 'join') assert.equal(pointer?.value, call.argument.address);
    assert.equal(call.params.length === 0 || (call.argument?.address ?? 0) >= 1 << 19, true, 'on the heap');
  }
  const [{ value: live } = { value: -1 }] = (await callOf(client, 7)).returns;
  assert.equal(live, 0, 'everything has been freed');
  const { total } = await client.boundary('boundary/calls', { start: 0, count: 0 });
  assert.equal(total, 9, "the allocator's own calls are none of the ledger");
});

test('what was deduced is said at launch; a number is not taken for a result', SESSION_LIMIT, async (t) => {
  const client = await ran(t, {
    ...(await session(t, [
      { export: 'reverse', argument: 'Ada' },
      { export: 'upper', argument: 'Ada' },
    ])),
    boundary: {},
  });
  const text = client.output('console');
  assert.match(
    text,
    /host allocates with malloc\(size: i32\) → i32 and frees with free\(pointer: i32\), by their names/,
  );
  assert.match(
    text,
    /reverse\(pointer: i32, size: i32, resultPointer: i32\) takes its argument in parameters 0 and 1 and returns its result as \(pointer, size\) where parameter 2 points to/,
  );
  assert.match(text, /upper\(.*\) → i64 takes its argument.*taken for a number/);
  assert.deepEqual(policies(await callOf(client, 0)), [
    ['argument', 'Ada', 'param'],
    ['result', 'adA', 'param'],
  ]);
  assert.deepEqual(policies(await callOf(client, 1)), [['argument', 'Ada', 'param']]);
});

test(
  'the filters stop where an argument is written and where a result is read; both are edited',
  SESSION_LIMIT,
  async (t) => {
    const client = await launch(t, await session(t, [{ export: 'upper', argument: 'Ada', repeat: 2 }]), {
      filters: ['storeArgument', 'returnResult'],
    });
    const first = await stopped(client);
    assert.equal(first.description, 'Paused on an argument');
    const params = await scopeVariables(client, 'Export parameters');
    assert.ok(Number(params.get('pointer')?.value) >= 1 << 19, 'it has been allocated');
    assert.equal((await callOf(client, 0)).argument?.text, 'Ada', 'in the ledger before it is changed');
    await assert.rejects(evaluate(client, 'argument = "Grace"'), /takes 5 bytes, but the guest was told 3/);
    await evaluate(client, 'argument = "Bob"');
    assert.equal((await evaluate(client, 'memory.text(params.pointer, params.size)')).result, '"Bob"');
    const second = await resumeTo(client);
    assert.equal(second.description, 'Paused on a result');
    assert.equal((await evaluate(client, 'result')).result, '"BOB"');
    await evaluate(client, 'result = "bob"');
    await resumeTo(client);
    await client.request('setExceptionBreakpoints', { filters: [] });
    assert.equal(await resumeToEnd(client), 0);
    const changed = await callOf(client, 0);
    assert.equal(changed.argument?.text, 'Bob');
    assert.equal(Buffer.from(changed.argument.original ?? '', 'base64').toString(), 'Ada');
    assert.equal(changed.result?.text, 'bob');
    assert.equal(Buffer.from(changed.result.original ?? '', 'base64').toString(), 'BOB');
    assert.deepEqual(policies(await callOf(client, 1)), [
      ['argument', 'Ada', 'param'],
      ['result', 'ADA', 'param'],
    ]);
  },
);

test(
  'bytes that are written to memory at a stop change the buffer that crosses there',
  SESSION_LIMIT,
  async (t) => {
    const client = await launch(t, await session(t, [{ export: 'upper', argument: 'Ada' }]), {
      filters: ['storeArgument'],
    });
    await stopped(client);
    await evaluate(client, 'memory.u8[params.pointer] = 105');
    assert.equal((await callOf(client, 0)).argument?.text, 'ida');
    assert.equal(await resumeToEnd(client), 0);
    assert.equal((await callOf(client, 0)).result?.text, 'IDA');
  },
);

test('a condition sees the buffer, and the session can be ended at its stop', SESSION_LIMIT, async (t) => {
  const client = await launch(
    t,
    await session(t, [
      { export: 'upper', argument: 'Ada' },
      { export: 'upper', argument: 'Grace' },
    ]),
    {
      filters: [],
      filterOptions: [{ filterId: 'returnResult', condition: 'result === "GRACE" && callId === 2' }],
    },
  );
  await stopped(client);
  assert.equal((await evaluate(client, 'argument')).result, '"Grace"');
  await client.request('terminate');
  await client.event<DebugProtocol.ExitedEvent['body']>('exited');
  assert.equal((await callOf(client, 0)).status, 'returned');
  assert.equal((await callOf(client, 1)).status, 'cancelled');
});

test('a host function calls such an export from inside, and gets its result', SESSION_LIMIT, async (t) => {
  const client = await ran(
    t,
    await session(
      t,
      [{ export: 'announce', argument: 'Ada' }],
      {},
      `function (pointer, size) {
        const { result } = this.call('greet', { argument: this.memory.text(pointer, size) });
        return new TextDecoder().decode(result) === 'Hello, Ada!' ? 7 : -1;
      }`,
    ),
  );
  const outer = await callOf(client, 0);
  assert.equal(outer.crossings[0]?.results[0]?.value, 7);
  assert.deepEqual(policies(outer), [
    ['argument', 'Ada', 'param'],
    ['result', 'ADA', 'param'],
  ]);
  const inner = await callOf(client, 1);
  assert.equal(inner.parent, 0);
  assert.deepEqual(policies(inner), [
    ['argument', 'Ada', 'param'],
    ['result', 'Hello, Ada!', 'nul'],
  ]);
  assert.deepEqual([...outer.findings, ...inner.findings], []);
});

test('a result outside memory is found, stops, and fails the call', SESSION_LIMIT, async (t) => {
  const client = await launch(t, await session(t, [{ export: 'nowhere', argument: 'Ada' }]), {
    filters: ['traps'],
  });
  const stop = await stopped(client);
  assert.match(
    stop.text ?? '',
    /nowhere \(callId 1\) returned its result, 3 bytes at 0xfffffff0, outside memory/,
  );
  assert.equal(await resumeToEnd(client), 1);
  const call = await callOf(client, 0);
  assert.equal(call.status, 'trapped');
  assert.equal(call.argument?.text, 'Ada');
  assert.equal(call.result, undefined);
  assert.deepEqual(
    call.findings.map(({ code }) => code),
    ['pointer-outside-memory'],
  );
  assert.match(call.findings[0]?.location?.path ?? '', /Allocating\.kt$/);
  assert.match(call.reason ?? '', /boundary\.exports\.nowhere/);
});

for (const [allocate, status, why] of [
  ['allocateOutside', 'pointer-outside-memory', /allocator gave 0x7ffffffc for the 3 bytes of the argument/],
  ['allocateNothing', undefined, /allocateNothing, called for upper \(callId 1\), was left by an uncaught/],
] as const) {
  test(
    `an allocator that fails (${allocate}): its call is in the ledger, with the reason`,
    SESSION_LIMIT,
    async (t) => {
      const client = await ran(
        t,
        await session(
          t,
          [
            { export: 'upper', argument: 'Ada' },
            { export: 'liveBlocks', params: [] },
          ],
          { allocator: { allocate } },
        ),
        1,
      );
      const call = await callOf(client, 0);
      assert.equal(call.status, 'trapped');
      assert.match(call.reason ?? '', why);
      assert.equal(call.findings[0]?.code, status);
      assert.equal((await callOf(client, 1)).status, 'returned');
    },
  );
}

test('memory that the guest has freed itself: the failure says whose it is', SESSION_LIMIT, async (t) => {
  const calls = [{ export: 'swallow', argument: 'Ada' }];
  const client = await ran(t, await session(t, calls), 1);
  assert.match((await callOf(client, 0)).reason ?? '', /free, called for swallow \(callId 1\), was left by/);
  const right = await ran(
    t,
    await session(t, calls, { allocator: { allocate: 'malloc', free: false }, exports: {} }),
  );
  assert.equal((await callOf(right, 0)).status, 'returned');
});

test('the component model: cabi_realloc, a pair, and cabi_post_greet', SESSION_LIMIT, async (t) => {
  const client = await ran(t, {
    program: GUESTS.component,
    calls: [
      { export: 'greet', argument: 'Ada', repeat: 2 },
      { export: 'liveBlocks', params: [] },
    ],
  });
  for (const sequence of [0, 1]) {
    const call = await callOf(client, sequence);
    assert.deepEqual(policies(call), [
      ['argument', 'Ada', 'param'],
      ['result', 'Hello, Ada!', 'param'],
    ]);
    assert.deepEqual(call.findings, []);
  }
  assert.equal((await callOf(client, 2)).returns[0]?.value, 0, 'cabi_post_greet has freed the result');
  assert.match(
    client.output('console'),
    /the host allocates with cabi_realloc.*the guest frees what it is passed/,
  );
});

test('what cannot be deduced is asked for, with the block to paste', SESSION_LIMIT, async (t) => {
  const launched = async (exports: Boundary['exports'], calls: LaunchInput['calls']) =>
    launch(t, await session(t, calls, { exports }));
  const mirror = [{ export: 'mirror', argument: 'Ada' }];
  await assert.rejects(
    launched({}, mirror),
    /nothing tells how mirror\(a: i32, b: i32\) → i64 takes it[^]*"mirror": \{ "params": \["pointer", "size"\], "result": \{ "as": "packed" \} \}/,
  );
  await assert.rejects(
    launched({ mirror: { result: { as: 'packed' } } }, []),
    /boundary\.exports\["mirror"\]\.params is needed/,
  );
  await assert.rejects(
    launched({ mirror: { params: ['pointer', 'length'] } }, []),
    /params\[1\] is “length”/,
  );
  await assert.rejects(launched({ mirrored: {} }, []), /no function “mirrored”\. Did you mean “mirror”/);
  await assert.rejects(launched({ greet: { result: { as: 'packed' } } }, []), /does not return an i64/);
  await assert.rejects(
    launched({}, [{ export: 'repeated', argument: 'Ada' }]),
    /takes as count\. Give "params", for example \["\$pointer", "\$size", 0\]/,
  );
  await assert.rejects(
    launched({}, [{ export: 'mirror', params: ['$pointer', '$size'], argument: 'Ada' }]),
    /describe the export in "exports" of "boundary"/,
  );
  const client = await ran(
    t,
    await session(t, mirror, {
      exports: { mirror: { params: ['pointer', 'size'], result: { as: 'packed' } } },
    }),
  );
  assert.equal((await callOf(client, 0)).result?.text, 'ADA');
});
