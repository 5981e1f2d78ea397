import { chooseDecoder } from './decoders/auto.ts';
import { decoderById } from './decoders/index.ts';

/** Bytes of a buffer that are searched: a query over many calls must not take longer for one huge buffer. */
export const SEARCHED_BYTES = 1 << 20;

/** The decoded text that a query searches: of the first MiB, without making a tree. Empty where nothing is there. */
export function searchableText(id: string, bytes: Uint8Array): string {
  const decoder = decoderById(id === 'auto' ? chooseDecoder(bytes).id : id);
  // JSON's text is that of UTF-8.
  const textual = decoder?.id === 'json' ? decoderById('utf-8') : decoder;
  return textual?.decode(bytes.subarray(0, SEARCHED_BYTES)).text ?? '';
}
