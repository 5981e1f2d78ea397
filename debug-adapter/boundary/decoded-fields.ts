import type { CapturedBuffer } from '../../protocol/boundary.ts';
import { decodeWith, previewWith } from './decoders/index.ts';

export type DecodedFields = Pick<
  CapturedBuffer,
  'preview' | 'decoder' | 'decoderReason' | 'text' | 'decodeError' | 'invalid' | 'tree'
>;

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
