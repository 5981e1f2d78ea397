import { ByteWriter } from './byte-writer.ts';
import { OffsetMap } from './offset-map.ts';

/**
 * What is to become of a file: bytes put in at some offsets, a few taken out (counts and sizes, which are written anew).
 * Everything between is copied as it is. At one offset the edits stand in the order in which they were made.
 */
export class Edits {
  /** Offset in the original; bytes taken out there; where the new bytes begin and end in `#inserted`. */
  readonly #edits: { at: number; removed: number; start: number; end: number }[] = [];
  readonly #inserted = new ByteWriter(1 << 16);

  /** Puts in, before the original byte at `at`, what `write` writes, and takes `removed` bytes out. */
  insert(at: number, write: (writer: ByteWriter) => void, removed = 0): void {
    const start = this.#inserted.length;
    write(this.#inserted);
    const end = this.#inserted.length;
    if (end > start || removed > 0) this.#edits.push({ at, removed, start, end });
  }

  /** How many edits there are: the next one's number. */
  get count(): number {
    return this.#edits.length;
  }

  /** By how many bytes the edits from number `from` on make the file longer. */
  growth(from: number): number {
    let bytes = 0;
    for (let i = from; i < this.#edits.length; i++) {
      const edit = this.#edits[i];
      if (edit) bytes += edit.end - edit.start - edit.removed;
    }
    return bytes;
  }

  /** The edited file, and how its offsets and the original's belong together. */
  apply(original: Uint8Array): { bytes: Uint8Array; offsets: OffsetMap } {
    // The sort is stable, so edits at one offset keep their order.
    const edits = [...this.#edits].sort((a, b) => a.at - b.at);
    const bytes = new Uint8Array(original.length + this.growth(0));
    const inserted = this.#inserted.written;
    const offsets = new OffsetMap(2 * edits.length + 1);
    let from = 0;
    let to = 0;
    for (const { at, removed, start, end } of edits) {
      bytes.set(original.subarray(from, at), to);
      offsets.addRun(from, to, at - from);
      to += at - from;
      // What replaces something stands where that stood.
      offsets.addRun(at, to, removed);
      bytes.set(inserted.subarray(start, end), to);
      to += end - start;
      from = at + removed;
    }
    bytes.set(original.subarray(from), to);
    offsets.addRun(from, to, original.length - from);
    return { bytes, offsets };
  }
}
