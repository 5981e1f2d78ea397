import { type BoundaryRecord, readRecords } from 'wasmedge-napi/records.js';
import type { Direction } from '../../protocol/boundary.ts';

/** A buffer that the recorder captured of a call. */
export interface BufferRecord {
  sequence: number;
  direction: Direction;
  address: number;
  size: number;
  bytes: Uint8Array;
}

/** Bytes of recent batches that are kept to look into. */
const KEPT = 1 << 20;

/**
 * The latest batches of the recorder: at a stop they tell which buffers an open call passed while its crossings did not
 * enter JavaScript.
 */
export class RecentBatches {
  #batches: Uint8Array[] = [];
  #bytes = 0;

  push(batch: Uint8Array): void {
    this.#batches.push(batch);
    this.#bytes += batch.length;
    while (this.#bytes > KEPT && this.#batches.length > 1) this.#bytes -= this.#batches.shift()?.length ?? 0;
  }

  /** The last argument and result buffer of each of these calls, as far back as the batches reach. */
  buffersOf(sequences: readonly number[]): BufferRecord[] {
    const open = new Set(sequences);
    const found = new Map<string, BufferRecord>();
    for (let i = this.#batches.length - 1; i >= 0 && open.size > 0; i--) {
      const inBatch = new Map<string, BufferRecord>();
      const begun: number[] = [];
      for (const record of readRecords(this.#batches[i] as Uint8Array)) {
        if (record.sequence === null || !open.has(record.sequence)) continue;
        if (record.kind === 'callBegin') begun.push(record.sequence);
        const buffer = asBuffer(record, record.sequence);
        if (buffer) inBatch.set(`${buffer.sequence} ${buffer.direction}`, buffer);
      }
      for (const [key, buffer] of inBatch) if (!found.has(key)) found.set(key, buffer);
      for (const sequence of begun) open.delete(sequence);
    }
    return [...found.values()].map((buffer) => ({ ...buffer, bytes: buffer.bytes.slice() }));
  }
}

function asBuffer(record: BoundaryRecord, sequence: number): BufferRecord | null {
  // What is behind a handle has no place in memory.
  if (record.kind !== 'buffer' || record.policy.startsWith('elements-')) return null;
  const { direction, address, size, bytes } = record;
  return { sequence, direction, address, size, bytes };
}
