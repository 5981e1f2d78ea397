/** Bytes of a chunk; a record that is longer gets a chunk of its own. */
const CHUNK = 1 << 20;
/** Each stored record is preceded by the reference of the one before it in its chain. */
const LINK = 8;

/** The same bytes, for copying, and as words, for links and lengths. */
interface Chunk {
  bytes: Uint8Array;
  links: Float64Array;
  words: Uint32Array;
}

/**
 * An append-only store of records in a few big chunks, outside JavaScript's heap. Records form chains: each names the
 * one before it, so a call's records are read without looking at any other call's. A reference is a number > 0. A
 * record begins with its length as u32, a multiple of 8 (wasmedge-napi/records.d.ts).
 */
export class RecordStore {
  readonly #chunks: Chunk[] = [];
  /** Bytes used of the last chunk. */
  #used = CHUNK;

  /** Bytes that the chunks take. */
  get byteLength(): number {
    return this.#chunks.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  /** Copies `batch[start, end)` behind the record `previous` (0: none) and returns its reference. */
  append(previous: number, batch: Uint8Array, start: number, end: number): number {
    const needed = LINK + end - start;
    const chunk = this.#chunkFor(needed);
    const at = this.#used;
    chunk.links[at / LINK] = previous;
    chunk.bytes.set(batch.subarray(start, end), at + LINK);
    this.#used += needed;
    return this.#chunks.length * 2 ** 32 + at;
  }

  #chunkFor(needed: number): Chunk {
    const last = this.#chunks.at(-1);
    if (last && this.#used + needed <= last.bytes.length) return last;
    const buffer = new ArrayBuffer(Math.max(CHUNK, needed));
    const chunk: Chunk = {
      bytes: new Uint8Array(buffer),
      links: new Float64Array(buffer),
      words: new Uint32Array(buffer),
    };
    this.#chunks.push(chunk);
    this.#used = 0;
    return chunk;
  }

  /** A view of the record, and the reference of the one before it. */
  read(reference: number): { record: Uint8Array; previous: number } {
    const chunk = this.#chunks[Math.floor(reference / 2 ** 32) - 1];
    const start = (reference % 2 ** 32) + LINK;
    const length = chunk?.words[start / 4] ?? 0;
    if (!chunk || length === 0) throw new RangeError(`No record ${reference}.`);
    return {
      record: chunk.bytes.subarray(start, start + length),
      previous: chunk.links[start / LINK - 1] ?? 0,
    };
  }
}
