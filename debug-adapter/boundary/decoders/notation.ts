import { cutText } from './tree.ts';

/** Characters of a decoded text: far below V8's limit (2^29 - 24). */
const LIMIT = 64 * 1024 * 1024;

/** Text that is written from front to back, of which any part can be shown without joining all of it. */
export class Notation {
  readonly #pieces: string[] = [];
  #length = 0;

  write(piece: string): void {
    if (piece === '') return;
    this.#pieces.push(piece);
    this.#length += piece.length;
  }

  /** True where no more should be written: the text is as long as one can be. */
  get full(): boolean {
    return this.#length > LIMIT;
  }

  /** This place, for `since`. */
  get mark(): number {
    return this.#pieces.length;
  }

  /** At most `limit` characters of what was written since `mark`, the last an ellipsis where cut. */
  since(mark: number, limit = 100): string {
    let text = '';
    for (let i = mark; i < this.#pieces.length && text.length <= limit; i++) text += this.#pieces[i] ?? '';
    return cutText(text, limit);
  }

  toString(): string {
    return this.#pieces.join('');
  }
}
