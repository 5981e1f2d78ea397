import type { Recorder } from 'wasmedge-napi';
import { MAX_RECORDED } from './captured-size.ts';
import type { BufferPlace, CallFrame, PassedBuffer } from './frames.ts';

/**
 * Gives the ledger a buffer that an export was passed or has returned, from where it lies in memory.
 *
 * @param bytes how many of it lie there
 * @param edited it takes the place of the one before
 */
export function recordPassed(
  recorder: Recorder,
  { sequence }: CallFrame,
  { direction, policy }: PassedBuffer,
  { address, size }: BufferPlace,
  bytes: number,
  edited: boolean,
): void {
  const captured = Math.min(bytes, MAX_RECORDED);
  recorder.recordBuffer({ sequence, direction, address, size, captured, policy, edited, byExport: true });
}
