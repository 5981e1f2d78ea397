import type { GuestModule } from '../wasm/module.ts';
import { globPattern } from '../glob.ts';
import { type KotlinFunctionName, parseFunctionName } from './function-names.ts';
import type { MappedCode } from './line-table.ts';
import type { ProbedSite } from './probed-guest.ts';

/** Where a Kotlin function begins. */
export interface FunctionStart {
  /** As a breakpoint names it: `demo.Account.add`, of a constructor the class, of an accessor the property. */
  name: string;
  /** Number of its first site. */
  site: number;
  /** Null where it has no lines. */
  code: MappedCode | null;
}

const BREAKABLE: ReadonlySet<KotlinFunctionName['kind']> = new Set([
  'function',
  'constructor',
  'getter',
  'setter',
]);

/**
 * The functions of a guest that a breakpoint can name, each overload by itself.
 *
 * @param sites by their numbers, in the order of offsets
 */
export function functionStarts(guest: GuestModule, sites: readonly ProbedSite[]): FunctionStart[] {
  const starts: FunctionStart[] = [];
  for (const [site, { functionIndex, code }] of sites.entries()) {
    if (sites[site - 1]?.functionIndex === functionIndex) continue;
    const wasmName = guest.functionName(functionIndex);
    if (wasmName === null) continue;
    const { name, kind } = parseFunctionName(wasmName);
    if (BREAKABLE.has(kind)) starts.push({ name, site, code });
  }
  return starts;
}

/**
 * Those that a name means: the whole name (`demo.Account.add`) or its last parts (`Account.add`, `add`); with `*` for any
 * characters the whole name.
 */
export function startsNamed(name: string, starts: readonly FunctionStart[]): FunctionStart[] {
  if (name === '') return [];
  if (name.includes('*')) {
    const pattern = globPattern(name);
    return starts.filter((each) => pattern.test(each.name));
  }
  const whole = starts.filter((each) => each.name === name);
  return whole.length > 0 ? whole : starts.filter((each) => each.name.endsWith(`.${name}`));
}
