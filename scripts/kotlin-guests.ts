import path from 'node:path';
import type { KotlinVersion } from './kotlin-compiler.ts';
import { root } from './paths.ts';

/** A compiled guest that is checked in beside its source. */
export interface KotlinGuest {
  /** The module's path in the checkout, without `.wasm`. */
  module: string;
  /** Paths in the checkout. */
  sources: string[];
  kotlinVersion: KotlinVersion;
  extraArgs: string[];
}

const SHARED = 'test/guests/shared/Boundary.kt';
const GREETER = 'examples/greeter/src/wasmWasiMain/kotlin';

function guest(
  module: string,
  sources: string[],
  kotlinVersion: KotlinVersion = '2.4.10',
  extraArgs: string[] = [],
): KotlinGuest {
  return { module, sources, kotlinVersion, extraArgs };
}

/** Every compiled guest of the repository: the example's, and those that the tests run. */
export const GUESTS: KotlinGuest[] = [
  guest(
    'examples/greeter/guest',
    ['Boundary.kt', 'Greeter.kt', 'Json.kt'].map((file) => `${GREETER}/${file}`),
  ),
  guest('examples/greeter/sizes/guest', ['examples/greeter/sizes/src/wasmWasiMain/kotlin/Sizes.kt']),
  guest('examples/greeter/nested/guest', [
    `${GREETER}/Boundary.kt`,
    'examples/greeter/nested/src/wasmWasiMain/kotlin/Nested.kt',
  ]),
  guest('test/guests/calls/calls', [
    SHARED,
    'test/guests/calls/Protocol.kt',
    'test/guests/calls/Endless.kt',
    'test/guests/calls/Failures.kt',
  ]),
  guest('test/guests/violations/violations', [SHARED, 'test/guests/violations/Violations.kt']),
  guest('test/guests/innermost/innermost', ['test/guests/innermost/Innermost.kt']),
  guest('test/guests/parts/parts', [SHARED, 'test/guests/parts/Parts.kt']),
  guest('test/guests/allocating/allocating', [
    'test/guests/allocating/Heap.kt',
    'test/guests/allocating/Allocating.kt',
  ]),
  guest('test/guests/component/component', [
    'test/guests/allocating/Heap.kt',
    'test/guests/component/Component.kt',
  ]),
  guest('test/guests/arrays/arrays', ['test/guests/arrays/Arrays.kt']),
  guest('test/guests/language/language', ['test/guests/language/Language.kt']),
  guest('test/guests/places/places', ['test/guests/places/Places.kt']),
  guest('test/guests/places/places-2.3.0', ['test/guests/places/Places.kt'], '2.3.0'),
  guest('test/guests/exceptions/exceptions', ['test/guests/exceptions/Exceptions.kt']),
  guest('test/guests/exceptions/exceptions-2.3.0', ['test/guests/exceptions/Exceptions.kt'], '2.3.0'),
  guest('test/guests/values/values', ['test/guests/values/Values.kt']),
  guest('test/guests/values/values-2.3.0', ['test/guests/values/Values.kt'], '2.3.0'),
  guest('test/guests/renamed/renamed', ['test/guests/renamed/Renamed.kt']),
  guest('test/guests/undeducible/undeducible', ['test/guests/undeducible/Undeducible.kt']),
  guest('test/guests/imports/imports', [SHARED, 'test/guests/imports/Imports.kt']),
  guest('test/guests/wasi/wasi', [SHARED, 'test/guests/wasi/Main.kt', 'test/guests/wasi/Wasi.kt']),
  guest('test/guests/greet/greet-2.3.0', [SHARED, 'test/guests/greet/Greet.kt'], '2.3.0'),
  guest('test/guests/greet/greet-2.2.10-legacy', [SHARED, 'test/guests/greet/Greet.kt'], '2.2.10'),
  guest('test/guests/greet/greet-2.2.10', [SHARED, 'test/guests/greet/Greet.kt'], '2.2.10', [
    '-Xwasm-use-new-exception-proposal',
  ]),
  guest('test/guests/bench/bench', ['test/guests/bench/bench.kt']),
];

/** Absolute paths of the module and its source map. */
export function compiledFiles({ module }: KotlinGuest): [wasm: string, map: string] {
  const base = path.join(root, module);
  return [`${base}.wasm`, `${base}.wasm.map`];
}
