import { isUtf8 } from 'node:buffer';
import { UserError } from '../../errors.ts';
import type { Decoded, Decoder } from '../decoder.ts';

/** Beyond this many bytes a text decoder stops, so that its string stays far below V8's limit (2^29 - 24). */
export const TEXT_LIMIT = 64 * 1024 * 1024;

/** The bytes a decoder works on, and what to tell where that is not all of them. */
export function limited(bytes: Uint8Array, limit: number): { bytes: Uint8Array; error?: string } {
  if (bytes.length <= limit) return { bytes };
  return {
    bytes: bytes.subarray(0, limit),
    error: `Only the first ${limit} of ${bytes.length} bytes were decoded.`,
  };
}

export function hexByte(byte: number): string {
  return `0x${byte.toString(16).padStart(2, '0')}`;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The text to encode. @throws UserError where `value` is no string. */
export function textOf(value: unknown, decoder: string): string {
  if (typeof value === 'string') return value;
  throw new UserError(
    'bad-argument',
    `${decoder} writes text, not ${value === null ? 'null' : typeof value}: put the value in quotes.`,
  );
}

/** A surrogate without its partner; with the `u` flag a pair is one character and does not match. */
const LONE_SURROGATE = /\p{Surrogate}/u;
const LONE_SURROGATES = /\p{Surrogate}/gu;

/** Faults whose places are told. */
export const MAX_INVALID = 1000;

/** The places of the faults after the first one, as a part of a sentence; empty where there are none. */
export function placesOf(invalid: readonly (readonly [number, number])[]): string {
  if (invalid.length < 2) return '';
  const places = invalid.slice(1, 6).map(([start]) => start);
  const more = invalid.length > 6 ? ', …' : '';
  return `; the same at ${places.length === 1 ? 'byte' : 'bytes'} ${places.join(', ')}${more}`;
}

/**
 * The ill-formed sequences: `[start, end)` in bytes, one for each U+FFFD that they become, at most `most`. Well-formed as in
 * Unicode 16.0, table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF.
 */
export function invalidUtf8(bytes: Uint8Array, most = MAX_INVALID): [number, number][] {
  const ranges: [number, number][] = [];
  if (isUtf8(bytes)) return ranges;
  let at = 0;
  while (at < bytes.length && ranges.length < most) {
    const lead = bytes[at] ?? 0;
    if (lead < 0x80) {
      at += 1;
      continue;
    }
    const length = lead < 0xc2 || lead > 0xf4 ? 0 : lead <= 0xdf ? 2 : lead <= 0xef ? 3 : 4;
    let end = at + 1;
    while (end < at + length) {
      const byte = bytes[end];
      const second = end === at + 1;
      const low = !second ? 0x80 : lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
      const high = !second ? 0xbf : lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
      if (byte === undefined || byte < low || byte > high) break;
      end += 1;
    }
    if (end - at !== length) ranges.push([at, end]);
    at = end;
  }
  return ranges;
}

/** Byte offset of the first ill-formed sequence, or -1. */
export function firstInvalidUtf8(bytes: Uint8Array): number {
  return invalidUtf8(bytes, 1)[0]?.[0] ?? -1;
}

const utf8Decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** UTF-8 text as it is, a byte order mark included; U+FFFD stands for what is ill-formed. */
export function decodeUtf8(all: Uint8Array): Pick<Decoded, 'text' | 'error' | 'invalid'> {
  const { bytes, error } = limited(all, TEXT_LIMIT);
  const text = utf8Decoder.decode(bytes);
  const invalid = invalidUtf8(bytes);
  const first = invalid[0]?.[0];
  if (first !== undefined) {
    const what = `${hexByte(bytes[first] ?? 0)} at byte ${first}`;
    const rest = placesOf(invalid);
    return { text, error: `Not UTF-8: ${what} does not begin a well-formed character${rest}.`, invalid };
  }
  return error === undefined ? { text } : { text, error };
}

export const utf8: Decoder = {
  id: 'utf-8',
  label: 'UTF-8 text',
  decode(bytes) {
    const decoded = decodeUtf8(bytes);
    return { ...decoded, value: decoded.text };
  },
  encode(value) {
    const text = textOf(value, 'utf-8');
    const lone = LONE_SURROGATE.exec(text);
    if (lone) {
      throw new UserError(
        'bad-argument',
        `UTF-8 cannot hold the unpaired surrogate at character ${lone.index} of the text: remove it.`,
      );
    }
    return new TextEncoder().encode(text);
  },
};

function utf16(littleEndian: boolean): Decoder {
  const id = littleEndian ? 'utf-16le' : 'utf-16be';
  return {
    id,
    label: `UTF-16 text, ${littleEndian ? 'little' : 'big'}-endian`,
    decode(all) {
      const { bytes, error: cut } = limited(all, TEXT_LIMIT);
      const whole = bytes.length & ~1;
      const units = littleEndian ? asBuffer(bytes.subarray(0, whole)) : Buffer.from(bytes.subarray(0, whole));
      if (!littleEndian) units.swap16();
      let text = units.toString('utf16le');
      let error = cut;
      const invalid: [number, number][] = [];
      for (const { index } of text.matchAll(LONE_SURROGATES)) {
        invalid.push([index * 2, index * 2 + 2]);
        if (invalid.length === MAX_INVALID) break;
      }
      if (invalid[0]) {
        error = `Not well-formed UTF-16: unpaired surrogate at byte ${invalid[0][0]}${placesOf(invalid)}.`;
      }
      if (whole < bytes.length) {
        text += '\ufffd';
        error ??= `Not UTF-16: the last byte, at ${whole}, is half a character.`;
        invalid.push([whole, bytes.length]);
      }
      const decoded = { text, value: text, ...(invalid.length > 0 ? { invalid } : {}) };
      return error === undefined ? decoded : { ...decoded, error };
    },
    encode(value) {
      const bytes = Buffer.from(textOf(value, id), 'utf16le');
      if (!littleEndian) bytes.swap16();
      return new Uint8Array(bytes);
    },
  };
}
export const utf16le = utf16(true);
export const utf16be = utf16(false);

export const latin1: Decoder = {
  id: 'latin-1',
  label: 'Latin-1 text',
  decode(all) {
    const { bytes, error } = limited(all, TEXT_LIMIT);
    const text = asBuffer(bytes).toString('latin1');
    return error === undefined ? { text, value: text } : { text, value: text, error };
  },
  encode(value) {
    const text = textOf(value, 'latin-1');
    const at = /[^\0-\xff]/u.exec(text);
    if (at) {
      throw new UserError(
        'bad-argument',
        `Latin-1 has no “${at[0]}” (character ${at.index} of the text): use characters up to U+00FF.`,
      );
    }
    return new Uint8Array(Buffer.from(text, 'latin1'));
  },
};
