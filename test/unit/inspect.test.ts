import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Inspection, ProblemCode } from '../../protocol/inspection.ts';
import { inspect } from '../../debug-adapter/inspect.ts';
import { GUESTS, malformed } from '../support/guests.ts';
import { core, custom, exported, importedFunction, section, text } from './support/module-bytes.ts';

// An inspection loads no library: it reads the version in the file. So files that look like WasmEdge will do here, of
// versions that this machine need not have.

let folder = '';
const libraries: Record<string, string> = {};
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'inspect-'));
  for (const version of ['0.14.1', '0.17.1', '0.13.5']) {
    const header = Buffer.alloc(64);
    if (process.platform === 'darwin') header.writeUInt32LE(0xfeedfacf);
    else {
      header.write('\x7fELF\x02\x01\x01', 'latin1');
      header.writeUInt16LE(process.arch === 'arm64' ? 183 : 62, 18);
    }
    const file = path.join(folder, `libwasmedge-${version}.so`);
    await writeFile(
      file,
      Buffer.concat([header, Buffer.from(`\0WasmEdge_VersionGet\0${version}\0`, 'latin1')]),
    );
    libraries[version] = file;
  }
});
after(() => rm(folder, { recursive: true }));

const withEngine = (version: string, input: object): Promise<Inspection> =>
  inspect({ wasmedge: { library: libraries[version] }, ...input });
const codes = ({ problems }: Inspection) => problems.map(({ code, severity }) => `${severity} ${code}`);

describe('a guest that can be debugged', () => {
  test('imports, exports, roles and WasmEdge, and no problem', async () => {
    const inspection = await withEngine('0.17.1', { program: GUESTS.greeter });
    assert.deepEqual(inspection.problems, []);
    assert.equal(inspection.program, GUESTS.greeter);
    assert.deepEqual(inspection.wasmedge, {
      path: libraries['0.17.1'],
      version: '0.17.1',
      foundBy: 'by wasmedge.library',
    });
    assert.deepEqual(
      inspection.exports.map(({ name, takesArgument }) => [name, takesArgument]),
      [
        ['greet', true],
        ['greetPerson', true],
        ['sum', false],
        ['nextBirthday', true],
        ['greetFromNowhere', true],
      ],
    );
    assert.deepEqual(inspection.exports[0]?.parameterNames, ['stringSize', 'callId']);
    const { storeArgument, returnResult } = inspection.boundary;
    assert.deepEqual([storeArgument?.pointer, storeArgument?.callId], [0, 1]);
    assert.deepEqual([returnResult?.pointer, returnResult?.size, returnResult?.callId], [0, 1, 2]);
  });

  test('who provides each import', async () => {
    const providers = async (input: object) =>
      Object.fromEntries(
        (await withEngine('0.17.1', input)).imports.map(({ module, name, provider }) => [
          `${module}.${name}`,
          provider,
        ]),
      );
    const without = await providers({ program: GUESTS.imports });
    assert.equal(without['host.callHostToStoreArgumentData'], 'boundary');
    assert.equal(without['rates.rate_of'], 'nobody');
    assert.equal((await providers({ program: GUESTS.imports, host: 'h.mjs' }))['rates.rate_of'], 'host');
    assert.equal((await providers({ program: GUESTS.wasi }))['wasi_snapshot_preview1.fd_write'], 'wasi');
  });

  test('numbers alone are no problem', async () => {
    const input = { program: malformed('no-imports.wasm'), calls: [{ export: 'double', params: [1] }] };
    assert.deepEqual(codes(await withEngine('0.17.1', input)), []);
  });
});

