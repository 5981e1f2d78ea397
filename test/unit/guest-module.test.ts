import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { UserError } from '../../debug-adapter/errors.ts';
import { type GuestModule, readGuestModule } from '../../debug-adapter/wasm/module.ts';
import { readProgram } from '../../debug-adapter/wasm/program.ts';
import { root } from '../../scripts/paths.ts';
import { core, custom, exported, importedFunction, section, text } from './support/module-bytes.ts';
import { randomNumbers } from './support/random.ts';

const fixture = (name: string) => path.join(root, name);
const greeter = fixture('examples/greeter/guest.wasm');

async function guestIn(name: string): Promise<GuestModule> {
  return (await readProgram(fixture(name))).guest;
}
function exportOf(guest: GuestModule, name: string) {
  const found = guest.exports.find((each) => each.name === name);
  assert(found, name);
  return found;
}
function problemOf(bytes: Uint8Array): UserError {
  try {
    readGuestModule(bytes, 'guest.wasm');
  } catch (thrown) {
    assert(thrown instanceof UserError, String(thrown));
    return thrown;
  }
  return assert.fail('it was read');
}

describe('a Kotlin guest', () => {
  let guest: GuestModule;
  before(async () => {
    guest = await guestIn('examples/greeter/guest.wasm');
  });

  test('imports and exports, with their types', () => {
    const imports = guest.imports.filter(({ module }) => module === 'host');
    assert.deepEqual(imports, [
      {
        module: 'host',
        name: 'callHostToStoreArgumentData',
        kind: 'function',
        type: { params: ['i32', 'i32'], results: [] },
      },
      {
        module: 'host',
        name: 'callHostToReturnResultData',
        kind: 'function',
        type: { params: ['i32', 'i32', 'i32'], results: [] },
      },
    ]);
    assert.deepEqual(exportOf(guest, 'sum').type, { params: ['i32'], results: ['i32'] });
    assert.equal(exportOf(guest, 'memory').kind, 'memory');
  });

  test('the memory that is exported', () => {
    const memory = guest.exportedMemory;
    assert.deepEqual([memory?.exportName, memory?.imported, memory?.is64], ['memory', false, false]);
  });

  test('names of functions and of parameters', () => {
    const greet = exportOf(guest, 'greet').index;
    assert.equal(guest.functionName(greet), 'greeter.greet');
    assert.deepEqual(guest.parameterNames(greet), ['stringSize', 'callId']);
    assert([...guest.localNames(greet).values()].includes('name'));
    assert.equal(guest.functionName(1_000_000), null);
    // kotlinc names no import, and none of their parameters.
    assert.deepEqual(
      guest.parameterNames(0).filter((name) => name !== null),
      [],
    );
  });

  test('the function that holds a byte offset', () => {
    const greet = exportOf(guest, 'greet').index;
    const code = guest.sections.find(({ id }) => id === 'code');
    assert(code);
    const all = new Map<number, { start: number; end: number }>();
    for (let at = code.start; at < code.end; at++) {
      const range = guest.functionAt(at);
      if (range) all.set(range.index, range);
    }
    const range = all.get(greet);
    assert(range);
    assert.deepEqual(guest.functionAt(range.start), { index: greet, name: 'greeter.greet', ...range });
    assert.deepEqual(guest.functionAt(range.end - 1)?.index, greet);
    assert.notEqual(guest.functionAt(range.end)?.index, greet);
    assert.equal(guest.functionAt(0), null);
    // Imports come before: the only body of this one is function 1's.
    const small = core(
      section(1, [1, 0x60, 0, 0]),
      section(2, [1, ...importedFunction('a', 'b', 0)]),
      section(3, [1, 0]),
      section(10, [1, 2, 0, 0x0b]),
    );
    assert.equal(readGuestModule(small).functionAt(small.length - 1)?.index, 1);
    assert.equal(guest.functionAt(guest.byteLength + 5), null);
  });

  test('the source map that it names', () => {
    assert.equal(guest.sourceMappingUrl, 'guest.wasm.map');
  });
});

