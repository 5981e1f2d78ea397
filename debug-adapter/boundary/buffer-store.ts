import type { SizePolicyName } from 'wasmedge-napi/records';
import type { Direction } from '../../protocol/boundary.ts';
import { PayloadChunks } from './payload-chunks.ts';
import { isPlainText } from './plain-text.ts';
import { SIZE_POLICIES } from './record-layout.ts';
import type { SoughtText } from './sought-text.ts';

/** One handing over of a buffer, or an edit of it. */
export interface StoredBuffer {
  direction: Direction;
  edited: boolean;
  policy: SizePolicyName;
  /** µs since the recorder was made. */
  micros: number;
  /** Byte address in linear memory. */
  address: number;
  /** Bytes that were handed over; `bytes` may hold fewer. */
  size: number;
  /** The captured bytes: a view that must not be written to. */
  bytes: Uint8Array;
}

const Flag = { result: 1, edited: 2, linked: 4, plain: 8 } as const;
/** Bits of the first byte below the policy. */
const POLICY_SHIFT = 4;
/** Bytes of the longest head: flags, two numbers of a link, and four numbers of at most 8 bytes each. */
const MAX_HEAD = 1 + 6 * 8;
const NANOS = 1000;
/** Bytes up to which copying one by one is quicker than `set`. */
const COPIED_SINGLY = 48;

/**
 * The copies of all buffers, apart from the other records: about ten bytes beside the payload of each, so that the
 * payloads of a million calls lie close together and are searched in one pass. Copies of one buffer form a chain: each
 * names the one before it. A reference is a number > 0. An entry is: u8 flags and policy; the link, if any, as chunk and
 * offset; time in ns, address, size and captured bytes, each a LEB128 number; the bytes.
 */
export class BufferStore {
  readonly #chunks: PayloadChunks;
  /** Numbers of the chunks in which not all is plain text. */
  readonly #mixed = new Set<number>();
  /** Where `#number` reads on. */
  #at = 0;

  /** @param maxBytes what may stay in memory: see PayloadChunks */
  constructor(maxBytes?: number) {
    this.#chunks = new PayloadChunks(maxBytes);
  }

  get byteLength(): number {
    return this.#chunks.byteLength;
  }
  /** Bytes that have left memory for a file. */
  get spilledBytes(): number {
    return this.#chunks.spilledBytes;
  }
  set maxBytes(bytes: number) {
    this.#chunks.maxBytes = bytes;
  }

  /** Copies a buffer; `previous` is the copy of the same buffer before it, 0: none. Returns its reference. */
  append(buffer: StoredBuffer, previous: number): number {
    const { bytes } = buffer;
    // No closures and no views of parts: this is done for every buffer of a session.
    const reference = this.#chunks.reserve(MAX_HEAD + bytes.length);
    const chunk = this.#chunks.chunk(reference);
    const number = Math.floor(reference / 2 ** 32);
    let at = reference - number * 2 ** 32;
    const isPlain = isPlainText(bytes);
    if (!isPlain) this.#mixed.add(number);
    chunk[at++] =
      (buffer.direction === 'result' ? Flag.result : 0) |
      (buffer.edited ? Flag.edited : 0) |
      (previous === 0 ? 0 : Flag.linked) |
      (isPlain ? Flag.plain : 0) |
      (SIZE_POLICIES.indexOf(buffer.policy) << POLICY_SHIFT);
    if (previous !== 0) {
      at = writeNumber(chunk, at, Math.floor(previous / 2 ** 32));
      at = writeNumber(chunk, at, previous % 2 ** 32);
    }
    at = writeNumber(chunk, at, Math.round(buffer.micros * NANOS));
    at = writeNumber(chunk, at, buffer.address);
    at = writeNumber(chunk, at, buffer.size);
    at = writeNumber(chunk, at, bytes.length);
    if (bytes.length > COPIED_SINGLY) chunk.set(bytes, at);
    else for (let i = 0; i < bytes.length; i++) chunk[at + i] = bytes[i] ?? 0;
    this.#chunks.use(at + bytes.length);
    return reference;
  }

