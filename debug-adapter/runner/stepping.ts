import type { StepKind, Stop } from '../../protocol/runner.ts';

/** Where a crossing is: what kind, and how many calls (and the entry) are open there. */
export interface CrossingPoint {
  at: Stop['at'];
  depth: number;
}

/**
 * Decides which crossing ends a step. Crossings are imports, and the beginnings and ends of calls: *into* ends at the
 * next one; *over* at the next of the same call or an outer one; *out* at the end of the call.
 */
export class Stepper {
  #kind: StepKind = 'continue';
  /** Deepest depth that ends the step. */
  #depth = 0;

  /** False while the guest just runs on. */
  get active(): boolean {
    return this.#kind !== 'continue';
  }

  begin(kind: StepKind, from: CrossingPoint): void {
    this.#kind = kind;
    // At the end of a call that call is over: out means the call around it.
    this.#depth = kind === 'out' && from.at === 'call end' ? from.depth - 1 : from.depth;
    if (kind === 'out' && this.#depth < 1) this.#kind = 'continue';
  }

  stopsAt(point: CrossingPoint): boolean {
    switch (this.#kind) {
      case 'continue':
        return false;
      case 'into':
        return true;
      case 'over':
        return point.depth <= this.#depth;
      case 'out':
        // A call that begins at that depth tells that what was to be left has ended: _start has no end of its own.
        return point.depth <= this.#depth && (point.at === 'call end' || point.at === 'call begin');
    }
  }
}
