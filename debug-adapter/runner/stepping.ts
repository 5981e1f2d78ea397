import type { InlinedSite, StepKind, StepTarget, Stop } from '../../protocol/runner.ts';

/** Where a crossing is: what kind, and how many calls (and the entry) are open there. */
export interface CrossingPoint {
  at: Stop['at'];
  depth: number;
}

/** Where the guest stands in Kotlin code. */
export interface SitePoint {
  /** Of the innermost frame: greater, the deeper. */
  address: number;
  functionIndex: number;
  /** Equal where the source's line is. */
  line: number;
  site: number;
  inlined?: InlinedSite;
}

/** Whether `inner` is code that runs inside of what `outer` is, in the same function: it was inlined there. */
function isWithin(outer: InlinedSite | undefined, inner: InlinedSite | undefined): boolean {
  if (!inner) return false;
  return outer?.call === inner.call ? inner.depth > outer.depth : outer === undefined || inner.depth > 1;
}

/**
 * Decides which crossing ends a step. Crossings are imports, and the beginnings and ends of calls: *into* ends at the
 * next one; *over* at the next of the same call or an outer one; *out* at the end of the call. A step that begins at a
 * line of Kotlin ends at lines: *into* at the next other one, or at a crossing; *over* at the next other one of the same
 * function or a caller; *out* in a caller; *over* and *out* at the end of the call too. A step *into* a target ends there, or
 * where a step *over* ends.
 */
export class Stepper {
  #kind: StepKind = 'continue';
  /** Deepest depth that ends the step. */
  #depth = 0;
  #from: SitePoint | null = null;
  #byInstruction = false;
  #target: StepTarget | null = null;
  /** Byte offset of the call that the frame at an address is in; null where that is not known. */
  readonly #callOf: (address: number) => number | null;

  constructor(callOf: (address: number) => number | null = () => null) {
    this.#callOf = callOf;
  }

  /** False while the guest just runs on. */
  get active(): boolean {
    return this.#kind !== 'continue';
  }

  /**
   * @param site where the guest is stopped in its code; null at a crossing
   * @param byInstruction at the next site, whatever its line
   * @param target only of a step *into* that begins at a site
   */
  begin(
    kind: StepKind,
    from: CrossingPoint,
    site: SitePoint | null = null,
    { byInstruction = false, target = null }: { byInstruction?: boolean; target?: StepTarget | null } = {},
  ): void {
    // Until the target is come to, the step is one over.
    this.#kind = target && site ? 'over' : kind;
    this.#target = site && target;
    this.#byInstruction = byInstruction;
    this.#from = site;
    if (site) {
      this.#depth = from.depth;
      return;
    }
    // At the end of a call that call is over: out means the call around it.
    this.#depth = kind === 'out' && from.at === 'call end' ? from.depth - 1 : from.depth;
    if (kind === 'out' && this.#depth < 1) this.#kind = 'continue';
  }

  /** True while lines of Kotlin may end the step. */
  get stepsLines(): boolean {
    return this.active && this.#from !== null;
  }

  stopsAtSite(point: SitePoint): boolean {
    const from = this.#from;
    if (!from) return false;
    if (this.#target && this.#isTarget(this.#target, from, point)) return true;
    const { address, functionIndex, line, site, inlined } = point;
    const isSame = address === from.address && functionIndex === from.functionIndex;
    const isElsewhere = this.#byInstruction ? site !== from.site : line !== from.line;
    switch (this.#kind) {
      case 'continue':
        return false;
      case 'into':
        return !isSame || isElsewhere;
      case 'over':
        return (
          address < from.address ||
          (isSame && isElsewhere && (this.#byInstruction || !isWithin(from.inlined, inlined)))
        );
      case 'out':
        return address < from.address || (isSame && isWithin(inlined, from.inlined));
    }
  }

  #isTarget(target: StepTarget, from: SitePoint, { address, functionIndex, site }: SitePoint): boolean {
    switch (target.kind) {
      case 'call':
        return address > from.address && this.#callOf(from.address) === target.offset;
      case 'function':
        return address > from.address && functionIndex === target.functionIndex;
      case 'sites':
        return address === from.address && target.sites.includes(site);
    }
  }

  stopsAt(point: CrossingPoint): boolean {
    if (point.at === 'import' && this.#from && this.#target?.kind === 'call')
      return this.#callOf(this.#from.address) === this.#target.offset;
    if (this.#from && (this.#kind === 'over' || this.#kind === 'out')) {
      return point.depth <= this.#depth && (point.at === 'call end' || point.at === 'call begin');
    }
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
