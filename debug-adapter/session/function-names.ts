import type { RunnerPlan } from '../../protocol/runner.ts';
import { globPattern } from '../glob.ts';
import { type FunctionStart, startsNamed } from '../kotlin/function-sites.ts';
import { didYouMean } from '../near-names.ts';

/**
 * Functions that a breakpoint's name means: imports and exports by index into the plan, Kotlin functions where they begin.
 * `problem` says why there are none.
 */
export interface NamedFunctions {
  imports: number[];
  exports: number[];
  kotlin: readonly FunctionStart[];
  problem?: string;
}

/** Names that an error lists. */
const LISTED = 12;

/**
 * What a function breakpoint's name means: `module.name` or `name` of an import, the name of an export, or any of them
 * with `*` for any characters (`env.*`). Where the boundary has none of that name, Kotlin functions: `demo.Account.add`,
 * `Account.add`, `add`, `demo.*`.
 *
 * @param kotlin the functions that can be stopped in; null where the guest cannot be stopped in Kotlin
 */
export function functionsNamed(
  name: string,
  plan: Pick<RunnerPlan, 'imports' | 'exports'>,
  kotlin: readonly FunctionStart[] | null,
): NamedFunctions {
  const pattern = globPattern(name.trim());
  const found: NamedFunctions = { imports: [], exports: [], kotlin: [] };
  plan.imports.forEach((planned, index) => {
    if (pattern.test(`${planned.module}.${planned.name}`) || pattern.test(planned.name)) {
      found.imports.push(index);
    }
  });
  plan.exports.forEach((planned, index) => {
    if (pattern.test(planned.name)) found.exports.push(index);
  });
  if (found.imports.length + found.exports.length > 0) return found;
  found.kotlin = startsNamed(name.trim(), kotlin ?? []);
  if (found.kotlin.length === 0) found.problem = notFound(name.trim(), plan, kotlin);
  return found;
}

function notFound(
  name: string,
  plan: Pick<RunnerPlan, 'imports' | 'exports'>,
  kotlin: readonly FunctionStart[] | null,
): string {
  if (name === '') {
    return 'A function breakpoint needs a name: an import (module.name or name), an export, or a Kotlin function.';
  }
  if (/^wasi_(snapshot_preview1|unstable)\b/.test(name)) {
    return `“${name}” is WASI's: WasmEdge answers it itself, so there is nothing to stop on. Use one of the guest's other imports or exports.`;
  }
  const names = [
    ...plan.imports.map((planned) => `${planned.module}.${planned.name}`),
    ...plan.exports.map((planned) => planned.name),
  ];
  const bare = plan.imports.map((planned) => planned.name);
  const functions = (kotlin ?? []).flatMap((each) => [
    each.name,
    each.name.slice(each.name.lastIndexOf('.') + 1),
  ]);
  const hint = didYouMean(name, [...names, ...bare, ...functions]);
  const list = names.slice(0, LISTED).join(', ') + (names.length > LISTED ? ', …' : '');
  const has = names.length === 0 ? 'Its boundary has none.' : `Its boundary has ${list}.`;
  const kinds = kotlin ? 'import, export or Kotlin function' : 'import or export';
  const without = kotlin
    ? ''
    : ' Kotlin functions can be named where the guest has a source map and "kotlin" is not false in launch.json.';
  return `The guest has no ${kinds} “${name}”.${hint} ${has}${without}`;
}
