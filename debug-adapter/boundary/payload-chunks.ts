import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Bytes of a chunk; an entry that is longer gets a chunk of its own. */
const CHUNK = 1 << 20;
/** Chunks of the file that are kept in memory after they were read. */
const KEPT = 8;
const UNLIMITED = Infinity;

/** Bytes in memory, or null and their place in the file. All of one shape, as they are looked up for every buffer. */
interface Chunk {
  bytes: Uint8Array | null;
  fileOffset: number;
  length: number;
}

/**
 * Append-only bytes in chunks. Beyond `maxBytes` the oldest chunks leave memory for a file in a temporary folder, from
 * which they are still read. The file has no name any more once it is open, so that it goes with the process however that
 * ends. Where it cannot be written, all stays in memory.
 */
export class PayloadChunks {
  maxBytes: number;
  readonly #chunks: Chunk[] = [];
  /** Bytes used of the last chunk. */
  #used = 0;
  #inMemory = 0;
  #spilled = 0;
  /** The first chunk that is in memory. */
  #oldest = 0;
  #file: number | null = null;
  /** Chunks that were read from the file, the latest last. */
  readonly #read = new Map<number, Uint8Array>();

  constructor(maxBytes: number = UNLIMITED) {
    this.maxBytes = maxBytes;
  }

  /** Bytes that the chunks in memory take. */
  get byteLength(): number {
    return this.#inMemory;
  }
  get spilledBytes(): number {
    return this.#spilled;
  }

  /**
   * Makes room for `needed` bytes, which the caller writes into the chunk of the reference, and then says by `use` where
   * they end. A reference is the number of the chunk, from 1, × 2³² + the offset.
   */
  reserve(needed: number): number {
    const last = this.#chunks.at(-1);
    if (!last?.bytes || this.#used + needed > last.length) {
      const bytes = new Uint8Array(Math.max(CHUNK, needed));
      this.#chunks.push({ bytes, fileOffset: 0, length: bytes.length });
      this.#used = 0;
      this.#inMemory += bytes.length;
      this.#spill();
    }
    return this.#chunks.length * 2 ** 32 + this.#used;
  }

  /** @param end offset in the last chunk behind what was written */
  use(end: number): void {
    this.#used = end;
  }

  /** The last chunk stays: it is written to. */
  #spill(): void {
    while (this.#inMemory > this.maxBytes && this.#oldest < this.#chunks.length - 1) {
      const chunk = this.#chunks[this.#oldest];
      if (!chunk?.bytes) return;
      try {
        this.#file ??= openSpill();
        writeSync(this.#file, chunk.bytes, 0, chunk.bytes.length, this.#spilled);
      } catch {
        // A full disk: memory is what there is.
        this.maxBytes = UNLIMITED;
        return;
      }
      this.#chunks[this.#oldest] = { bytes: null, fileOffset: this.#spilled, length: chunk.length };
      this.#spilled += chunk.length;
      this.#inMemory -= chunk.length;
      this.#oldest += 1;
    }
  }

  /** The whole chunk that a reference is in. @throws RangeError where there is none */
  chunk(reference: number): Uint8Array {
    const number = Math.floor(reference / 2 ** 32);
    const chunk = this.#chunks[number - 1];
    if (!chunk) throw new RangeError(`No buffer ${reference}.`);
    if (chunk.bytes) return chunk.bytes;
    return this.#read.get(number) ?? this.#load(number, chunk.fileOffset, chunk.length);
  }

  /** Bytes that are written of a chunk. */
  used(number: number): number {
    if (number === this.#chunks.length) return this.#used;
    return this.#chunks[number - 1]?.length ?? 0;
  }

  #load(number: number, offset: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    if (this.#file !== null) readSync(this.#file, bytes, 0, length, offset);
    this.#read.set(number, bytes);
    for (const oldest of this.#read.keys()) {
      if (this.#read.size <= KEPT) break;
      this.#read.delete(oldest);
    }
    return bytes;
  }

  dispose(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }
}

function openSpill(): number {
  const folder = mkdtempSync(path.join(tmpdir(), 'kotlin-wasmedge-ledger-'));
  try {
    return openSync(path.join(folder, 'payloads'), 'wx+', 0o600);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
