import path from 'node:path';
import type { FunctionType } from '../protocol/values.ts';
import { type BoundaryImport, isWasi } from './boundary/boundary-import.ts';
import type { PathOverrides } from './kotlin/path-overrides.ts';
import { loadSourceMap } from './kotlin/source-map.ts';
import { type FoundDeclaration, type WantedFunction, findDeclarations } from './kotlin/wasm-declarations.ts';
import type { Program } from './wasm/program.ts';

/** A function that the guest exports, with its parameters' names where they are known. */
export interface ExportedFunction {
  name: string;
  type: FunctionType;
  parameterNames: (string | null)[];
}

/** The functions through which guest and host meet. */
export interface GuestFunctions {
  /** Every function import, WASI's among them, in module order. */
  imports: BoundaryImport[];
  /** In module order. */
  exports: ExportedFunction[];
  /** What could not be read on the way, one line each. */
  notes: string[];
}

/**
 * Names the parameters of imports and exports: from the name section, else from the Kotlin declarations that the source
 * map leads to (kotlinc leaves the parameters of imports out of the name section).
 *
 * @param overrides of the sources that the map names
 */
export async function describeFunctions(
  { path: program, guest }: Program,
  overrides: PathOverrides = {},
): Promise<GuestFunctions> {
  const imports: BoundaryImport[] = [];
  const exports: ExportedFunction[] = [];
  const wanted: { function: WantedFunction; apply(found: FoundDeclaration): void }[] = [];

  for (const { module, name, type } of guest.imports) {
    if (!type) continue;
    // Function imports come first in the index space of functions, in their order.
    const described: BoundaryImport = { module, name, type };
    const parameterNames = guest.parameterNames(imports.length);
    imports.push(described);
    if (parameterNames.some((each) => each !== null)) described.parameterNames = parameterNames;
    else if (!isWasi(module) && type.params.length > 0) {
      wanted.push({
        function: { kind: 'import', module, name, parameterCount: type.params.length },
        apply(found) {
          described.parameterNames = found.parameters.map((parameter) => parameter.name);
          described.declaredAt = `${path.basename(found.path)}:${found.line}`;
        },
      });
    }
  }
  for (const { name, type, index } of guest.exports) {
    if (!type) continue;
    const described = { name, type, parameterNames: guest.parameterNames(index) };
    exports.push(described);
    if (type.params.length > 0 && described.parameterNames.every((each) => each === null)) {
      wanted.push({
        function: { kind: 'export', name, parameterCount: type.params.length },
        apply(found) {
          described.parameterNames = found.parameters.map((parameter) => parameter.name);
        },
      });
    }
  }

  const notes: string[] = [];
  if (wanted.length > 0) {
    try {
      const map = await loadSourceMap(program, guest, overrides);
      const functions = wanted.map((each) => each.function);
      const found = map
        ? await findDeclarations(map.sources, functions)
        : new Map<WantedFunction, FoundDeclaration>();
      for (const each of wanted) {
        const declaration = found.get(each.function);
        if (declaration) each.apply(declaration);
      }
    } catch (thrown) {
      notes.push(thrown instanceof Error ? thrown.message : String(thrown));
    }
  }
  return { imports, exports, notes };
}
