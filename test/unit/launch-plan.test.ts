import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { ProblemCode } from '../../protocol/inspection.ts';
import { type LaunchInput, launchSchema } from '../../protocol/launch.ts';
import { UserError } from '../../debug-adapter/errors.ts';
import { makePlan } from '../../debug-adapter/launch-plan.ts';
import { GUESTS, malformed } from '../support/guests.ts';
import { core, exported, importedFunction, section, text } from './support/module-bytes.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'launch-plan-'));
});
after(() => rm(folder, { recursive: true }));

const planFor = (input: Partial<LaunchInput>) =>
  makePlan(launchSchema.parse({ program: GUESTS.greeter, ...input }));

async function problemOf(input: Partial<LaunchInput>): Promise<UserError> {
  const thrown = await planFor(input).then(
    () => null,
    (error: unknown) => error,
  );
  assert(thrown instanceof UserError, String(thrown));
  return thrown;
}
async function callsOf(calls: LaunchInput['calls'], more: Partial<LaunchInput> = {}) {
  const { plan } = await planFor({ calls, ...more });
  return plan.calls.map((call) => ({
    ...call,
    export: plan.exports[call.exportIndex]?.name,
    argument: call.argument === undefined ? null : Buffer.from(call.argument, 'base64').toString('latin1'),
  }));
}
async function put(name: string, contents: string | Uint8Array): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, contents);
  return file;
}

describe('the plan of a Kotlin guest', () => {
  test('imports with their roles and Kotlin names, exports with theirs', async () => {
    const { plan, guest, notes } = await planFor({
      decoders: { greet: { argument: 'utf8', result: 'json' } },
    });
    assert.deepEqual(
      plan.imports.map(({ name, role, parameterNames }) => [name, role?.role, parameterNames]),
      [
        ['callHostToStoreArgumentData', 'storeArgument', ['pointer', 'callId']],
        ['callHostToReturnResultData', 'returnResult', ['pointer', 'size', 'callId']],
      ],
    );
    const greet = plan.exports.find(({ name }) => name === 'greet');
    assert.deepEqual(greet?.parameterNames, ['stringSize', 'callId']);
    assert.deepEqual(greet.decoders, { argument: 'utf-8', result: 'json' });
    assert.deepEqual(plan.exports.find(({ name }) => name === 'sum')?.decoders, {
      argument: 'auto',
      result: 'auto',
    });
    assert.equal(guest.exportedMemory?.exportName, 'memory');
    assert.match(
      notes.join('\n'),
      /^Boundary: storeArgument is host\.callHostToStoreArgumentData.*Boundary\.kt:\d+\.$/m,
    );
    assert.equal(plan.program, GUESTS.greeter);
  });

  test('what the configuration says goes into it, and nothing else', async () => {
    const host = await put('host.mjs', 'export const imports = {};');
    const { plan } = await planFor({
      args: ['a'],
      env: { B: 'c' },
      preopens: { '/data': path.relative(process.cwd(), folder) },
      host: path.relative(process.cwd(), host),
      stopOnEntry: true,
      limits: { memory: '1.5GiB' },
    });
    assert.deepEqual(plan.wasi, { args: ['a'], env: { B: 'c' }, preopens: { '/data': folder } });
    assert.deepEqual([plan.host, plan.stopOnEntry, plan.memoryLimitBytes], [host, true, 1.5 * 2 ** 30]);
    const bare = (await planFor({})).plan;
    assert.deepEqual(bare.wasi, { args: [], env: {}, preopens: {} });
    assert.equal('host' in bare, false);
    assert.equal(bare.memoryLimitBytes, 2 ** 31);
  });

  test('without calls it says what could be called', async () => {
    assert.match(
      (await planFor({})).notes.join('\n'),
      /"calls" is empty: .*greet\(stringSize: i32, callId: i32\)/,
    );
    assert.match((await planFor({ program: GUESTS.wasi })).notes.join('\n'), /only _start runs/);
  });

  test('WASI is no import of the plan', async () => {
    const { plan } = await planFor({ program: GUESTS.wasi });
    assert(plan.imports.length > 0 && plan.imports.every(({ module }) => module === 'host'));
  });
});

