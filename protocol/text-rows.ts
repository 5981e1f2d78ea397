import type { ReplacedCharacters } from './replaced-characters.ts';
import type { TextPage } from './webview.ts';

/** The beginning of every so-many-th row is remembered; the rows between are found again. */
const STRIDE = 128;
const LINE_FEED = 0x0a;
const TAB = 0x09;
/** Combining marks begin here; everything before is one column wide. */
const FIRST_SPECIAL = 0x300;

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
    return this.page(first, count).map(({ text }) => text);
  }

  /** Rows without their line ends, with the place in the text where each begins, in UTF-16 code units. */
  page(first: number, count: number): { text: string; start: number }[] {
    const rows: { text: string; start: number }[] = [];
    if (first >= this.total) return rows;
    let start = this.starts[Math.floor(first / STRIDE)] ?? 0;
    for (let skip = first % STRIDE; skip > 0; skip--) start = this.endOfRow(start);
    while (rows.length < count && start < this.text.length) {
      const end = this.endOfRow(start);
      rows.push({ text: this.text.slice(start, end).replace(/\r?\n$/, ''), start });
      start = end;
    }
    return rows;
  }

  /** This loop sees every character of a buffer that may have 64 MiB: the common ones take the short way. */
  private endOfRow(start: number): number {
    const { text, columns } = this;
    const { length } = text;
    let width = 0;
    let at = start;
    while (at < length) {
      const unit = text.charCodeAt(at);
      if (unit === LINE_FEED) return at + 1;
      let size = 1;
      if (unit < FIRST_SPECIAL && unit !== TAB) width++;
      else {
        const code = text.codePointAt(at) ?? unit;
        width += columnsOf(code);
        size = code > 0xffff ? 2 : 1;
      }
      if (width > columns && at > start) return at;
      at += size;
    }
    return at;
  }
}

/** Columns of a character in a fixed-width font: East Asian wide ones and emoji take two, a tab at most four. */
function columnsOf(code: number): number {
  if (code === TAB) return 4;
  if (code >= FIRST_SPECIAL && code <= 0x36f) return 0;
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

/** Rows as a view gets them. */
export function textPage(
  rows: TextRows,
  replaced: ReplacedCharacters,
  first: number,
  count: number,
): TextPage {
  const page = rows.page(first, count);
  return {
    total: rows.total,
    rows: page.map(({ text }) => text),
    replaced: page.map(({ text, start }) => replaced.in(text, start)),
  };
}
