import type { ByteRange } from './byte-selection.ts';

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
