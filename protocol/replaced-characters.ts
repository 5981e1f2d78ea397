/** What a decoder puts where bytes are no character. */
const REPLACEMENT = 0xfffd;

/** Faults that decoders tell the places of: behind so many, every U+FFFD counts as one. */
const MOST_FAULTS = 1000;

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Which U+FFFD of a decoded text stand for bytes that the decoder could not read: a text may have some of its own. Where
 * the places are not known, as in encodings that cannot hold one, all of them do.
 */
export class ReplacedCharacters {
  /** In UTF-16 code units; null where every U+FFFD is meant. */
  private readonly offsets: ReadonlySet<number> | null;
  /** From here on every U+FFFD is meant. */
  private readonly allFrom: number;

  /**
   * @param decoder that made the text
   * @param bytes that it was made of
   * @param invalid the bytes that could not be read, `[start, end)` in order
   */
  constructor(decoder: string, bytes: Uint8Array, invalid: readonly (readonly [number, number])[] = []) {
    const offsets = offsetsOf(decoder, bytes, invalid);
    this.offsets = offsets && new Set(offsets);
    this.allFrom = invalid.length < MOST_FAULTS ? Infinity : (offsets?.at(-1) ?? 0);
  }

  /** Indices in a part of the text. @param start where the part begins, in UTF-16 code units */
  in(part: string, start: number): number[] {
    const found: number[] = [];
    if (this.offsets?.size === 0) return found;
    for (let at = 0; at < part.length; at++) {
      if (part.charCodeAt(at) !== REPLACEMENT) continue;
      const offset = start + at;
      if (!this.offsets || this.offsets.has(offset) || offset > this.allFrom) found.push(at);
    }
    return found;
  }
}

function offsetsOf(
  decoder: string,
  bytes: Uint8Array,
  invalid: readonly (readonly [number, number])[],
): number[] | null {
  if (invalid.length === 0) return [];
  if (decoder === 'utf-16le' || decoder === 'utf-16be') return invalid.map(([start]) => start >> 1);
  if (decoder !== 'utf-8' && decoder !== 'json') return null;
  const offsets: number[] = [];
  let offset = 0;
  let read = 0;
  for (const [start, end] of invalid) {
    offset += utf8.decode(bytes.subarray(read, start)).length;
    offsets.push(offset++);
    read = end;
  }
  return offsets;
}
