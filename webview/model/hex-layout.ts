/** Bytes in a row, the most that fit into a width. */
const ROW_LENGTHS = [32, 16, 8, 4];
/** Single bytes have a gap after so many of them. */
const GAP = 8;
/** Digits of the address column: linear memory has 2^32 bytes at most. */
export const ADDRESS_DIGITS = 8;

export const GROUP_SIZES = [1, 2, 4, 8] as const;
export type GroupSize = (typeof GROUP_SIZES)[number];

/** How bytes are put together to digits. */
export interface Grouping {
  /** Bytes of a group. */
  size: GroupSize;
  /** The last byte of a group has its highest digits, as numbers of linear memory do. */
  littleEndian: boolean;
}

export const SINGLE_BYTES: Grouping = { size: 1, littleEndian: true };

/** Whether the byte at a column of its row begins after a gap, and how wide that is in characters. */
export function gapBefore(column: number, { size }: Grouping): number {
  if (column === 0 || column % size !== 0) return 0;
  return size === 1 ? (column % GAP === 0 ? 1 : 0) : 1;
}

/** Characters that a byte takes: single bytes have half a space on each side. */
export function byteColumns({ size }: Grouping): number {
  return size === 1 ? 3 : 2;
}

/** Characters that a row of `length` bytes takes: address, bytes, ASCII, and the gaps between them. */
export function rowColumns(length: number, grouping: Grouping = SINGLE_BYTES): number {
  let bytes = 0;
  for (let column = 0; column < length; column++)
    bytes += byteColumns(grouping) + gapBefore(column, grouping);
  return ADDRESS_DIGITS + 2 + bytes + 1 + length;
}

/** @param columns characters of the code font that fit */
export function bytesPerRow(columns: number, grouping: Grouping = SINGLE_BYTES): number {
  return (
    ROW_LENGTHS.find((length) => length >= grouping.size && rowColumns(length, grouping) <= columns) ??
    Math.max(4, grouping.size)
  );
}

/** Which byte of the row stands at a column: in a little-endian group the last one comes first. */
export function byteAt(column: number, { size, littleEndian }: Grouping): number {
  if (!littleEndian || size === 1) return column;
  const start = column - (column % size);
  return start + size - 1 - (column - start);
}

export type CursorKey =
  | 'ArrowLeft'
  | 'ArrowRight'
  | 'ArrowUp'
  | 'ArrowDown'
  | 'Home'
  | 'End'
  | 'PageUp'
  | 'PageDown'
  | 'BufferHome'
  | 'BufferEnd';

/** Where a key moves the byte cursor. */
export function moveCursor(
  offset: number,
  key: CursorKey,
  { size, rowLength, page }: { size: number; rowLength: number; page: number },
): number {
  const rowStart = offset - (offset % rowLength);
  const targets: Record<CursorKey, number> = {
    ArrowLeft: offset - 1,
    ArrowRight: offset + 1,
    ArrowUp: offset - rowLength,
    ArrowDown: offset + rowLength,
    Home: rowStart,
    End: rowStart + rowLength - 1,
    PageUp: offset - page * rowLength,
    PageDown: offset + page * rowLength,
    BufferHome: 0,
    BufferEnd: size - 1,
  };
  const target = targets[key];
  // A row up or down from the edge stays in its column.
  if ((key === 'ArrowUp' || key === 'PageUp') && target < 0) return offset % rowLength;
  return Math.max(0, Math.min(target, size - 1));
}
