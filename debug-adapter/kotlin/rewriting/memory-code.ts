import type { ByteWriter } from './byte-writer.ts';

/** A load or store of `2 ** alignment` bytes at `offset` from the address on the stack. */
export function memoryAccess(
  code: ByteWriter,
  operator: number,
  alignment: number,
  memory: number,
  offset: number,
): void {
  code.u8(operator);
  // Without the index where it is 0: that form needs no multi-memory.
  if (memory === 0) code.u8(alignment);
  else code.u8(alignment | 0x40).u32(memory);
  code.u32(offset);
}
