/** The beginning of every so-many-th row is remembered; the rows between are found again. */
const STRIDE = 128;

/**
 * A text cut into rows of a given width, for a view that draws only the rows it shows. A row ends after a line feed or
 * where the next character does not fit, never inside a surrogate pair. Memory: 8 bytes for every 128 rows.
 */
export class TextRows {
  readonly columns: number;
  readonly total: number;
  private readonly text: string;
  private readonly starts: number[] = [];

  /** @param columns characters of a fixed-width font */
  constructor(text: string, columns: number) {
    this.text = text;
    this.columns = Math.max(8, Math.floor(columns));
    let total = 0;
    for (let start = 0; start < text.length; start = this.endOfRow(start)) {
      if (total % STRIDE === 0) this.starts.push(start);
      total++;
    }
    this.total = total;
  }

  /** Rows without their line ends. */
  rows(first: number, count: number): string[] {
    const rows: string[] = [];
    if (first >= this.total) return rows;
    let start = this.starts[Math.floor(first / STRIDE)] ?? 0;
    for (let skip = first % STRIDE; skip > 0; skip--) start = this.endOfRow(start);
    while (rows.length < count && start < this.text.length) {
      const end = this.endOfRow(start);
      rows.push(this.text.slice(start, end).replace(/\r?\n$/, ''));
      start = end;
    }
    return rows;
  }

  private endOfRow(start: number): number {
    let width = 0;
    let at = start;
    while (at < this.text.length) {
      const code = this.text.codePointAt(at) ?? 0;
      if (code === 0x0a) return at + 1;
      const next = at + (code > 0xffff ? 2 : 1);
      width += columnsOf(code);
      if (width > this.columns && at > start) return at;
      at = next;
    }
    return at;
  }
}

/** Columns of a character in a fixed-width font: East Asian wide ones and emoji take two, a tab at most four. */
function columnsOf(code: number): number {
  if (code < 0x300) return code === 0x09 ? 4 : 1;
  if (code >= 0x300 && code <= 0x36f) return 0;
  const wide =
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0x1f300 && code <= 0x1faff) ||
    (code >= 0x20000 && code <= 0x3fffd);
  return wide ? 2 : 1;
}
