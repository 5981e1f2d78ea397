import { element, setText } from './dom.ts';
import { asciiOf, formatByte, isPrintable } from './model/format.ts';
import { ADDRESS_DIGITS, byteAt, gapBefore, type Grouping } from './model/hex-layout.ts';

/** What a row of the hex grid shows. */
export interface HexRowContent {
  /** Offset of the row's first byte in the buffer. */
  start: number;
  /** Bytes of a whole row. */
  length: number;
  /** Bytes of the buffer. */
  size: number;
  /** The number before the bytes. */
  address: number;
  grouping: Grouping;
  /** Undefined while it is on its way. */
  valueAt(offset: number): number | undefined;
  /** Class names that mark a byte. */
  marksOf(offset: number): string;
  idOf(offset: number): string;
  /** The first of two digits that are being typed over a byte. */
  typedAt(offset: number): string | undefined;
}

export function createHexRow(): HTMLElement {
  return element('div', { class: 'hex-row', role: 'row' });
}

/** Draws the address, the bytes in the order of their groups, and the same bytes as ASCII in the order of memory. */
export function renderHexRow(row: HTMLElement, content: HexRowContent): void {
  const { length, start, address, grouping } = content;
  if (row.childElementCount !== 2 * length + 1) fill(row, length);
  setText(row.children[0] as HTMLElement, address.toString(16).padStart(ADDRESS_DIGITS, '0'));
  for (let column = 0; column < length; column++) {
    renderByte(row.children[column + 1] as HTMLElement, column, content);
    renderCharacter(row.children[column + 1 + length] as HTMLElement, start + column, content);
  }
  row.classList.toggle('grouped', grouping.size > 1);
}

function renderByte(cell: HTMLElement, column: number, content: HexRowContent): void {
  const { start, size, grouping } = content;
  const offset = start + byteAt(column, grouping);
  const beyond = offset >= size;
  const value = beyond ? undefined : content.valueAt(offset);
  const typed = beyond ? undefined : content.typedAt(offset);
  setText(
    cell,
    beyond ? '' : typed !== undefined ? `${typed}_` : value === undefined ? '··' : formatByte(value),
  );
  const gap = gapBefore(column, grouping) > 0 ? ' group' : '';
  cell.className = `hex-byte${kindOf(value)}${beyond ? '' : content.marksOf(offset)}${gap}`;
  if (beyond) {
    delete cell.dataset['offset'];
    cell.removeAttribute('id');
    cell.removeAttribute('aria-selected');
    return;
  }
  cell.dataset['offset'] = String(offset);
  cell.id = content.idOf(offset);
  cell.setAttribute('aria-selected', String(cell.classList.contains('selected')));
}

function renderCharacter(cell: HTMLElement, offset: number, content: HexRowContent): void {
  const beyond = offset >= content.size;
  const value = beyond ? undefined : content.valueAt(offset);
  setText(cell, beyond ? '' : value === undefined ? '·' : asciiOf(value));
  const first = offset === content.start ? ' first' : '';
  cell.className = `hex-ascii${kindOf(value)}${beyond ? '' : content.marksOf(offset)}${first}`;
  if (beyond) delete cell.dataset['offset'];
  else cell.dataset['offset'] = String(offset);
}

function kindOf(value: number | undefined): string {
  if (value === undefined || isPrintable(value)) return '';
  return value === 0 ? ' zero' : ' other';
}

function fill(row: HTMLElement, length: number): void {
  const cells = Array.from({ length }, (_, column) =>
    element('span', { role: 'gridcell', attributes: { 'aria-colindex': String(column + 1) } }),
  );
  const characters = cells.map(() => element('span', { attributes: { 'aria-hidden': 'true' } }));
  row.replaceChildren(element('span', { class: 'hex-address', role: 'rowheader' }), ...cells, ...characters);
}
