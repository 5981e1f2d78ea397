/** Styles for a terminal that shows them; plain text for anything else (https://no-color.org). */
const coloured = process.stdout.isTTY && !process.env.NO_COLOR;
const style = (code: number) => (text: string) => (coloured ? `\x1b[${code}m${text}\x1b[0m` : text);
export const bold = style(1);
export const dim = style(2);
export const red = style(31);
export const green = style(32);
export const yellow = style(33);
export const cyan = style(36);

/** Characters of a text that are shown. */
const SHOWN = 240;

/** A text in quotes on one line, cut where it is long: control characters are escaped as JSON escapes them. */
export function quote(text: string): string {
  const characters = Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
  if (characters.length <= SHOWN) return JSON.stringify(text);
  const beginning = JSON.stringify(characters.slice(0, SHOWN).join(''));
  return `${beginning} … (${characters.length.toLocaleString('en')} characters)`;
}

/** Rows of sixteen bytes as a hex editor shows them: offset, hex digits, ASCII. At most `most` rows. */
export function hexRows(bytes: Uint8Array, most: number): string[] {
  const rows: string[] = [];
  for (let offset = 0; offset < bytes.length && rows.length < most; offset += 16) {
    const row = [...bytes.subarray(offset, offset + 16)];
    const hex = row.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const ascii = row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')).join('');
    rows.push(`${offset.toString(16).padStart(8, '0')}  ${hex.padEnd(47)}  ${ascii}`);
  }
  const shown = rows.length * 16;
  if (shown < bytes.length) rows.push(`… ${(bytes.length - shown).toLocaleString('en')} more bytes`);
  return rows;
}
