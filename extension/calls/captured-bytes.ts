import type { CapturedBuffer } from '../../protocol/boundary.ts';
import type { ByteSource } from './byte-differences.ts';
import type { Ledger } from './ledger.ts';

/** Bytes that are read from the ledger at once. */
const PAGE = 8 * 1024 * 1024;

/** The bytes of a captured buffer: those that came with its call, and the others as they are asked for. */
export class CapturedBytes implements ByteSource {
  private readonly buffer: CapturedBuffer;
  private readonly ledger: Pick<Ledger, 'readCaptured'>;
  /** Bytes. */
  readonly size: number;
  /** All of them came with the call. */
  readonly cameWhole: boolean;
  /** From the beginning on. */
  private there: Buffer;
  private reading: Promise<Buffer> | null = null;

  constructor(buffer: CapturedBuffer, ledger: Pick<Ledger, 'readCaptured'>) {
    this.buffer = buffer;
    this.ledger = ledger;
    this.size = buffer.captured;
    this.there = Buffer.from(buffer.data, 'base64');
    this.cameWhole = this.there.length >= buffer.captured;
  }

  /** Fewer bytes where the buffer ends before. Rejects with a sentence. */
  async read(start: number, count: number): Promise<Buffer> {
    const end = Math.min(start + count, this.buffer.captured);
    if (end <= this.there.length) return this.there.subarray(start, end);
    const parts: Buffer[] = [];
    for (let at = start; at < end;) {
      const part = await this.page(at, Math.min(PAGE, end - at));
      parts.push(part);
      at += part.length;
    }
    return Buffer.concat(parts);
  }

  /** All of them, which are kept from then on. Rejects with a sentence. */
  async all(): Promise<Buffer> {
    if (this.there.length < this.buffer.captured) {
      this.reading ??= this.read(0, this.buffer.captured);
      try {
        this.there = await this.reading;
      } finally {
        this.reading = null;
      }
    }
    return this.there;
  }

  private async page(start: number, count: number): Promise<Buffer> {
    const { memoryReference, captured } = this.buffer;
    const part = await this.ledger.readCaptured?.(memoryReference, start, count);
    if (!part?.length)
      throw new Error(`Of the ${captured} bytes only the first ${this.there.length} could be kept.`);
    return part;
  }
}
