import { isUtf8 } from 'node:buffer';
import { firstInvalidUtf8 } from '../decoders/text.ts';
import { type Found, placeText } from './finding.ts';
import { crossingAt, type CrossedBuffer, importTitle, titleOf } from './open-call.ts';

/** Decoders whose bytes are UTF-8. */
const TEXT = new Set(['utf-8', 'json']);

/** Bytes that the launch configuration declares to be text, and that are no UTF-8. What `auto` reads is not declared. */
export function invalidText(buffer: CrossedBuffer): Found | null {
  const { call, direction } = buffer;
  const declared = call.planned?.decoders[direction];
  if (declared === undefined || !TEXT.has(declared)) return null;
  const bytes = buffer.bytes();
  if (!bytes || isUtf8(bytes)) return null;
  const offset = firstInvalidUtf8(bytes);
  const byte = (bytes[offset] ?? 0).toString(16).padStart(2, '0');
  return {
    code: 'invalid-text',
    severity: 'error',
    message:
      `The ${direction} of ${titleOf(call)}, ${placeText(buffer)} (${importTitle(buffer)}), is declared as ${declared}, ` +
      `but byte ${offset} (0x${byte}) is no UTF-8. Encode it as UTF-8, or change “decoders” in launch.json.`,
    at: crossingAt(buffer),
    address: buffer.address,
    size: buffer.size,
  };
}
