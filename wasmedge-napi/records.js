'use strict';
// Reader of the recorder's stream; the format is in records.d.ts, the writer in src/native/recorder.cc.

const NO_SEQUENCE = 0xffffffff;
const HEADER_BYTES = 24;
const TYPES = ['i32', 'i64', 'f32', 'f64', 'v128', 'funcref', 'externref', 'ref'];
const ELEMENTS = ['i8', 'u8', 'i16', 'u16', 'i32', 'u32', 'i64', 'u64', 'f32', 'f64'];
const POLICIES = [
  ...['host', 'param', 'u32le-prefix', 'nul', 'fixed', 'unknown'],
  ...ELEMENTS.map((element) => `elements-${element}`),
];
const STATUSES = ['returned', 'trapped', 'cancelled', 'exited'];

const roundUpTo8 = (bytes) => Math.ceil(bytes / 8) * 8;
const sequenceOrNull = (sequence) => (sequence === NO_SEQUENCE ? null : sequence);

function malformed(offset, what) {
  return new RangeError(`Malformed records: ${what}, in the record at byte ${offset} of the batch.`);
}

/** A value list of `count` values at `start`, which must end by `end`. */
function readValues(batch, view, record, start, end, count) {
  const values = [];
  let at = start + roundUpTo8(count);
  if (at > end) throw malformed(record, 'the value list is longer than the record');
  for (let i = 0; i < count; i++) {
    const type = TYPES[batch[start + i]];
    if (!type) throw malformed(record, `${batch[start + i]} is no type of a value`);
    const width = type === 'v128' ? 16 : 8;
    if (at + width > end) throw malformed(record, 'the value list is longer than the record');
    values.push({ type, value: readValue(type, batch, view, at) });
    at += width;
  }
  return values;
}

function readValue(type, batch, view, at) {
  switch (type) {
    case 'i32':
      return view.getInt32(at, true);
    case 'f32':
      return view.getFloat32(at, true);
    case 'f64':
      return view.getFloat64(at, true);
    case 'i64':
      return view.getBigInt64(at, true);
    case 'v128':
      // A copy also of a Buffer, whose own `slice` makes none.
      return Uint8Array.from(batch.subarray(at, at + 16));
    default:
      return view.getBigUint64(at, true);
  }
}

function readRecord(batch, view, offset, end) {
  const flags = view.getUint8(offset + 5);
  const index = view.getUint16(offset + 6, true);
  const sequence = sequenceOrNull(view.getUint32(offset + 8, true));
  const aux = view.getUint32(offset + 12, true);
  const micros = view.getFloat64(offset + 16, true);
  const body = offset + HEADER_BYTES;
  const need = (bytes) => {
    if (body + bytes > end) throw malformed(offset, 'it is too short for its kind');
  };
  const values = (start) => readValues(batch, view, offset, start, end, aux);

  switch (view.getUint8(offset + 4)) {
    case 1: {
      need(16);
      const callId = view.getBigInt64(body, true);
      const parent = sequenceOrNull(view.getUint32(body + 8, true));
      return { kind: 'callBegin', sequence, micros, index, callId, parent, params: values(body + 16) };
    }
    case 2: {
      const status = STATUSES[flags];
      if (!status) throw malformed(offset, `${flags} is no end of a call`);
      return { kind: 'callEnd', sequence, micros, index, status, results: values(body) };
    }
    case 3:
      return { kind: 'importEnter', sequence, micros, index, params: values(body) };
    case 4:
      return {
        kind: 'importLeave',
        sequence,
        micros,
        index,
        threw: (flags & 1) === 1,
        results: values(body),
      };
    case 5: {
      need(8);
      const durationMicros = view.getFloat64(body, true);
      return { kind: 'crossing', sequence, micros, index, durationMicros, params: values(body + 8) };
    }
    case 6: {
      need(16);
      const captured = view.getUint32(body + 8, true);
      need(16 + captured);
      const policy = POLICIES[flags >> 4];
      return {
        kind: 'buffer',
        sequence,
        micros,
        direction: (flags & 1) === 1 ? 'result' : 'argument',
        edited: (flags & 2) === 2,
        ...((flags & 4) === 4 && { byExport: true }),
        policy,
        address: Number(view.getBigUint64(body, true)),
        size: aux,
        bytes: batch.subarray(body + 16, body + 16 + captured),
      };
    }
    default:
      throw malformed(offset, `${view.getUint8(offset + 4)} is no kind of record`);
  }
}

exports.readRecords = function* readRecords(batch) {
  const view = new DataView(batch.buffer, batch.byteOffset, batch.byteLength);
  for (let offset = 0; offset < batch.byteLength;) {
    if (offset + HEADER_BYTES > batch.byteLength) throw malformed(offset, 'the batch ends within it');
    const length = view.getUint32(offset, true);
    if (length < HEADER_BYTES || length % 8 !== 0)
      throw malformed(offset, `${length} is no length of a record`);
    if (offset + length > batch.byteLength) throw malformed(offset, 'the batch ends within it');
    yield readRecord(batch, view, offset, offset + length);
    offset += length;
  }
};
