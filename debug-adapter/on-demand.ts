import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(import.meta.filename);
const bundled = import.meta.filename.endsWith('.js');

/**
 * Loads a part of the program at the time it is needed, synchronously: what most sessions never use would only make each
 * of them start later. The build makes each such part a file beside the bundles (scripts/build.ts).
 *
 * @param module the part's path from here, without its extension: `wasm/legacy-exceptions`
 */
export function loadOnDemand(module: string): unknown {
  return require(fileOnDemand(module));
}

/** Absolute path of the file that `loadOnDemand` loads. */
export function fileOnDemand(module: string): string {
  const name = bundled ? `${path.posix.basename(module)}.js` : `${module}.ts`;
  return path.join(import.meta.dirname, name);
}
