import type { AppendedIndices } from './appended-indices.ts';
import type { Edits } from './edits.ts';
import type { ModuleShape } from './module-shape.ts';
import { KIND, OP, TYPE } from './opcodes.ts';
import type { AppendedExports } from './plan.ts';
import { type AppendableSection, appendEntries, Entries } from './sections.ts';
import type { Stack } from './stack.ts';

const PAGE = 65536;
const MUTABLE = 1;

/** What is appended to each section, in the order of sections. */
export type Appended = Record<AppendableSection, Entries>;

export function nothingAppended(): Appended {
  return {
    type: new Entries(),
    function: new Entries(),
    table: new Entries(),
    memory: new Entries(),
    global: new Entries(),
    export: new Entries(),
    code: new Entries(),
  };
}

/** Turns names into ones that the module does not export itself. */
export function freeNames({ exportNames: taken }: ModuleShape): (name: string) => string {
  const free = (name: string): string => (taken.has(name) ? free(`${name}'`) : name);
  return free;
}

export function exportNames(
  free: (name: string) => string,
  stack: Stack | null,
  hasReferences: boolean,
): AppendedExports {
  return {
    memory: free('debugger.memory'),
    stopTable: free('debugger.stop'),
    stackPointer: stack ? free('debugger.sp') : null,
    references: hasReferences ? free('debugger.references') : null,
  };
}

/** What stopping needs: the stop function's type and table, and a memory of at least `bytes`. */
export function appendStops(appended: Appended, indices: AppendedIndices, names: AppendedExports): void {
  appended.table.add((writer) => writer.raw([TYPE.funcref, 1, 1, 1]));
  appended.export.add((writer) => writer.name(names.memory).u8(KIND.memory).u32(indices.memory));
  appended.export.add((writer) => writer.name(names.stopTable).u8(KIND.table).u32(indices.stopTable));
}

/** The memory, of a fixed size that holds `bytes`, or one that can grow with the stack. */
export function appendMemory(appended: Appended, bytes: number, stack: Stack | null): void {
  const pages = Math.ceil(bytes / PAGE);
  appended.memory.add((writer) =>
    stack ? writer.u8(0).u32(stack.firstPages) : writer.u8(1).u32(pages).u32(pages),
  );
}

/** What frames need: the table of references, the globals, and the function that looks at the stack's depth. */
export function appendStack(
  appended: Appended,
  indices: AppendedIndices,
  names: AppendedExports,
  stack: Stack,
): void {
  const { references, stackPointer } = names;
  if (references !== null) {
    appended.table.add((writer) => writer.u8(TYPE.anyref).u8(0).u32(stack.firstReferences));
    appended.export.add((writer) => writer.name(references).u8(KIND.table).u32(indices.references));
  }
  for (const first of [stack.base, stack.firstLimit]) {
    appended.global.add((writer) => writer.u8(TYPE.i32).u8(MUTABLE).u8(OP.i32Const).s32(first).u8(OP.end));
  }
  if (stackPointer !== null) {
    appended.export.add((writer) => writer.name(stackPointer).u8(KIND.global).u32(indices.stackPointer));
  }
  const body = stack.deepen(indices, references !== null);
  appended.function.add((writer) => writer.u32(indices.stopType));
  appended.code.add((writer) => writer.u32(body.length).raw(body));
}

/** Writes what is appended. Comes after the edits of bodies. */
export function appendSections(shape: ModuleShape, appended: Appended, edits: Edits): void {
  const codeGrowth = edits.growth(0);
  for (const id of Object.keys(appended) as AppendableSection[]) {
    appendEntries(shape, id, appended[id], edits, id === 'code' ? codeGrowth : 0);
  }
}
