import { PagedSource } from './paged-source.ts';

/** Bytes fetched at once. */
const PAGE = 4096;
/** Changed bytes that are remembered for marking. */
const MOST_MARKS = 65_536;

/** A buffer whose bytes are fetched as they come into view. */
export interface HexBuffer {
  /** Names the buffer: a new answer about the same buffer keeps the selection and marks what has changed. */
  key: string;
  /** Byte address in linear memory. */
  address: number;
  /** Bytes that are there. */
  size: number;
  load(start: number, count: number): Promise<Uint8Array>;
}

/** The bytes of the shown buffer as far as they have come, and which of them differ from what it had before. */
export class PagedBytes {
  private readonly loaded: () => void;
  private buffer: HexBuffer | null = null;
  private source: PagedSource<number> | null = null;
  /** The same buffer before it changed. */
  private previous: PagedSource<number> | null = null;
  private readonly changed = new Set<number>();
  private marksChanges = true;

  /** @param loaded called after each page that came, and after each failure */
  constructor(loaded: () => void) {
    this.loaded = loaded;
  }

  /**
   * @param marksChanges bytes that differ from what the same buffer had before are remembered until another is shown
   * @returns whether it is the same buffer as before
   */
  show(buffer: HexBuffer | null, marksChanges: boolean): boolean {
    const same = buffer !== null && buffer.key === this.buffer?.key;
    this.previous = same ? this.source : null;
    this.marksChanges = marksChanges;
    if (!same) this.changed.clear();
    this.buffer = buffer;
    this.source = buffer
      ? new PagedSource<number>(PAGE, (start, count) => this.load(buffer, start, count), this.loaded)
      : null;
    return same;
  }

  /** Bytes of the buffer; 0 where none is shown. */
  get size(): number {
    return this.buffer?.size ?? 0;
  }

  /** Of the first byte, in linear memory; undefined where no buffer is shown. */
  get address(): number | undefined {
    return this.buffer?.address;
  }

  /** As it is now; undefined where the byte is not there, or still on its way. */
  newest(offset: number): number | undefined {
    return this.source?.get(offset);
  }

  /** As it is now, or as it was while the newest answer is on its way. */
  valueAt(offset: number): number | undefined {
    return this.newest(offset) ?? this.previous?.get(offset);
  }

  hasChanged(offset: number): boolean {
    return this.changed.has(offset);
  }

  /** Sees to it that bytes `first` to `last` are there, or are on their way. */
  need(first: number, last: number): void {
    this.source?.need(first, last);
  }

  private async load(buffer: HexBuffer, start: number, count: number): Promise<Uint8Array> {
    const bytes = await buffer.load(start, Math.min(count, buffer.size - start));
    for (const [index, byte] of bytes.entries()) {
      const before = this.marksChanges ? this.previous?.get(start + index) : undefined;
      if (before !== undefined && before !== byte && this.changed.size < MOST_MARKS)
        this.changed.add(start + index);
    }
    return bytes;
  }
}
