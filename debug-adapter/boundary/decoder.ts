import type { DecodedNode } from '../../protocol/boundary.ts';

/** What a decoder made of bytes. It never throws on bad bytes: `error` says what and at which byte offset. */
export interface Decoded {
  /** The decoder's id, e.g. `utf-8`; never `auto`. */
  decoder: string;
  /** Why this decoder: `auto: …`, or the reason the caller gave. */
  reason: string;
  /** The decoded characters unchanged, never pretty-printed. */
  text: string;
  /** What expressions see as `argument` or `result`: a string, number, bigint, array or plain object. */
  value: unknown;
  tree?: DecodedNode;
  error?: string;
  /** The bytes that could not be read: `[start, end)` in order, at most 1000; absent where the decoder does not know. */
  invalid?: [number, number][];
}

/** Turns bytes into text, a value and a tree; and a value back into bytes, so that buffers can be edited. */
export interface Decoder {
  readonly id: string;
  /** For menus. */
  readonly label: string;
  /** Heading under which menus list it; those without one come first. */
  readonly group?: string;
  decode(bytes: Uint8Array): Omit<Decoded, 'decoder' | 'reason'>;
  /**
   * The beginning of `decode(…).text` made of the beginning of a buffer alone; `decode` itself does it where this is
   * absent.
   */
  preview?(bytes: Uint8Array): string;
  /**
   * @param present the bytes that the new ones replace, for what they say beside the value
   * @throws UserError where the value cannot be written in this encoding.
   */
  encode(value: unknown, present?: Uint8Array): Uint8Array;
}
