import { ByteCursor, MalformedBytes } from './byte-cursor.ts';

/** Types of a field on the wire (protobuf.dev, "Encoding"). */
export const WIRE = { varint: 0, fixed64: 1, bytes: 2, groupStart: 3, groupEnd: 4, fixed32: 5 } as const;
export const WIRE_NAMES = ['varint', 'fixed64', 'bytes', 'group', 'end of a group', 'fixed32'];

/** What precedes each field: its number, and how its value is encoded. */
export interface WireTag {
  number: number;
  wire: number;
}

/** An unsigned integer of 7 bits a byte, of at most 64 bits. */
export function readVarint(cursor: ByteCursor, what: string): bigint {
  const start = cursor.at;
  let value = 0n;
  for (let i = 0; i < 10; i++) {
    const byte = cursor.view.getUint8(cursor.skip(1, what));
    value |= BigInt(byte & 0x7f) << BigInt(i * 7);
    if (byte < 0x80) return BigInt.asUintN(64, value);
  }
  throw new MalformedBytes(`${what} has more than 10 bytes`, start);
}

/** @throws MalformedBytes where no field can begin so. */
export function readTag(cursor: ByteCursor): WireTag {
  const start = cursor.at;
  const tag = readVarint(cursor, 'a tag');
  const number = Number(tag >> 3n);
  const wire = Number(tag & 7n);
  if (number === 0 || number > 0x1fff_ffff)
    throw new MalformedBytes(`a field has the number ${number}`, start);
  if (wire > WIRE.fixed32)
    throw new MalformedBytes(`field ${number} has the wire type ${wire}, which is none`, start);
  return { number, wire };
}

/** The integer that ZigZag (`sint32`, `sint64`) means by `value`. */
export function zigzag(value: bigint): bigint {
  return (value >> 1n) ^ -(value & 1n);
}

/** Bytes by which a nested message is told from other bytes: more would not fit the beginning that previews are made of. */
const SAMPLE = 128;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text in `bytes`, judged by their first 128; null where they are none. */
function sampledText(bytes: Uint8Array): string | null {
  try {
    return utf8.decode(bytes.subarray(0, SAMPLE), { stream: bytes.length > SAMPLE });
  } catch {
    return null;
  } finally {
    resetDecoder();
  }
}

/** A decoder that was told that more follows keeps the beginning of a character. */
function resetDecoder(): void {
  try {
    utf8.decode();
  } catch {
    // What it had kept is no character.
  }
}

/** Whether `bytes` could be a message, judged by their first 128; groups, which nobody uses, do not count. */
function looksLikeMessage(bytes: Uint8Array): boolean {
  const cursor = new ByteCursor(bytes.subarray(0, SAMPLE));
  const cut = bytes.length > SAMPLE;
  try {
    while (cursor.left > 0) {
      const { wire } = readTag(cursor);
      if (wire === WIRE.varint) readVarint(cursor, 'a value');
      else if (wire === WIRE.fixed32) cursor.skip(4, 'a value');
      else if (wire === WIRE.fixed64) cursor.skip(8, 'a value');
      else if (wire === WIRE.bytes) {
        const length = readVarint(cursor, 'a length');
        if (length > BigInt(bytes.length - cursor.at)) return false;
        cursor.skip(Number(length), 'a value');
      } else return false;
    }
  } catch (thrown) {
    if (!(thrown instanceof MalformedBytes)) throw thrown;
    return cut && / left$| end /.test(thrown.message);
  }
  return bytes.length > 0;
}

/** What bytes without a schema most probably are: text without controls, a message, any text, or just bytes. */
export function likelyReading(bytes: Uint8Array): 'text' | 'message' | 'bytes' {
  const text = sampledText(bytes);
  if (text !== null && !/[\0-\x1f\x7f]/.test(text)) return 'text';
  if (looksLikeMessage(bytes)) return 'message';
  return text !== null && !/[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/.test(text) ? 'text' : 'bytes';
}

/** The elements where `bytes` are packed varints to their end; null where they are not. At most 1000 are read. */
export function packedVarints(bytes: Uint8Array): bigint[] | null {
  const cursor = new ByteCursor(bytes);
  const values: bigint[] = [];
  try {
    while (cursor.left > 0 && values.length < 1000) values.push(readVarint(cursor, 'an element'));
  } catch (thrown) {
    if (thrown instanceof MalformedBytes) return null;
    throw thrown;
  }
  return values;
}
