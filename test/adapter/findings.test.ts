import assert from 'node:assert/strict';
import path from 'node:path';
import test, { type TestContext } from 'node:test';
import type { Finding, FindingCode, SizePolicy } from '../../protocol/boundary.ts';
import type { LaunchInput } from '../../protocol/launch.ts';
import type { DapClient } from '../support/dap-client.ts';
import { GUESTS, markedLine, NESTED_HOST, SESSION_LIMIT } from '../support/guests.ts';
import { hostModule } from '../support/host-module.ts';
import { launch, resumeToEnd, stopped, topFrame, ended } from '../support/session.ts';

const SIXTEEN_BYTES: Exclude<SizePolicy, string> = { fixed: 16 };
const KOTLIN = 'test/guests/violations/Violations.kt';

/** Host functions of the guest `violations`: `again` calls back as the test says, `recall` reads what `note` kept. */
const HOST = (again = '') => `
let kept = null;
export const imports = {
  host: { again(depth) { ${again} return 0; } },
  audit: {
    note(pointer, size) { kept ??= { pointer, size }; this.memory.text(pointer, size); },
    recall() { return kept ? this.memory.read(kept.pointer, kept.size).length : 0; },
  },
};
`;

async function violations(
  t: TestContext,
  calls: LaunchInput['calls'],
  options: { again?: string } & Partial<LaunchInput> = {},
): Promise<LaunchInput> {
  const { again, ...configuration } = options;
  return { program: GUESTS.violations, host: await hostModule(t, HOST(again)), calls, ...configuration };
}

/** Runs to the end without stops. Every call's findings, in order. */
async function run(t: TestContext, configuration: LaunchInput): Promise<Finding[][]> {
  const client = await launch(t, configuration, { filters: [] });
  await ended(client);
  return findingsOf(client);
}

async function findingsOf(client: DapClient): Promise<Finding[][]> {
  const { calls } = await client.boundary('boundary/calls', { start: 0, count: 1000 });
  const findings: Finding[][] = [];
  for (const { sequence, problems } of calls) {
    const { call } = await client.boundary('boundary/call', { sequence });
    assert.equal(problems, call.findings.length, `the list counts what call ${sequence} has`);
    findings.push(call.findings);
  }
  return findings;
}

const codes = (findings: Finding[][]): string[][] => findings.map((of) => of.map(({ code }) => code));

/** The only finding of a call. */
function only(findings: Finding[][], sequence: number, code: FindingCode): Finding {
  const [finding, ...others] = findings[sequence] ?? [];
  assert.deepEqual(others, []);
  assert.equal(finding?.code, code);
  return finding;
}

function assertDeclaredAt(finding: Finding | undefined, file: string, mark: string): void {
  assert.equal(path.basename(finding?.location?.path ?? ''), path.basename(file));
  // The declaration begins with its annotation in the line before.
  const line = finding?.location?.line ?? 0;
  assert.ok([markedLine(file, mark), markedLine(file, mark) - 1].includes(line), `line ${line}`);
}

