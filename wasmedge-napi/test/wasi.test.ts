import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { Engine, WasmEdgeError, type Instance } from 'wasmedge-napi';
import { library } from './support/engine.ts';
import { runScript } from './support/process.ts';
import { wat } from './support/wat.ts';

library();

const folder = await mkdtemp(path.join(os.tmpdir(), 'wasmedge-napi-wasi-'));
after(() => rm(folder, { recursive: true, force: true }));

type WasiOptions = Parameters<Engine['createWasi']>[0];

const NOTHING = 0;
const BAD_FILE = 8;
const NOT_SUPPORTED = 58;

/** A guest whose exports call the WASI functions of the same names: parameters by name, an errno as result. */
function guest(options: WasiOptions, functions: Record<string, string>): Instance {
  const engine = new Engine();
  engine.register(engine.createWasi(options));
  const names = Object.entries(functions);
  const imports = names.map(
    ([name, params]) =>
      `(import "wasi_snapshot_preview1" "${name}" (func $${name} (param ${params}) (result i32)))`,
  );
  const exports = names.map(([name, params]) => {
    const gets = params.split(' ').map((_, i) => `local.get ${i}`);
    return `(func (export "${name}") (param ${params}) (result i32) ${gets.join(' ')} call $${name})`;
  });
  return engine.instantiate(
    engine.load(
      wat(`(module ${imports.join('\n')} (memory (export "memory") 1) ${exports.join('\n')}
        (data (i32.const 256) "file.txt"))`),
    ),
  );
}

/** The strings that args_get or environ_get give the guest. */
function strings(options: WasiOptions, what: 'args' | 'environ'): string[] {
  const instance = guest(options, { [`${what}_sizes_get`]: 'i32 i32', [`${what}_get`]: 'i32 i32' });
  const memory = instance.memory('memory');
  assert.deepEqual(instance.func(`${what}_sizes_get`).call(0, 4), [NOTHING]);
  const view = new DataView(memory.buffer);
  const count = view.getUint32(0, true);
  const bytes = view.getUint32(4, true);
  assert.deepEqual(instance.func(`${what}_get`).call(16, 1024), [NOTHING]);
  const all = Buffer.from(memory.read(1024, bytes)).toString().split('\0').slice(0, -1);
  assert.equal(all.length, count);
  return all;
}

test('arguments as given, the program’s name first', () => {
  assert.deepEqual(strings({ args: ['guest.wasm', 'one', '', 'zwei 🦀'] }, 'args'), [
    'guest.wasm',
    'one',
    '',
    'zwei 🦀',
  ]);
});

test('variables as given, and none of this process', () => {
  process.env.SECRET_OF_THE_HOST = 'x';
  assert.deepEqual(strings({}, 'environ'), []);
  assert.deepEqual(strings({ env: { A: '1', EMPTY: '', EQUALS: 'a=b' } }, 'environ').sort(), [
    'A=1',
    'EMPTY=',
    'EQUALS=a=b',
  ]);
});

const files = {
  fd_prestat_get: 'i32 i32',
  path_open: 'i32 i32 i32 i32 i32 i64 i64 i32 i32',
  fd_read: 'i32 i32 i32 i32',
};
const FD_READ = 2n;

test('a folder that is given is open, and what is in it can be read', async () => {
  await writeFile(path.join(folder, 'file.txt'), 'content');
  const instance = guest({ preopens: { '/data': folder } }, files);
  assert.deepEqual(instance.func('fd_prestat_get').call(3, 0), [NOTHING]);
  // path_open(3, 0, "file.txt", no creation, read, …) → fd at 64
  assert.deepEqual(instance.func('path_open').call(3, 0, 256, 8, 0, FD_READ, 0n, 0, 64), [NOTHING]);
  const memory = instance.memory('memory');
  const view = new DataView(memory.buffer);
  const fd = view.getUint32(64, true);
  view.setUint32(128, 512, true);
  view.setUint32(132, 100, true);
  assert.deepEqual(instance.func('fd_read').call(fd, 128, 1, 136), [NOTHING]);
  assert.equal(Buffer.from(memory.read(512, view.getUint32(136, true))).toString(), 'content');
});

test('nothing is open by default', async () => {
  await writeFile(path.join(folder, 'file.txt'), 'content');
  const instance = guest({}, files);
  for (let fd = 3; fd < 20; fd++) {
    assert.deepEqual(instance.func('fd_prestat_get').call(fd, 0), [BAD_FILE]);
    assert.notDeepEqual(instance.func('path_open').call(fd, 0, 256, 8, 0, FD_READ, 0n, 0, 64), [NOTHING]);
  }
});

