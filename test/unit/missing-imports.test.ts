import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlannedImport } from '../../protocol/runner.ts';
import { hostModuleText, missingImportsError } from '../../debug-adapter/missing-imports.ts';

const missing: PlannedImport[] = [
  {
    module: 'rates',
    name: 'rate_of',
    type: { params: ['i32'], results: ['f64'] },
    parameterNames: ['currency'],
  },
  { module: 'clock', name: 'now', type: { params: ['i64'], results: ['i64'] } },
  {
    module: 'rates',
    name: 'scale',
    type: { params: ['f32', 'f32'], results: [] },
    parameterNames: ['in', null],
  },
  {
    module: 'my-host',
    name: 'a "b"\n',
    type: { params: ['externref', 'i32'], results: ['i32', 'i64'] },
    parameterNames: ['x', 'x'],
  },
  { module: '__proto__', name: '__proto__', type: { params: [], results: ['externref'] } },
];

test('every import with its signature, and the module to paste', () => {
  const error = missingImportsError(missing);
  assert.equal(error.code, 'missing-imports');
  assert(error.fix?.kind === 'paste-host-module');
  assert(error.message.includes(error.fix.text));
  for (const signature of [
    'rates.rate_of(currency: i32) → f64',
    'clock.now(i64) → i64',
    'rates.scale(in: f32, f32)',
  ]) {
    assert(error.message.includes(signature), signature);
  }
  assert.match(missingImportsError(missing.slice(0, 1)).message, /imports a function that nobody provides/);
});

test('the module is JavaScript that answers with the right types', async () => {
  const text = hostModuleText(missing);
  const module = (await import(`data:text/javascript,${encodeURIComponent(text)}`)) as {
    imports: Record<string, Record<string, (...params: unknown[]) => unknown>>;
  };
  const call = (name: string, field: string) => module.imports[name]?.[field]?.();
  assert.equal(call('rates', 'rate_of'), 0);
  assert.equal(call('clock', 'now'), 0n);
  assert.equal(call('rates', 'scale'), undefined);
  assert.deepEqual(call('my-host', 'a "b"\n'), [0, 0n]);
  assert.deepEqual(Object.keys(module.imports), ['rates', 'clock', 'my-host', '__proto__']);
  assert.equal(module.imports['rates']?.['scale']?.length, 2);
  assert.match(text, /rate_of\(currency\) \{ return 0; \}/);
});
