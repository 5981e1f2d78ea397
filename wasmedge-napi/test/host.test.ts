import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Engine, WasmEdgeError, type HostFunction, type Instance, type Reference } from 'wasmedge-napi';
import { library } from './support/engine.ts';
import { wat } from './support/wat.ts';
import { wrong } from './support/wrong.ts';

library();

type Imports = Record<string, { type: [string, string]; call: HostFunction }>;
const types = (names: string): never[] => names.split(' ').filter(Boolean) as never[];

/** Instantiates a module whose imports are those of `host`. */
function instantiate(imports: Imports, text: string): Instance {
  const engine = new Engine();
  const host = engine.createHostModule('host');
  for (const [name, { type, call }] of Object.entries(imports)) {
    host.addFunction(name, { params: types(type[0]), results: types(type[1]) }, call);
  }
  engine.register(host);
  return engine.instantiate(engine.load(wat(text)));
}
/** A module that calls its one import `f` with its own parameters and gives back the results. */
function passThrough(params: string, results: string, call: HostFunction): Instance {
  const gets = types(params).map((_, i) => `local.get ${i}`);
  return instantiate(
    { f: { type: [params, results], call } },
    `(module (import "host" "f" (func $f (param ${params}) (result ${results})))
      (func (export "call") (param ${params}) (result ${results}) ${gets.join(' ')} call $f)
      (export "f" (func $f)))`,
  );
}

test('parameters of each type arrive, and results go back', () => {
  const seen: unknown[] = [];
  const instance = passThrough(
    'i32 i64 f32 f64 v128 externref',
    'f64 i64 i32 f32 v128 externref',
    (...params) => {
      seen.push(params);
      const [i32, i64, f32, f64, v128, ref] = params;
      return [f64, i64, i32, f32, v128, ref] as never;
    },
  );
  const bytes = new Uint8Array(16).fill(3);
  const results = instance.func('call').call(-5, -6n, 0.5, 0.1, bytes, null);
  assert.deepEqual(results.slice(0, 5), [0.1, -6n, -5, 0.5, bytes]);
  assert.equal((results[5] as Reference).isNull, true);
  assert.deepEqual((seen[0] as unknown[]).slice(0, 5), [-5, -6n, 0.5, 0.1, bytes]);
});

test('one result may stand alone or in an array; without results nothing is looked at', () => {
  assert.deepEqual(
    passThrough('', 'i32', () => 7)
      .func('call')
      .call(),
    [7],
  );
  assert.deepEqual(
    passThrough('', 'i32', () => [8])
      .func('call')
      .call(),
    [8],
  );
  assert.deepEqual(
    passThrough('', '', () => 'anything' as never)
      .func('call')
      .call(),
    [],
  );
});

test('an imported function that is exported again can be called directly', () => {
  assert.deepEqual(
    passThrough('i32', 'i32', (x) => (x as number) + 1)
      .func('f')
      .call(1),
    [2],
  );
});

for (const [what, results, value, message] of [
  ['a string', 'i32', 'x', /The result of the host function host\.f must be a number \(i32\), not a string/],
  ['nothing', 'i32', undefined, /not undefined/],
  ['a promise', 'i32', Promise.resolve(1), /not a promise \(host functions are synchronous\)/],
  ['too few', 'i32 i32', [1], /must be an array of 2 values/],
  ['too many', 'i32 i32', [1, 2, 3], /must be an array of 2 values/],
  ['one of two', 'i32 i32', 1, /must be an array of 2 values/],
  ['a wrong second', 'i32 i64', [1, 2], /Result 2 of the host function host\.f must be a bigint \(i64\)/],
  [
    'a promise where nothing is wanted',
    '',
    Promise.resolve(),
    /returned a promise: host functions are synchronous/,
  ],
] as const) {
  test(`a host function that returns ${what}: TypeError from call`, () => {
    const instance = passThrough('', results, () => value as never);
    assert.throws(() => instance.func('call').call(), { name: 'TypeError', message });
    // The engine stays usable.
    assert.throws(() => instance.func('call').call(), { name: 'TypeError', message });
  });
}

test('what a host function throws is thrown from call, the same object', () => {
  for (const thrown of [new Error('no'), { odd: true }, 'text', 42, null, undefined]) {
    const instance = passThrough('', '', () => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- anything may be thrown by a script
      throw thrown;
    });
    try {
      instance.func('call').call();
      assert.fail('It returned.');
    } catch (error) {
      assert.equal(error, thrown);
    }
  }
});

test('a throw ends the guest: what follows in it does not run', () => {
  const calls: string[] = [];
  const instance = instantiate(
    {
      before: {
        type: ['', ''],
        call: () => {
          calls.push('before');
          throw new Error('stop');
        },
      },
      after: { type: ['', ''], call: () => void calls.push('after') },
    },
    `(module (import "host" "before" (func $before)) (import "host" "after" (func $after))
      (func (export "run") call $before call $after))`,
  );
  assert.throws(() => instance.func('run').call(), { message: 'stop' });
  assert.deepEqual(calls, ['before']);
});

test('a throw within the start function is thrown from instantiate', () => {
  const thrown = new Error('at start');
  assert.throws(
    () =>
      instantiate(
        {
          f: {
            type: ['', ''],
            call: () => {
              throw thrown;
            },
          },
        },
        '(module (import "host" "f" (func $f)) (start $f))',
      ),
    (error) => error === thrown,
  );
});

