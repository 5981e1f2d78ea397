import type { FunctionType } from '../../protocol/values.ts';

/** A function import as far as roles depend on it. */
export interface BoundaryImport {
  module: string;
  name: string;
  type: FunctionType;
  /** From the name section or the Kotlin declaration; null or absent where unknown. */
  parameterNames?: readonly (string | null)[];
  /** Where the Kotlin declaration is, e.g. `Greeter.kt:12`. */
  declaredAt?: string;
}

/** `module.name`, as the launch configuration and messages spell it. */
export function importName({ module, name }: Pick<BoundaryImport, 'module' | 'name'>): string {
  return `${module}.${name}`;
}

/** Whether a module is WASI's, of whichever version: `wasi_snapshot_preview1`, `wasi_unstable`, `wasi:io/streams`. */
export function isWasi(module: string): boolean {
  return /^wasi[_:]/.test(module);
}
