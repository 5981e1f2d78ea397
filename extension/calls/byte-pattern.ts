import type { ByteSource } from './byte-differences.ts';

/** What is searched for: bytes, some of which may be anything. */
export interface BytePattern {
  bytes: Uint8Array;
  /** Bits of each byte that must be as in `bytes`. */
  mask: Uint8Array;
}

const exactly = (bytes: Uint8Array): BytePattern => ({
  bytes,
  mask: new Uint8Array(bytes.length).fill(0xff),
});

/**
 * Hexadecimal digits in pairs, `?` for a digit that may be any: `0d 00 ?? 4?`.
 * @throws Error with a sentence where it is none
 */
export function hexPattern(text: string): BytePattern {
  const digits = text.replace(/0x/gi, '').replace(/[\s,:_-]+/g, '');
  const wrong = /[^0-9a-f?]/i.exec(digits)?.[0];
  if (wrong !== undefined) throw new Error(`“${wrong}” is no hexadecimal digit. Write bytes as 0d 00 ?? 4?.`);
  if (digits.length === 0) throw new Error('Type hexadecimal digits, e.g. 0d 00 ?? ??.');
  if (digits.length % 2 !== 0) throw new Error(`${digits.length} digits are no whole bytes: add one.`);
  const pattern = exactly(new Uint8Array(digits.length / 2));
  for (let index = 0; index < digits.length; index++) {
    const digit = digits.charAt(index);
    const at = index >> 1;
    const shift = index % 2 === 0 ? 4 : 0;
    if (digit === '?') pattern.mask[at] = (pattern.mask[at] ?? 0) & ~(0xf << shift);
    else pattern.bytes[at] = (pattern.bytes[at] ?? 0) | (parseInt(digit, 16) << shift);
  }
  return pattern;
}

/** Text as UTF-8. @throws Error with a sentence where there is none */
export function textPattern(text: string): BytePattern {
  if (text === '') throw new Error('Type the text to find.');
  return exactly(Buffer.from(text, 'utf8'));
}

/** Bytes that are searched before others get their turn. */
const PAGE = 4 * 1024 * 1024;

/**
 * As `findPattern`, in bytes that are read in pages. Rejects with a sentence where they cannot be read.
 * @returns null where the bytes are nowhere
 */
export async function findInPages(
  source: ByteSource,
  pattern: BytePattern,
  from: number,
  backwards: boolean,
): Promise<{ start: number; wrapped: boolean } | null> {
  const { length } = pattern.bytes;
  const starts = Math.max(0, source.size - length + 1);
  const edge = Math.min(Math.max(from, 0), starts);
  /** Where matches may begin: what is searched first, and what when it goes round. */
  const parts: [number, number][] = [
    [edge, starts],
    [0, edge],
  ];
  for (const [at, [first, end]] of (backwards ? parts.reverse() : parts).entries()) {
    const start = await findBetween(source, pattern, first, end, backwards);
    if (start >= 0) return { start, wrapped: at > 0 };
  }
  return null;
}

/** The first match that begins in `[first, end)`, or the last; -1 where there is none. */
async function findBetween(
  source: ByteSource,
  pattern: BytePattern,
  first: number,
  end: number,
  backwards: boolean,
): Promise<number> {
  for (let done = 0; done < end - first; done += PAGE) {
    const to = backwards ? end - done : Math.min(end, first + done + PAGE);
    const start = backwards ? Math.max(first, to - PAGE) : first + done;
    const read = await source.read(start, to - start + pattern.bytes.length - 1);
    const page = Buffer.from(read.buffer, read.byteOffset, read.length);
    const found = backwards ? lastBefore(page, pattern, page.length) : firstFrom(page, pattern, 0);
    if (found >= 0) return start + found;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return -1;
}

/**
 * The next match that begins at `from` or after it, or before it when searching backwards; where there is none, the
 * search goes on from the other end.
 * @returns null where the bytes are nowhere
 */
export function findPattern(
  data: Buffer,
  pattern: BytePattern,
  from: number,
  backwards: boolean,
): { start: number; wrapped: boolean } | null {
  const search = backwards ? lastBefore : firstFrom;
  const start = search(data, pattern, from);
  if (start >= 0) return { start, wrapped: false };
  const again = search(data, pattern, backwards ? data.length : 0);
  return again >= 0 ? { start: again, wrapped: true } : null;
}

const isExact = ({ mask }: BytePattern): boolean => mask.every((bits) => bits === 0xff);

function firstFrom(data: Buffer, pattern: BytePattern, from: number): number {
  // A buffer may have 64 MiB: what has no wildcard is left to the engine.
  if (isExact(pattern)) return data.indexOf(pattern.bytes, from);
  const last = data.length - pattern.bytes.length;
  for (let at = from; at <= last; at++) if (matchesAt(data, pattern, at)) return at;
  return -1;
}

function lastBefore(data: Buffer, pattern: BytePattern, before: number): number {
  const last = Math.min(before - 1, data.length - pattern.bytes.length);
  if (last < 0) return -1;
  if (isExact(pattern)) return data.lastIndexOf(pattern.bytes, last);
  for (let at = last; at >= 0; at--) if (matchesAt(data, pattern, at)) return at;
  return -1;
}

function matchesAt(data: Buffer, { bytes, mask }: BytePattern, at: number): boolean {
  for (let index = 0; index < bytes.length; index++)
    if ((((data[at + index] ?? 0) ^ (bytes[index] ?? 0)) & (mask[index] ?? 0)) !== 0) return false;
  return true;
}
