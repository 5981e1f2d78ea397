import { type Found, hex } from './finding.ts';
import { crossingAt, type CrossedBuffer, importTitle, titleOf } from './open-call.ts';

/** Bytes of a u32le prefix. */
const PREFIX = 4;

/**
 * A result whose length is said twice, and differently: by a prefix or NUL, and by a size parameter. The parameter may
 * count the prefix or the NUL, or not.
 */
export function lengthMismatch(buffer: CrossedBuffer): Found | null {
  const { direction, policy, size, sizeParameter } = buffer;
  if (direction !== 'result' || sizeParameter === undefined || size === sizeParameter) return null;
  const extra = policy === 'u32le-prefix' ? PREFIX : policy === 'nul' ? 1 : null;
  if (extra === null || size + extra === sizeParameter) return null;
  const says =
    policy === 'nul' ? `the first NUL comes after ${size} bytes` : `its length prefix says ${size} bytes`;
  return {
    code: 'length-mismatch',
    severity: 'error',
    message:
      `The result of ${titleOf(buffer.call)} at ${hex(buffer.address)} has two lengths: ${says}, but the size that ` +
      `${importTitle(buffer)} was given is ${sizeParameter}. Pass the same length in both, or leave one out.`,
    at: crossingAt(buffer),
    address: buffer.address,
    size,
  };
}
