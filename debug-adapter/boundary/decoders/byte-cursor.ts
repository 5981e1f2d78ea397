/** Bytes that are no such format: `offset` is where, in bytes. */
export class MalformedBytes extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** Reads bytes from front to back. */
export class ByteCursor {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Byte offset of what comes next. */
  at = 0;
  /** Where what is read ends: before the end of the bytes inside a part that states its length. */
  end: number;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.end = bytes.length;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.end - this.at;
  }

  /** The next byte, unread. @throws MalformedBytes at the end of the bytes; `what` begins there. */
  peek(what: string): number {
    const byte = this.bytes[this.at];
    if (byte === undefined || this.at >= this.end)
      throw new MalformedBytes(`the bytes end where ${what} begins`, this.at);
    return byte;
  }

  /** Offset of the next `count` bytes, which are then behind. @throws MalformedBytes where there are not as many. */
  skip(count: number, what: string): number {
    const start = this.at;
    if (count > this.left) {
      const has = this.left === 1 ? '1 byte is' : `${this.left} bytes are`;
      throw new MalformedBytes(`${what} takes ${count} bytes, but ${has} left`, start);
    }
    this.at += count;
    return start;
  }

  take(count: number, what: string): Uint8Array {
    const start = this.skip(count, what);
    return this.bytes.subarray(start, this.at);
  }

  /** A big-endian unsigned integer of 1, 2, 4 or 8 bytes. */
  unsigned(width: 1 | 2 | 4 | 8, what: string): bigint {
    const start = this.skip(width, what);
    if (width === 1) return BigInt(this.view.getUint8(start));
    if (width === 2) return BigInt(this.view.getUint16(start));
    if (width === 4) return BigInt(this.view.getUint32(start));
    return this.view.getBigUint64(start);
  }

  /** A size that the bytes state. @throws MalformedBytes beyond 2^53, which no buffer is. */
  size(value: bigint, start: number): number {
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
      throw new MalformedBytes(`a length of ${value} is longer than any buffer`, start);
    }
    return Number(value);
  }
}
