import type { KotlinClass } from './classes.ts';
import type { Heap } from './heap.ts';

/** Sums that a rope is followed through. */
const MOST_PARTS = 20_000;

interface Part {
  /** Handle of its array of characters. */
  chars: number;
  /** Where its characters begin in the whole. */
  start: number;
  length: number;
}

/**
 * A `kotlin.String`. One that came of `+` may be a *rope*: its own characters are the right summand's, and `leftIfInSum` is
 * the left one. The guest makes one array of that when it needs it; here the parts are read as they lie.
 */
export class KotlinString {
  readonly #heap: Heap;
  readonly class: KotlinClass;
  readonly handle: number;
  #length: number | null = null;
  #parts: Part[] | null = null;

  constructor(heap: Heap, its: KotlinClass, handle: number) {
    this.#heap = heap;
    this.class = its;
    this.handle = handle;
  }

  /** In UTF-16 units, as Kotlin counts. */
  get length(): number {
    return (this.#length ??= this.#read(this.handle).length);
  }

  /** `count` UTF-16 units from `start` on, or as many as there are; of a rope of too many parts its end alone. */
  text(start = 0, count = this.length): string {
    const end = Math.min(this.length, start + count);
    let text = '';
    this.#parts ??= this.#findParts();
    for (const { chars, start: at, length } of this.#parts) {
      const [from, to] = [Math.max(start, at), Math.min(end, at + length)];
      if (from >= to) continue;
      const array = this.#heap.arrayAt(chars);
      if (array?.stored !== 'i16') continue;
      const bytes = this.#heap.arrayBytes(chars, array, from - at, to - from);
      text += Buffer.from(bytes.buffer).toString('utf16le');
    }
    return text;
  }

  /** From left to right. */
  #findParts(): Part[] {
    const parts: Part[] = [];
    let summand = this.#read(this.handle);
    for (;;) {
      const left = this.#heap.isNull(summand.left) ? null : this.#read(summand.left);
      const start = left?.length ?? 0;
      parts.push({ chars: summand.chars, start, length: summand.length - start });
      if (!left || parts.length === MOST_PARTS) return parts.reverse();
      summand = left;
    }
  }

  #read(handle: number): { length: number; left: number; chars: number } {
    const read = this.#heap.readFields(handle, this.class);
    const index = (name: string) => this.class.field(name)?.index ?? 0;
    return {
      length: read.numbers.getInt32(16 * index('length'), true),
      left: read.firstHandle + index('leftIfInSum'),
      chars: read.firstHandle + index('_chars'),
    };
  }
}
