import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { parse } from 'jsonc-parser';
import { callableExports, offeredCalls, parseNumbers, signatureOf } from '../../extension/launch/calls.ts';
import { boundaryFrom, setInLaunchJson } from '../../extension/launch/launch-json.ts';
import { notificationText } from '../../extension/launch/notification-text.ts';
import { withAbsolutePaths } from '../../extension/launch/paths.ts';
import type { InspectedExport, Inspection } from '../../protocol/inspection.ts';
import type { ValueType } from '../../protocol/values.ts';

function exported(name: string, params: ValueType[], takesArgument: boolean): InspectedExport {
  return { name, type: { params, results: [] }, parameterNames: params.map(() => null), takesArgument };
}

const inspection: Inspection = {
  program: '/w/guest.wasm',
  problems: [],
  imports: [],
  boundary: { storeArgument: null, returnResult: null },
  exports: [
    exported('_initialize', [], false),
    { ...exported('greet', ['i32', 'i32'], true), parameterNames: ['stringSize', 'callId'] },
    exported('sum', ['i32', 'i64', 'f64'], false),
    exported('take', ['externref'], false),
  ],
};

test('offers what a person can call, and nothing that the runner calls itself', () => {
  const { withArgument, numeric } = callableExports(inspection);
  assert.deepEqual(
    withArgument.map(({ name }) => name),
    ['greet'],
  );
  assert.deepEqual(
    numeric.map(({ name }) => name),
    ['sum'],
  );
  assert.deepEqual(offeredCalls(inspection, 'World'), [{ export: 'greet', argument: 'World' }]);
  assert.deepEqual(offeredCalls(null, 'World'), []);
});

test('writes signatures as Kotlin does', () => {
  const [, greet, sum] = inspection.exports;
  assert.ok(greet && sum);
  assert.equal(signatureOf(greet), 'greet(stringSize: i32, callId: i32)');
  assert.equal(signatureOf({ ...sum, type: { ...sum.type, results: ['i64'] } }), 'sum(i32, i64, f64): i64');
});

test('reads numbers by their types, and says what is wrong', () => {
  const sum = exported('sum', ['i32', 'i64', 'f64'], false);
  assert.deepEqual(parseNumbers('-1, 9223372036854775807 0.5', sum), {
    params: [-1, '9223372036854775807', 0.5],
  });
  assert.deepEqual(parseNumbers('4294967295 0 1e3', sum), { params: [4294967295, '0', 1000] });
  const wrong: [string, RegExp][] = [
    ['1 2', /takes 3 numbers; there are 2/],
    ['1.5 2 3', /“1\.5” is no whole number \(i32\)/],
    ['4294967296 2 3', /does not fit into i32/],
    ['1 9223372036854775808000 3', /does not fit into i64/],
    ['1 2 x', /“x” is no number \(f64\)/],
  ];
  for (const [text, sentence] of wrong) {
    const read = parseNumbers(text, sum);
    assert.ok('problem' in read, text);
    assert.match(read.problem, sentence);
  }
});

const LAUNCH = `{
  // kept
  "version": "0.2.0",
  "configurations": [
    { "type": "node", "request": "launch", "name": "Greet" },
    {
      "type": "kotlin-wasmedge", // kept too
      "request": "launch",
      "name": "Greet",
      "program": "a.wasm"
    }
  ]
}
`;

test('edits the right configuration of launch.json and keeps comments', () => {
  const greet = { type: 'kotlin-wasmedge', name: 'Greet', request: 'launch' };
  const { text, range } = setInLaunchJson(LAUNCH, greet, { boundary: { storeArgument: { import: 'a.b' } } });
  assert.match(text, /\/\/ kept\n/);
  assert.match(text, /\/\/ kept too/);
  const file = parse(text) as { configurations: Record<string, unknown>[] };
  assert.deepEqual(file.configurations[1]?.['boundary'], { storeArgument: { import: 'a.b' } });
  assert.equal(file.configurations[0]?.['boundary'], undefined);
  assert.deepEqual(parse(text.slice(...range)), { storeArgument: { import: 'a.b' } });
});

test('adds the configuration where launch.json does not have it, and the file where there is none', () => {
  const unwritten = {
    type: 'kotlin-wasmedge',
    name: 'Debug x',
    request: 'launch',
    program: 'x.wasm',
    __secret: 1,
  };
  for (const before of ['', LAUNCH]) {
    const { text } = setInLaunchJson(before, unwritten, { host: 'host.mjs' });
    const file = parse(text) as { configurations: Record<string, unknown>[] };
    assert.deepEqual(file.configurations[0], {
      type: 'kotlin-wasmedge',
      name: 'Debug x',
      request: 'launch',
      program: 'x.wasm',
      host: 'host.mjs',
    });
  }
});

test('understands a boundary block with and without its key', () => {
  const block = { storeArgument: { import: 'host.store' } };
  assert.deepEqual(boundaryFrom(`"boundary": ${JSON.stringify(block)}`), block);
  assert.deepEqual(boundaryFrom(`{ "boundary": ${JSON.stringify(block)} }`), block);
  assert.deepEqual(boundaryFrom(`"boundary": ${JSON.stringify(block)},`), block);
  assert.deepEqual(boundaryFrom(JSON.stringify(block)), block);
  assert.equal(boundaryFrom('nothing of the kind'), undefined);
});

test('relative paths are meant from the workspace folder', () => {
  const resolved = withAbsolutePaths(
    {
      program: 'guest.wasm',
      host: '/abs/host.mjs',
      preopens: { '/data': 'data' },
      wasmedge: { library: 'lib/libwasmedge.so', version: '0.17' },
      calls: [
        { export: 'greet', argument: { file: 'in.txt' } },
        { export: 'sum', params: [1] },
      ],
    },
    '/w',
  );
  assert.deepEqual(resolved, {
    program: path.resolve('/w/guest.wasm'),
    host: path.resolve('/abs/host.mjs'),
    preopens: { '/data': path.resolve('/w/data') },
    wasmedge: { library: path.resolve('/w/lib/libwasmedge.so'), version: '0.17' },
    calls: [
      { export: 'greet', argument: { file: path.resolve('/w/in.txt') } },
      { export: 'sum', params: [1] },
    ],
  });
});

test('values of the wrong type are left for the adapter to complain about', () => {
  const wrong: Record<string, unknown> = { program: 5, preopens: [], calls: 'x', wasmedge: null };
  assert.deepEqual(withAbsolutePaths(wrong, '/w'), wrong);
});

test('a notification is one line and leaves out what its button pastes', () => {
  const text = 'export const imports = {\n};';
  const fix = { kind: 'paste-host-module', title: 'Paste', text } as const;
  assert.deepEqual(
    notificationText(`Nobody provides:\n  a.b()\nProvide it in a module, for example:\n\n${text}`, fix),
    { text: 'Nobody provides: a.b() Provide it in a module.', shortened: false },
  );
  assert.deepEqual(notificationText('One\nline.', undefined), { text: 'One line.', shortened: false });
});

test('a notification leaves a list to the log', () => {
  assert.deepEqual(
    notificationText(
      'Not found. Set "wasmedge.library". Looked at:\n- /a: no such file\n- /b: no such file\nSorry.',
      undefined,
    ),
    { text: 'Not found. Set "wasmedge.library". Sorry.', shortened: true },
  );
});
