import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRecords, type BoundaryRecord } from 'wasmedge-napi/records.js';

/** One record by the format of records.d.ts, written independently of the native writer. */
function record(
  kind: number,
  header: { flags?: number; index?: number; sequence?: number; aux?: number; micros?: number },
  body: Uint8Array = new Uint8Array(),
): Buffer {
  const padded = Math.ceil(body.length / 8) * 8;
  const bytes = Buffer.alloc(24 + padded);
  bytes.writeUInt32LE(bytes.length, 0);
  bytes.writeUInt8(kind, 4);
  bytes.writeUInt8(header.flags ?? 0, 5);
  bytes.writeUInt16LE(header.index ?? 0, 6);
  bytes.writeUInt32LE(header.sequence ?? 0xffffffff, 8);
  bytes.writeUInt32LE(header.aux ?? 0, 12);
  bytes.writeDoubleLE(header.micros ?? 0, 16);
  bytes.set(body, 24);
  return bytes;
}
/** Concatenates numbers: u8 as they are, the others as little-endian typed arrays. */
const body = (
  ...parts: (Uint8Array | BigUint64Array | Float64Array | Uint32Array | BigInt64Array)[]
): Buffer => Buffer.concat(parts.map((part) => Buffer.from(part.buffer, part.byteOffset, part.byteLength)));
const read = (...records: Buffer[]): BoundaryRecord[] => [...readRecords(Buffer.concat(records))];

test('an empty batch has no records', () => assert.deepEqual(read(), []));

test('callBegin with a value of each type', () => {
  const params = body(
    Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7, 0, 0, 0, 0, 0, 0, 0, 0).subarray(0, 8),
    BigInt64Array.of(-5n & 0xffffffffn),
    BigInt64Array.of(-6n),
    Uint32Array.of(new Uint32Array(Float32Array.of(0.5).buffer)[0] ?? 0, 0),
    Float64Array.of(0.1),
    Uint8Array.from({ length: 16 }, (_, i) => i),
    BigUint64Array.of(1n, 2n, 2n ** 64n - 1n),
  );
  const begin = body(BigInt64Array.of(-1n), Uint32Array.of(3, 0), params);
  assert.deepEqual(read(record(1, { index: 7, sequence: 4, aux: 8, micros: 1.5 }, begin)), [
    {
      kind: 'callBegin',
      sequence: 4,
      micros: 1.5,
      index: 7,
      callId: -1n,
      parent: 3,
      params: [
        { type: 'i32', value: -5 },
        { type: 'i64', value: -6n },
        { type: 'f32', value: 0.5 },
        { type: 'f64', value: 0.1 },
        { type: 'v128', value: Uint8Array.from({ length: 16 }, (_, i) => i) },
        { type: 'funcref', value: 1n },
        { type: 'externref', value: 2n },
        { type: 'ref', value: 2n ** 64n - 1n },
      ],
    },
  ]);
});

test('callEnd with each status', () => {
  assert.deepEqual(
    read(...[0, 1, 2, 3].map((flags) => record(2, { flags, sequence: flags }))).map(
      (each) => each.kind === 'callEnd' && each.status,
    ),
    ['returned', 'trapped', 'cancelled', 'exited'],
  );
});

test('imports and crossings; no sequence is null', () => {
  const one = body(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0), BigInt64Array.of(9n));
  assert.deepEqual(
    read(
      record(3, { index: 65534, aux: 1 }, one),
      record(4, { index: 65534, flags: 1 }),
      record(5, { index: 2, sequence: 0, aux: 1, micros: 3 }, body(Float64Array.of(0.25), one)),
    ),
    [
      { kind: 'importEnter', sequence: null, micros: 0, index: 65534, params: [{ type: 'i32', value: 9 }] },
      { kind: 'importLeave', sequence: null, micros: 0, index: 65534, threw: true, results: [] },
      {
        kind: 'crossing',
        sequence: 0,
        micros: 3,
        index: 2,
        durationMicros: 0.25,
        params: [{ type: 'i32', value: 9 }],
      },
    ],
  );
});

