import type { RunnerPlan } from '../../protocol/runner.ts';
import { didYouMean } from '../near-names.ts';

/** Functions that a breakpoint's name means, by index into the plan; `problem` says why there are none. */
export interface NamedFunctions {
  imports: number[];
  exports: number[];
  problem?: string;
}

/** Names that an error lists. */
const LISTED = 12;

/**
 * What a function breakpoint's name means: `module.name` or `name` of an import, the name of an export, or any of them
 * with `*` for any characters (`env.*`).
 */
export function functionsNamed(name: string, plan: Pick<RunnerPlan, 'imports' | 'exports'>): NamedFunctions {
  const pattern = globPattern(name.trim());
  const found: NamedFunctions = { imports: [], exports: [] };
  plan.imports.forEach((planned, index) => {
    if (pattern.test(`${planned.module}.${planned.name}`) || pattern.test(planned.name)) {
      found.imports.push(index);
    }
  });
  plan.exports.forEach((planned, index) => {
    if (pattern.test(planned.name)) found.exports.push(index);
  });
  if (found.imports.length + found.exports.length === 0) found.problem = notFound(name.trim(), plan);
  return found;
}

function globPattern(glob: string): RegExp {
  const parts = glob.split('*').map((part) => part.replace(/[\\^$.+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}

function notFound(name: string, plan: Pick<RunnerPlan, 'imports' | 'exports'>): string {
  if (name === '') return 'A function breakpoint needs a name: an import (module.name or name) or an export.';
  if (/^wasi_(snapshot_preview1|unstable)\b/.test(name)) {
    return `“${name}” is WASI's: WasmEdge answers it itself, so there is nothing to stop on. Use one of the guest's other imports or exports.`;
  }
  const names = [
    ...plan.imports.map((planned) => `${planned.module}.${planned.name}`),
    ...plan.exports.map((planned) => planned.name),
  ];
  const bare = plan.imports.map((planned) => planned.name);
  const hint = didYouMean(name, [...names, ...bare]);
  const list = names.slice(0, LISTED).join(', ') + (names.length > LISTED ? ', …' : '');
  const has = names.length === 0 ? 'The guest has none.' : `The guest has ${list}.`;
  return `The guest has no import or export “${name}”.${hint} ${has}`;
}
