import { FRAME_JSON } from '../../protocol/runner.ts';

/** Bytes before a frame's payload: u32 little-endian length of what follows, u8 type. */
const HEADER = 5;
/** A longer frame is no frame: whatever wrote it does not speak this protocol. */
const MAX_FRAME = 1 << 30;

/** One frame of the control channel (protocol/runner.ts). */
export function encodeFrame(type: number, payload: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(HEADER + payload.length);
  frame.writeUInt32LE(payload.length + 1, 0);
  frame.writeUInt8(type, 4);
  frame.set(payload, HEADER);
  return frame;
}

export function encodeMessage(message: unknown): Buffer {
  return encodeFrame(FRAME_JSON, Buffer.from(JSON.stringify(message)));
}

/** Cuts a byte stream into frames, however the stream was cut into chunks. */
export class FrameReader {
  readonly #onFrame: (type: number, payload: Buffer) => void;
  #chunks: Buffer[] = [];
  #length = 0;

  constructor(onFrame: (type: number, payload: Buffer) => void) {
    this.#onFrame = onFrame;
  }

  /** @throws RangeError where the stream cannot be one of frames. */
  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    while (this.#length >= HEADER) {
      const head = this.#take(4);
      const length = head.readUInt32LE(0);
      if (length < 1 || length > MAX_FRAME) throw new RangeError(`A frame of ${length} bytes.`);
      if (this.#length < length) {
        this.#chunks.unshift(head);
        this.#length += head.length;
        return;
      }
      const frame = this.#take(length);
      this.#onFrame(frame.readUInt8(0), frame.subarray(1));
    }
  }

  #take(count: number): Buffer {
    const first = this.#chunks[0];
    const all = first && first.length >= count ? first : Buffer.concat(this.#chunks);
    if (all === first) this.#chunks.shift();
    else this.#chunks = [];
    if (all.length > count) this.#chunks.unshift(all.subarray(count));
    this.#length -= count;
    return all.subarray(0, count);
  }
}