describe('calls', () => {
  test('each form of an argument, its size, and call ids from 1 on', async () => {
    const file = await put('argument.bin', Uint8Array.of(0, 255));
    const calls = await callsOf([
      { export: 'greet', argument: 'Wörld' },
      { export: 'greet', argument: { json: { a: [1, null], é: 'ü' } } },
      { export: 'greet', argument: { hex: '00 FF\n7f' } },
      { export: 'greet', argument: { base64: 'AP9/ AA==' } },
      { export: 'greet', argument: { base64: '_-8' } },
      { export: 'greet', argument: { file } },
      { export: 'greet', argument: '' },
      { export: 'greet' },
    ]);
    const utf8 = (value: string) => Buffer.from(value).toString('latin1');
    assert.deepEqual(
      calls.map(({ argument, params, callId }) => [argument, params, callId]),
      [
        [utf8('Wörld'), [6, '$callId'], '1'],
        [utf8('{"a":[1,null],"é":"ü"}'), [24, '$callId'], '2'],
        ['\0\xff\x7f', [3, '$callId'], '3'],
        ['\0\xff\x7f\0', [4, '$callId'], '4'],
        ['\xff\xef', [2, '$callId'], '5'],
        ['\0\xff', [2, '$callId'], '6'],
        ['', [0, '$callId'], '7'],
        ['', [0, '$callId'], '8'],
      ],
    );
  });

  test('given call ids, repetitions and plain numbers', async () => {
    const calls = await callsOf([
      { export: 'greet', argument: 'a', repeat: 3 },
      { export: 'greet', argument: 'b', callId: 7 },
      { export: 'sum', params: [-100] },
      { export: 'greet', argument: 'c', callId: '-2' },
    ]);
    assert.deepEqual(
      calls.map(({ export: name, callId, repeat, params, argument }) => [
        name,
        callId,
        repeat,
        params,
        argument,
      ]),
      [
        ['greet', '1', 3, [1, '$callId'], 'a'],
        ['greet', '7', 1, [1, '$callId'], 'b'],
        ['sum', '5', 1, [-100], null],
        ['greet', '-2', 1, [1, '$callId'], 'c'],
      ],
    );
  });

  test('explicit parameters replace the deduced ones, in any order', async () => {
    const [call] = await callsOf(
      [{ export: 'handle', argument: 'abc', params: ['$callId', '$size'], callId: '9007199254740993' }],
      {
        program: GUESTS.renamed,
      },
    );
    assert.deepEqual([call?.params, call?.callId], [['$callId', 3], '9007199254740993']);
    const [deduced] = await callsOf([{ export: 'handle', argument: 'abc' }], { program: GUESTS.renamed });
    assert.deepEqual(deduced?.params, ['$callId', 3]);
  });

  test('the first form takes a size alone', async () => {
    const [call] = await callsOf([{ export: 'greet', argument: 'Ada' }], { program: GUESTS.innermost });
    assert.deepEqual([call?.params, call?.argument], [[3], 'Ada']);
  });

  test('numbers of each type as they are sent', async () => {
    const program = GUESTS.imports;
    const paramsOf = async (name: string, ...params: (number | string)[]) =>
      (await callsOf([{ export: name, params }], { program }))[0]?.params;
    assert.deepEqual(await paramsOf('later', '-9223372036854775808'), ['-9223372036854775808']);
    assert.deepEqual(await paramsOf('later', 5), ['5']);
    assert.deepEqual(await paramsOf('later', '18446744073709551615'), ['-1']);
    assert.deepEqual(await paramsOf('nest', 4294967295), [-1]);
    assert.deepEqual(await paramsOf('rescale', 1.5), [1.5]);
    assert.deepEqual(await paramsOf('rescale', 'NaN'), ['NaN']);
    assert.deepEqual(await paramsOf('rescale', '-Infinity'), ['-Infinity']);
  });

  test('without any names the forum’s order is meant', async () => {
    const calls = await callsOf([{ export: 'greet', argument: 'Ada' }], {
      program: malformed('no-names.wasm'),
    });
    assert.deepEqual(calls[0]?.params, [3, '$callId']);
  });

  test('numbers alone need no boundary', async () => {
    const [call] = await callsOf([{ export: 'double', params: [21] }], {
      program: malformed('no-imports.wasm'),
    });
    assert.deepEqual([call?.params, call?.argument], [[21], null]);
  });

  test('undeducible roles by a boundary block', async () => {
    const { plan } = await planFor({
      program: GUESTS.undeducible,
      calls: [{ export: 'run', argument: 'abc', params: ['$size', '$callId'] }],
      boundary: {
        storeArgument: { import: 'io.op1', params: ['callId', 'pointer'] },
        returnResult: { import: 'io.op2', params: ['size', 'callId', 'pointer'] },
      },
    });
    assert.deepEqual(
      plan.imports.map(({ role }) => [role?.role, role?.pointer, role?.callId, role?.size, role?.sizePolicy]),
      [
        ['storeArgument', 1, 0, undefined, undefined],
        ['returnResult', 2, 1, 0, 'param'],
      ],
    );
  });
});

