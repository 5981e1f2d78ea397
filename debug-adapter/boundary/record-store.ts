import { deflateRaw, inflateRawSync } from 'node:zlib';

/** Bytes of a chunk; a record that is longer gets a chunk of its own. */
const CHUNK = 1 << 20;
/** Each stored record is preceded by the reference of the one before it in its chain. */
const LINK = 8;
/** Full chunks that are not compressed yet: most sessions end before that, and pay nothing for it. */
const UNCOMPRESSED = 32;
/** Compressed chunks that are kept open after they were read: a call's records lie close together. */
const KEPT = 4;
/** The quickest: records of calls are so alike that more work gains little. */
const LEVEL = 1;

/** The same bytes, for copying, and as words, for links and lengths. */
interface OpenChunk {
  bytes: Uint8Array;
  links: Float64Array;
  words: Uint32Array;
}

/**
 * An append-only store of records in a few big chunks, outside JavaScript's heap. Records form chains: each names the
 * one before it, so a call's records are read without looking at any other call's. A reference is a number > 0. A
 * record begins with its length as u32, a multiple of 8 (wasmedge-napi/records.d.ts). Older chunks are compressed in
 * the background, to about a tenth, and opened again when one of their records is read.
 */
export class RecordStore {
  readonly #chunks: (OpenChunk | Uint8Array)[] = [];
  readonly #opened = new Map<number, OpenChunk>();
  /** Bytes used of the last chunk. */
  #used = CHUNK;
  #last: OpenChunk | null = null;
  readonly #uncompressed: number;

  /** @param uncompressed full chunks that stay as they are: the newest */
  constructor(uncompressed: number = UNCOMPRESSED) {
    this.#uncompressed = uncompressed;
  }

  /** Bytes that the chunks take. */
  get byteLength(): number {
    return this.#chunks.reduce((sum, chunk) => sum + ('bytes' in chunk ? chunk.bytes : chunk).length, 0);
  }

  /**
   * Copies the bytes from `start` to `end`, both multiples of 8, behind the record `previous` (0: none).
   *
   * @param batch its words, in the machine's byte order
   * @returns the copy's reference
   */
  append(previous: number, batch: Uint32Array, start: number, end: number): number {
    const needed = LINK + end - start;
    const chunk = this.#chunkFor(needed);
    const at = this.#used;
    chunk.links[at / LINK] = previous;
    // Word by word: records are short, and this is done for each of a session.
    const { words } = chunk;
    for (let from = start >> 2, to = (at + LINK) >> 2; from < end >> 2; from++, to++)
      words[to] = batch[from] ?? 0;
    this.#used += needed;
    return this.#chunks.length * 2 ** 32 + at;
  }

  #chunkFor(needed: number): OpenChunk {
    if (this.#last && this.#used + needed <= this.#last.bytes.length) return this.#last;
    this.#compress(this.#chunks.length - 1 - this.#uncompressed);
    const chunk = openChunk(new ArrayBuffer(Math.max(CHUNK, needed)));
    this.#chunks.push(chunk);
    this.#last = chunk;
    this.#used = 0;
    return chunk;
  }

  #compress(index: number): void {
    const chunk = this.#chunks[index];
    if (!chunk || !('bytes' in chunk)) return;
    deflateRaw(chunk.bytes, { level: LEVEL }, (error, compressed) => {
      // Where there is no memory to compress in, it stays as it is.
      if (!error) this.#chunks[index] = new Uint8Array(compressed);
    });
  }

  /** A view of the record, and the reference of the one before it. */
  read(reference: number): { record: Uint8Array; previous: number } {
    const chunk = this.#open(Math.floor(reference / 2 ** 32) - 1);
    const start = (reference % 2 ** 32) + LINK;
    const length = chunk?.words[start / 4] ?? 0;
    if (!chunk || length === 0) throw new RangeError(`No record ${reference}.`);
    return {
      record: chunk.bytes.subarray(start, start + length),
      previous: chunk.links[start / LINK - 1] ?? 0,
    };
  }

  #open(index: number): OpenChunk | undefined {
    const chunk = this.#chunks[index];
    if (!chunk || 'links' in chunk) return chunk;
    const known = this.#opened.get(index);
    if (known) return known;
    // A copy: what zlib gives may lie anywhere in a buffer, and words must be aligned.
    const opened = openChunk(new Uint8Array(inflateRawSync(chunk)).buffer);
    this.#opened.set(index, opened);
    for (const oldest of this.#opened.keys()) {
      if (this.#opened.size <= KEPT) break;
      this.#opened.delete(oldest);
    }
    return opened;
  }
}

function openChunk(buffer: ArrayBuffer): OpenChunk {
  return { bytes: new Uint8Array(buffer), links: new Float64Array(buffer), words: new Uint32Array(buffer) };
}
