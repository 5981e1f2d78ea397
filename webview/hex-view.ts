import { element, setText, uniqueId } from './dom.ts';
import { asciiOf, formatAddress, formatByte, isPrintable } from './model/format.ts';
import {
  ADDRESS_DIGITS,
  bytesPerRow,
  GROUP,
  moveCursor,
  rowColumns,
  type CursorKey,
} from './model/hex-layout.ts';
import { PagedSource } from './model/paged-source.ts';
import { VirtualRows } from './virtual-rows.ts';

/** Bytes fetched at once. */
const PAGE = 4096;
/** Pixels beside the characters: the row's padding and the scroll bar. */
const PADDING = 30;
/** Changed bytes that are remembered for marking. */
const MOST_MARKS = 65_536;

export interface HexBuffer {
  /** Names the buffer: a new answer about the same buffer keeps the cursor and marks what has changed. */
  key: string;
  /** Byte address in linear memory. */
  address: number;
  /** Bytes that are there. */
  size: number;
  load(start: number, count: number): Promise<Uint8Array>;
}

/** Bytes as hexadecimal digits with ASCII beside them: a grid with a cursor. */
export class HexView {
  readonly node: HTMLElement;
  private readonly scroller = element('div', { class: 'hex-rows', role: 'rowgroup' });
  private readonly status = element('span', { class: 'hex-status', testId: 'hex-status' });
  private readonly rows: VirtualRows;
  private buffer: HexBuffer | null = null;
  private source: PagedSource<number> | null = null;
  /** The same buffer before it changed. */
  private previous: PagedSource<number> | null = null;
  private readonly changed = new Set<number>();
  private rowLength = 16;
  private cursor = -1;
  private highlight: [number, number] = [0, 0];
  private readonly id = uniqueId('hex');
  /** The cursor has moved to a byte. */
  onCursor: (offset: number) => void = () => undefined;

  constructor(label: string) {
    this.node = element('div', {
      class: 'hex',
      role: 'grid',
      testId: 'hex',
      attributes: { tabindex: '0', 'aria-label': label, 'aria-readonly': 'true' },
      children: [this.scroller],
    });
    this.rows = new VirtualRows(this.scroller, this.id, {
      create: () => element('div', { class: 'hex-row', role: 'row' }),
      render: (row, index) => this.render(row, index),
      shown: (first, last) => this.source?.need(first * this.rowLength, this.lastByte(last)),
    });
    this.node.addEventListener('keydown', (event) => this.keydown(event));
    this.scroller.addEventListener('click', (event) => {
      const byte = (event.target as Element).closest<HTMLElement>('[data-offset]');
      if (byte) this.moveTo(Number(byte.dataset['offset']));
    });
  }

  /** The line that describes the byte at the cursor; placed by the owner. */
  get statusNode(): HTMLElement {
    return this.status;
  }

  show(buffer: HexBuffer | null): void {
    const same = buffer !== null && buffer.key === this.buffer?.key;
    this.previous = same ? this.source : null;
    if (!same) {
      this.changed.clear();
      this.cursor = -1;
      this.highlight = [0, 0];
    }
    this.buffer = buffer;
    this.source = buffer
      ? new PagedSource<number>(
          PAGE,
          (start, count) => this.load(buffer, start, count),
          () => {
            this.rows.refresh();
            this.describe();
          },
        )
      : null;
    this.updateCount();
    if (!same) this.rows.scrollToTop();
    this.describe();
  }

  /** Marks the bytes of a part of the decoded value. */
  setHighlight(range: [number, number] | undefined, reveal: boolean): void {
    this.highlight = range ?? [0, 0];
    if (range && reveal && range[0] < this.size) this.rows.reveal(Math.floor(range[0] / this.rowLength));
    this.rows.refresh();
  }

  private get size(): number {
    return this.buffer?.size ?? 0;
  }

  private lastByte(row: number): number {
    return Math.min(this.size, (row + 1) * this.rowLength) - 1;
  }

  private async load(buffer: HexBuffer, start: number, count: number): Promise<Uint8Array> {
    const bytes = await buffer.load(start, Math.min(count, buffer.size - start));
    for (const [index, byte] of bytes.entries()) {
      const before = this.previous?.get(start + index);
      if (before !== undefined && before !== byte && this.changed.size < MOST_MARKS)
        this.changed.add(start + index);
    }
    return bytes;
  }