describe('exception handling', () => {
  test('legacy instructions are found in what Kotlin 2.2 makes by default, and nowhere else', async () => {
    const legacy = await guestIn('test/guests/greet/greet-2.2.10-legacy.wasm');
    const at = legacy.findLegacyExceptionHandling();
    assert(at !== null);
    const bytes = await readFile(fixture('test/guests/greet/greet-2.2.10-legacy.wasm'));
    assert.equal(bytes[at], 0x06, 'a try');
    assert(legacy.functionAt(at));
    for (const modern of ['greet/greet-2.2.10', 'greet/greet-2.3.0', 'calls/calls']) {
      assert.equal((await guestIn(`test/guests/${modern}.wasm`)).findLegacyExceptionHandling(), null, modern);
    }
  });

  test('bytes that only look like a try are none: immediates and data', () => {
    // local.get 6, i32.const 7, i32.add, drop, end, and a data segment of tries.
    const body = [1, 8, 0x7f, 0x20, 6, 0x41, 7, 0x6a, 0x1a, 0x0b];
    const module = core(
      section(1, [1, 0x60, 0, 0]),
      section(3, [1, 0]),
      section(5, [1, 0, 1]),
      section(10, [1, body.length, ...body]),
      section(11, [1, 0, 0x41, 0, 0x0b, 4, 6, 0x40, 0x19, 0x0b]),
    );
    assert.equal(readGuestModule(module).findLegacyExceptionHandling(), null);
  });

  test('catch_all without a type is found; a body that cannot be decoded is given up on', () => {
    const withBody = (...body: number[]) =>
      core(section(1, [1, 0x60, 0, 0]), section(3, [1, 0]), section(10, [1, body.length + 1, 0, ...body]));
    const tried = readGuestModule(withBody(0x06, 0x40, 0x19, 0x0b, 0x0b));
    assert.equal(tried.findLegacyExceptionHandling(), tried.byteLength - 5);
    // try_table with a count of four thousand million handlers.
    const lying = readGuestModule(
      withBody(0x1f, 0x40, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x06, 0x40, 0x19, 0x0b, 0x0b),
    );
    assert.equal(lying.findLegacyExceptionHandling(), null);
    assert.equal(readGuestModule(withBody(0xff, 0x06, 0x40, 0x19)).findLegacyExceptionHandling(), null);
  });
});

describe('types that Kotlin does not use', () => {
  test('reference types, multiple values, 64-bit memory, limits and imported memory', () => {
    const guest = readGuestModule(
      core(
        section(1, [2, 0x60, 4, 0x70, 0x6f, 0x64, 0x6b, 0x7b, 2, 0x7e, 0x7d, 0x60, 1, 0x63, 0x70, 0]),
        section(2, [
          3,
          ...importedFunction('env', 'many', 0),
          ...text('env'),
          ...text('memory'),
          2,
          5,
          1,
          2,
          ...importedFunction('env', 'one', 1),
        ]),
        section(7, [1, ...exported('memory', 2, 0)]),
        section(8, [1]),
      ),
    );
    assert.deepEqual(
      guest.imports.map(({ name, kind, type }) => [name, kind, type]),
      [
        ['many', 'function', { params: ['funcref', 'externref', 'ref', 'v128'], results: ['i64', 'f32'] }],
        ['memory', 'memory', undefined],
        ['one', 'function', { params: ['funcref'], results: [] }],
      ],
    );
    assert.deepEqual(guest.exportedMemory, {
      minPages: 1,
      maxPages: 2,
      is64: true,
      imported: true,
      exportName: 'memory',
    });
    assert.equal(guest.startFunction, 1);
    assert.deepEqual(guest.functionType(1), { params: ['funcref'], results: [] });
  });

  test('an empty module is one', () => {
    const guest = readGuestModule(core());
    assert.deepEqual([guest.imports, guest.exports, guest.exportedMemory], [[], [], null]);
  });

  test('a damaged name section costs names, nothing else', () => {
    const names = [1, 8, 2, 0, 1, 0x61, 1, 9, 0x62, 0x63];
    const guest = readGuestModule(core(custom('name', names), custom('sourceMappingURL', [9, 0x61])));
    assert.equal(guest.functionName(0), 'a');
    assert.equal(guest.functionName(1), null);
    assert.equal(guest.sourceMappingUrl, null);
  });

  test('a custom section that is called like another is not taken for it', () => {
    const guest = readGuestModule(core(custom('import', [0xff]), custom('export', [0xff])));
    assert.deepEqual(guest.imports, []);
  });
});

