import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../scripts/paths.ts';

const guest = (file: string): string => path.join(root, file);

/** The compiled guests that sessions run: the example's, and those of test/guests. */
export const GUESTS = {
  greeter: guest('examples/greeter/guest.wasm'),
  nested: guest('examples/greeter/nested/guest.wasm'),
  sizes: guest('examples/greeter/sizes/guest.wasm'),
  allocating: guest('test/guests/allocating/allocating.wasm'),
  arrays: guest('test/guests/arrays/arrays.wasm'),
  calls: guest('test/guests/calls/calls.wasm'),
  component: guest('test/guests/component/component.wasm'),
  exceptions: guest('test/guests/exceptions/exceptions.wasm'),
  'exceptions-2.3.0': guest('test/guests/exceptions/exceptions-2.3.0.wasm'),
  imports: guest('test/guests/imports/imports.wasm'),
  innermost: guest('test/guests/innermost/innermost.wasm'),
  parts: guest('test/guests/parts/parts.wasm'),
  places: guest('test/guests/places/places.wasm'),
  'places-2.3.0': guest('test/guests/places/places-2.3.0.wasm'),
  renamed: guest('test/guests/renamed/renamed.wasm'),
  values: guest('test/guests/values/values.wasm'),
  values23: guest('test/guests/values/values-2.3.0.wasm'),
  violations: guest('test/guests/violations/violations.wasm'),
  undeducible: guest('test/guests/undeducible/undeducible.wasm'),
  wasi: guest('test/guests/wasi/wasi.wasm'),
  legacy: guest('test/guests/greet/greet-2.2.10-legacy.wasm'),
} as const;

export const NESTED_HOST = guest('examples/greeter/nested/host.mjs');

export const EXCEPTIONS_HOST = guest('test/guests/exceptions/host.mjs');

export const NOTE_HOST = guest('test/guests/places/host.mjs');

/** A file of test/guests/malformed. */
export function malformed(name: string): string {
  return guest(`test/guests/malformed/${name}`);
}

/** The line of a source file that carries `// MARK: name` (from 1). */
export function markedLine(file: string, name: string): number {
  const lines = readFileSync(guest(file), 'utf8').split('\n');
  const line = lines.findIndex((text) => text.trimEnd().endsWith(`// MARK: ${name}`));
  if (line < 0) throw new Error(`${file} has no “// MARK: ${name}”.`);
  return line + 1;
}

/** Options of a test that runs sessions: what takes longer hangs. */
export const SESSION_LIMIT = { timeout: 120_000 };
