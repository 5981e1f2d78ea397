import type { ModuleShape } from './module-shape.ts';

/** The indices that what is appended gets: those after the module's own. */
export interface AppendedIndices {
  /** Of `(i32) -> ()`, the stop function's type. */
  stopType: number;
  stopTable: number;
  /** The table of references. */
  references: number;
  memory: number;
  stackPointer: number;
  /** The global with the highest address that a frame may begin at without anybody looking. */
  stackLimit: number;
  /** The function that is called beyond that, `(frame: i32) -> ()`. */
  deepen: number;
}

export function appendedIndices({ counts }: ModuleShape): AppendedIndices {
  return {
    stopType: counts.types,
    stopTable: counts.tables,
    references: counts.tables + 1,
    memory: counts.memories,
    stackPointer: counts.globals,
    stackLimit: counts.globals + 1,
    deepen: counts.functions,
  };
}
