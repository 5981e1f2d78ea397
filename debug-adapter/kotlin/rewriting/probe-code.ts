import type { WatchLayout } from '../../../protocol/rewriting.ts';
import type { AppendedIndices } from './appended-indices.ts';
import type { ByteWriter } from './byte-writer.ts';
import { memoryAccess } from './memory-code.ts';
import { EMPTY_BLOCK, OP } from './opcodes.ts';

/** Where what watches memory lies, what is kept of exceptions, and where the sites' bytes begin. */
export const WATCH: WatchLayout = { watchingAt: 1, rangeAt: 4, accessAt: 16 };
export const THROWN = { stoppingAt: 2, quietAt: 3, flyingAt: 32, keptAt: 28 };
export const SITES_AT = 48;

/** Calls the host's stop function. */
export function stopCall(code: ByteWriter, { stopType, stopTable }: AppendedIndices, site: number): void {
  code.u8(OP.i32Const).s32(site).u8(OP.i32Const).s32(0);
  code.u8(OP.callIndirect).u32(stopType).u32(stopTable);
}

/**
 * Stops the guest where the site's byte is not 0: one load and one branch where it is, and nothing on the operand stack,
 * so that it can stand before any operator. `around` writes what is to be done before and after the stop.
 */
export function probe(
  code: ByteWriter,
  indices: AppendedIndices,
  site: number,
  around?: { before: () => void; after: () => void },
): void {
  code.u8(OP.i32Const).s32(0);
  memoryAccess(code, OP.i32Load8U, 0, indices.memory, SITES_AT + site);
  code.u8(OP.if).u8(EMPTY_BLOCK);
  around?.before();
  stopCall(code, indices, site);
  around?.after();
  code.u8(OP.end);
}