test('buffers: direction, edited, each policy; the bytes are a view into the batch', () => {
  const elements = ['i8', 'u8', 'i16', 'u16', 'i32', 'u32', 'i64', 'u64', 'f32', 'f64'];
  const policies = [
    ...['host', 'param', 'u32le-prefix', 'nul', 'fixed', 'unknown'],
    ...elements.map((each) => `elements-${each}`),
  ];
  for (const [code, policy] of policies.entries()) {
    const batch = record(
      6,
      { flags: 1 | 2 | (code << 4), sequence: 1, aux: 10 },
      body(BigUint64Array.of(2n ** 40n), Uint32Array.of(3, 0), Uint8Array.of(7, 8, 9)),
    );
    const [buffer] = readRecords(batch);
    assert.ok(buffer?.kind === 'buffer');
    assert.deepEqual(
      [buffer.direction, buffer.edited, buffer.policy, buffer.address, buffer.size, [...buffer.bytes]],
      ['result', true, policy, 2 ** 40, 10, [7, 8, 9]],
    );
    assert.equal(buffer.bytes.buffer, batch.buffer);
  }
  const [plain] = read(record(6, { aux: 0 }, body(BigUint64Array.of(0n), Uint32Array.of(0, 0))));
  assert.ok(plain?.kind === 'buffer');
  assert.deepEqual([plain.direction, plain.edited, plain.bytes.length], ['argument', false, 0]);
  assert.equal(plain.byExport, undefined);
  const [passed] = read(record(6, { flags: 4 }, body(BigUint64Array.of(0n), Uint32Array.of(0, 0))));
  assert.ok(passed?.kind === 'buffer');
  assert.equal(passed.byExport, true);
});

test('a batch that does not begin at the start of its buffer', () => {
  const bytes = Buffer.concat([Buffer.alloc(13), record(2, { sequence: 5 })]);
  const view = new Uint8Array(bytes.buffer, bytes.byteOffset + 13, 24);
  assert.deepEqual(
    [...readRecords(view)].map(({ sequence }) => sequence),
    [5],
  );
});

const good = record(2, { sequence: 0 });
for (const [what, bytes, offset] of [
  ['a header that is cut off', good.subarray(0, 20), 0],
  ['a record that is cut off', Buffer.concat([good, record(2, {}, new Uint8Array(8)).subarray(0, 24)]), 24],
  ['a length of zero', Buffer.concat([good, Buffer.alloc(24)]), 24],
  ['a length that is no multiple of 8', Buffer.from([25, 0, 0, 0, 2, ...Buffer.alloc(20)]), 0],
  ['an unknown kind', record(9, {}), 0],
  ['an unknown status', record(2, { flags: 4 }), 0],
  ['an unknown type', record(3, { aux: 1 }, Uint8Array.of(8, ...Buffer.alloc(15))), 0],
  ['more values than fit', record(3, { aux: 2 }, new Uint8Array(16)), 0],
  ['very many values', record(3, { aux: 0xffffffff }, new Uint8Array(16)), 0],
  ['a v128 that does not fit', record(3, { aux: 1 }, Uint8Array.of(4, ...Buffer.alloc(15))), 0],
  ['a call without a callId', record(1, {}), 0],
  ['a crossing without a duration', record(5, {}), 0],
  ['a buffer without an address', record(6, {}), 0],
  [
    'a buffer longer than its record',
    record(6, {}, body(BigUint64Array.of(0n), Uint32Array.of(9, 0), new Uint8Array(8))),
    0,
  ],
] as const) {
  test(`${what} is a RangeError that names the offset`, () => {
    assert.throws(() => [...readRecords(bytes)], {
      name: 'RangeError',
      message: new RegExp(`^Malformed records: .*, in the record at byte ${offset} of the batch\\.$`),
    });
  });
}