test('correct guests have no findings', { timeout: 300_000 }, async (t) => {
  const sized = (name: string, size: SizePolicy): LaunchInput => ({
    program: GUESTS.sizes,
    calls: [{ export: name, argument: 'World', repeat: 5 }],
    boundary: {
      returnResult: { import: 'host.callHostToReturnResultData', params: ['pointer', 'callId'], size },
    },
  });
  const importsHost = await hostModule(
    t,
    `export const imports = {
  rates: { rate_of: () => 1.5, scale: (factor) => factor }, clock: { now: (offset) => offset },
  audit: { note(pointer, size) { this.memory.read(pointer, size); } },
  host: { again(depth) { if (depth > 1) this.call('bracket', { argument: 'x'.repeat(depth - 1) }); return 0; } },
};
`,
  );
  const configurations: LaunchInput[] = [
    {
      program: GUESTS.greeter,
      calls: [
        { export: 'greet', argument: 'World', repeat: 10 },
        { export: 'greet', argument: '', callId: 3 },
        { export: 'greetPerson', argument: { json: { name: 'Ada', languages: ['English'] } } },
        { export: 'sum', params: [100] },
      ],
      decoders: { greet: { argument: 'utf-8', result: 'utf-8' }, greetPerson: { result: 'json' } },
    },
    { program: GUESTS.nested, host: NESTED_HOST, calls: [{ export: 'seat', argument: 'Grace', repeat: 5 }] },
    sized('greetWithPrefix', 'u32le-prefix'),
    sized('greetWithNul', 'nul'),
    sized('fingerprint', SIXTEEN_BYTES),
    { program: GUESTS.sizes, calls: [{ export: 'greetOpenEnded', argument: 'World', repeat: 5 }] },
    {
      program: GUESTS.calls,
      calls: [
        { export: 'echo', argument: 'a', callId: 5 },
        { export: 'echo', argument: 'b', callId: 5 },
        { export: 'receiveTwice', argument: 'again' },
        { export: 'echoAfterGrowth', argument: 'grows once', repeat: 5 },
        { export: 'returnNothing', params: ['$callId'] },
        { export: 'returnMany', params: [70_000, '$callId'] },
        { export: 'returnMany', params: [140_000, '$callId'] },
        { export: 'returnMany', params: [280_000, '$callId'] },
        { export: 'returnMany', params: [560_000, '$callId'] },
        { export: 'noParameters' },
        { export: 'addLongs', params: [1, 2] },
        { export: 'catchException', params: [-1] },
      ],
    },
    {
      program: GUESTS.imports,
      host: importsHost,
      calls: [
        { export: 'convert', params: [100, 1] },
        { export: 'audited', argument: 'heard', repeat: 5 },
        { export: 'bracket', argument: 'four', repeat: 3 },
        { export: 'nest', params: [3] },
      ],
    },
    { program: GUESTS.innermost, calls: [{ export: 'greet', argument: 'World', repeat: 3 }] },
    { program: GUESTS.renamed, calls: [{ export: 'handle', argument: 'loud', callId: '9007199254740993' }] },
    {
      program: GUESTS.undeducible,
      calls: [{ export: 'run', argument: 'abc', params: ['$size', '$callId'] }],
      boundary: {
        storeArgument: { import: 'io.op1', params: ['callId', 'pointer'] },
        returnResult: { import: 'io.op2', params: ['size', 'callId', 'pointer'] },
      },
    },
    {
      program: GUESTS.wasi,
      calls: [
        { export: 'listArguments', params: ['$callId'] },
        { export: 'listEnvironment', params: ['$callId'] },
        { export: 'readStandardInput', params: ['$callId'] },
      ],
    },
  ];
  for (const configuration of configurations) {
    // Watched by the runner, too: nothing may stop.
    const client = await launch(t, configuration, { filters: ['boundaryViolations'] });
    await ended(client);
    for (const findings of await findingsOf(client)) assert.deepEqual(findings, [], configuration.program);
    assert.deepEqual(await client.boundary('boundary/problems', {}), { groups: [] });
  }
});

test(
  'pointer-outside-memory is found without a stop, at the declaration of the import',
  SESSION_LIMIT,
  async (t) => {
    const [findings] = await run(t, {
      program: GUESTS.calls,
      calls: [{ export: 'returnAt', params: [-1, 16, '$callId'] }],
    });
    assert.equal(findings?.[0]?.code, 'pointer-outside-memory');
    assert.match(
      findings[0].message,
      /callHostToReturnResultData was given pointer 4294967295 .*16 bytes.*returnAt \(callId 1\).*memory, which has \d+ bytes/,
    );
    assert.equal(path.basename(findings[0].location?.path ?? ''), 'Boundary.kt');
  },
);

test('length-outside-memory: a prefix or a missing NUL', SESSION_LIMIT, async (t) => {
  const returning = (size: SizePolicy): LaunchInput['boundary'] => ({
    returnResult: {
      import: 'host.callHostToReturnResultData',
      params: ['pointer', 'size', 'callId'],
      size,
    },
  });
  const prefixed = await run(t, {
    program: GUESTS.calls,
    calls: [{ export: 'echo', argument: { hex: 'ffffff7f41' } }],
    boundary: returning('u32le-prefix'),
  });
  assert.match(only(prefixed, 0, 'length-outside-memory').message, /length prefix says 2147483647 bytes/);
});

test('length-mismatch: a prefix or NUL against the size parameter', SESSION_LIMIT, async (t) => {
  const sized = (hex: string, size: SizePolicy): LaunchInput => ({
    program: GUESTS.calls,
    calls: [{ export: 'echo', argument: { hex } }],
    boundary: {
      returnResult: {
        import: 'host.callHostToReturnResultData',
        params: ['pointer', 'size', 'callId'],
        size,
      },
    },
  });
  const wrong = await run(t, sized('0300000041424344', 'u32le-prefix'));
  assert.match(only(wrong, 0, 'length-mismatch').message, /prefix says 3 bytes.*the size.*is 8/s);
  assert.deepEqual(await run(t, sized('0400000041424344', 'u32le-prefix')), [[]]);
  const early = await run(t, sized('4142004344', 'nul'));
  assert.match(only(early, 0, 'length-mismatch').message, /first NUL comes after 2 bytes.*is 5/s);
  assert.deepEqual(await run(t, sized('4142434400', 'nul')), [[]]);
});

