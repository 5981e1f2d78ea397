import { SCOPE_NAMES } from './frame-context.ts';

/** Globals that conditions have a use for. */
const GLOBALS = ['Array', 'BigInt', 'JSON', 'Math', 'Number', 'Object', 'RegExp', 'String'];

/** A path of names and indices before the name that is being typed: nothing in it can have an effect. */
const PATH = /([A-Za-z_$][\w$]*(?:\s*\.\s*[A-Za-z_$][\w$]*|\[\d+\])*)\s*\.\s*([A-Za-z_$][\w$]*)?$/;

/** What can stand at `column` (from 1) of an expression over `scope`, by the names that are there. */
export function completeExpression(scope: object, text: string, column: number): string[] {
  const before = text.slice(0, Math.max(0, column - 1));
  const path = PATH.exec(before);
  const typed = path ? (path[2] ?? '') : (/[A-Za-z_$][\w$]*$/.exec(before)?.[0] ?? '');
  const labels = path ? membersOf(valueAt(scope, path[1] ?? '')) : [...SCOPE_NAMES, ...GLOBALS];
  return labels.filter((label) => label.startsWith(typed));
}

function valueAt(scope: object, path: string): unknown {
  let value: unknown = scope;
  for (const [name] of path.matchAll(/[\w$]+/g)) {
    if (value === null || value === undefined) return undefined;
    const owner = value as Record<string, unknown>;
    value =
      value === scope && !(name in scope)
        ? (globalThis as unknown as Record<string, unknown>)[name]
        : owner[name];
  }
  return value;
}

/** Names of a value's own properties and those of its class. */
function membersOf(value: unknown): string[] {
  const names = new Set<string>();
  for (
    let owner = value;
    owner !== null && owner !== undefined;
    owner = Object.getPrototypeOf(owner) as unknown
  ) {
    if (owner === Object.prototype) break;
    for (const name of Object.getOwnPropertyNames(owner)) {
      if (/^[A-Za-z_$][\w$]*$/.test(name) && name !== 'constructor') names.add(name);
    }
  }
  return [...names];
}
