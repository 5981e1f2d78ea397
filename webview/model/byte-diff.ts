import type { ByteRange } from './byte-selection.ts';

/** Ranges that are told apart; what differs beyond is one more. */
const MOST_RANGES = 10_000;

export interface ByteDiff {
  /** Where bytes at the same offset differ, and what only the longer one has; in order. */
  ranges: ByteRange[];
  /** Bytes that differ, with those that only one has. */
  count: number;
}

/** Compares byte by byte at the same offset, as a memory view does. */
export function diffBytes(one: Uint8Array, other: Uint8Array): ByteDiff {
  const length = Math.max(one.length, other.length);
  const ranges: ByteRange[] = [];
  let count = 0;
  for (let at = 0; at < length;) {
    if (one[at] === other[at]) {
      at++;
      continue;
    }
    const start = at;
    while (at < length && one[at] !== other[at]) at++;
    count += at - start;
    if (ranges.length < MOST_RANGES) ranges.push([start, at]);
  }
  return { ranges, count };
}

/** Whether a byte is in one of the ranges, which are in order. */
export function isInRanges(ranges: readonly ByteRange[], offset: number): boolean {
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const [start, end] = ranges[middle] ?? [0, 0];
    if (offset < start) high = middle - 1;
    else if (offset >= end) low = middle + 1;
    else return true;
  }
  return false;
}

/** The difference after an offset or before it; after the last one the first. Null where there is none. */
export function nextRange(ranges: readonly ByteRange[], from: number, backwards: boolean): ByteRange | null {
  const found = backwards
    ? (ranges.findLast(([start]) => start < from) ?? ranges.at(-1))
    : (ranges.find(([start]) => start > from) ?? ranges[0]);
  return found ?? null;
}
