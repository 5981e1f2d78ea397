/** Browsers draw nothing in elements that are much higher than this many pixels. */
const TALLEST = 8_000_000;

/**
 * The arithmetic of a scrolled list of equal rows. A list that would be higher than a browser can draw gets a shorter
 * scroll bar, whose positions are scaled; `top` is always in the pixels of the whole list.
 */
export class RowWindow {
  count = 0;
  /** Pixels. */
  rowHeight = 1;
  /** Pixels that are visible. */
  viewport = 0;
  private offset = 0;

  /** Pixels of all rows. */
  get height(): number {
    return this.count * this.rowHeight;
  }

  /** Pixels of the element that is scrolled. */
  get scrollHeight(): number {
    return Math.min(this.height, TALLEST);
  }

  get scaled(): boolean {
    return this.height > TALLEST;
  }

  /** The first visible pixel of the whole list. */
  get top(): number {
    return Math.max(0, Math.min(this.offset, this.height - this.viewport));
  }

  set top(pixels: number) {
    this.offset = Math.max(0, Math.min(pixels, this.height - this.viewport));
  }

  /** Where the scroll bar stands for `top`. */
  get scrollTop(): number {
    return this.scaled ? this.top / this.scale : this.top;
  }

  /** Takes over a position of the scroll bar, unless it is the one that `top` stands for already (but for rounding). */
  scrolledTo(scrollTop: number): void {
    if (Math.abs(scrollTop - this.scrollTop) >= 1)
      this.top = this.scaled ? scrollTop * this.scale : scrollTop;
    else if (!this.scaled) this.top = scrollTop;
  }

  /** First and last row that can be seen, even in part; last is -1 where there are none. */
  get visible(): [number, number] {
    const first = Math.floor(this.top / this.rowHeight);
    const last = Math.min(this.count - 1, Math.ceil((this.top + this.viewport) / this.rowHeight) - 1);
    return [Math.min(first, Math.max(0, this.count - 1)), last];
  }

  /** Rows that fit, at least one: what Page Down moves by. */
  get page(): number {
    return Math.max(1, Math.floor(this.viewport / this.rowHeight) - 1);
  }

  /** Scrolls as little as needed for a row to be seen whole. @returns whether anything moved */
  reveal(row: number): boolean {
    const before = this.top;
    const start = row * this.rowHeight;
    if (start < before) this.top = start;
    else if (start + this.rowHeight > before + this.viewport)
      this.top = start + this.rowHeight - this.viewport;
    return this.top !== before;
  }

  private get scale(): number {
    return (this.height - this.viewport) / Math.max(1, TALLEST - this.viewport);
  }
}
