import { HEADER_SIZE } from './frame-layout.ts';

/*
 * A frame begins with: the function's index (3 bytes), a byte that the host writes, the frame's size in bytes (u32), the
 * original offset of the operator that the function stands at (u32, written before each call and at each stop), 4 bytes that
 * are not used. Slots follow.
 */

/**
 * The byte of a frame that the host sets to 1 while the guest is stopped: when the function goes on, from the stop or from
 * the call that it is in, the kept values are loaded back into its locals.
 */
export const RELOAD_AT = 3;
const FUNCTION_INDEX = 0xff_ffff;

/** A frame of a rewritten function. */
export interface Frame {
  /** In the appended memory, a multiple of 8. */
  address: number;
  size: number;
  functionIndex: number;
  /**
   * Original offset of the call that the function is in, or of the site that it is stopped at. Of the innermost frame
   * only while the guest is in a call or stopped: after a trap, the trap's own offset counts.
   */
  offset: number;
}

/** The frames from `stackAt` to the stack pointer, outermost first, read from the appended memory. */
export function readFrames(memory: Uint8Array, stackAt: number, stackPointer: number): Frame[] {
  const view = new DataView(memory.buffer, memory.byteOffset, memory.byteLength);
  const end = Math.min(stackPointer, memory.byteLength);
  const frames: Frame[] = [];
  let address = stackAt;
  while (address + HEADER_SIZE <= end) {
    const size = view.getUint32(address + 4, true);
    // No frame is that small: what follows was never written.
    if (size < HEADER_SIZE) break;
    frames.push({
      address,
      size,
      functionIndex: view.getUint32(address, true) & FUNCTION_INDEX,
      offset: view.getUint32(address + 8, true),
    });
    address += size;
  }
  return frames;
}
