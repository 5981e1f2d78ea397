/** Bytes of a chunk that are searched as a whole; in a longer one each buffer is looked at by itself. */
const MOST_SEARCHED = 4 << 20;

/**
 * A text that is looked for in the decoded text of many buffers, whatever its case. The buffers of a chunk lie close
 * together: where the chunk as a whole does not have the text, none of them does, and that is found in one pass.
 */
export class SoughtText {
  /** In UTF-8 where it is ASCII alone; null where it is not. */
  readonly ascii: Uint8Array | null;
  readonly #text: string;
  /** The chunk that was looked at last, and as far as it was written then. */
  #chunk = 0;
  #used = -1;
  #has = false;
  /** The last chunk that is plain text alone, written to its end, and does not have the text; 0: none. */
  #missing = 0;

  /** @param text in lower case */
  constructor(text: string) {
    this.#text = text;
    this.ascii = /^[\x00-\x7f]+$/.test(text) ? Buffer.from(text) : null;
  }

  /** Whether it is known that no buffer of the chunk has the text: asked first, as it is asked of every buffer. */
  isMissingIn(chunk: number): boolean {
    return chunk === this.#missing;
  }

  /**
   * False only where no buffer of well-formed UTF-8 in the chunk has the text.
   *
   * @param used bytes of the chunk that are written
   * @param isMixed it has other buffers, too
   */
  mayBeIn(chunk: number, bytes: Uint8Array, used: number, isMixed: boolean): boolean {
    if (chunk !== this.#chunk || used !== this.#used) {
      this.#has = used > MOST_SEARCHED || this.#isIn(Buffer.from(bytes.buffer, bytes.byteOffset, used));
      this.#chunk = chunk;
      this.#used = used;
      this.#missing = this.#has || isMixed || used < bytes.length ? 0 : chunk;
    }
    return this.#has;
  }

  #isIn(bytes: Buffer): boolean {
    if (this.ascii) return bytes.toString('latin1').toLowerCase().includes(this.#text);
    // What a sigma is in lower case depends on what stands beside it: in a chunk that is another buffer.
    if (/[σς]/u.test(this.#text)) return true;
    return bytes.toString('utf8').toLowerCase().includes(this.#text);
  }
}
