/** `[start, end)` in bytes of a buffer. */
export type ByteRange = readonly [start: number, end: number];

/** The bytes that a person has chosen: from where they began to where the cursor is, both included. */
export class ByteSelection {
  /** Where choosing began; -1 where nothing is chosen. */
  private anchor = -1;
  /** The byte with the cursor; -1 where nothing is chosen. */
  cursor = -1;

  /** Null where nothing is chosen. */
  get range(): ByteRange | null {
    if (this.cursor < 0) return null;
    return [Math.min(this.anchor, this.cursor), Math.max(this.anchor, this.cursor) + 1];
  }

  get length(): number {
    return this.cursor < 0 ? 0 : Math.abs(this.cursor - this.anchor) + 1;
  }

  has(offset: number): boolean {
    const { range } = this;
    return range !== null && offset >= range[0] && offset < range[1];
  }

  /** Moves the cursor. @param extend what is chosen reaches from where it began to the new place */
  moveTo(offset: number, extend: boolean): void {
    this.cursor = offset;
    if (!extend || this.anchor < 0) this.anchor = offset;
  }

  /** Chooses bytes with the cursor on the first, so that revealing it shows where they begin. */
  choose([start, end]: ByteRange): void {
    this.anchor = Math.max(start, end - 1);
    this.cursor = start;
  }

  clear(): void {
    this.anchor = this.cursor = -1;
  }

  /** Keeps within a buffer that has become shorter. */
  clamp(size: number): void {
    if (size === 0) return this.clear();
    if (this.cursor < 0) return;
    this.cursor = Math.min(this.cursor, size - 1);
    this.anchor = Math.min(this.anchor, size - 1);
  }
}
