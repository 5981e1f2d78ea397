import type * as Disassembly from '../kotlin/disassembly/disassembler.ts';
import { loadOnDemand } from '../on-demand.ts';
import type { Run } from './run.ts';

const disassemblers = new WeakMap<Run, Disassembly.Disassembler>();

/** What shows the guest's code as text: loaded, with the wasmparser package, when it is wanted. */
export function disassemblerOf(run: Run): Disassembly.Disassembler {
  let disassembler = disassemblers.get(run);
  if (!disassembler) {
    const { Disassembler } = loadOnDemand('kotlin/disassembly/disassembler') as typeof Disassembly;
    disassembler = new Disassembler(run.prepared.bytes, run.prepared.guest);
    disassemblers.set(run, disassembler);
  }
  return disassembler;
}

/** Reference of the instruction at a byte offset of the guest's file: `0x1f2a`. */
export function instructionReference(offset: number): string {
  return `0x${offset.toString(16)}`;
}

/** The byte offset that a reference stands for; null where it is none. */
export function parseInstructionReference(reference: string): number | null {
  return /^0x[0-9a-f]{1,12}$/i.test(reference) || /^\d{1,15}$/.test(reference) ? Number(reference) : null;
}
