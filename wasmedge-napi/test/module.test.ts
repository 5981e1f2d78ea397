import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Engine, WasmEdgeError, type Module } from 'wasmedge-napi';
import { atLeast, library } from './support/engine.ts';
import { wat } from './support/wat.ts';
import { wrong } from './support/wrong.ts';

library();

function engineError(action: () => unknown): WasmEdgeError {
  try {
    action();
  } catch (error) {
    assert.ok(error instanceof WasmEdgeError, String(error));
    assert.equal(error.name, 'WasmEdgeError');
    return error;
  }
  assert.fail('It succeeded.');
}

const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
/** (func (result i31ref) i32.const 1 ref.i31), garbage collection's, which wabt cannot write. */
const i31 = Uint8Array.from([
  ...[...header, 1, 5, 1, 0x60, 0, 1, 0x6c, 3, 2, 1, 0],
  ...[10, 8, 1, 6, 0, 0x41, 1, 0xfb, 0x1c, 0x0b],
]);

const everything = `(module
  (import "host" "f" (func (param i32 i64 f32 f64) (result i32)))
  (import "host" "memory" (memory 1 2))
  (import "host" "table" (table 1 funcref))
  (import "host" "global" (global i64))
  (tag (export "tag") (param i32))
  (func (export "swap") (param i32 externref) (result externref i32) local.get 1 local.get 0)
  (memory (export "memory") 1)
  (table (export "table") 2 externref)
  (global (export "counter") (mut f32) (f32.const 1)))`;

test('imports and exports, in the module’s order, with their types', () => {
  const module = new Engine().load(wat(everything));
  assert.deepEqual(module.imports, [
    {
      module: 'host',
      name: 'f',
      kind: 'function',
      type: { params: ['i32', 'i64', 'f32', 'f64'], results: ['i32'] },
    },
    { module: 'host', name: 'memory', kind: 'memory' },
    { module: 'host', name: 'table', kind: 'table' },
    { module: 'host', name: 'global', kind: 'global' },
  ]);
  assert.deepEqual(module.exports, [
    { name: 'tag', kind: 'tag' },
    {
      name: 'swap',
      kind: 'function',
      type: { params: ['i32', 'externref'], results: ['externref', 'i32'] },
    },
    { name: 'memory', kind: 'memory' },
    { name: 'table', kind: 'table', valueType: 'externref' },
    { name: 'counter', kind: 'global', valueType: 'f32', mutable: true },
  ]);
});

test('names outside ASCII and empty names', () => {
  const module = new Engine().load(wat('(module (func (export "größe 🦀")) (func (export "")))'));
  assert.deepEqual(
    module.exports.map(({ name }) => name),
    ['größe 🦀', ''],
  );
  const instance = new Engine().instantiate(module);
  assert.deepEqual(instance.func('größe 🦀').call(), []);
  assert.deepEqual(instance.func('').call(), []);
});

test('a malformed module: the engine’s text, its log and the byte offset', () => {
  const bytes = wat('(module (func (export "f") (result i32) i32.const 1))');
  const error = engineError(() => new Engine().load(bytes.subarray(0, bytes.length - 3)));
  assert.equal(error.phase, 'load');
  assert.equal(error.interrupted, false);
  assert.equal(error.costLimitExceeded, false);
  assert.equal(error.exitCode, undefined);
  assert.ok(error.code >= 0x100 && error.code < 0x200, `code ${error.code}`);
  assert.ok(
    error.log.some((line) => line.startsWith('loading failed: ')),
    error.log.join('\n'),
  );
  assert.ok(error.log.some((line) => line.includes('Bytecode offset: 0x')));
  assert.ok(error.byteOffset !== undefined && error.byteOffset > 8 && error.byteOffset <= bytes.length);
  assert.ok(error.message.includes(error.engineMessage));
  assert.ok(error.message.includes(`at byte ${error.byteOffset}`));
});

for (const [what, bytes] of [
  ['an empty file', []],
  ['something else', [1, 2, 3, 4, 5, 6, 7, 8]],
  ['a magic number only', [0, 0x61, 0x73, 0x6d]],
  ['a component', [0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0]],
] as const) {
  test(`${what} is refused with a byte offset`, () => {
    const error = engineError(() => new Engine().load(Uint8Array.from(bytes)));
    assert.equal(error.phase, 'load');
    assert.equal(typeof error.byteOffset, 'number');
  });
}