describe('what is no guest', () => {
  const encode = (source: string) => new TextEncoder().encode(source);
  const refused: [string, Uint8Array, string, RegExp][] = [
    ['nothing', new Uint8Array(), 'program-not-a-module', /^guest\.wasm is empty \(0 bytes\)/],
    ['text format', encode(';; a comment\n(module)'), 'program-not-a-module', /text format.*wat2wasm/],
    ['ELF', Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0), 'program-not-a-module', /ELF/],
    ['gzip', Uint8Array.of(0x1f, 0x8b, 8, 0), 'program-not-a-module', /gzip.*unpack/],
    ['ZIP', Uint8Array.of(0x50, 0x4b, 3, 4, 0), 'program-not-a-module', /\.klib/],
    ['JavaScript', encode('export async function instantiate() {}'), 'program-not-a-module', /JavaScript/],
    ['a source map', encode('{"version":3}'), 'program-not-a-module', /JSON text.*source map/],
    ['HTML', encode('<!DOCTYPE html><html>'), 'program-not-a-module', /HTML/],
    [
      'Git LFS',
      encode('version https://git-lfs.github.com/spec/v1\n'),
      'program-not-a-module',
      /git lfs pull/,
    ],
    ['prose', encode('Grüße aus dem Norden'), 'program-not-a-module', /looks like text\./],
    ['zeros', new Uint8Array(64), 'program-not-a-module', /zeros/],
    ['noise', Uint8Array.of(9, 200, 13, 255, 7), 'program-not-a-module', /binary data/],
    [
      'a component',
      Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0),
      'program-is-component',
      /component.*core module/,
    ],
    ['version 2', Uint8Array.of(0, 0x61, 0x73, 0x6d, 2, 0, 0, 0), 'program-not-a-module', /version 2/],
    ['half a header', Uint8Array.of(0, 0x61, 0x73, 0x6d, 1), 'program-truncated', /has 5 bytes/],
    [
      'no code',
      core(section(1, [1, 0x60, 0, 0]), section(3, [1, 0])),
      'program-truncated',
      /no code section/,
    ],
    ['an unknown section', core([99, 0]), 'program-not-a-module', /no section id 99 \(byte 8\)/],
    [
      'a type that is none',
      core(section(1, [1, 0x11])),
      'program-not-a-module',
      /type section, 0x11 .*\(byte 11\)/,
    ],
    ['a section that ends early', core(section(1, [2, 0x60, 0, 0])), 'program-not-a-module', /type section/],
  ];
  for (const [what, bytes, code, message] of refused) {
    test(`${what}: ${code}`, () => {
      const problem = problemOf(bytes);
      assert.equal(problem.code, code);
      assert.match(problem.message, message);
      assert.equal(problem.fix?.kind, 'choose-program');
    });
  }

  test('a count that cannot be true is refused at once', () => {
    const huge = [0xff, 0xff, 0xff, 0xff, 0x0f];
    for (const id of [1, 2, 3, 5, 7])
      assert.equal(problemOf(core(section(id, huge))).code, 'program-not-a-module');
    assert.equal(problemOf(core(section(1, [1, 0x60, ...huge]))).code, 'program-not-a-module');
    assert.equal(problemOf(core(section(1, [1, 0x5f, ...huge]))).code, 'program-not-a-module');
  });

  test('wherever a guest is cut off, it is said so', async () => {
    const whole = await readFile(greeter);
    const { sections } = readGuestModule(whole);
    const random = randomNumbers(11);
    const boundaries = new Set([8, ...sections.map(({ end }) => end)]);
    const hasCode = sections.find(({ id }) => id === 'code')?.end ?? 0;
    for (let round = 0; round < 300; round++) {
      const length = 1 + Math.floor(random() * (whole.length - 1));
      // Cut between sections and after the code, what is left is a whole module.
      if (boundaries.has(length) && length >= hasCode) continue;
      const problem = problemOf(whole.subarray(0, length));
      assert.equal(problem.code, 'program-truncated', `${length}: ${problem.message}`);
    }
  });

  test('a damaged guest is refused with a sentence, or read; nothing else is thrown', async () => {
    const whole = await readFile(greeter);
    const random = randomNumbers(12);
    const head = readGuestModule(whole).sections.find(({ id }) => id === 'code')?.start ?? 0;
    for (let round = 0; round < 150; round++) {
      const damaged = Uint8Array.from(whole);
      for (let i = 0; i < 4; i++) damaged[Math.floor(random() * head)] = Math.floor(random() * 256);
      try {
        const guest = readGuestModule(damaged);
        guest.parameterNames(5);
        guest.functionAt(head + 10);
      } catch (thrown) {
        assert(thrown instanceof UserError, String(thrown));
      }
    }
  });
});

