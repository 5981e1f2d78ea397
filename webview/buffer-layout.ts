import type { HexView } from './hex-view.ts';
import type { OriginalPane } from './original-pane.ts';

/** The part of the width that the bytes may take. */
const HEX_SHARE = 0.72;
/** Bytes of a row that two panes beside each other show at least. */
const LEAST_BESIDE = 8;
/** A value with parts gets at least so many rows, if it has that many. */
const LEAST_TREE_ROWS = 7;

/** Divides the place of a buffer among its bytes, those from before an edit, and the decoded value. */
export class BufferLayout {
  private readonly body: HTMLElement;
  private readonly hex: HexView;
  private readonly original: OriginalPane;
  /** Pixels that the body takes, 0 while it is not seen; and whether its parts stand above each other. */
  private place = { width: 0, stacked: false };
  /** Parts of the decoded value, at its root. */
  private parts = 0;

  /** @param body holds the parts; its style sheet says whether they stand above each other */
  constructor(body: HTMLElement, hex: HexView, original: OriginalPane) {
    this.body = body;
    this.hex = hex;
    this.original = original;
    new ResizeObserver(([entry]) => {
      const stacked = getComputedStyle(body).flexDirection === 'column';
      this.place = { width: entry?.contentRect.width ?? 0, stacked };
      this.fit();
    }).observe(body);
  }

  /** @param parts of the decoded value, at its root */
  show(parts: number): void {
    this.parts = parts;
    this.fit();
  }

  /** The bytes may take most of the width, the decoded value gets the rest; both are as high as the bytes need. */
  fit(): void {
    const { width, stacked } = this.place;
    if (width === 0) return;
    const share = stacked ? width : width * HEX_SHARE;
    const isDouble = this.original.isShown;
    // What was there stands beside what is there now, or above it where rows would get too short.
    const isBeside = isDouble && share / 2 >= this.hex.widthOf(LEAST_BESIDE);
    this.body.classList.toggle('with-original', isDouble);
    this.body.classList.toggle('beside', isBeside);
    this.hex.fitTo(isBeside ? share / 2 : share);
    this.original.fitTo(isBeside ? share / 2 : share);
    // The caption takes a row, and what stands above takes its own padding.
    const hexRows = (this.hex.rowCount + (isDouble ? 1 : 0)) * (isDouble && !isBeside ? 2.2 : 1);
    const rows = Math.max(hexRows, this.parts > 0 ? Math.min(this.parts + 2, LEAST_TREE_ROWS) : 1);
    this.body.style.setProperty('--rows', String(rows));
  }
}
