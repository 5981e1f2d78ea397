import { UserError } from '../../errors.ts';
import type { Decoder } from '../decoder.ts';
import { ENCODING_NAMES } from './encoding-names.ts';
import { encodings } from './on-demand.ts';
import { hexByte, limited, MAX_INVALID, placesOf, TEXT_LIMIT, textOf } from './text.ts';

const KEEP_MARK = { stripBOM: false } as const;
const REPLACEMENT = '\ufffd';

/** Bytes in which faults are looked for one by one. */
const SEARCHED = 1024 * 1024;

/**
 * Where bytes made U+FFFD. The library does not say: it is given one byte after the other, and what it answers to each
 * shows which bytes became which characters.
 */
function invalidRanges(id: string, bytes: Uint8Array): [number, number][] {
  const decoder = encodings().iconv.getDecoder(id, KEEP_MARK);
  const ranges: [number, number][] = [];
  const last = Math.min(bytes.length, SEARCHED);
  let begun = 0;
  const note = (text: string, end: number) => {
    if (!text.includes(REPLACEMENT)) return;
    // What follows the fault in the same answer is one byte that made a character again.
    ranges.push([begun, text.endsWith(REPLACEMENT) ? end : Math.max(begun + 1, end - 1)]);
  };
  for (let at = 0; at < last && ranges.length < MAX_INVALID; at++) {
    const text = decoder.write(Buffer.from(bytes.subarray(at, at + 1)));
    if (text === '') continue;
    note(text, at + 1);
    begun = at + 1;
  }
  if (last === bytes.length && ranges.length < MAX_INVALID) {
    // Typed as text or undefined; the decoder of CESU-8 ends with the number 0.
    const rest: unknown = decoder.end();
    if (typeof rest === 'string') note(rest, last);
  }
  return ranges;
}

function encoding(id: string, use: string | undefined): Decoder {
  return {
    id,
    label: `${id} text${use === undefined ? '' : ` (${use})`}`,
    group: 'Other text encodings',
    decode(all) {
      const { bytes, error: cut } = limited(all, TEXT_LIMIT);
      const text = encodings().iconv.decode(
        Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length),
        id,
        KEEP_MARK,
      );
      const invalid = text.includes(REPLACEMENT) ? invalidRanges(id, bytes) : [];
      const first = invalid[0];
      if (!first) return cut === undefined ? { text, value: text } : { text, value: text, error: cut };
      const error = `Not ${id}: ${hexByte(bytes[first[0]] ?? 0)} at byte ${first[0]} is no part of a character${placesOf(invalid)}.`;
      return { text, value: text, error, invalid };
    },
    encode(value) {
      const text = textOf(value, id);
      const { iconv } = encodings();
      const bytes = iconv.encode(text, id);
      if (iconv.decode(bytes, id, KEEP_MARK) !== text) refuseCharacter(id, text);
      return new Uint8Array(bytes);
    },
  };
}

/** @throws UserError naming the first character that the encoding does not have. */
function refuseCharacter(id: string, text: string): never {
  const { iconv } = encodings();
  let at = 0;
  for (const character of text) {
    if (iconv.decode(iconv.encode(character, id), id, KEEP_MARK) !== character) {
      throw new UserError(
        'bad-argument',
        `${id} has no “${character}” (character ${at} of the text): remove it, or choose another decoder.`,
      );
    }
    at += character.length;
  }
  throw new UserError('bad-argument', `${id} cannot hold this text: choose another decoder.`);
}

/** Every encoding of iconv-lite that text.ts does not decode itself. */
export const encodingDecoders: readonly Decoder[] = ENCODING_NAMES.map(([id, use]) => encoding(id, use));

/** The id of the encoding that a person calls `name` in another way: `cp1252` is `windows-1252`. Loads the library. */
export function encodingNamed(name: string): string | undefined {
  const codec = codecOf(name);
  if (codec === null) return undefined;
  return ENCODING_NAMES.find(([id]) => codecOf(id) === codec)?.[0];
}

function codecOf(name: string): unknown {
  const { iconv } = encodings();
  return iconv.encodingExists(name) ? iconv.getCodec(name) : null;
}