describe('a program on disk', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'program-'));
    await mkdir(path.join(folder, 'build'));
    await writeFile(path.join(folder, 'build', 'guest.wasm'), core());
    await writeFile(path.join(folder, 'build', 'notes.txt'), 'x');
    await mkdir(path.join(folder, 'empty'));
    await symlink(path.join(folder, 'nowhere.wasm'), path.join(folder, 'dangling.wasm'));
  });
  after(() => rm(folder, { recursive: true }));

  async function failure(...place: string[]): Promise<UserError> {
    const thrown = await readProgram(path.join(folder, ...place)).then(
      () => null,
      (error: unknown) => error,
    );
    assert(thrown instanceof UserError, String(thrown));
    return thrown;
  }

  test('is read, and its path made absolute', async () => {
    const program = await readProgram(path.relative(process.cwd(), path.join(folder, 'build', 'guest.wasm')));
    assert.equal(program.path, path.join(folder, 'build', 'guest.wasm'));
    assert.equal(program.guest.byteLength, 8);
  });

  test('a missing file: the names that are near', async () => {
    const problem = await failure('build', 'gest.wasm');
    assert.equal(problem.code, 'program-missing');
    assert.match(problem.message, /gest\.wasm.*Did you mean “guest\.wasm”\?/);
  });

  test('a missing file in a folder without guests: build it', async () => {
    assert.match((await failure('empty', 'guest.wasm')).message, /no \.wasm file in that folder: build/);
  });

  test('a missing folder: which', async () => {
    const { code, message } = await failure('out', 'wasm', 'guest.wasm');
    assert.equal(code, 'program-missing');
    assert.match(
      message,
      new RegExp(`The folder ${path.join('out', 'wasm')} is not there either \\(in ${folder}\\)`),
    );
  });

  test('a path through a file, and a link to nothing', async () => {
    assert.equal((await failure('build', 'notes.txt', 'guest.wasm')).code, 'program-missing');
    assert.equal((await failure('dangling.wasm')).code, 'program-missing');
  });

  test('a folder: the guests in it', async () => {
    const problem = await failure('build');
    assert.equal(problem.code, 'program-unreadable');
    assert.match(problem.message, /is a folder.*It holds guest\.wasm\./);
  });

  test('text: what it looks like, by the name of the file', async () => {
    assert.match((await failure('build', 'notes.txt')).message, /^notes\.txt is not a WebAssembly module/);
  });
});
