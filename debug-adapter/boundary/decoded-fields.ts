import type { CapturedBuffer } from '../../protocol/boundary.ts';
import { decodeBeginning, decodeWith, previewWith } from './decoders/index.ts';

export type DecodedFields = Pick<
  CapturedBuffer,
  'preview' | 'decoder' | 'decoderReason' | 'text' | 'decodeError' | 'invalid' | 'tree'
>;

/** The same of the beginning of a buffer that has `total` bytes. @throws UserError where there is no such decoder */
export function decodedBeginning(
  bytes: Uint8Array,
  total: number,
  id: string,
  reason: string,
): DecodedFields {
  const { decoder, reason: decoderReason, text, error, invalid, tree } = decodeBeginning(id, bytes, reason);
  const cut = `Only the first ${bytes.length} of ${total} bytes were decoded.`;
  return {
    preview: previewWith(decoder, bytes),
    decoder,
    decoderReason,
    text,
    decodeError: error === undefined ? cut : `${cut} ${error}`,
    ...(invalid ? { invalid } : {}),
    ...(tree ? { tree } : {}),
  };
}

/**
 * What messages carry of a buffer beside its bytes. `reason` says who named the decoder; `auto` gives its own.
 *
 * @throws UserError where there is no decoder of that id.
 */
export function decodedFields(bytes: Uint8Array, id: string, reason: string): DecodedFields {
  const decoded = decodeWith(id, bytes, reason);
  return {
    preview: previewWith(id, bytes),
    decoder: decoded.decoder,
    decoderReason: decoded.reason,
    text: decoded.text,
    ...(decoded.error === undefined ? {} : { decodeError: decoded.error }),
    ...(decoded.invalid ? { invalid: decoded.invalid } : {}),
    ...(decoded.tree ? { tree: decoded.tree } : {}),
  };
}