describe('problems, each with its fix', () => {
  const found: [string, string, () => object, string[], string | undefined, RegExp][] = [
    [
      'legacy exception handling on 0.17',
      '0.17.1',
      () => ({ program: GUESTS.legacy }),
      ['error legacy-exception-handling'],
      'use-wasmedge-version',
      /compiled with legacy exception handling.*use Kotlin ≥ 2\.3 or -Xwasm-use-new-exception-proposal, or WasmEdge ≤ 0\.15\.$/,
    ],
    ['legacy exception handling on 0.14', '0.14.1', () => ({ program: GUESTS.legacy }), [], undefined, /^$/],
    [
      'a missing program',
      '0.17.1',
      () => ({ program: '/nowhere/x.wasm' }),
      ['error program-missing'],
      'choose-program',
      /nowhere/,
    ],
    [
      'text',
      '0.17.1',
      () => ({ program: malformed('text.wasm') }),
      ['error program-not-a-module'],
      'choose-program',
      /text format/,
    ],
    [
      'a component',
      '0.17.1',
      () => ({ program: malformed('component.wasm') }),
      ['error program-is-component'],
      'choose-program',
      /component/,
    ],
    [
      'a truncated guest',
      '0.17.1',
      () => ({ program: malformed('truncated.wasm') }),
      ['error program-truncated'],
      'choose-program',
      /cut off/,
    ],
    [
      'no memory export',
      '0.17.1',
      () => ({ program: malformed('no-memory.wasm') }),
      ['error no-memory-export'],
      'choose-program',
      /exports no memory/,
    ],
    [
      'no boundary imports, which a call needs',
      '0.17.1',
      () => ({ program: GUESTS.undeducible, calls: [{ export: 'run', argument: 'x' }] }),
      ['error no-boundary-imports'],
      'paste-boundary',
      /"storeArgument": \{ "import": "io\.op1"/,
    ],
    [
      'a boundary block that does not fit',
      '0.17.1',
      () => ({ program: GUESTS.greeter, boundary: { storeArgument: { import: 'a.b' } } }),
      ['error bad-configuration'],
      'open-launch-json',
      /“a\.b”/,
    ],
    [
      'a configuration that is wrong',
      '0.17.1',
      () => ({ program: GUESTS.greeter, calls: 3 }),
      ['error bad-configuration'],
      'open-launch-json',
      /calls: /,
    ],
    ['no program', '0.17.1', () => ({}), ['error program-missing'], 'choose-program', /names no program/],
    [
      'a WasmEdge that is too old',
      '0.13.5',
      () => ({ program: GUESTS.greeter }),
      ['error wasmedge-wrong-version'],
      'install-wasmedge',
      /0\.13\.5/,
    ],
  ];
  for (const [what, version, input, expected, fix, message] of found) {
    test(what, async () => {
      const inspection = await withEngine(version, input());
      assert.deepEqual(codes(inspection), expected);
      assert.equal(inspection.problems[0]?.fix?.kind, fix);
      assert.match(inspection.problems[0]?.message ?? '', message);
    });
  }

  test('no WasmEdge: the guest is inspected all the same', async () => {
    const inspection = await inspect({
      program: GUESTS.greeter,
      wasmedge: { library: path.join(folder, 'none.so') },
    });
    assert.deepEqual(codes(inspection), ['error wasmedge-missing']);
    assert.equal(inspection.wasmedge, undefined);
    assert.equal(inspection.exports.length, 5);
  });

  test('a file that is not WasmEdge', async () => {
    const inspection = await inspect({ program: GUESTS.greeter, wasmedge: { library: GUESTS.greeter } });
    assert.deepEqual(codes(inspection), ['error wasmedge-unusable']);
  });

  test('several at once', async () => {
    const inspection = await inspect({ program: malformed('empty.wasm'), wasmedge: { library: folder } });
    const expected: ProblemCode[] = ['wasmedge-unusable', 'program-not-a-module'];
    assert.deepEqual(
      inspection.problems.map(({ code }) => (code === 'wasmedge-missing' ? 'wasmedge-unusable' : code)),
      expected,
    );
  });

  test('anything at all as a configuration is answered', async () => {
    for (const input of [null, undefined, 5, 'x', [], { program: 5 }, { program: '' }, { program: '\0' }]) {
      const inspection = await inspect(input);
      assert(inspection.problems.length > 0, JSON.stringify(input));
      assert.deepEqual(inspection.exports, []);
    }
  });
});

test('an export that looks like a call warns where nothing would hand over its argument', async () => {
  // The same guest without names of imports that tell: roles cannot be deduced, the export's parameters are named.
  const locals = [1, 1, 2, 0, ...text('stringSize'), 1, ...text('callId')];
  const program = path.join(folder, 'unknown.wasm');
  await writeFile(
    program,
    core(
      section(1, [1, 0x60, 2, 0x7f, 0x7f, 0]),
      section(2, [1, ...importedFunction('io', 'op', 0)]),
      section(3, [1, 0]),
      section(5, [1, 0, 1]),
      section(7, [2, ...exported('greet', 0, 1), ...exported('memory', 2, 0)]),
      section(10, [1, 2, 0, 0x0b]),
      custom('name', [2, locals.length, ...locals]),
    ),
  );
  const inspection = await withEngine('0.17.1', { program });
  assert.deepEqual(codes(inspection), ['warning no-boundary-imports']);
  assert.match(inspection.problems[0]?.message ?? '', /greet takes an argument’s size/);
});

test('exports that are passed one argument as a pointer are offered with one', async () => {
  const { exports, problems } = await inspect({ program: GUESTS.allocating });
  const offered = exports.filter(({ takesArgument }) => takesArgument).map(({ name }) => name);
  assert.ok(
    ['upper', 'reverse', 'countVowels'].every((name) => offered.includes(name)),
    offered.join(),
  );
  for (const name of ['malloc', 'join', 'repeated', 'mirror']) assert.ok(!offered.includes(name), name);
  assert.deepEqual(
    problems.filter(({ code }) => code === 'no-boundary-imports'),
    [],
  );
});