test('result-returned-twice and result-missing', SESSION_LIMIT, async (t) => {
  const findings = await run(t, {
    program: GUESTS.calls,
    calls: [
      { export: 'returnTwice', argument: 'once' },
      { export: 'neverReturn', argument: 'x' },
      { export: 'echo', argument: 'x' },
      { export: 'trapAfterStore', argument: 'a trap says enough' },
    ],
  });
  assert.deepEqual(codes(findings), [['result-returned-twice'], ['result-missing'], [], []]);
  assert.match(only(findings, 0, 'result-returned-twice').message, /5 bytes at 0x.*after 4 bytes at 0x/);
  const swallowed = await run(t, await violations(t, [{ export: 'swallow', argument: 'gulp' }]));
  assertDeclaredAt(only(swallowed, 0, 'result-missing'), KOTLIN, 'swallow');
});

test('call-not-open is told of the call that runs', SESSION_LIMIT, async (t) => {
  const findings = await run(t, {
    program: GUESTS.calls,
    calls: [
      { export: 'storeForUnknownCall', argument: 'x' },
      { export: 'returnForUnknownCall', argument: 'x' },
    ],
  });
  assert.deepEqual(codes(findings), [
    ['call-not-open', 'result-missing'],
    ['call-not-open', 'result-missing'],
  ]);
  assert.match(findings[0]?.[0]?.message ?? '', /callId 1001 through host\.callHostToStoreArgumentData/);
});

test('result-for-another-call and call-id-reused, in calls within calls', SESSION_LIMIT, async (t) => {
  const forOuter = await run(
    t,
    await violations(t, [{ export: 'echoAroundHost', argument: 'outer', callId: 40 }], {
      again: `this.call('answerForOuter', { argument: 'inner', callId: 41 });`,
    }),
  );
  assert.deepEqual(codes(forOuter), [
    ['result-returned-twice'],
    ['result-for-another-call', 'result-missing'],
  ]);
  assert.match(
    forOuter[1]?.[0]?.message ?? '',
    /While answerForOuter \(callId 41\) ran.*echoAroundHost \(callId 40\)/s,
  );
  const nested = (callId: number) => ({
    again: `this.call('echo', { argument: 'inner', callId: ${callId} });`,
  });
  const outer: LaunchInput['calls'] = [{ export: 'echoAroundHost', argument: 'outer', callId: 40 }];
  const reused = await run(t, await violations(t, outer, nested(40)));
  assertDeclaredAt(only(reused, 1, 'call-id-reused'), KOTLIN, 'echo');
  assert.deepEqual(await run(t, await violations(t, outer, nested(41))), [[], []]);
});

test(
  'buffers-overlap: a result over its argument, and buffers of two open calls',
  SESSION_LIMIT,
  async (t) => {
    const inside = await run(
      t,
      await violations(t, [
        { export: 'answerInsideArgument', argument: 'longer than four' },
        { export: 'echoInTwoScopes', argument: 'the same address is right' },
      ]),
    );
    const finding = only(inside, 0, 'buffers-overlap');
    assert.match(
      finding.message,
      /result of answerInsideArgument.*12 bytes at.*over the argument of the same call: 16/s,
    );
    assert.equal(finding.severity, 'warning');
    assert.deepEqual(inside[1], []);

    const calls: LaunchInput['calls'] = [
      { export: 'echo', argument: 'memory has no page before its first use' },
      { export: 'echoInFixedBuffer', argument: 'outer', params: ['$size', '$callId', 0] },
    ];
    const nested = (shift: number) => ({
      again: `this.call('echoInFixedBuffer', { argument: 'inner', params: [5, 77, ${shift}], callId: 77 });`,
    });
    const overlapping = await run(t, await violations(t, calls, nested(2)));
    assert.match(
      only(overlapping, 2, 'buffers-overlap').message,
      /argument of echoInFixedBuffer \(callId 2\), which/,
    );
    assert.deepEqual(await run(t, await violations(t, calls, nested(8))), [[], [], []]);
  },
);

