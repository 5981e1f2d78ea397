import { characterWidth } from './character-width.ts';
import { element, setText, uniqueId } from './dom.ts';
import { listenToHexInput } from './hex-input.ts';
import { createHexRow, renderHexRow } from './hex-row.ts';
import { ByteSelection, type ByteRange } from './model/byte-selection.ts';
import { describeSelection } from './model/data-inspector.ts';
import { asciiOf, isPrintable } from './model/format.ts';
import {
  bytesPerRow,
  moveCursor,
  rowColumns,
  SINGLE_BYTES,
  type CursorKey,
  type Grouping,
} from './model/hex-layout.ts';
import { PagedBytes, type HexBuffer } from './model/paged-bytes.ts';
import { VirtualRows } from './virtual-rows.ts';

/** Pixels beside the characters: the row's padding and the scroll bar. */
const PADDING = 30;

/** How the bytes are drawn; chosen by a person, for all buffers. */
export interface HexOptions {
  grouping: Grouping;
  /** The numbers before the rows count from the buffer's start instead of linear memory's. */
  relative: boolean;
}

export const DEFAULT_HEX_OPTIONS: HexOptions = { grouping: SINGLE_BYTES, relative: false };

/** Bytes as hexadecimal digits with ASCII beside them: a grid in which bytes are selected. */
export class HexView {
  readonly node: HTMLElement;
  private readonly scroller = element('div', { class: 'hex-rows', role: 'rowgroup' });
  private readonly status = element('span', { class: 'hex-status', testId: 'hex-status' });
  private readonly rows: VirtualRows;
  private readonly selection = new ByteSelection();
  private readonly bytes = new PagedBytes(() => {
    this.rows.refresh();
    this.describe();
  });
  private options = DEFAULT_HEX_OPTIONS;
  private rowLength = 16;
  private width = 0;
  private highlight: ByteRange = [0, 0];
  private readonly id = uniqueId('hex');
  /** A person has chosen bytes. */
  onSelected: (range: ByteRange) => void = () => undefined;
  /** The bytes that are chosen have come, or nothing is chosen any more. */
  onBytes: () => void = () => undefined;
  /** Bytes can be typed over with hexadecimal digits. */
  editable = false;
  /** A person typed two digits over a byte. */
  onTyped: (offset: number, before: number, after: number) => void = () => undefined;
  onScrolled: () => void = () => undefined;
  /** The first digit of a byte that is being typed. */
  private typed: { offset: number; digit: string } | null = null;
  /** More class names for a byte, each with a space before it. */
  markOf: (offset: number) => string = () => '';

  /** @param testId name for tests */
  constructor(label: string, testId = 'hex') {
    this.node = element('div', {
      class: 'hex',
      role: 'grid',
      testId,
      attributes: {
        tabindex: '0',
        'aria-label': label,
        'aria-readonly': 'true',
        'aria-multiselectable': 'true',
      },
      children: [this.scroller],
    });
    this.rows = new VirtualRows(this.scroller, this.id, {
      create: createHexRow,
      render: (row, index) => this.render(row, index),
      shown: (first, last) => this.bytes.need(first * this.rowLength, this.lastByte(last)),
    });
    this.rows.onScrolled = () => this.onScrolled();
    characterWidth.onChange(() => this.fitTo(this.width));
    listenToHexInput(this.node, this.scroller, {
      isEmpty: () => this.bytes.size === 0,
      keyMoved: (key, extend) => this.moveBy(key, extend),
      pointedAt: (offset, extend) => this.moveTo(offset, extend),
      allSelected: () => this.select([0, this.bytes.size]),
      digitTyped: (digit) => this.typeDigit(digit),
    });
  }

  /** The line that describes what is selected; placed by the owner. */
  get statusNode(): HTMLElement {
    return this.status;
  }

  /** What a person has selected; null for nothing. */
  get selected(): ByteRange | null {
    return this.selection.range;
  }

  /** Undefined where the byte is not there, or still on its way. */
  valueAt(offset: number): number | undefined {
    return this.bytes.valueAt(offset);
  }

  /** @param marksChanges bytes that differ from what the same buffer had before are marked until another is shown */
  show(buffer: HexBuffer | null, marksChanges = true): void {
    const same = this.bytes.show(buffer, marksChanges);
    if (!same) {
      this.typed = null;
      this.selection.clear();
      this.node.removeAttribute('aria-activedescendant');
      this.highlight = [0, 0];
    }
    this.selection.clamp(this.bytes.size);
    this.updateCount();
    if (!same) this.rows.scrollToTop();
    this.describe();
  }

  setOptions(options: HexOptions): void {
    this.options = options;
    this.fitTo(this.width);
    this.rows.refresh();
  }

  /** Marks the bytes of a part of the decoded value. */
  setHighlight(range: ByteRange | undefined, reveal: boolean): void {
    this.highlight = range ?? [0, 0];
    if (range && reveal && range[0] < this.bytes.size)
      this.rows.reveal(Math.floor(range[0] / this.rowLength));
    this.rows.refresh();
  }

  /** Selects bytes as if a person had, and shows where they begin. */
  select(range: ByteRange): void {
    this.selection.choose(range);
    this.selection.clamp(this.bytes.size);
    this.selectionChanged();
  }

