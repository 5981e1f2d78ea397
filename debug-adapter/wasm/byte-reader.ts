/** A module that breaks the binary format (core spec §5): what, and at which byte of the file. */
export class MalformedModule extends Error {
  readonly offset: number;
  /** True where the bytes ended too early, as in a file that was not copied whole. */
  readonly ended: boolean;
  constructor(message: string, offset: number, ended = false) {
    super(message);
    this.offset = offset;
    this.ended = ended;
  }
}

const utf8 = new TextDecoder();

/**
 * Reads the module's primitives with every bound checked. The wasmparser package reads on past the end of damaged
 * sections (where it sees zeros), so a wrong count can keep it busy for minutes; the facts that a session starts from
 * must be had, or refused with the offset, from any bytes.
 */
export class ByteReader {
  readonly bytes: Uint8Array;
  /** Byte offset in the file of what is read next. */
  at: number;
  readonly end: number;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
  }

  get done(): boolean {
    return this.at >= this.end;
  }

  u8(): number {
    if (this.at >= this.end) throw new MalformedModule('it ends in the middle of a value', this.at, true);
    return this.bytes[this.at++] ?? 0;
  }

  /** LEB128, at most `bits` bits. Exact up to 2^53. */
  unsigned(bits: 32 | 64): number {
    const start = this.at;
    let result = 0;
    let scale = 1;
    for (let shift = 0; shift < bits; shift += 7) {
      const byte = this.u8();
      result += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        if (result < 2 ** bits) return result;
        break;
      }
      scale *= 0x80;
    }
    throw new MalformedModule(`a number does not fit ${bits} bits`, start);
  }

  /** Most numbers of a module are one byte, and reading them is most of the work at launch. */
  u32(): number {
    const byte = this.bytes[this.at] ?? 0x80;
    if (byte >= 0x80 || this.at >= this.end) return this.unsigned(32);
    this.at += 1;
    return byte;
  }

  /** A count of things that take at least one byte each: never more than there are bytes left. */
  count(): number {
    const start = this.at;
    const count = this.u32();
    if (count > this.end - this.at) {
      throw new MalformedModule(`a count of ${count} is more than the bytes that are left`, start, true);
    }
    return count;
  }

  skip(bytes: number): void {
    if (bytes > this.end - this.at) {
      throw new MalformedModule(
        `${bytes} bytes are announced, ${this.end - this.at} are left`,
        this.at,
        true,
      );
    }
    this.at += bytes;
  }

  skipLeb(): void {
    while (this.u8() >= 0x80);
  }

  name(): string {
    const length = this.count();
    const start = this.at;
    this.at += length;
    return utf8.decode(this.bytes.subarray(start, this.at));
  }
}
