import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type TestContext } from 'node:test';
import { PROBLEM_VARIABLE } from '../../protocol/dap.ts';
import type { Problem } from '../../protocol/inspection.ts';
import type { LaunchInput } from '../../protocol/launch.ts';
import { DapError } from '../support/dap-client.ts';
import { GUESTS, malformed, SESSION_LIMIT } from '../support/guests.ts';
import { CLIENT, ended, launch, startClient, stopped } from '../support/session.ts';

const PERSON_PROTO = path.join(import.meta.dirname, '../unit/fixtures/decoders/proto/demo/person.proto');

const onWasmEdge017 = process.env.WASMEDGE_VERSION !== '0.14';

/** The problem that a launch is refused with: an error answer, shown to the user, and nothing left running. */
async function refused(t: TestContext, configuration: unknown): Promise<Problem> {
  const client = await startClient(t);
  await client.request('initialize', CLIENT);
  const failure: unknown = await client.request('launch', configuration).then(
    () => undefined,
    (error: unknown) => error,
  );
  assert.ok(failure instanceof DapError, 'the launch is answered with an error');
  assert.equal(failure.error.showUser, true);
  const problem = JSON.parse(failure.error.variables?.[PROBLEM_VARIABLE] ?? '{}') as Problem;
  assert.equal(problem.message, failure.error.format);
  assert.doesNotMatch(problem.message, /\bat .*\.[jt]s:\d|\[object/, 'no stack trace, nothing unprintable');
  assert.equal(client.eventsSoFar('stopped').length, 0);
  return problem;
}

const greet = (call: object, more: object = {}): unknown => ({
  program: GUESTS.greeter,
  calls: [{ export: 'greet', ...call }],
  ...more,
});

interface Refusal {
  name: string;
  configuration: unknown;
  code: Problem['code'];
  says: RegExp;
}

const programs: Refusal[] = [
  {
    name: 'a missing program',
    configuration: { program: '/no/such/guest.wasm' },
    code: 'program-missing',
    says: /There is no file \/no\/such\/guest\.wasm/,
  },
  {
    name: 'an empty program',
    configuration: { program: malformed('empty.wasm') },
    code: 'program-not-a-module',
    says: /empty\.wasm is empty \(0 bytes\)/,
  },
  {
    name: 'a truncated program',
    configuration: { program: malformed('truncated.wasm') },
    code: 'program-truncated',
    says: /truncated\.wasm is cut off: .*byte \d+ of \d+/,
  },
  {
    name: 'a program that is no WebAssembly',
    configuration: { program: malformed('text.wasm') },
    code: 'program-not-a-module',
    says: /text\.wasm is not a WebAssembly module: it looks like/,
  },
  {
    name: 'a version of WebAssembly that nobody knows',
    configuration: { program: malformed('version-2.wasm') },
    code: 'program-not-a-module',
    says: /announces WebAssembly version 2/,
  },
  {
    name: 'a directory',
    configuration: { program: path.dirname(GUESTS.greeter) },
    code: 'program-unreadable',
    says: /is a folder: name the \.wasm file in it/,
  },
  {
    name: 'a component instead of a module',
    configuration: { program: malformed('component.wasm') },
    code: 'program-is-component',
    says: /is a WebAssembly component, not a core module/,
  },
  {
    name: 'a module that does not validate',
    configuration: { program: malformed('invalid.wasm') },
    code: 'engine-refused',
    says: /WasmEdge 0\.\d+\.\d+ cannot validate invalid\.wasm: /,
  },
  {
    name: 'a module without a memory',
    configuration: { program: malformed('no-memory.wasm'), calls: [{ export: 'greet', params: [0, 1] }] },
    code: 'no-memory-export',
    says: /exports no memory/,
  },
];

const calls: Refusal[] = [
  {
    name: 'an export that does not exist',
    configuration: { program: GUESTS.greeter, calls: [{ export: 'gret', argument: 'x' }] },
    code: 'no-such-export',
    says: /calls\[0\]: the guest exports no function “gret”\. Did you mean “greet”\?/,
  },
  {
    name: 'an export that is no function',
    configuration: { program: GUESTS.greeter, calls: [{ export: 'memory' }] },
    code: 'no-such-export',
    says: /exports “memory” as a memory/,
  },
  {
    name: 'an export that takes other parameters',
    configuration: { program: GUESTS.greeter, calls: [{ export: 'sum', params: [1, 2] }] },
    code: 'export-type-mismatch',
    says: /calls\[0\].*sum\(count: i32\)/s,
  },
  {
    name: 'a parameter of another type',
    configuration: { program: GUESTS.calls, calls: [{ export: 'addLongs', params: ['ten', '2'] }] },
    code: 'export-type-mismatch',
    says: /calls\[0\].*ten/s,
  },
  {
    name: 'malformed JSON',
    configuration: {
      program: GUESTS.greeter,
      calls: [{ export: 'greet', argument: '{"name": ' }],
      decoders: { greet: { argument: 'json' } },
    },
    code: 'bad-argument',
    says: /calls\[0\]\.argument.*JSON/s,
  },
  {
    name: 'malformed hex',
    configuration: greet({ argument: { hex: '48 65 6c 6' } }),
    code: 'bad-argument',
    says: /calls\[0\]\.argument.*hex/is,
  },
  {
    name: 'hex with other letters',
    configuration: greet({ argument: { hex: 'xyz!' } }),
    code: 'bad-argument',
    says: /calls\[0\]\.argument.*hex/is,
  },
  {
    name: 'malformed Base64',
    configuration: greet({ argument: { base64: '***' } }),
    code: 'bad-argument',
    says: /calls\[0\]\.argument.*base64/is,
  },
  {
    name: 'a file that is not there as argument',
    configuration: greet({ argument: { file: '/no/such/file.bin' } }),
    code: 'bad-argument',
    says: /calls\[0\]\.argument.*\/no\/such\/file\.bin/s,
  },
  {
    name: 'an argument larger than the guest may have',
    configuration: greet({ argument: 'x'.repeat(2 * 1024 * 1024) }, { limits: { memory: '1MiB' } }),
    code: 'bad-argument',
    says: /calls\[0\]\.argument has 2097152 bytes, more than limits\.memory/,
  },
  {
    name: 'fields that are wrong, each by its path',
    configuration: { program: '', args: 'one', calls: [{ argument: 'x' }, { export: 'greet', repeat: 0 }] },
    code: 'bad-configuration',
    says: /program: must not be empty; args: expected array, received string; calls\[0\]\.export: is missing; calls\[1\]\.repeat: must be at least 1/,
  },
  {
    name: 'no configuration at all',
    configuration: 42,
    code: 'bad-configuration',
    says: /The launch configuration cannot be used/,
  },
  {
    name: 'a message that the .proto file does not have',
    configuration: greet(
      { argument: 'x' },
      { decoders: { greet: { result: { protobuf: { files: [PERSON_PROTO], message: 'demo.Persona' } } } } },
    ),
    code: 'bad-configuration',
    says: /decoders\["greet"\]\.result: There is no message “demo\.Persona” in .*demo\.Person/,
  },
  {
    name: 'a decoder that does not exist',
    configuration: greet({ argument: 'x' }, { decoders: { greet: { result: 'utf-9' } } }),
    code: 'bad-configuration',
    says: /there is no decoder “utf-9”/,
  },
  {
    name: 'nothing that can be deduced',
    configuration: {
      program: GUESTS.undeducible,
      calls: [{ export: 'run', argument: 'x', params: ['$size', '$callId'] }],
    },
    code: 'no-boundary-imports',
    says: /"boundary": \{/,
  },
  {
    name: 'folders and files that are not there',
    configuration: greet({ argument: 'x' }, { preopens: { '/data': '/no/such/folder' } }),
    code: 'bad-configuration',
    says: /preopens\["\/data"\]: there is no folder \/no\/such\/folder/,
  },
  {
    name: 'standard input that is not there',
    configuration: greet({ argument: 'x' }, { stdin: '/no/such/input' }),
    code: 'bad-configuration',
    says: /stdin: there is no file \/no\/such\/input/,
  },
];

const hosts: Refusal[] = [
  {
    name: 'imports that nobody provides, all at once, with the host module to paste',
    configuration: { program: GUESTS.imports },
    code: 'missing-imports',
    says: /5 functions that nobody provides:.*rates\.rate_of\(.*i32\) → f64.*clock\.now.*export const imports = \{/s,
  },
  {
    name: 'a host module that is not there',
    configuration: { program: GUESTS.imports, host: '/no/such/host.mjs' },
    code: 'host-module',
    says: /host: there is no file \/no\/such\/host\.mjs/,
  },
  {
    name: 'a libwasmedge that is not one',
    configuration: greet({ argument: 'x' }, { wasmedge: { library: GUESTS.greeter } }),
    code: 'wasmedge-unusable',
    says: /guest\.wasm is .*Correct the path/s,
  },
  {
    name: 'a libwasmedge that is not there',
    configuration: greet({ argument: 'x' }, { wasmedge: { library: '/no/such/libwasmedge.so' } }),
    code: 'wasmedge-missing',
    says: /\/no\/such\/libwasmedge\.so: no such file/,
  },
];

for (const { name, configuration, code, says } of [...programs, ...calls, ...hosts]) {
  test(`refused: ${name}`, SESSION_LIMIT, async (t) => {
    const problem = await refused(t, configuration);
    assert.match(problem.message, says);
    assert.equal(problem.code, code);
  });
}

async function fileWith(t: TestContext, name: string, text: string | Buffer): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bad-input-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = path.join(folder, name);
  await writeFile(file, text);
  return file;
}

test('refused: a host module with a syntax error, with file and line', SESSION_LIMIT, async (t) => {
  const host = await fileWith(t, 'host.mjs', 'export const imports = {\n  rates: { rate_of( {} },\n};\n');
  const problem = await refused(t, { program: GUESTS.imports, host });
  assert.equal(problem.code, 'host-module');
  assert.match(problem.message, /SyntaxError.*host\.mjs:2/s);
});

test('refused: a host module that exports nothing', SESSION_LIMIT, async (t) => {
  const host = await fileWith(t, 'host.mjs', 'export default 5;\n');
  const problem = await refused(t, { program: GUESTS.imports, host });
  assert.equal(problem.code, 'host-module');
  assert.match(problem.message, /exports no usable “imports”/);
});

test('refused: a shared library that is not WasmEdge', SESSION_LIMIT, async (t) => {
  const library = await fileWith(t, 'libwasmedge.so', 'not a library at all');
  const problem = await refused(t, greet({ argument: 'x' }, { wasmedge: { library } }));
  assert.equal(problem.code, 'wasmedge-unusable');
});

test('legacy exception handling: 0.14 runs it, 0.17 is told what to do', SESSION_LIMIT, async (t) => {
  const configuration: LaunchInput = {
    program: GUESTS.legacy,
    calls: [{ export: 'greet', argument: 'World' }],
  };
  if (onWasmEdge017) {
    const problem = await refused(t, configuration);
    assert.equal(problem.code, 'legacy-exception-handling');
    assert.match(
      problem.message,
      /legacy exception handling.*Kotlin ≥ 2\.3.*-Xwasm-use-new-exception-proposal.*≤ 0\.15/s,
    );
    assert.equal(problem.fix?.kind, 'use-wasmedge-version');
  } else {
    const client = await launch(t, configuration, { filters: [] });
    assert.equal(await ended(client), 0);
    const { call } = await client.boundary('boundary/call', { sequence: 0 });
    assert.equal(call.result?.text, 'Hello, World!');
  }
});

/** Pointers and sizes that no buffer can have, and where the memory of 131,072 bytes ends. */
const PLACES: { name: string; pointer: number; size: number }[] = [
  { name: 'a negative pointer', pointer: -8, size: 4 },
  { name: 'a negative size', pointer: 0, size: -1 },
  { name: 'a pointer beyond memory', pointer: 0x7fff_fff0, size: 4 },
  { name: 'a size beyond memory', pointer: 0, size: 0x7fff_fff0 },
  { name: 'an end that wraps 2³²', pointer: -4, size: 8 },
  { name: 'both at their largest', pointer: -1, size: -1 },
];

for (const { name, pointer, size } of PLACES) {
  test(`a result at ${name} is outside memory`, SESSION_LIMIT, async (t) => {
    const client = await launch(t, {
      program: GUESTS.calls,
      calls: [
        { export: 'returnAt', params: [pointer, size, '$callId'] },
        { export: 'echo', argument: 'still here' },
      ],
    });
    const stop = await stopped(client);
    assert.equal(stop.reason, 'exception');
    assert.match(stop.text ?? '', /outside memory, which has \d+ bytes/);
    await client.request('setExceptionBreakpoints', { filters: [] });
    await client.request('continue', { threadId: 1 });
    assert.equal(await ended(client), 1);
    const { calls: kept } = await client.boundary('boundary/calls', { start: 0, count: 2 });
    assert.deepEqual(
      kept.map(({ status, result }) => [status, result?.preview]),
      [
        ['trapped', undefined],
        ['returned', 'still here'],
      ],
    );
  });
}

test('an argument at a pointer outside memory', SESSION_LIMIT, async (t) => {
  const client = await launch(t, {
    program: GUESTS.calls,
    calls: [{ export: 'storeAt', argument: 'x', params: [-16, '$callId'] }],
  });
  assert.match((await stopped(client)).text ?? '', /outside memory/);
  await client.request('continue', { threadId: 1 });
  assert.equal(await ended(client), 1);
});

test('an argument larger than memory stops where the guest asks for it', SESSION_LIMIT, async (t) => {
  const client = await launch(t, {
    program: GUESTS.calls,
    calls: [{ export: 'storeAt', argument: 'x'.repeat(500_000), params: [0, '$callId'] }],
  });
  assert.match((await stopped(client)).text ?? '', /500000 bytes.*outside memory/s);
  await client.request('continue', { threadId: 1 });
  assert.equal(await ended(client), 1);
});

test('a callId that nobody opened, for an argument and for a result', SESSION_LIMIT, async (t) => {
  const client = await launch(t, {
    program: GUESTS.calls,
    calls: [
      { export: 'storeForUnknownCall', argument: 'x' },
      { export: 'returnForUnknownCall', argument: 'y' },
    ],
  });
  const texts: string[] = [];
  for (let stop = await stopped(client); texts.length < 2;) {
    if (stop.reason === 'exception') texts.push(stop.text ?? '');
    await client.request('continue', { threadId: 1 });
    if (texts.length < 2) stop = await stopped(client);
  }
  await ended(client);
  assert.match(texts[0] ?? '', /callId 1001 .*no call with that callId is open/s);
  assert.match(texts[1] ?? '', /callId 1002 .*no call with that callId is open/s);
});

test('a result that is returned twice stops the second time', SESSION_LIMIT, async (t) => {
  const client = await launch(
    t,
    { program: GUESTS.calls, calls: [{ export: 'returnTwice', argument: 'once' }] },
    { filters: ['returnResult'] },
  );
  assert.equal((await stopped(client)).reason, 'function breakpoint');
  await client.request('continue', { threadId: 1 });
  assert.match((await stopped(client)).text ?? '', /second result for returnTwice \(callId 1\)/);
  await client.request('continue', { threadId: 1 });
  assert.equal(await ended(client), 0);
});
