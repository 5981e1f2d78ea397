import { MalformedBytes } from '../boundary/decoders/byte-cursor.ts';
import { walkCbor } from '../boundary/decoders/cbor-walk.ts';
import { MAX_NESTING } from '../boundary/decoders/structured-walk.ts';
import { shownBy } from './shown.ts';
import { entriesFrom } from './structured-entries.ts';
import type { Child, StructuredFormat } from './structured-format.ts';

const INDEFINITE = 31;
const BREAK = 0xff;
/** Until the break. */
const UNCOUNTED = -1;

/** An item's initial byte and argument; `length` is UNCOUNTED for an indefinite one. */
interface Head {
  major: number;
  info: number;
  length: number;
  /** Offset behind it. */
  next: number;
}

function headAt(bytes: Buffer, at: number): Head {
  const initial = bytes[at];
  if (initial === undefined) throw new MalformedBytes('the bytes end where an item begins', at);
  const [major, info] = [initial >> 5, initial & 0x1f];
  const next = at + 1;
  if (info < 24) return { major, info, length: info, next };
  if (info === INDEFINITE && major >= 2 && major <= 5) return { major, info, length: UNCOUNTED, next };
  const width = info <= 27 ? 1 << (info - 24) : 0;
  if (width === 0) throw new MalformedBytes(`the initial byte 0x${initial.toString(16)} has no meaning`, at);
  if (next + width > bytes.length) throw new MalformedBytes('the bytes end in the argument of an item', at);
  const length = width === 8 ? Number(bytes.readBigUInt64BE(next)) : bytes.readUIntBE(next, width);
  return { major, info, length, next: next + width };
}

function skip(bytes: Buffer, from: number): number {
  let at = from;
  /** Items to come in each container that is open, the outermost first. */
  const open = [1];
  for (;;) {
    while (open.at(-1) === 0) open.pop();
    const left = open.at(-1);
    if (left === undefined) return at;
    if (left === UNCOUNTED && bytes[at] === BREAK) {
      at++;
      open.pop();
      continue;
    }
    if (left !== UNCOUNTED) open[open.length - 1] = left - 1;
    const { major, length, next } = headAt(bytes, at);
    if ((major === 2 || major === 3) && length !== UNCOUNTED) {
      if (next + length > bytes.length)
        throw new MalformedBytes(`a string takes ${length} bytes, but ${bytes.length - next} are left`, at);
      at = next + length;
      continue;
    }
    at = next;
    if (major < 2 || major === 7) continue;
    if (open.length > MAX_NESTING)
      throw new MalformedBytes(`items are nested more than ${MAX_NESTING} deep`, at);
    open.push(major === 6 ? 1 : major === 5 && length !== UNCOUNTED ? length * 2 : length);
  }
}

function isContainer(bytes: Buffer, at: number): boolean {
  const { major, length } = headAt(bytes, at);
  const isString = major === 2 || major === 3;
  return major >= 2 && major < 7 && !(isString && length !== UNCOUNTED);
}

function* children(bytes: Buffer, from: number): Generator<Child> {
  const { major, length, next } = headAt(bytes, from);
  if (major === 6) {
    yield { name: () => 'content', start: next, at: next, end: skip(bytes, next) };
    return;
  }
  if (!isContainer(bytes, from)) return;
  yield* entriesFrom(next, {
    isMap: major === 5,
    has: (index, at) => (length === UNCOUNTED ? bytes[at] !== BREAK : index < length),
    skip: (at) => skip(bytes, at),
    nameOf: (start, end) => nameOf(bytes, start, end),
  });
}

/** Of a key: its text, or its notation where it is none. */
function nameOf(bytes: Buffer, start: number, end: number): string {
  const { major, length, next } = headAt(bytes, start);
  if (major === 3 && length !== UNCOUNTED && length <= 100) return bytes.toString('utf8', next, end);
  return shownBy(walkCbor, bytes, start, end, 'key').value;
}

/** RFC 8949. */
export const cborFormat: StructuredFormat = {
  skip,
  isContainer,
  children,
  shown: (bytes, at, end) =>
    shownBy(walkCbor, bytes, at, end, headAt(bytes, at).major === 2 ? 'bytes' : 'text'),
};
