import { MalformedBytes } from '../boundary/decoders/byte-cursor.ts';
import { walkMessagePack } from '../boundary/decoders/messagepack-walk.ts';
import { shownBy } from './shown.ts';
import { entriesFrom } from './structured-entries.ts';
import type { Child, StructuredFormat } from './structured-format.ts';

/** An object's first bytes: what follows them is `bytes` bytes, or so many objects. */
interface Head {
  kind: 'scalar' | 'string' | 'binary' | 'array' | 'map';
  /** Bytes that belong to it behind `next`, or entries. */
  size: number;
  next: number;
}

/** Bytes of 0xcc to 0xd3: integers and floats come with so many. */
const NUMBERS = [1, 2, 4, 8];

function headAt(bytes: Buffer, at: number): Head {
  const first = bytes[at];
  if (first === undefined) throw new MalformedBytes('the bytes end where an object begins', at);
  const sized = (kind: Head['kind'], width: number, more = 0): Head => {
    if (at + 1 + width > bytes.length) throw new MalformedBytes('the bytes end in the size of an object', at);
    return { kind, size: bytes.readUIntBE(at + 1, width) + more, next: at + 1 + width };
  };
  const next = at + 1;
  if (first < 0x80 || first >= 0xe0) return { kind: 'scalar', size: 0, next };
  if (first < 0x90) return { kind: 'map', size: first & 0x0f, next };
  if (first < 0xa0) return { kind: 'array', size: first & 0x0f, next };
  if (first < 0xc0) return { kind: 'string', size: first & 0x1f, next };
  if (first === 0xc1) throw new MalformedBytes('the byte 0xc1, which is never used, stands', at);
  if (first <= 0xc3) return { kind: 'scalar', size: 0, next };
  if (first <= 0xc6) return sized('binary', 1 << (first - 0xc4));
  // The type of an extension is one byte more.
  if (first <= 0xc9) return sized('binary', 1 << (first - 0xc7), 1);
  if (first <= 0xcb) return { kind: 'scalar', size: first === 0xca ? 4 : 8, next };
  if (first <= 0xd3) return { kind: 'scalar', size: NUMBERS[(first - 0xcc) & 3] ?? 8, next };
  if (first <= 0xd8) return { kind: 'binary', size: (1 << (first - 0xd4)) + 1, next };
  if (first <= 0xdb) return sized('string', 1 << (first - 0xd9));
  if (first <= 0xdd) return sized('array', first === 0xdc ? 2 : 4);
  return sized('map', first === 0xde ? 2 : 4);
}

function skip(bytes: Buffer, from: number): number {
  let at = from;
  for (let pending = 1; pending > 0; pending--) {
    const { kind, size, next } = headAt(bytes, at);
    if (kind === 'array') pending += size;
    else if (kind === 'map') pending += size * 2;
    else if (next + size > bytes.length)
      throw new MalformedBytes(`an object takes ${size} bytes, but ${bytes.length - next} are left`, at);
    at = kind === 'array' || kind === 'map' ? next : next + size;
  }
  return at;
}

function isContainer(bytes: Buffer, at: number): boolean {
  const { kind } = headAt(bytes, at);
  return kind === 'array' || kind === 'map';
}

function* children(bytes: Buffer, from: number): Generator<Child> {
  const { kind, size, next } = headAt(bytes, from);
  if (!isContainer(bytes, from)) return;
  yield* entriesFrom(next, {
    isMap: kind === 'map',
    has: (index) => index < size,
    skip: (at) => skip(bytes, at),
    nameOf: (start, end) => nameOf(bytes, start, end),
  });
}

function nameOf(bytes: Buffer, start: number, end: number): string {
  const { kind, size, next } = headAt(bytes, start);
  if (kind === 'string' && size <= 100) return bytes.toString('utf8', next, end);
  return shownBy(walkMessagePack, bytes, start, end, 'key').value;
}

/** The MessagePack specification. */
export const messagePackFormat: StructuredFormat = {
  skip,
  isContainer,
  children,
  shown: (bytes, at, end) => shownBy(walkMessagePack, bytes, at, end, headAt(bytes, at).kind),
};
