import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { HostFunction } from 'wasmedge-napi';
import type { PlannedImport } from '../../protocol/runner.ts';
import { errorText, RunnerError } from './failures.ts';
import { loadOnDemand } from '../on-demand.ts';
import { locationOf } from './host-errors.ts';
import type * as ImportModule from './import-module.ts';
import type * as ModuleSyntax from './module-syntax.ts';

type Functions = Record<string, Record<string, unknown>>;

/** The functions of the user's host module, by module and name (design.md §5). */
export class HostImports {
  readonly #modules: Functions;

  constructor(modules: Functions) {
    this.#modules = modules;
  }

  /** @throws RunnerError where the module has something by that name that is no function. */
  find({ module, name }: PlannedImport): HostFunction | undefined {
    const names = Object.hasOwn(this.#modules, module) ? this.#modules[module] : undefined;
    if (!names || !Object.hasOwn(names, name)) return undefined;
    const found = names[name];
    if (typeof found === 'function') return found as HostFunction;
    throw hostFailure(`imports.${module}.${name} of the host module is ${kindOf(found)}, not a function.`);
  }
}

function hostFailure(message: string): RunnerError {
  return new RunnerError({ code: 'host-module', message });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** `a number`, `an object`, `undefined`: what something is, for messages. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (value instanceof Promise) return 'a Promise';
  const type = typeof value;
  return type === 'object' ? 'an object' : `a ${type}`;
}

/**
 * Imports the host module at `file` (an absolute path).
 * @throws RunnerError naming the file and line where it has a syntax error, throws, or exports no `imports`.
 */
export async function importHostModule(file: string): Promise<HostImports> {
  if (!existsSync(file)) throw hostFailure(`There is no host module ${file}: correct “host” or make it.`);
  const { importModule } = loadOnDemand('runner/import-module') as typeof ImportModule;
  let loaded: Record<string, unknown>;
  try {
    loaded = (await importModule(pathToFileURL(file).href)) as Record<string, unknown>;
  } catch (thrown) {
    const syntax = thrown instanceof SyntaxError ? syntaxErrorPlaceOf(file) : null;
    const place = syntax ?? locationOf(thrown) ?? file;
    throw hostFailure(`The host module cannot be loaded: ${errorText(thrown)} (${place}).`);
  }
  const { imports } = loaded;
  if (!isRecord(imports) || !Object.values(imports).every(isRecord)) {
    const what = isRecord(imports) ? 'its entries must be objects' : `it is ${kindOf(imports)}`;
    throw hostFailure(
      `The host module ${file} exports no usable “imports”: ${what}. ` +
        'Write export const imports = { module: { name(…) { … } } };',
    );
  }
  return new HostImports(imports as Functions);
}

function syntaxErrorPlaceOf(file: string): string | null {
  const { syntaxErrorPlace } = loadOnDemand('runner/module-syntax') as typeof ModuleSyntax;
  return syntaxErrorPlace(file);
}