test('invalid-text: only what is declared to be text', SESSION_LIMIT, async (t) => {
  const returning = (decoders: LaunchInput['decoders']): LaunchInput => ({
    program: GUESTS.calls,
    calls: [{ export: 'returnInvalidText', params: ['$callId'] }],
    ...(decoders && { decoders }),
  });
  const declared = await run(t, returning({ returnInvalidText: { result: 'utf-8' } }));
  assert.match(only(declared, 0, 'invalid-text').message, /declared as utf-8, but byte 1 \(0xff\)/);
  assert.deepEqual(await run(t, returning(undefined)), [[]]);
});

test('use-after-scope: a host function that keeps a pointer', SESSION_LIMIT, async (t) => {
  const kept = await run(
    t,
    await violations(t, [
      { export: 'show', argument: 'shown to the host' },
      { export: 'remember', argument: 'ab' },
    ]),
  );
  assert.deepEqual(kept[0], [], 'while the call runs its memory is there');
  const finding = only(kept, 1, 'use-after-scope');
  assert.match(finding.message, /audit\.recall reached 17 bytes at 0x.*audit\.note in show \(callId 1\)/s);
  assertDeclaredAt(finding, KOTLIN, 'recall');
});

test('memory-grows: at every call that does the same', SESSION_LIMIT, async (t) => {
  const grown = await run(t, await violations(t, [{ export: 'hoard', argument: 'more', repeat: 6 }]));
  const found = codes(grown).flat();
  assert.deepEqual(found, ['memory-grows'], 'once');
  const finding = grown.flat()[0];
  assert.match(finding?.message ?? '', /each of the last 3 calls of hoard.*from \d+ to \d+ bytes/s);
  assertDeclaredAt(finding, KOTLIN, 'hoard');
});

test('the findings of a session, one entry a code and function', SESSION_LIMIT, async (t) => {
  const client = await launch(t, await violations(t, [{ export: 'swallow', argument: 'gulp', repeat: 30 }]), {
    filters: [],
  });
  await ended(client);
  const { groups } = await client.boundary('boundary/problems', {});
  assert.equal(groups.length, 1);
  assert.deepEqual(
    [groups[0]?.count, groups[0]?.sequence, groups[0]?.finding.code],
    [30, 0, 'result-missing'],
  );
  assertDeclaredAt(groups[0]?.finding, KOTLIN, 'swallow');
  assert.deepEqual(await client.boundary('boundary/findProblem', { from: 4, direction: 'next' }), {
    sequence: 5,
  });
});

test('the filter boundaryViolations stops where a violation is found', SESSION_LIMIT, async (t) => {
  const stops = async (configuration: LaunchInput, condition?: string) => {
    const client = await launch(t, configuration, {
      filters: [],
      filterOptions: [{ filterId: 'boundaryViolations', ...(condition !== undefined && { condition }) }],
    });
    await stopped(client);
    const info = await client.request<{ exceptionId: string; description?: string }>('exceptionInfo', {
      threadId: 1,
    });
    const { name } = await topFrame(client);
    await resumeToEnd(client);
    const found = codes(await findingsOf(client)).flat();
    return { id: info.exceptionId, name, description: info.description ?? '', found };
  };
  const inside = await stops(
    await violations(t, [{ export: 'answerInsideArgument', argument: 'longer than 4' }]),
  );
  assert.deepEqual(
    [inside.id, inside.name, inside.found],
    ['buffers-overlap', 'host.callHostToReturnResultData', ['buffers-overlap']],
  );
  assert.match(inside.description, /lies over the argument of the same call/);

  const missing = await stops(
    await violations(t, [{ export: 'swallow', argument: 'gulp', repeat: 3 }]),
    'callId === 3',
  );
  assert.deepEqual([missing.id, missing.name], ['result-missing', 'swallow (callId 3)']);
  assert.equal(missing.found.length, 3, 'conditions are about stops, not about findings');

  const stale = await stops(
    await violations(t, [
      { export: 'show', argument: 'shown' },
      { export: 'remember', argument: 'ab' },
    ]),
  );
  assert.deepEqual([stale.id, stale.name], ['use-after-scope', 'audit.recall']);

  const unknown = await stops(
    { program: GUESTS.calls, calls: [{ export: 'storeForUnknownCall', argument: 'x' }] },
    'params[1] > 1000',
  );
  assert.deepEqual([unknown.id, unknown.name], ['call-not-open', 'host.callHostToStoreArgumentData']);
});
