import type { DebugProtocol } from '@vscode/debugprotocol';
import type { BreakpointRules, PlannedLine } from '../../protocol/runner.ts';
import { rulesOf } from './breakpoint-rules.ts';
import { keepIds, NOT_LOADED } from './kept-breakpoints.ts';
import type { KotlinCode } from './kotlin-code.ts';

/** A breakpoint at a byte offset of the guest's file, as it was asked for. */
export interface RequestedOffset extends BreakpointRules {
  /** Null where what was asked for is no place in the code: `problem` says so. */
  offset: number | null;
  problem?: string;
}

interface OffsetBreakpoint extends RequestedOffset {
  id: number;
}

/** The set of instruction breakpoints; a function's listing has a set of its own, by the function's index. */
export const INSTRUCTIONS = 'instructions';
export type OffsetSet = typeof INSTRUCTIONS | number;

const NOT_STOPPABLE = 'This guest cannot be stopped in its code: "kotlin" is false in launch.json.';
const NO_SITE =
  'The guest stops where lines begin, not at each instruction: start it again with "instructions": true in launch.json.';
const NOT_OWN =
  'This function is a library\'s and has not been prepared: start the guest again with "justMyCode": false in launch.json.';

/** Breakpoints at instructions and at lines of listings. They outlive the guest, so that a restart keeps them. */
export class OffsetBreakpoints {
  readonly #newId: () => number;
  readonly #sets = new Map<OffsetSet, OffsetBreakpoint[]>();

  constructor(newId: () => number) {
    this.#newId = newId;
  }

  /** Replaces those of one set. One that was there at the same place keeps its id. */
  set(name: OffsetSet, requested: readonly RequestedOffset[]): void {
    const isSame = (one: OffsetBreakpoint, other: RequestedOffset): boolean =>
      one.offset !== null && one.offset === other.offset;
    this.#sets.set(name, keepIds(requested, this.#sets.get(name) ?? [], isSame, this.#newId));
  }

  /** What the runner is told for a guest. */
  planned(code: KotlinCode | null): PlannedLine[] {
    if (!code) return [];
    return [...this.#sets].flatMap(([name, breakpoints]) =>
      breakpoints.flatMap(({ id, condition, hitCondition, logMessage, ...at }) => {
        const site = siteOf(code, name, at);
        if (typeof site === 'string') return [];
        const rules = rulesOf({ condition, hitCondition, logMessage });
        return [{ id, sites: [site], ...rules }];
      }),
    );
  }

  /**
   * Those of one set as the answer to setting them, without their places: `offset` is where each has come to.
   *
   * @param code undefined where no guest is loaded, null where it cannot be stopped in its code
   * @param errors what the runner could not use, by id
   */
  describe(
    name: OffsetSet,
    code: KotlinCode | null | undefined,
    errors: ReadonlyMap<number | string, string>,
  ): { breakpoint: DebugProtocol.Breakpoint; offset: number | null }[] {
    return (this.#sets.get(name) ?? []).map((each) => {
      const { id } = each;
      const failed = (message: string) => ({
        breakpoint: { id, verified: false, reason: 'failed' as const, message },
        offset: null,
      });
      if (code === undefined) {
        const breakpoint = { id, verified: false, reason: 'pending' as const, message: NOT_LOADED };
        return { breakpoint, offset: null };
      }
      if (code === null) return failed(NOT_STOPPABLE);
      const site = siteOf(code, name, each);
      if (typeof site === 'string') return failed(site);
      const problem = errors.get(id);
      if (problem !== undefined) return failed(problem);
      return { breakpoint: { id, verified: true }, offset: code.sites[site]?.offset ?? null };
    });
  }
}

/** The number of the site at an offset, of a listing the next one of its function; why there is none. */
function siteOf(
  { sites, isProbed }: KotlinCode,
  name: OffsetSet,
  { offset, problem }: Pick<RequestedOffset, 'offset' | 'problem'>,
): number | string {
  if (offset === null) return problem ?? NO_SITE;
  const next = firstAtOrAfter(sites, offset);
  const site = sites[next];
  if (name === INSTRUCTIONS) {
    if (site?.offset === offset) return next;
    return isProbed(offset) ? NO_SITE : NOT_OWN;
  }
  if (site?.functionIndex === name) return next;
  return isProbed(offset) ? 'Nothing is done at this line or after it in this function.' : NOT_OWN;
}

function firstAtOrAfter(sites: readonly { offset: number }[], offset: number): number {
  let low = 0;
  let high = sites.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sites[middle]?.offset ?? Infinity) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
