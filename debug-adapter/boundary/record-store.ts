/** Bytes of a chunk; a record that is longer gets a chunk of its own. */
const CHUNK = 1 << 20;
/** Each stored record is preceded by the reference of the one before it in its chain. */
const LINK = 8;

/**
 * An append-only store of records in a few big chunks, outside JavaScript's heap. Records form chains: each names the
 * one before it, so a call's records are read without looking at any other call's. A reference is a number > 0.
 */
export class RecordStore {
  readonly #chunks: Uint8Array[] = [];
  /** Bytes used of the last chunk. */
  #used = CHUNK;

  /** Bytes that the chunks take. */
  get byteLength(): number {
    return this.#chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  }

  /** Copies `record` behind the record `previous` (0: none) and returns its reference. */
  append(previous: number, record: Uint8Array): number {
    const needed = LINK + ((record.length + 7) & ~7);
    let chunk = this.#chunks.at(-1);
    if (!chunk || this.#used + needed > chunk.length) {
      chunk = new Uint8Array(Math.max(CHUNK, needed));
      this.#chunks.push(chunk);
      this.#used = 0;
    }
    const at = this.#used;
    new DataView(chunk.buffer).setFloat64(at, previous, true);
    chunk.set(record, at + LINK);
    this.#used += needed;
    return this.#chunks.length * 2 ** 32 + at;
  }

  /** A view of the record and the reference of the one before it; it begins with its own length as u32. */
  read(reference: number): { record: Uint8Array; previous: number } {
    const chunk = this.#chunks[Math.floor(reference / 2 ** 32) - 1];
    const at = reference % 2 ** 32;
    if (!chunk || at + LINK >= chunk.length) throw new RangeError(`No record ${reference}.`);
    const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const length = view.getUint32(at + LINK, true);
    return { record: chunk.subarray(at + LINK, at + LINK + length), previous: view.getFloat64(at, true) };
  }
}
