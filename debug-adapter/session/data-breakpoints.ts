import type { DebugProtocol } from '@vscode/debugprotocol';
import type { BreakpointRules, PlannedData } from '../../protocol/runner.ts';
import type { Place } from '../boundary/checks/finding.ts';
import { keepIds, NOT_LOADED } from './kept-breakpoints.ts';
import type { PreparedLaunch } from './prepare.ts';

/** A breakpoint as it was asked for. */
export interface RequestedData extends BreakpointRules {
  dataId: string;
  access: PlannedData['access'];
}

type DataBreakpoint = RequestedData & { id: number };

const NOT_ASKED_FOR =
  'Accesses to memory are not watched in this session, as that makes the guest slower: set "dataBreakpoints": true in ' +
  'launch.json and restart.';
const NOT_POSSIBLE =
  'Accesses to memory cannot be watched in this guest: it could not be prepared for stopping in its code (the console says why ' +
  'at launch), it has no memory with 32-bit addresses, or "kotlin" is false in launch.json.';

/** What a client keeps for bytes of memory; addresses mean the same as long as a guest is not built anew. */
export function dataIdOf({ address, size }: Place): string {
  return `memory:${address}:${size}`;
}

function placeOf(dataId: string): Place | null {
  const match = /^memory:(\d{1,10}):(\d{1,10})$/.exec(dataId);
  const [address, size] = [Number(match?.[1]), Number(match?.[2])];
  return match && size > 0 && address + size <= 2 ** 32 ? { address, size } : null;
}

/** The breakpoints on bytes of memory. They outlive the guest, so that a restart keeps them. */
export class DataBreakpoints {
  readonly #newId: () => number;
  #breakpoints: DataBreakpoint[] = [];
  /** Some were answered before a guest was loaded. */
  #isUnannounced = false;

  constructor(newId: () => number) {
    this.#newId = newId;
  }

  /** Replaces all. One on the same bytes keeps its id. */
  set(requested: readonly RequestedData[]): void {
    const isSame = (one: DataBreakpoint, other: RequestedData): boolean =>
      one.dataId === other.dataId && one.access === other.access;
    this.#breakpoints = keepIds(requested, this.#breakpoints, isSame, this.#newId);
  }

  /** What the runner is told for a guest. */
  planned(): PlannedData[] {
    return this.#breakpoints.flatMap(({ dataId, ...each }) => {
      const place = placeOf(dataId);
      return place ? [{ ...each, ...place }] : [];
    });
  }

  /** As answers carry them. `prepared` null: no guest has been loaded. `errors`: what the runner could not use, by id. */
  describe(
    prepared: PreparedLaunch | null,
    errors: ReadonlyMap<number | string, string>,
  ): DebugProtocol.Breakpoint[] {
    this.#isUnannounced = prepared === null;
    return this.#breakpoints.map(({ id, dataId }) => {
      if (!prepared) return { id, verified: false, reason: 'pending', message: NOT_LOADED };
      const message = placeOf(dataId)
        ? (refusalOf(prepared) ?? errors.get(id))
        : `“${dataId}” is no data that can be watched.`;
      return message === undefined
        ? { id, verified: true }
        : { id, verified: false, reason: 'failed', message };
    });
  }

  /** What was answered before a guest was loaded, as it is now that one is; nothing the second time. */
  takeUnannounced(
    prepared: PreparedLaunch,
    errors: ReadonlyMap<number | string, string>,
  ): DebugProtocol.Breakpoint[] {
    return this.#isUnannounced ? this.describe(prepared, errors) : [];
  }
}

function refusalOf({ configuration, plan }: PreparedLaunch): string | undefined {
  if (plan.probes?.watch) return undefined;
  return configuration.dataBreakpoints ? NOT_POSSIBLE : NOT_ASKED_FOR;
}
