import assert from 'node:assert/strict';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type TestContext } from 'node:test';
import { DecoderProcesses } from '../../debug-adapter/decoder-process/decoder-processes.ts';
import type { DecodeAnswer } from '../../debug-adapter/decoder-process/messages.ts';
import type { DecodedNode } from '../../protocol/boundary.ts';
import { root } from '../../scripts/paths.ts';
import { GUESTS, SESSION_LIMIT } from '../support/guests.ts';
import { ended, launch } from '../support/session.ts';

const SCRIPT = path.join(root, 'dist/decoder-process.js');
const READING = path.join(root, 'test/formats/reading.ksy');
const CALL = { sequence: 0, callId: 1, export: 'read', direction: 'result', address: 0, size: 0 } as const;

/** Two measurements of a wind gauge called “Böe”, by hand from the format. */
const BYTES = Buffer.from(
  'c0de 02 02 01000000 0000c03f 02000000 000020c1 04 42c3b665 00010203 edfe'.replaceAll(' ', ''),
  'hex',
);

async function decode(t: TestContext, file: string, bytes: Uint8Array): Promise<DecodeAnswer> {
  const processes = new DecoderProcesses(SCRIPT);
  t.after(() => processes.close());
  return processes.decode({
    decoder: { kind: 'kaitai', file },
    data: Buffer.from(bytes).toString('base64'),
    call: CALL,
  });
}

async function folder(t: TestContext): Promise<string> {
  const made = await mkdtemp(path.join(tmpdir(), 'kaitai-'));
  t.after(() => rm(made, { recursive: true, force: true }));
  return made;
}

function rows(node: DecodedNode | undefined): (string | number)[][] {
  return (node?.children ?? []).map(({ name, value, type, range }) => [name, value, type, ...(range ?? [])]);
}

function child(node: DecodedNode | undefined, name: string): DecodedNode | undefined {
  return node?.children?.find((each) => each.name === name);
}

test(
  'fields have their names, values and bytes; what was unpacked has no bytes',
  SESSION_LIMIT,
  async (t) => {
    const { tree, error } = await decode(t, READING, BYTES);
    assert.equal(error, undefined);
    assert.deepEqual(rows(tree), [
      ['magic', 'c0 de', 'bytes', 0, 2],
      ['sensor_kind', 'wind_gauge (2)', 'enum', 2, 3],
      ['measurement_count', '2', 'number', 3, 4],
      ['measurements', '2 elements', 'array', 4, 20],
      ['label_size', '4', 'number', 20, 21],
      ['label', '"Böe"', 'string', 21, 25],
      ['body', '', 'Body', 25, 29],
      ['masked', '', 'Masked', 29, 31],
      ['first_byte', '192', 'number', 0, 1],
      ['is_empty', 'false', 'boolean'],
    ]);
    const second = child(child(tree, 'measurements'), '1');
    assert.deepEqual(second?.range, [12, 20]);
    assert.deepEqual(rows(second), [
      ['at_seconds', '2', 'number', 12, 16],
      ['value', '-10', 'number', 16, 20],
    ]);
    assert.deepEqual(rows(child(tree, 'body')), [['raw', '00 01 02 03', 'bytes', 25, 29]]);
    assert.deepEqual(rows(child(tree, 'masked')), [['plain', '274', 'number']]);
  },
);

test('bytes that end too early: the error, and what was read before it', SESSION_LIMIT, async (t) => {
  const { tree, error } = await decode(t, READING, BYTES.subarray(0, 14));
  assert.match(
    error ?? '',
    /The bytes do not fit reading\.ksy: .*requested 4 bytes, but only 2 bytes available/,
  );
  assert.deepEqual(rows(tree).slice(0, 4), [
    ['magic', 'c0 de', 'bytes', 0, 2],
    ['sensor_kind', 'wind_gauge (2)', 'enum', 2, 3],
    ['measurement_count', '2', 'number', 3, 4],
    ['measurements', '2 elements', 'array', 4, 4],
  ]);
});

test('bytes of another kind: the error says where', SESSION_LIMIT, async (t) => {
  const { error, tree } = await decode(t, READING, Buffer.from('hello'));
  const [magic] = rows(tree);
  assert.deepEqual(magic, [
    'magic',
    '68 65: not equal, expected [192,222], but got [104,101]',
    'error',
    0,
    2,
  ]);
  assert.match(error ?? '', /reading\.ksy: not equal, expected \[192,222\]/);
});

test('a format that is none, and an import that is not there', SESSION_LIMIT, async (t) => {
  const wrong = path.join(root, 'test/formats/wrong.ksy');
  t.after(() => rm(wrong, { force: true }));
  await writeFile(wrong, 'meta:\n  id: wrong\nseq:\n  - id: a\n    type: nowhere\n');
  assert.match(
    (await decode(t, wrong, BYTES)).error ?? '',
    /^wrong\.ksy: .*no format that Kaitai Struct accepts: .*nowhere/,
  );
  await writeFile(wrong, 'meta:\n  id: wrong\n  imports: [nobody]\nseq: []\n');
  assert.match((await decode(t, wrong, BYTES)).error ?? '', /imports .*nobody\.ksy, which cannot be read/);
});

test('a workspace without the compiler is told how to get it', SESSION_LIMIT, async (t) => {
  const file = path.join(await folder(t), 'measurement.ksy');
  await copyFile(path.join(root, 'test/formats/measurement.ksy'), file);
  assert.match(
    (await decode(t, file, BYTES)).error ?? '',
    /compiler is not installed in .*npm install --save-dev kaitai-struct-compiler/,
  );
});

test('a session decodes what launch.json says', SESSION_LIMIT, async (t) => {
  const client = await launch(
    t,
    {
      program: GUESTS.greeter,
      calls: [{ export: 'greet', argument: { hex: '0100000041424344' } }],
      decoders: { greet: { argument: { kaitai: path.join(root, 'test/formats/measurement.ksy') } } },
    },
    { filters: [] },
  );
  await ended(client);
  const { call } = await client.boundary('boundary/call', { sequence: 0 });
  assert.deepEqual(rows(call.argument?.tree), [
    ['at_seconds', '1', 'number', 0, 4],
    ['value', '781.0352172851562', 'number', 4, 8],
  ]);
  const { decoders } = await client.boundary('boundary/decoders', {});
  assert.equal(decoders[1]?.label, 'Kaitai Struct: measurement.ksy');
});