  /**
   * Puts as many bytes into a row as fit; the rows' font decides.
   * @param width pixels that the view may take
   */
  fitTo(width: number): void {
    const probe = element('span', { class: 'hex-probe', text: '0'.repeat(ADDRESS_DIGITS) });
    this.node.append(probe);
    const character = probe.getBoundingClientRect().width / ADDRESS_DIGITS;
    probe.remove();
    if (character === 0 || width === 0) return;
    const length = bytesPerRow((width - PADDING) / character);
    this.node.parentElement?.style.setProperty('--hex-columns', String(rowColumns(length)));
    this.node.parentElement?.style.setProperty('--hex-character', `${character}px`);
    if (length === this.rowLength) return;
    const top = this.rows.window.visible[0] * this.rowLength;
    this.rowLength = length;
    this.updateCount();
    this.rows.reveal(Math.floor(top / length));
  }

  /** Rows that the whole buffer takes. */
  get rowCount(): number {
    return Math.ceil(this.size / this.rowLength);
  }

  private updateCount(): void {
    this.node.setAttribute('aria-rowcount', String(this.rowCount));
    this.node.setAttribute('aria-colcount', String(this.rowLength));
    this.rows.setCount(this.rowCount);
  }

  private keydown(event: KeyboardEvent): void {
    if (event.altKey || event.metaKey || this.size === 0) return;
    const isMove = /^(Arrow(Left|Right|Up|Down)|Home|End|PageUp|PageDown)$/.test(event.key);
    if (!isMove) return;
    const toEdge = event.ctrlKey && (event.key === 'Home' || event.key === 'End');
    const key = (toEdge ? `Buffer${event.key}` : event.key) as CursorKey;
    const moved = moveCursor(Math.max(this.cursor, 0), key, {
      size: this.size,
      rowLength: this.rowLength,
      page: this.rows.window.page,
    });
    this.moveTo(this.cursor < 0 && !toEdge ? 0 : moved);
    event.preventDefault();
  }

  private moveTo(offset: number): void {
    this.cursor = offset;
    this.rows.reveal(Math.floor(offset / this.rowLength));
    this.rows.refresh();
    this.node.setAttribute('aria-activedescendant', this.byteId(offset));
    this.describe();
    this.onCursor(offset);
  }

  private byteId(offset: number): string {
    return `${this.id}-byte-${offset}`;
  }

  private describe(): void {
    const value = this.cursor >= 0 ? this.source?.get(this.cursor) : undefined;
    if (!this.buffer || value === undefined) {
      setText(this.status, '');
      return;
    }
    const address = formatAddress(this.buffer.address + this.cursor);
    const character = isPrintable(value) ? ` “${asciiOf(value)}”` : '';
    setText(this.status, `offset ${this.cursor} at ${address}: ${value}${character}`);
  }

  private render(row: HTMLElement, index: number): void {
    if (row.childElementCount !== 2 * this.rowLength + 1) this.fill(row);
    const start = index * this.rowLength;
    row.setAttribute('aria-rowindex', String(index + 1));
    const address = (this.buffer?.address ?? 0) + start;
    setText(row.children[0] as HTMLElement, address.toString(16).padStart(ADDRESS_DIGITS, '0'));
    for (let column = 0; column < this.rowLength; column++)
      this.renderByte(
        row.children[column + 1] as HTMLElement,
        row.children[column + 1 + this.rowLength] as HTMLElement,
        start + column,
      );
  }

  private renderByte(byte: HTMLElement, character: HTMLElement, offset: number): void {
    const beyond = offset >= this.size;
    const value = beyond ? undefined : (this.source?.get(offset) ?? this.previous?.get(offset));
    setText(byte, beyond ? '' : value === undefined ? '··' : formatByte(value));
    setText(character, beyond ? '' : value === undefined ? '·' : asciiOf(value));
    const kind = value === undefined ? '' : value === 0 ? ' zero' : isPrintable(value) ? '' : ' other';
    const marks =
      (offset === this.cursor ? ' cursor' : '') +
      (offset >= this.highlight[0] && offset < this.highlight[1] ? ' highlight' : '') +
      (this.changed.has(offset) ? ' changed' : '');
    byte.className = `hex-byte${kind}${marks}${(offset % this.rowLength) % GROUP === 0 ? ' group' : ''}`;
    character.className = `hex-ascii${kind}${marks}${offset % this.rowLength === 0 ? ' first' : ''}`;
    if (beyond) {
      delete byte.dataset['offset'];
      delete character.dataset['offset'];
      byte.removeAttribute('id');
    } else {
      byte.dataset['offset'] = character.dataset['offset'] = String(offset);
      byte.id = this.byteId(offset);
    }
  }

  private fill(row: HTMLElement): void {
    const cells = Array.from({ length: this.rowLength }, (_, column) =>
      element('span', { role: 'gridcell', attributes: { 'aria-colindex': String(column + 1) } }),
    );
    const characters = cells.map(() => element('span', { attributes: { 'aria-hidden': 'true' } }));
    row.replaceChildren(
      element('span', { class: 'hex-address', role: 'rowheader' }),
      ...cells,
      ...characters,
    );
  }
}
