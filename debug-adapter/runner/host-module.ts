import { fileURLToPath, pathToFileURL } from 'node:url';
import type { HostFunction, WasmValue } from 'wasmedge-napi';
import type { PlannedImport } from '../../protocol/runner.ts';
import type { FunctionType, ValueType } from '../../protocol/values.ts';
import { errorText, HostTrap, RunnerError } from './failures.ts';

/** The functions of the user's host module, by module and name (design.md §5). */
export class HostImports {
  readonly #modules: Record<string, Record<string, unknown>>;

  constructor(modules: Record<string, Record<string, unknown>>) {
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

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  const type = typeof value;
  return type === 'object' ? 'an object' : `a ${type}`;
}

/**
 * Imports the host module at `file` (an absolute path).
 * @throws RunnerError naming the file and line where it has a syntax error, throws, or exports no `imports`.
 */
export async function importHostModule(file: string): Promise<HostImports> {
  let loaded: Record<string, unknown>;
  try {
    loaded = (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  } catch (thrown) {
    const at = locationOf(thrown);
    throw hostFailure(`The host module cannot be loaded: ${errorText(thrown)} (${at ?? file}).`);
  }
  const { imports } = loaded;
  if (!isRecord(imports) || !Object.values(imports).every(isRecord)) {
    throw hostFailure(
      `The host module ${file} exports no usable “imports”: it is ${kindOf(imports)}. ` +
        'Write export const imports = { module: { name(…) { … } } };',
    );
  }
  return new HostImports(imports as Record<string, Record<string, unknown>>);
}

/** Places in a stack: `file:///a/b.mjs:3:7`, `/a/b.js:3`, `C:\a\b.js:3:7`. */
const PLACE = /((?:file:\/\/|\/|[A-Za-z]:\\)[^\n()]*?):(\d+)(?::\d+)?(?=\)?$)/gm;

/** `file:line` of the user's code that an error comes from; null where its stack names none. */
export function locationOf(thrown: unknown): string | null {
  if (!(thrown instanceof Error) || thrown.stack === undefined) return null;
  for (const [, place = '', line = ''] of thrown.stack.matchAll(PLACE)) {
    const file = place.startsWith('file:') ? fileURLToPath(place) : place;
    if (file !== __filename) return `${file}:${line}`;
  }
  return null;
}

/** The stack without the frames of the runner itself and of Node. */
export function hostStack(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || thrown.stack === undefined) return undefined;
  const lines = thrown.stack.split('\n');
  return lines
    .filter((line) => !/^\s+at /.test(line) || !(line.includes(__filename) || /\(?node:/.test(line)))
    .join('\n');
}

/** The trap that a host function causes by throwing. */
export function hostException(title: string, thrown: unknown): HostTrap {
  const at = locationOf(thrown);
  const where = at === null ? '' : ` at ${at}`;
  return new HostTrap(
    'host-exception',
    `The host function ${title} threw ${errorText(thrown)}${where}.`,
    hostStack(thrown),
  );
}

/** What a host function may return for each type. */
function fits(type: ValueType, value: unknown): boolean {
  switch (type) {
    case 'i32':
      return typeof value === 'number' && Number.isInteger(value) && value >= -(2 ** 31) && value < 2 ** 32;
    case 'i64':
      return typeof value === 'bigint' && value >= -(2n ** 63n) && value < 2n ** 64n;
    case 'f32':
    case 'f64':
      return typeof value === 'number';
    default:
      return value !== undefined;
  }
}

const WANTED: Partial<Record<ValueType, string>> = {
  i32: 'a whole number of 32 bits',
  i64: 'a bigint of 64 bits, such as 5n',
  f32: 'a number',
  f64: 'a number',
};

function wrongReturn(title: string, wanted: string, value: unknown): HostTrap {
  const given = value instanceof Promise ? 'a Promise' : kindOf(value);
  const hint =
    value instanceof Promise
      ? ' The guest waits for the answer, so host functions cannot be asynchronous.'
      : '';
  return new HostTrap(
    'host-return',
    `The host function ${title} must return ${wanted}, but returned ${given}.${hint}`,
  );
}

/**
 * What a host function returned, as its type wants it.
 * @throws HostTrap where it returned something else.
 */
export function checkReturn(
  title: string,
  { results }: FunctionType,
  value: unknown,
): WasmValue | WasmValue[] | undefined {
  const [type] = results;
  if (results.length === 1 && type !== undefined) {
    if (fits(type, value)) return type === 'i32' ? (value as number) | 0 : (value as WasmValue);
    throw wrongReturn(title, WANTED[type] ?? type, value);
  }
  if (results.length === 0) {
    if (value instanceof Promise) throw wrongReturn(title, 'nothing', value);
    return undefined;
  }
  if (Array.isArray(value) && value.length === results.length) {
    const list = value as unknown[];
    if (results.every((each, i) => fits(each, list[i]))) return list as WasmValue[];
  }
  throw wrongReturn(title, `an array of ${results.join(', ')}`, value);
}
