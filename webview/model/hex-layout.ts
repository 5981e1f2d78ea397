/** Bytes in a row, the most that fit into a width. */
const ROW_LENGTHS = [32, 16, 8, 4];
/** A gap stands after so many bytes. */
export const GROUP = 8;
/** Digits of the address column: linear memory has 2^32 bytes at most. */
export const ADDRESS_DIGITS = 8;

/** Characters that a row of `length` bytes takes: address, bytes, ASCII, and the gaps between them. */
export function rowColumns(length: number): number {
  const gaps = Math.max(0, Math.ceil(length / GROUP) - 1);
  return ADDRESS_DIGITS + 2 + length * 3 + gaps + 1 + length;
}

/** @param columns characters of the code font that fit */
export function bytesPerRow(columns: number): number {
  return ROW_LENGTHS.find((length) => rowColumns(length) <= columns) ?? 4;
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