  /** Shows the same rows as another view. */
  scrollLike(other: HexView): void {
    this.rows.scrollTo(other.rows.window.top);
  }

  /** Draws the bytes again: what `markOf` says has changed. */
  refresh(): void {
    this.rows.refresh();
  }

  focus(): void {
    this.node.focus();
  }

  private lastByte(row: number): number {
    return Math.min(this.bytes.size, (row + 1) * this.rowLength) - 1;
  }

  /**
   * Puts as many bytes into a row as fit; the rows' font decides.
   * @param width pixels that the view may take
   */
  fitTo(width: number): void {
    this.width = width;
    const character = characterWidth.pixels;
    if (character === 0 || width === 0) return;
    const { grouping } = this.options;
    const length = bytesPerRow((width - PADDING) / character, grouping);
    this.node.parentElement?.style.setProperty('--hex-columns', String(rowColumns(length, grouping)));
    this.node.parentElement?.style.setProperty('--hex-character', `${character}px`);
    if (length === this.rowLength) return;
    const top = this.rows.window.visible[0] * this.rowLength;
    this.rowLength = length;
    this.updateCount();
    this.rows.reveal(Math.floor(top / length));
  }

  /** Pixels that rows of so many bytes take; 0 while the view is not seen. */
  widthOf(bytes: number): number {
    const character = characterWidth.pixels;
    return character === 0 ? 0 : rowColumns(bytes, this.options.grouping) * character + PADDING;
  }

  /** Rows that the whole buffer takes. */
  get rowCount(): number {
    return Math.ceil(this.bytes.size / this.rowLength);
  }

  private updateCount(): void {
    this.node.setAttribute('aria-rowcount', String(this.rowCount));
    this.node.setAttribute('aria-colcount', String(this.rowLength));
    this.rows.setCount(this.rowCount);
  }

  private moveBy(key: CursorKey, extend: boolean): void {
    const { size } = this.bytes;
    const { cursor } = this.selection;
    const { page } = this.rows.window;
    const moved = moveCursor(Math.max(cursor, 0), key, { size, rowLength: this.rowLength, page });
    const toEdge = key === 'BufferHome' || key === 'BufferEnd';
    this.moveTo(cursor < 0 && !toEdge ? 0 : moved, extend);
  }

  /** Two digits are a byte; the cursor goes on to the next one. @returns whether digits can be typed at all */
  private typeDigit(digit: string): boolean {
    if (!this.editable) return false;
    const { cursor } = this.selection;
    const before = cursor < 0 ? undefined : this.valueAt(cursor);
    if (before === undefined) return true;
    if (this.typed?.offset !== cursor) {
      this.typed = { offset: cursor, digit: digit.toLowerCase() };
      this.rows.refresh();
      return true;
    }
    const after = parseInt(this.typed.digit + digit, 16);
    this.typed = null;
    this.onTyped(cursor, before, after);
    this.moveTo(Math.min(cursor + 1, this.bytes.size - 1), false);
    return true;
  }

  private moveTo(offset: number, extend: boolean): void {
    this.selection.moveTo(offset, extend);
    this.selectionChanged();
  }

  private selectionChanged(): void {
    const { cursor, range } = this.selection;
    if (!range) return;
    if (this.typed?.offset !== cursor) this.typed = null;
    this.rows.reveal(Math.floor(cursor / this.rowLength));
    this.rows.refresh();
    this.node.setAttribute('aria-activedescendant', this.byteId(cursor));
    this.describe();
    this.onSelected(range);
  }

  private byteId(offset: number): string {
    return `${this.id}-byte-${offset}`;
  }

  private describe(): void {
    const { range, cursor, length } = this.selection;
    this.onBytes();
    const { address } = this.bytes;
    if (address === undefined || !range) {
      setText(this.status, '');
      return;
    }
    const place = describeSelection(range, address);
    const value = length === 1 ? this.bytes.newest(cursor) : undefined;
    const character = value !== undefined && isPrintable(value) ? ` “${asciiOf(value)}”` : '';
    setText(this.status, value === undefined ? place : `${place}: ${value}${character}`);
  }

  private render(row: HTMLElement, index: number): void {
    const start = index * this.rowLength;
    row.setAttribute('aria-rowindex', String(index + 1));
    renderHexRow(row, {
      start,
      length: this.rowLength,
      size: this.bytes.size,
      address: (this.options.relative ? 0 : (this.bytes.address ?? 0)) + start,
      grouping: this.options.grouping,
      valueAt: (offset) => this.valueAt(offset),
      marksOf: (offset) => this.marksOf(offset),
      idOf: (offset) => this.byteId(offset),
      typedAt: (offset) => (this.typed?.offset === offset ? this.typed.digit : undefined),
    });
  }

  private marksOf(offset: number): string {
    return (
      (offset === this.selection.cursor ? ' cursor' : '') +
      (this.selection.has(offset) ? ' selected' : '') +
      (offset >= this.highlight[0] && offset < this.highlight[1] ? ' highlight' : '') +
      (this.bytes.hasChanged(offset) ? ' changed' : '') +
      this.markOf(offset)
    );
  }
}
