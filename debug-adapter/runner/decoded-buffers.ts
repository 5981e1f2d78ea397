import type { Direction } from '../../protocol/boundary.ts';
import type { Decoded } from '../boundary/decoder.ts';
import { decodeWith } from '../boundary/decoders/index.ts';
import type { CallFrame } from './frames.ts';

/** One of a call's buffers, decoded with its export's decoder; null where it has none yet. Decoded once for its bytes. */
export function decodedBuffer(call: CallFrame, direction: Direction): Decoded | null {
  const bytes = call.bytes(direction);
  if (!bytes) return null;
  const known = call.decoded[direction];
  if (known?.bytes === bytes) return known.decoded;
  const decoded = decodeWith(call.decoder(direction), bytes);
  call.decoded[direction] = { bytes, decoded };
  return decoded;
}

/** Decodes it anew next time: an expression has changed the decoded value, but not the bytes. */
export function forgetDecoded(call: CallFrame, direction: Direction): void {
  Reflect.deleteProperty(call.decoded, direction);
}