  /** @throws RangeError where there is no such entry */
  read(reference: number): StoredBuffer & { previous: number } {
    const chunk = this.#chunks.chunk(reference);
    const flags = this.#open(chunk, reference);
    const previous = flags & Flag.linked ? this.#number(chunk) * 2 ** 32 + this.#number(chunk) : 0;
    const micros = this.#number(chunk) / NANOS;
    const address = this.#number(chunk);
    const size = this.#number(chunk);
    const captured = this.#number(chunk);
    return {
      direction: flags & Flag.result ? 'result' : 'argument',
      edited: (flags & Flag.edited) !== 0,
      policy: SIZE_POLICIES[flags >> POLICY_SHIFT] ?? 'unknown',
      micros,
      address,
      size,
      bytes: chunk.subarray(this.#at, this.#at + captured),
      previous,
    };
  }

  /** Bytes that were handed over, without looking at them. */
  size(reference: number): number {
    return this.#toSize(this.#chunks.chunk(reference), reference);
  }

  /**
   * Whether the bytes, read as UTF-8, have a text in them, whatever its case; undefined where that can only be told by
   * decoding them. Makes nothing, as it is asked of every call.
   *
   * @param within bytes, of which the text must be the first or among them
   */
  contains(reference: number, sought: SoughtText, within: number): boolean | undefined {
    const number = Math.floor(reference / 2 ** 32);
    if (sought.isMissingIn(number)) return false;
    const chunk = this.#chunks.chunk(reference);
    const isMixed = this.#mixed.has(number);
    if (isMixed && !(this.#open(chunk, reference) & Flag.plain)) return undefined;
    if (!sought.mayBeIn(number, chunk, this.#chunks.used(number), isMixed)) return false;
    const word = sought.ascii;
    if (!word) return undefined;
    this.#toSize(chunk, reference);
    const end = this.#number(chunk) + this.#at;
    const found = indexOfWord(chunk, this.#at, end, word);
    if (found < 0) return false;
    return found + word.length <= this.#at + within ? true : undefined;
  }

  /** Gives the file back, if there is one. */
  dispose(): void {
    this.#chunks.dispose();
  }

  #toSize(chunk: Uint8Array, reference: number): number {
    const flags = this.#open(chunk, reference);
    for (let skipped = flags & Flag.linked ? 4 : 2; skipped > 0; skipped--) this.#number(chunk);
    return this.#number(chunk);
  }

  #open(chunk: Uint8Array, reference: number): number {
    // Not the remainder of a division, which takes longer than all else here.
    const at = reference - Math.floor(reference / 2 ** 32) * 2 ** 32;
    this.#at = at + 1;
    return chunk[at] ?? 0;
  }

  #number(chunk: Uint8Array): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = chunk[this.#at++] ?? 0;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
  }
}

/** Writes an integer from 0 to 2^53 as unsigned LEB128; the index behind it. */
function writeNumber(bytes: Uint8Array, at: number, value: number): number {
  let rest = value;
  while (rest >= 128) {
    bytes[at++] = (rest % 128) | 0x80;
    rest = Math.floor(rest / 128);
  }
  bytes[at++] = rest;
  return at;
}

function lower(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
}

/** Index of an ASCII word in lower case, or -1. */
function indexOfWord(bytes: Uint8Array, start: number, end: number, word: Uint8Array): number {
  const first = word[0];
  for (let at = start; at + word.length <= end; at++)
    if (lower(bytes[at] ?? 0) === first && startsWith(bytes, at, word)) return at;
  return -1;
}

function startsWith(bytes: Uint8Array, at: number, word: Uint8Array): boolean {
  for (let i = 1; i < word.length; i++) {
    if (lower(bytes[at + i] ?? 0) !== word[i]) return false;
  }
  return true;
}
