import { walkCbor } from './cbor-walk.ts';
import { startsWithCborMark } from './cbor.ts';
import { walkMessagePack } from './messagepack-walk.ts';
import type { Walked } from './structured-walk.ts';
import { firstInvalidUtf8 } from './text.ts';

/** What `auto` looks at: a choice must not depend on how much of a buffer was captured beyond this. */
const SAMPLE = 64 * 1024;

/** C0 and C1 controls and DEL, but for tab, line feed, vertical tab, form feed, carriage return and escape. */
const CONTROL = /[\0-\x08\x0e-\x1a\x1c-\x1f\x7f-\x9f]/;

/** What `auto` decided: the decoder's id, and why, as the end of `auto: …`. */
export interface AutoChoice {
  id: 'utf-8' | 'json' | 'utf-16le' | 'utf-16be' | 'cbor' | 'messagepack' | 'hex';
  why: string;
  /** True where the text begins like JSON: it is `json` if all of it parses, else `utf-8`. */
  maybeJson: boolean;
}

function choice(id: AutoChoice['id'], why: string, maybeJson = false): AutoChoice {
  return { id, why, maybeJson };
}

/** The sample without a character that its end cuts in two. */
function wholeCharacters(bytes: Uint8Array): Uint8Array {
  if (bytes.length <= SAMPLE) return bytes;
  let end = SAMPLE;
  while (end > SAMPLE - 4 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end);
}

/** Text without byte order mark: no controls, no lone surrogates, and mostly from the Latin blocks (below U+0250). */
function looksLikeUtf16(bytes: Uint8Array, littleEndian: boolean): boolean {
  const units = Math.min(bytes.length, SAMPLE) >> 1;
  if (bytes.length % 2 !== 0 || units < 2) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, units * 2);
  let latin = 0;
  let text = '';
  for (let i = 0; i < units; i++) {
    const unit = view.getUint16(i * 2, littleEndian);
    if (unit < 0x250) latin += 1;
    text += String.fromCharCode(unit);
  }
  return latin * 4 >= units * 3 && !CONTROL.test(text) && !/\p{Surrogate}(?!$)/u.test(text);
}

/** The formats that are recognised by their structure, and the first bytes of their maps and arrays. */
const STRUCTURED = [
  { id: 'cbor', name: 'CBOR', walk: walkCbor, begins: (byte: number) => byte >= 0x80 && byte <= 0xbf },
  {
    id: 'messagepack',
    name: 'MessagePack',
    walk: walkMessagePack,
    begins: (byte: number) => (byte >= 0x80 && byte <= 0x9f) || (byte >= 0xdc && byte <= 0xdf),
  },
] as const;

/**
 * Well-formed to the last byte, with maps all of whose keys are words: nothing else looks like that by chance. Data
 * without maps could be any numbers, and is not taken for these formats.
 */
function hasWordsForKeys({ error, keys }: Walked): boolean {
  return error === undefined && keys.text > 0 && keys.other === 0;
}

function structured(bytes: Uint8Array): AutoChoice | null {
  const first = bytes[0] ?? 0;
  for (const { id, name, walk, begins } of STRUCTURED) {
    // The end has to be seen, and the choice is made by the sample alone.
    if (bytes.length > SAMPLE || !begins(first) || !hasWordsForKeys(walk(bytes))) continue;
    return choice(id, `well-formed ${name} to the last byte, with names for keys`);
  }
  return null;
}

/**
 * Chooses a decoder by the bytes alone, the same for the same bytes, looking at no more than the first 64 KiB. Numbers
 * are never guessed: four bytes could be any of them.
 */
export function chooseDecoder(bytes: Uint8Array): AutoChoice {
  if (bytes.length === 0) return choice('utf-8', 'empty');
  if (bytes.length >= 2 && bytes[0] === 0xff && bytes[1] === 0xfe) {
    return choice('utf-16le', 'begins with the byte order mark FF FE');
  }
  if (bytes.length >= 2 && bytes[0] === 0xfe && bytes[1] === 0xff) {
    return choice('utf-16be', 'begins with the byte order mark FE FF');
  }
  if (startsWithCborMark(bytes)) return choice('cbor', "begins with CBOR's own mark D9 D9 F7");
  const sample = wholeCharacters(bytes);
  const invalid = firstInvalidUtf8(sample);
  if (invalid < 0) {
    const text = new TextDecoder().decode(sample);
    const ended = sample.length === bytes.length && text.length > 1 && text.endsWith('\0');
    if (!CONTROL.test(ended ? text.slice(0, -1) : text)) {
      const why = ended
        ? 'well-formed UTF-8 that ends in NUL'
        : 'well-formed UTF-8 without control characters';
      return choice('utf-8', why, /^[ \t\n\r]*[{["]/.test(text));
    }
  }
  if (looksLikeUtf16(bytes, true)) return choice('utf-16le', 'looks like Latin text in 16-bit characters');
  if (looksLikeUtf16(bytes, false)) {
    return choice('utf-16be', 'looks like Latin text in 16-bit characters, big-endian');
  }
  const recognised = invalid < 0 ? null : structured(bytes);
  if (recognised) return recognised;
  return choice('hex', invalid < 0 ? 'contains control characters' : `not UTF-8 at byte ${invalid}`);
}
