import { readdirSync } from 'node:fs';
import path from 'node:path';
import { loadLibrary, type LibraryInfo } from 'wasmedge-napi';

/** The libwasmedge under test: WASMEDGE_LIB names the file, WASMEDGE_LIB_DIR its folder. */
export const libraryPath = findLibrary();

function findLibrary(): string {
  const { WASMEDGE_LIB, WASMEDGE_LIB_DIR } = process.env;
  if (WASMEDGE_LIB !== undefined) return WASMEDGE_LIB;
  if (WASMEDGE_LIB_DIR !== undefined) {
    const name = readdirSync(WASMEDGE_LIB_DIR).find((file) => /^libwasmedge\.(so|.*dylib)/.test(file));
    if (name !== undefined) return path.join(WASMEDGE_LIB_DIR, name);
    throw new Error(`WASMEDGE_LIB_DIR is ${WASMEDGE_LIB_DIR}, but there is no libwasmedge in it.`);
  }
  throw new Error(
    "The binding's tests need a libwasmedge: set WASMEDGE_LIB to its path, or run them by `npm test -- --only binding`.",
  );
}

let info: LibraryInfo | undefined;
/** Loads the library under test into this process, once. */
export function library(): LibraryInfo {
  return (info ??= loadLibrary(libraryPath));
}

/** Whether the library under test is at least WasmEdge 0.`minor`. */
export const atLeast = (minor: number): boolean => library().major > 0 || library().minor >= minor;