test('an invalid module is decoded, and fails when validated or instantiated', () => {
  const bytes = wat('(module (func (export "f") (result i32) i32.const 1))');
  // The function's type says i32; an f32.const (0x43) of the same four bytes does not match it.
  const at = bytes.lastIndexOf(0x41);
  const invalid = Uint8Array.from([...bytes.subarray(0, at), 0x43, 0, 0, 0, 0, 0x0b]);
  invalid[at - 2] = 7;
  invalid[at - 4] = 9;
  const engine = new Engine();
  const module = engine.load(invalid);
  const error = engineError(() => engine.validate(module));
  assert.equal(error.phase, 'validate');
  assert.equal(error.engineMessage, 'type mismatch');
  assert.ok(error.log.length > 0);
  assert.equal(engineError(() => engine.instantiate(module)).phase, 'validate');
});

test('an import that nobody provides is an error of instantiation that names it', () => {
  const engine = new Engine();
  const module = engine.load(wat('(module (import "nobody" "has" (func)))'));
  const error = engineError(() => engine.instantiate(module));
  assert.equal(error.phase, 'instantiate');
  assert.equal(error.engineMessage, 'unknown import');
  assert.ok(
    error.log.some((line) => line.includes('nobody')),
    error.log.join('\n'),
  );
});

test('a start function that traps', () => {
  const engine = new Engine();
  const module = engine.load(wat('(module (func $f unreachable) (start $f))'));
  const error = engineError(() => engine.instantiate(module));
  assert.equal(error.phase, 'instantiate');
  assert.equal(error.engineMessage, 'unreachable');
});

test('an export that is not there is named, with those that are', () => {
  const engine = new Engine();
  const instance = engine.instantiate(
    engine.load(wat('(module (func (export "one")) (func (export "two")))')),
  );
  assert.throws(() => instance.func('three'), {
    name: 'RangeError',
    message: "The module exports no function 'three'; it exports one, two.",
  });
  assert.throws(() => instance.memory('memory'), {
    name: 'RangeError',
    message: "The module exports no memory 'memory', and no memory at all.",
  });
  assert.throws(() => instance.table('one'), RangeError);
  assert.throws(() => instance.global('one'), RangeError);
});

test('a trap: message, byte offset of the instruction, log', () => {
  const engine = new Engine();
  const bytes = wat('(module (func (export "f") i32.const 1 i32.const 0 i32.div_s drop))');
  const instance = engine.instantiate(engine.load(bytes));
  const error = engineError(() => instance.func('f').call());
  assert.equal(error.phase, 'execute');
  assert.equal(error.engineMessage, 'integer divide by zero');
  assert.equal(bytes[error.byteOffset ?? -1], 0x6d, 'the offset is that of i32.div_s');
  assert.ok(error.log.some((line) => line.includes('execution failed: integer divide by zero')));
});

test('an uncaught exception', () => {
  const engine = new Engine();
  const module = engine.load(wat('(module (tag $t) (func (export "f") throw $t))'));
  const error = engineError(() => engine.instantiate(module).func('f').call());
  assert.equal(error.engineMessage, 'uncaught exception');
});

test('modules that use each default proposal load without any option', () => {
  const engine = new Engine();
  const load = (text: string): Module => engine.load(wat(text));
  engine.validate(load('(module (tag $t) (func throw $t))'));
  engine.validate(load('(module (func $f return_call $f))'));
  engine.validate(load('(module (memory 1) (memory 1))'));
  engine.validate(load('(module (global i32 (i32.add (i32.const 1) (i32.const 2))))'));
  engine.validate(engine.load(i31));
  // (type (func (param (ref null func)))): typed function references.
  engine.validate(engine.load(Uint8Array.from([...header, 1, 6, 1, 0x60, 1, 0x63, 0x70, 0])));
});