describe('what cannot be launched', () => {
  const one = (call: NonNullable<LaunchInput['calls']>[number]) => ({
    calls: [{ export: 'sum', params: [1] }, call],
  });
  const refused: [string, Partial<LaunchInput>, ProblemCode, RegExp][] = [
    ['a missing program', { program: '/nowhere/guest.wasm' }, 'program-missing', /nowhere/],
    ['an empty one', { program: malformed('empty.wasm') }, 'program-not-a-module', /empty/],
    ['a truncated one', { program: malformed('truncated.wasm') }, 'program-truncated', /cut off/],
    ['a component', { program: malformed('component.wasm') }, 'program-is-component', /component/],
    ['text', { program: malformed('text.wasm') }, 'program-not-a-module', /text format/],
    ['a folder', { program: tmpdir() }, 'program-unreadable', /is a folder/],
    [
      'an export that is not there',
      one({ export: 'gret' }),
      'no-such-export',
      /^calls\[1\]: .*“gret”\. Did you mean “greet”\?/,
    ],
    [
      'an export that is nothing like it',
      one({ export: 'zzzzzzzz' }),
      'no-such-export',
      /It exports greet, greetPerson/,
    ],
    ['a memory', one({ export: 'memory' }), 'no-such-export', /as a memory, not as a function/],
    [
      'too many parameters',
      one({ export: 'sum', params: [1, 2] }),
      'export-type-mismatch',
      /calls\[1\]\.params gives 2 parameters, but sum\(count: i32\) → i32 takes 1/,
    ],
    [
      'parameters that are not known',
      one({ export: 'sum' }),
      'export-type-mismatch',
      /takes count, .* for example \[0\]/,
    ],
    [
      'a fraction',
      one({ export: 'sum', params: [1.5] }),
      'export-type-mismatch',
      /calls\[1\]\.params\[0\] is 1\.5, .* an integer \(i32\)/,
    ],
    [
      'too large a number',
      one({ export: 'sum', params: [2 ** 32] }),
      'export-type-mismatch',
      /from -2147483648 to 4294967295/,
    ],
    [
      'text for a number',
      one({ export: 'sum', params: ['x'] }),
      'export-type-mismatch',
      /params\[0\] is "x"/,
    ],
    [
      'a call id that is too large',
      one({ export: 'greet', callId: 2 ** 31 }),
      'bad-configuration',
      /2147483648 does not fit .* i32/,
    ],
    [
      'repetitions that lead beyond',
      one({ export: 'greet', callId: 2147483647, repeat: 2 }),
      'bad-configuration',
      /to 2147483648 does not fit/,
    ],
    [
      'a call id that is none',
      one({ export: 'greet', callId: 'seven' }),
      'bad-configuration',
      /callId is “seven”/,
    ],
    [
      'malformed hex',
      one({ export: 'greet', argument: { hex: '0g' } }),
      'bad-argument',
      /^calls\[1\]\.argument\.hex: “g” at character 1/,
    ],
    [
      'half a byte',
      one({ export: 'greet', argument: { hex: '012' } }),
      'bad-argument',
      /3 hexadecimal digits/,
    ],
    [
      'malformed Base64',
      one({ export: 'greet', argument: { base64: 'AB*D' } }),
      'bad-argument',
      /argument\.base64: “\*” at character 2/,
    ],
    [
      'Base64 with padding inside',
      one({ export: 'greet', argument: { base64: 'A=BC' } }),
      'bad-argument',
      /“=” at character 1/,
    ],
    [
      'Base64 cut off',
      one({ export: 'greet', argument: { base64: 'ABCDE' } }),
      'bad-argument',
      /5 Base64 characters/,
    ],
    [
      'Base64 with wrong padding',
      one({ export: 'greet', argument: { base64: 'ABC==' } }),
      'bad-argument',
      /with 2 of padding/,
    ],
    [
      'a missing file',
      one({ export: 'greet', argument: { file: '/nowhere/x' } }),
      'bad-argument',
      /argument\.file: there is no file \/nowhere\/x/,
    ],
    [
      'a folder for a file',
      one({ export: 'greet', argument: { file: tmpdir() } }),
      'bad-argument',
      /is not a file/,
    ],
    [
      'what JSON has not',
      one({ export: 'greet', argument: { json: { a: NaN } } }),
      'bad-argument',
      /argument\.json: JSON has no NaN/,
    ],
    [
      'text that UTF-8 cannot hold',
      one({ export: 'greet', argument: 'a\udc00' }),
      'bad-argument',
      /surrogate at character 1/,
    ],
    [
      'text that is to be JSON',
      { calls: [{ export: 'greet', argument: '{"a":' }], decoders: { greet: { argument: 'json' } } },
      'bad-argument',
      /^calls\[0\]\.argument is to be JSON .* at byte 5\./,
    ],
    [
      'decoders of an export that is not there',
      { decoders: { gret: {} } },
      'bad-configuration',
      /decoders\["gret"\].*“greet”/,
    ],
    [
      'a decoder that is not there',
      { decoders: { greet: { result: 'jsn' } } },
      'bad-configuration',
      /decoders\["greet"\]\.result: .*“json”/,
    ],
    [
      'a host module that is not there',
      { host: '/nowhere/host.mjs' },
      'host-module',
      /^host: there is no file/,
    ],
    ['a folder as host module', { host: tmpdir() }, 'host-module', /a folder, not a file/],
    [
      'a missing preopen',
      { preopens: { '/d': '/nowhere' } },
      'bad-configuration',
      /^preopens\["\/d"\]: there is no folder/,
    ],
    ['a file as preopen', { preopens: { '/d': GUESTS.greeter } }, 'bad-configuration', /not a folder/],
    ['missing standard input', { stdin: '/nowhere' }, 'bad-configuration', /^stdin: there is no file/],
    ['no memory at all', { limits: { memory: '0' } }, 'bad-configuration', /limits\.memory is “0”/],
    [
      'an import that the guest has not',
      { boundary: { storeArgument: { import: 'x.y' } } },
      'bad-configuration',
      /boundary\.storeArgument/,
    ],
    [
      'a guest without exported memory',
      { program: malformed('no-memory.wasm') },
      'no-memory-export',
      /exports no memory/,
    ],
    [
      'an argument that nobody can hand over',
      { program: GUESTS.undeducible, calls: [{ export: 'run', argument: 'x' }] },
      'no-boundary-imports',
      /calls\[0\] has an argument.*io\.op1\(a: i32, b: i32\)/,
    ],
    [
      'an argument for a guest without imports',
      { program: malformed('no-imports.wasm'), calls: [{ export: 'double', argument: 'x' }] },
      'no-boundary-imports',
      /imports none but WASI/,
    ],
  ];
  for (const [what, input, code, message] of refused) {
    test(`${what}: ${code}`, async () => {
      const problem = await problemOf(input);
      assert.equal(problem.code, code, problem.message);
      assert.match(problem.message, message);
      assert.match(problem.message, /[.?}]$/, 'a sentence, or a block to paste');
    });
  }

  test('an argument that never fits the guest’s memory', async () => {
    const module = core(
      section(1, [1, 0x60, 2, 0x7f, 0x7f, 0]),
      section(2, [1, ...importedFunction('host', 'storeArgument', 0)]),
      section(3, [1, 0]),
      section(5, [1, 1, 1, 1]),
      section(7, [2, ...exported('greet', 0, 1), ...exported('memory', 2, 0)]),
      section(10, [1, 2, 0, 0x0b]),
    );
    const program = await put('small.wasm', module);
    const call = (size: number) => ({ program, calls: [{ export: 'greet', argument: 'x'.repeat(size) }] });
    assert.equal((await planFor(call(65_536))).plan.calls.length, 1);
    const problem = await problemOf(call(65_537));
    assert.equal(problem.code, 'bad-argument');
    assert.match(problem.message, /65537 bytes, but the guest's memory never has more than 65536/);
  });

  test('an argument beyond the limit for the guest', async () => {
    const input = { limits: { memory: '1KiB' }, calls: [{ export: 'greet', argument: 'x'.repeat(1025) }] };
    assert.match((await problemOf(input)).message, /more than limits\.memory allows/);
  });

  test('imports that are no functions', async () => {
    const memory = [...text('env'), ...text('memory'), 2, 0, 1];
    const program = await put('imports-memory.wasm', core(section(2, [1, ...memory])));
    const problem = await problemOf({ program });
    assert.equal(problem.code, 'missing-imports');
    assert.match(problem.message, /env\.memory \(a memory\)/);
  });

  test('a host module may hand over the argument itself', async () => {
    const host = await put('own.mjs', 'export const imports = {};');
    const { plan } = await planFor({
      program: GUESTS.undeducible,
      host,
      calls: [{ export: 'run', argument: 'x', params: ['$size', '$callId'] }],
    });
    assert.deepEqual(
      plan.imports.map(({ role }) => role),
      [undefined, undefined],
    );
  });

  test('a program in a folder that only looks like one is named by its path', async () => {
    await mkdir(path.join(folder, 'x.wasm'));
    assert.match((await problemOf({ program: path.join(folder, 'x.wasm') })).message, /x\.wasm is a folder/);
  });
});