const nesting = `(module (import "host" "f" (func $f (param i32) (result i32)))
  (func (export "call") (param i32) (result i32) (i32.add (i32.const 1) (call $f (local.get 0))))
  (func (export "trap") (param i32) (result i32) unreachable))`;

test('an export can be called from within an import, to any depth', () => {
  const instance = instantiate(
    {
      f: {
        type: ['i32', 'i32'],
        call: (depth) => (depth === 0 ? 0 : instance.func('call').call((depth as number) - 1)[0]),
      },
    },
    nesting,
  );
  assert.deepEqual(instance.func('call').call(50), [51]);
});

test('calls that nest for ever end with JavaScript’s own error, and the engine stays usable', () => {
  const instance = instantiate(
    { f: { type: ['i32', 'i32'], call: () => instance.func('call').call(0)[0] } },
    nesting,
  );
  assert.throws(() => instance.func('call').call(0), { name: 'RangeError', message: /call stack/ });
  assert.throws(() => instance.func('trap').call(0), { engineMessage: 'unreachable' });
});

test('a throw passes through nested calls; each host function in between may catch it', () => {
  const thrown = new Error('innermost');
  const caught: unknown[] = [];
  const instance = instantiate(
    {
      f: {
        type: ['i32', 'i32'],
        call: (depth) => {
          if (depth === 0) throw thrown;
          try {
            return instance.func('call').call((depth as number) - 1);
          } catch (error) {
            caught.push(error);
            if (depth === 2) return 100;
            throw error;
          }
        },
      },
    },
    nesting,
  );
  assert.deepEqual(instance.func('call').call(3), [102]);
  assert.deepEqual(caught, [thrown, thrown]);
  assert.throws(
    () => instance.func('call').call(1),
    (error) => error === thrown,
  );
});

test('a trap of a nested call is an error in the host function, and its own if that throws it on', () => {
  const seen: unknown[] = [];
  const instance = instantiate(
    {
      f: {
        type: ['i32', 'i32'],
        call: (catches) => {
          try {
            return instance.func('trap').call(0);
          } catch (error) {
            seen.push(error);
            if (catches === 1) return 5;
            throw error;
          }
        },
      },
    },
    nesting,
  );
  assert.deepEqual(instance.func('call').call(1), [6]);
  assert.ok(seen[0] instanceof WasmEdgeError && seen[0].engineMessage === 'unreachable');
  assert.throws(
    () => instance.func('call').call(0),
    (error) => error === seen[1],
  );
});

test('many crossings within one call leave nothing behind on the way', () => {
  let count = 0;
  const instance = instantiate(
    { f: { type: ['i32 i64', 'i64'], call: (_, x) => (count++, (x as bigint) + 1n) } },
    `(module (import "host" "f" (func $f (param i32 i64) (result i64)))
      (func (export "run") (param $n i32) (result i64) (local $x i64)
        (loop $l
          (local.set $x (call $f (local.get $n) (local.get $x)))
          (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
        local.get $x))`,
  );
  assert.deepEqual(instance.func('run').call(200_000), [200_000n]);
  assert.equal(count, 200_000);
});

test('references pass through the host', () => {
  const kept: Reference[] = [];
  const instance = instantiate(
    {
      keep: { type: ['funcref', ''], call: (f) => void kept.push(f as Reference) },
      give: { type: ['', 'funcref'], call: () => kept[0] },
      nothing: { type: ['', 'funcref'], call: () => null },
    },
    `(module
      (import "host" "keep" (func $keep (param funcref)))
      (import "host" "give" (func $give (result funcref)))
      (import "host" "nothing" (func $nothing (result funcref)))
      (table 1 funcref) (func $seven (result i32) i32.const 7) (elem declare func $seven)
      (func (export "run") (result i32)
        (call $keep (ref.func $seven))
        (table.set (i32.const 0) (call $give))
        (call_indirect (result i32) (i32.const 0)))
      (func (export "isNull") (result i32) (ref.is_null (call $nothing))))`,
  );
  assert.deepEqual(instance.func('run').call(), [7]);
  assert.equal(kept[0]?.type, 'funcref');
  assert.deepEqual(instance.func('isNull').call(), [1]);
});

test('host functions are checked when they are added', () => {
  const engine = new Engine();
  const host = engine.createHostModule('host');
  const ok = { params: [], results: [] };
  assert.throws(() => host.addFunction('f', ok, wrong('x')), {
    name: 'TypeError',
    message: /callback must be a function/,
  });
  assert.throws(() => host.addFunction(wrong(1), ok, () => undefined), {
    name: 'TypeError',
    message: /name must be/,
  });
  assert.throws(() => host.addFunction('f', wrong(undefined), () => undefined), { name: 'TypeError' });
  assert.throws(() => host.addFunction('f', { params: [wrong('i31')], results: [] }, () => undefined), {
    name: 'TypeError',
    message: /params cannot be 'i31'/,
  });
  assert.throws(() => host.addFunction('f', { params: ['ref'], results: [] }, () => undefined), TypeError);
  assert.equal(host.name, 'host');
});

test('a signature that differs from the import’s is an error of instantiation', () => {
  assert.throws(
    () =>
      instantiate({ f: { type: ['i32', ''], call: () => undefined } }, '(module (import "host" "f" (func)))'),
    (error) => error instanceof WasmEdgeError && error.phase === 'instantiate',
  );
});
