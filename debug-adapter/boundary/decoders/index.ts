import type { OfferedDecoder } from '../../../protocol/boundary.ts';
import { UserError } from '../../errors.ts';
import { didYouMean } from '../../near-names.ts';
import type { Decoded, Decoder } from '../decoder.ts';
import { chooseDecoder } from './auto.ts';
import { cbor } from './cbor.ts';
import { configuredDecoder, isConfigured } from './configured.ts';
import { encodingDecoders, encodingNamed } from './encodings.ts';
import { hex } from './hex.ts';
import { intelHex } from './intel-hex.ts';
import { json } from './json.ts';
import { messagePack } from './messagepack.ts';
import { numberDecoders } from './numbers.ts';
import { protobufWire } from './protobuf.ts';
import { latin1, utf16be, utf16le, utf8 } from './text.ts';
import { cutText } from './tree.ts';

/** All of them, in the order of the menus. */
export const decoders: readonly Decoder[] = [
  utf8,
  json,
  cbor,
  messagePack,
  protobufWire,
  utf16le,
  utf16be,
  latin1,
  hex,
  intelHex,
  ...numberDecoders,
  ...encodingDecoders,
];

/** What a configuration may name: `auto` and every decoder's id. */
export const decoderIds: readonly string[] = ['auto', ...decoders.map((decoder) => decoder.id)];

/** Headings of the menus for decoders that have none of their own. */
const GROUPS = new Map<Decoder, string>([
  ...[utf8, utf16le, utf16be, latin1].map((decoder) => [decoder, 'Text'] as const),
  ...[json, cbor, messagePack, protobufWire].map((decoder) => [decoder, 'Structured values'] as const),
  ...[hex, intelHex].map((decoder) => [decoder, 'Bytes'] as const),
]);

/** For menus: each id with its label and heading, `auto` first. */
export const labels: readonly OfferedDecoder[] = [
  { id: 'auto', label: 'Automatic' },
  ...decoders.map((decoder) => {
    const { id, label, group = GROUPS.get(decoder) } = decoder;
    return group === undefined ? { id, label } : { id, label, group };
  }),
];

const byId = new Map(decoders.map((decoder) => [decoder.id, decoder]));
/** Spellings that people use for the same encodings. */
const ALIASES: Record<string, string> = {
  utf8: 'utf-8',
  'utf-16': 'utf-16le',
  utf16: 'utf-16le',
  utf16le: 'utf-16le',
  utf16be: 'utf-16be',
  latin1: 'latin-1',
  'iso-8859-1': 'latin-1',
  text: 'utf-8',
  msgpack: 'messagepack',
};

/**
 * The decoder with this id or a common spelling of it; `auto` is none.
 *
 * @throws UserError where the files that a configured id names do not describe a decoder.
 */
export function decoderById(id: string): Decoder | undefined {
  if (isConfigured(id)) return configuredDecoder(id);
  const lower = id.toLowerCase();
  return byId.get(ALIASES[lower] ?? lower) ?? byId.get(encodingNamed(lower) ?? '');
}

/** What to write instead of an id that is none: one like it, or those that are used most. */
export function decoderHint(id: string): string {
  const common = decoders.filter(({ group }) => group !== 'Other text encodings').map((each) => each.id);
  return (
    didYouMean(id, decoderIds) ||
    ` Choose one of auto, ${common.join(', ')}, or a text encoding such as windows-1252.`
  );
}

function required(id: string): Decoder {
  const decoder = decoderById(id);
  if (decoder) return decoder;
  throw new UserError('bad-configuration', `There is no decoder “${id}”.${decoderHint(id)}`);
}

/**
 * Decodes with decoder `id`, or with the one that `auto` chooses by the bytes. Bad bytes do not throw: `error` says what
 * and where. `reason` (default `"chosen here"`) says who named the decoder; `auto` gives its own.
 *
 * @throws UserError where there is no decoder `id`.
 */
export function decodeWith(id: string, bytes: Uint8Array, reason = 'chosen here'): Decoded {
  if (id !== 'auto') {
    const decoder = required(id);
    return { decoder: decoder.id, reason, ...decoder.decode(bytes) };
  }
  const chosen = chooseDecoder(bytes);
  let why = chosen.why;
  if (chosen.maybeJson) {
    const decoded = json.decode(bytes);
    if (decoded.error === undefined) return { decoder: json.id, reason: 'auto: parses as JSON', ...decoded };
    if (decoded.error.startsWith('Not JSON')) why += '; begins like JSON, but is not';
  }
  return { decoder: chosen.id, reason: `auto: ${why}`, ...required(chosen.id).decode(bytes) };
}

/**
 * The decoder that writes a value back: `id`, or for `auto` the one that it chose for the bytes that are there.
 *
 * @throws UserError where there is no decoder `id`, or the value cannot be written in it.
 */
export function encodeWith(id: string, value: unknown, present: Uint8Array): Uint8Array {
  return required(id === 'auto' ? decodeWith('auto', present).decoder : id).encode(value, present);
}

/**
 * What decoder `id` reads of the beginning of a buffer that goes on: text without a character that is cut, what the
 * elements or records are that are whole. A document needs its end, so its beginning is read as text, or not at all.
 *
 * @throws UserError where there is no decoder `id`.
 */
export function decodeBeginning(id: string, bytes: Uint8Array, reason = 'chosen here'): Decoded {
  const chosen = id === 'auto' ? chooseDecoder(bytes.subarray(0, wholeCharacters(bytes))) : null;
  const decoder = required(chosen?.id ?? id);
  const textual = decoder === json ? utf8 : decoder;
  const why = chosen ? `auto: ${chosen.why}` : reason;
  const text = textual.preview?.(bytes);
  if (text !== undefined) return { decoder: textual.id, reason: why, text, value: text };
  const whole = textual === utf8 ? bytes.subarray(0, wholeCharacters(bytes)) : bytes;
  return { decoder: textual.id, reason: why, ...textual.decode(whole) };
}

/** Bytes of UTF-8 without a character at the end that goes on behind it. */
function wholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte >= 0xc0)
      return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? bytes.length - back : bytes.length;
    if (byte < 0x80) break;
  }
  return bytes.length;
}

/** Characters of a preview, and the bytes that are enough to make them: no decoder takes more than 4 a character. */
export const PREVIEW_CHARACTERS = 80;
const PREVIEW_BYTES = 512;

/**
 * The beginning of what `decodeWith(id, bytes).text` is: at most 80 characters, the last an ellipsis where cut. Its work
 * does not grow with the buffer.
 *
 * @throws UserError where there is no decoder `id`.
 */
export function previewWith(id: string, bytes: Uint8Array): string {
  const decoder = required(id === 'auto' ? chooseDecoder(bytes).id : id);
  // JSON's text is that of UTF-8, and a part of a document is no JSON.
  const textual = decoder === json ? utf8 : decoder;
  const beginning = bytes.subarray(0, PREVIEW_BYTES);
  return cutText(textual.preview?.(beginning) ?? textual.decode(beginning).text, PREVIEW_CHARACTERS);
}
