import type { AppendedIndices } from './appended-indices.ts';
import type { Edits } from './edits.ts';
import type { ModuleShape } from './module-shape.ts';
import { KIND, TYPE } from './opcodes.ts';
import type { AppendedExports } from './plan.ts';
import { SITES_AT } from './probe-code.ts';
import { type AppendableSection, appendEntries, Entries } from './sections.ts';

const PAGE = 65536;

/** Names that the module does not export itself. */
export function exportNames({ exportNames: taken }: ModuleShape): AppendedExports {
  const free = (name: string): string => (taken.has(name) ? free(`${name}'`) : name);
  return {
    memory: free('debugger.memory'),
    stopTable: free('debugger.stop'),
    stackPointer: null,
    references: null,
  };
}

/** Appends all but code to sections. Comes after the edits of bodies. */
export function appendSections(
  shape: ModuleShape,
  indices: AppendedIndices,
  exports: AppendedExports,
  edits: Edits,
  siteCount: number,
): void {
  const codeGrowth = edits.growth(0);
  const entries: Record<AppendableSection, Entries> = {
    type: new Entries(),
    function: new Entries(),
    table: new Entries(),
    memory: new Entries(),
    global: new Entries(),
    export: new Entries(),
    code: new Entries(),
  };
  entries.type.add((writer) => writer.raw([0x60, 1, TYPE.i32, 0]));
  entries.table.add((writer) => writer.raw([TYPE.funcref, 1, 1, 1]));
  const pages = Math.ceil((SITES_AT + siteCount) / PAGE);
  entries.memory.add((writer) => writer.u8(1).u32(pages).u32(pages));
  entries.export.add((writer) => writer.name(exports.memory).u8(KIND.memory).u32(indices.memory));
  entries.export.add((writer) => writer.name(exports.stopTable).u8(KIND.table).u32(indices.stopTable));
  for (const id of Object.keys(entries) as AppendableSection[]) {
    appendEntries(shape, id, entries[id], edits, id === 'code' ? codeGrowth : 0);
  }
}