// Each proposal's name must reach its own place in this version's enum: switching it off must refuse just what needs it.
const needs: Record<string, Uint8Array> = {
  TailCall: wat('(module (func $f return_call $f))'),
  MultiMemories: wat('(module (memory 1) (memory 1))'),
  ExceptionHandling: wat('(module (tag $t) (func throw $t))'),
  GC: i31,
  ExtendedConst: wat('(module (global i32 (i32.add (i32.const 1) (i32.const 2))))'),
  SIMD: wat('(module (func (result v128) v128.const i64x2 1 2))'),
  SignExtensionOperators: wat('(module (func (param i32) (result i32) local.get 0 i32.extend8_s))'),
  NonTrapFloatToIntConversions: wat(
    '(module (func (param f32) (result i32) local.get 0 i32.trunc_sat_f32_s))',
  ),
};
function accepts(engine: Engine, bytes: Uint8Array): boolean {
  try {
    engine.validate(engine.load(bytes));
    return true;
  } catch (error) {
    if (error instanceof WasmEdgeError) return false;
    throw error;
  }
}
for (const [proposal, bytes] of Object.entries(needs)) {
  test(`without ${proposal}, what needs it is refused`, () => {
    assert.equal(accepts(new Engine(), bytes), true);
    assert.equal(accepts(new Engine({ removeProposals: [proposal] }), bytes), false);
  });
}
// (memory i64 1): 0.17 is the first that has it.
const switchable: Record<string, Uint8Array> = {
  Threads: wat('(module (memory 1 1 shared) (func (drop (i32.atomic.load (i32.const 0)))))'),
  ...(atLeast(17) && { Memory64: Uint8Array.from([...header, 5, 3, 1, 4, 1]) }),
};
for (const [proposal, bytes] of Object.entries(switchable)) {
  test(`${proposal} can be switched on`, () => {
    assert.equal(accepts(new Engine({ removeProposals: [proposal] }), bytes), false);
    assert.equal(accepts(new Engine({ addProposals: [proposal] }), bytes), true);
  });
}

test('options of the wrong type, and unknown proposals', () => {
  assert.throws(() => new Engine({ addProposals: ['NoSuchThing'] }), {
    name: 'TypeError',
    message: /WasmEdge .* knows no proposal 'NoSuchThing'; it knows .*TailCall/,
  });
  assert.throws(() => new Engine({ removeProposals: wrong('GC') }), {
    name: 'TypeError',
    message: /removeProposals/,
  });
  assert.throws(() => new Engine(wrong(7)), TypeError);
  assert.throws(() => new Engine({ countInstructions: wrong(1) }), {
    name: 'TypeError',
    message: /countInstructions/,
  });
  assert.throws(() => new Engine({ costLimit: wrong(1) }), {
    name: 'TypeError',
    message: /costLimit must be a bigint/,
  });
  assert.throws(() => new Engine({ costLimit: -1n }), { name: 'RangeError', message: /costLimit/ });
  assert.throws(() => new Engine({ maxMemoryPages: 65537 }), {
    name: 'RangeError',
    message: /maxMemoryPages/,
  });
  assert.throws(() => new Engine({ maxMemoryPages: 1.5 }), { name: 'TypeError', message: /maxMemoryPages/ });
});

test('arguments of the wrong type', () => {
  const engine = new Engine();
  assert.throws(() => engine.load(wrong('module')), { name: 'TypeError', message: /must be a Uint8Array/ });
  assert.throws(() => engine.validate(wrong({})), {
    name: 'TypeError',
    message: /must be an object of class Module/,
  });
  assert.throws(() => engine.instantiate(wrong(engine)), { name: 'TypeError', message: /of class Module/ });
  assert.throws(() => engine.register(wrong(7)), { name: 'TypeError', message: /of class HostModule/ });
  assert.throws(() => engine.createHostModule(wrong()), {
    name: 'TypeError',
    message: /name must be a string/,
  });
});

test('a method or getter on another object is a TypeError', () => {
  const engine = new Engine();
  const instance = engine.instantiate(engine.load(wat('(module (memory (export "m") 1))')));
  const memory = instance.memory('m');
  const pages = (receiver: unknown): unknown =>
    Reflect.get(Object.getPrototypeOf(memory) as object, 'pages', receiver);
  assert.equal(pages(memory), 1);
  for (const receiver of [engine, {}, undefined, 7]) assert.throws(() => pages(receiver), TypeError);
  const load = (receiver: object): unknown =>
    Reflect.get(engine, 'load').call(receiver as Engine, new Uint8Array());
  assert.throws(() => load(instance), TypeError);
  assert.throws(() => load(Object.create(Engine.prototype) as object), TypeError);
});

test('what only the engine makes cannot be constructed', () => {
  const { constructor } = Object.getPrototypeOf(new Engine().load(wat('(module)'))) as {
    constructor: new () => unknown;
  };
  assert.throws(() => new constructor(), { name: 'TypeError', message: /Module cannot be constructed/ });
});

test('the same name cannot be registered twice', () => {
  const engine = new Engine();
  engine.register(engine.createHostModule('host'));
  const error = engineError(() => engine.register(engine.createHostModule('host')));
  assert.equal(error.phase, 'other');
  assert.match(error.engineMessage, /name/);
});

test('a host module belongs to its engine', () => {
  const host = new Engine().createHostModule('host');
  assert.throws(() => new Engine().register(host), {
    name: 'TypeError',
    message: "The host module 'host' was made by another engine.",
  });
});
