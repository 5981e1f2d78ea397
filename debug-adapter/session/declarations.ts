import type { Finding } from '../../protocol/boundary.ts';
import type { FoundAt } from '../../protocol/runner.ts';
import { loadSourceMap } from '../kotlin/source-map.ts';
import { findDeclarations, type WantedFunction } from '../kotlin/wasm-declarations.ts';
import type { PreparedLaunch } from './prepare.ts';

/**
 * Where the imports and exports of a guest are declared in Kotlin. Sources are read only once somebody has to be shown
 * a finding: most sessions have none.
 */
export class Declarations {
  readonly #prepared: PreparedLaunch;
  readonly #found = new Map<string, NonNullable<Finding['location']>>();
  #loading: Promise<void> | null = null;

  constructor(prepared: PreparedLaunch) {
    this.#prepared = prepared;
  }

  /** Undefined where it is not known, or not yet: see `load`. */
  at({ kind, index }: FoundAt): Finding['location'] {
    return this.#found.get(`${kind} ${index}`);
  }

  /** All that are known. */
  get places(): (FoundAt & NonNullable<Finding['location']>)[] {
    return [...this.#found].map(([key, place]) => {
      const [kind, index] = key.split(' ');
      return { kind: kind === 'import' ? 'import' : 'export', index: Number(index), ...place };
    });
  }

  /** Reads the sources, once. What cannot be read leaves findings without a place. */
  load(): Promise<void> {
    this.#loading ??= this.#load().catch(() => undefined);
    return this.#loading;
  }

  async #load(): Promise<void> {
    const { plan, guest } = this.#prepared;
    const map = await loadSourceMap(plan.program, guest);
    if (!map) return;
    const wanted = new Map<WantedFunction, string>();
    plan.imports.forEach(({ module, name, type }, index) => {
      wanted.set({ kind: 'import', module, name, parameterCount: type.params.length }, `import ${index}`);
    });
    plan.exports.forEach(({ name, type }, index) => {
      wanted.set({ kind: 'export', name, parameterCount: type.params.length }, `export ${index}`);
    });
    for (const [each, { path, line }] of await findDeclarations(map.sources, [...wanted.keys()])) {
      this.#found.set(wanted.get(each) ?? '', { path, line });
    }
  }
}