test('the guest cannot leave its folder', async () => {
  const inner = await mkdtemp(path.join(folder, 'inner-'));
  const outside = path.join(folder, 'file.txt');
  await writeFile(outside, 'outside');
  const instance = guest({ preopens: { '/': inner } }, files);
  const memory = instance.memory('memory');
  for (const name of ['../file.txt', outside, `/../file.txt`]) {
    memory.write(1024, Buffer.from(name));
    const [errno] = instance
      .func('path_open')
      .call(3, 0, 1024, Buffer.byteLength(name), 0, FD_READ, 0n, 0, 64);
    assert.notEqual(errno, NOTHING, name);
  }
});

test('sockets are refused', () => {
  const instance = guest({}, { sock_open: 'i32 i32 i32', sock_listen: 'i32 i32' });
  // Family IPv4, kind stream.
  assert.deepEqual(instance.func('sock_open').call(1, 2, 0), [NOT_SUPPORTED]);
  assert.deepEqual(instance.func('sock_listen').call(3, 1), [NOT_SUPPORTED]);
});

test('proc_exit ends the call with the exit code', () => {
  const engine = new Engine();
  engine.register(engine.createWasi({}));
  const instance = engine.instantiate(
    engine.load(
      wat(`(module (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32))) (memory (export "memory") 1)
        (func (export "exit") (param i32) local.get 0 call $exit unreachable) (func (export "fine")))`),
    ),
  );
  for (const code of [3, 0]) {
    assert.throws(
      () => instance.func('exit').call(code),
      (error) => {
        assert.ok(error instanceof WasmEdgeError);
        assert.equal(error.exitCode, code);
        assert.equal(error.phase, 'execute');
        assert.equal(error.message, `The guest exited with code ${code}.`);
        return true;
      },
    );
  }
  assert.deepEqual(instance.func('fine').call(), []);
});

test('what cannot be given is refused, and named', () => {
  const engine = new Engine();
  const wasi = (options: unknown): unknown => engine.createWasi(options as WasiOptions);
  assert.throws(() => wasi({ args: 'x' }), { name: 'TypeError', message: /args must be an array/ });
  assert.throws(() => wasi({ args: [1] }), { name: 'TypeError', message: /args\[0\] must be a string/ });
  assert.throws(() => wasi({ args: ['a\0b'] }), { name: 'TypeError', message: /args\[0\].*NUL/ });
  assert.throws(() => wasi({ env: { A: 1 } }), { name: 'TypeError', message: /env\['A'\] must be a string/ });
  assert.throws(() => wasi({ env: { 'A=B': '1' } }), { name: 'TypeError', message: /env\['A=B'\]/ });
  assert.throws(() => wasi({ preopens: { '/data': '/no/such/folder' } }), {
    name: 'RangeError',
    message: "preopens['/data']: there is no folder /no/such/folder.",
  });
  assert.throws(() => wasi({ preopens: { '/da:ta': folder } }), { name: 'RangeError', message: /colon/ });
  assert.throws(() => wasi({ preopens: { '/data': `${folder}:readonly` } }), { message: /colon/ });
  assert.throws(() => wasi(7), TypeError);
});

test('the guest writes to this process’s own stdout and stderr, and reads its stdin', () => {
  const ended = runScript('fixtures/streams.ts', [], { input: 'from outside' });
  assert.deepEqual(ended, {
    status: 0,
    signal: null,
    stdout: 'out of the guest\nread: from outside\n',
    stderr: 'err of the guest\n',
  });
});

test('what the engine logs reaches neither stdout nor stderr', async () => {
  const file = path.join(folder, 'log.json');
  const ended = runScript('fixtures/log.ts', [file]);
  assert.deepEqual(ended, { status: 0, signal: null, stdout: 'printed by the host\n', stderr: '' });
  const logs = JSON.parse(await readFile(file, 'utf8')) as Record<string, string[]>;
  assert.match(logs.load?.[0] ?? '', /^loading failed: /);
  assert.match(logs.instantiate?.[0] ?? '', /^instantiation failed: unknown import/);
  assert.match(logs.execute?.[0] ?? '', /^execution failed: unreachable/);
  // Each error has its own lines, none of an earlier one.
  assert.ok(!logs.execute?.some((line) => line.includes('import')), logs.execute?.join('\n'));
  assert.ok(!logs.again?.some((line) => line.includes('unreachable')), logs.again?.join('\n'));
  assert.match(logs.again?.[0] ?? '', /integer divide by zero/);
});
