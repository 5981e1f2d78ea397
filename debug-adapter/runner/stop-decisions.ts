import type { FilterName, FromRunner, MemoryAccess, Stop } from '../../protocol/runner.ts';
import type { Found } from '../boundary/checks/finding.ts';
import type { KotlinObject } from '../kotlin/values/object.ts';
import type { CallFrame, Frame, ImportFrame, PassedBuffer } from './frames.ts';
import { exceptionText } from '../kotlin/exception-text.ts';
import type { CrossingPoint, Stepper } from './stepping.ts';
import type { BreakpointRule, StopRules } from './stop-rules.ts';
import { describeException } from './thrown-exceptions.ts';

/** Why a crossing stops. */
export type Decision = Pick<Stop, 'reason' | 'breakpointIds' | 'problem' | 'access'>;

/** What decides whether a crossing stops, beside its rules. */
export interface Asked {
  stepper: Stepper;
  pausing: boolean;
}

/** Decides by the rules of the user, and sends what log points say. */
export class StopDecider {
  readonly #rules: StopRules;
  readonly #scopeOf: (frame: Frame) => object;
  readonly #send: (message: FromRunner) => void;

  constructor(rules: StopRules, scopeOf: (frame: Frame) => object, send: (message: FromRunner) => void) {
    this.#rules = rules;
    this.#scopeOf = scopeOf;
    this.#send = send;
  }

  /** Whether crossings of this import have rules, so that they must enter JavaScript. */
  watchesImport({ index, planned }: Pick<ImportFrame, 'index' | 'planned'>): boolean {
    return (
      this.#rules.forImport(index).length > 0 ||
      this.#rules.filter(filterOf(planned.role?.role)) !== null ||
      (planned.role !== undefined && this.watchesViolations)
    );
  }
  /** Whether findings of the boundary checks may stop. */
  get watchesViolations(): boolean {
    return this.#rules.filter('boundaryViolations') !== null;
  }
  /** Whether exceptions may stop where they are thrown. */
  get watchesThrows(): boolean {
    return this.#rules.filter('allExceptions') !== null;
  }
  watchesExport(index: number): boolean {
    return this.#rules.forExport(index).length > 0;
  }

  /**
   * At an import, after its role's work has been done and before a host function runs.
   * @param found what the boundary checks found there
   */
  atImport(
    frame: ImportFrame,
    point: CrossingPoint,
    asked: Asked,
    found: readonly Found[] = [],
  ): Decision | null {
    const scope = this.#scopeOf(frame);
    const role = frame.role?.role.role;
    const hits = this.#test(this.#rules.forImport(frame.index), scope);
    return (
      this.#atBuffer(filterOf(role), role ?? 'import', frame.role?.problem, hits, scope, found) ??
      byBreakpoint(hits) ??
      byRequest(point, asked)
    );
  }

  /** Where an export has been passed an argument, or has returned its result. */
  atPassed(
    call: CallFrame,
    passed: PassedBuffer,
    { pausing }: Asked,
    found: readonly Found[],
  ): Decision | null {
    const role = passed.direction === 'argument' ? 'storeArgument' : 'returnResult';
    const scope = this.#scopeOf(call);
    const stop = this.#atBuffer(role, role, passed.problem, NO_HITS, scope, found);
    return stop ?? (pausing ? decision('pause', []) : null);
  }

  #atBuffer(
    name: FilterName,
    reason: Stop['reason'],
    problem: PassedBuffer['problem'] | undefined,
    hits: Hits,
    scope: object,
    found: readonly Found[],
  ): Decision | null {
    const filter = this.#filter(name, scope);
    const violates = (problem !== null && problem !== undefined) || found.length > 0;
    const stopsAtViolation = violates && this.#filter('boundaryViolations', scope).stops;
    if (problem && (filter.stops || stopsAtViolation || this.#filter('traps', scope).stops)) {
      const { code, address, size, remedy } = problem;
      const message = remedy === undefined ? problem.message : `${problem.message} ${remedy}`;
      const place = address === undefined || size === undefined ? {} : { address, size };
      return { reason: 'boundary problem', breakpointIds: hits.ids, problem: { code, message, ...place } };
    }
    if (stopsAtViolation && found[0]) return violation(found[0], hits.ids);
    if (filter.stops && hits.ids.length === 0) return decision(reason, [], filter.failed ?? hits.failed);
    return null;
  }

  /** Before a call begins. */
  atCallBegin(index: number, frame: Frame, point: CrossingPoint, asked: Asked): Decision | null {
    const breakpoints = this.#rules.forExport(index);
    const hits = breakpoints.length > 0 ? this.#test(breakpoints, this.#scopeOf(frame)) : NO_HITS;
    return byBreakpoint(hits) ?? byRequest(point, asked);
  }

  /**
   * At a site in Kotlin code.
   * @param scopeOf what Kotlin expressions see there
   * @param ends whether a step ends there
   */
  atSite(site: number, scopeOf: () => object, ends: boolean, { pausing }: Asked): Decision | null {
    const breakpoints = this.#rules.forSite(site);
    const { ids, failed } = breakpoints.length > 0 ? this.#test(breakpoints, scopeOf()) : NO_HITS;
    if (ids.length > 0) {
      const onFunction = ids.every((id) => this.#rules.isOnFunction(id));
      return decision(onFunction ? 'function breakpoint' : 'breakpoint', ids, failed);
    }
    if (pausing) return decision('pause', []);
    return ends ? decision('step', []) : null;
  }

  /**
   * At an access to linear memory; null where no breakpoint is on those bytes, or none of them stops.
   * @param around the call that it belongs to, the import that makes it, or the entry
   */
  atAccess(access: MemoryAccess, around: Frame): Decision | null {
    const reached = this.#rules.data.reachedBy(access);
    const { ids, failed } = reached.length > 0 ? this.#test(reached, this.#scopeOf(around)) : NO_HITS;
    return ids.length > 0 ? { ...decision('data breakpoint', ids, failed), access } : null;
  }

  /** Where an exception is about to be thrown. */
  atThrow(thrown: KotlinObject): Decision | null {
    if (!this.#filter('allExceptions', thrown).stops) return null;
    const exception = describeException(thrown);
    const problem = { code: exception.className, message: exceptionText(exception), exception };
    return { reason: 'exception', breakpointIds: [], problem };
  }

  /** At the end of a call. */
  atCallEnd(point: CrossingPoint, asked: Asked): Decision | null {
    return byRequest(point, asked);
  }

  /** What the boundary checks found at another point of a call, `frame`; null where it does not stop. */
  atViolation(found: Found | null | undefined, frame: Frame): Decision | null {
    return found && this.#filter('boundaryViolations', this.#scopeOf(frame)).stops
      ? violation(found, [])
      : null;
  }

  /** Whether one of these filters, over `frame`, stops at something that went wrong there. */
  stopsAtFailure(names: readonly FilterName[], frame: Frame): boolean {
    return names.some((name) => this.#filter(name, this.#scopeOf(frame)).stops);
  }

  #filter(name: FilterName, scope: object): { stops: boolean; failed?: string } {
    const verdict = this.#rules.filter(name)?.test(scope);
    if (verdict?.kind === 'failed') return { stops: true, failed: verdict.message };
    return { stops: verdict?.kind === 'stop' };
  }

  #test(breakpoints: readonly BreakpointRule[], scope: object): Hits {
    const ids: number[] = [];
    let failed: string | undefined;
    for (const { id, rule } of breakpoints) {
      const verdict = rule.test(scope);
      if (verdict.kind === 'log') this.#send({ type: 'logpoint', text: verdict.text, breakpointId: id });
      if (verdict.kind === 'failed') failed = verdict.message;
      if (verdict.kind === 'stop' || verdict.kind === 'failed') ids.push(id);
    }
    return failed === undefined ? { ids } : { ids, failed };
  }
}

interface Hits {
  ids: number[];
  failed?: string;
}
const NO_HITS: Hits = { ids: [] };

function filterOf(role: 'storeArgument' | 'returnResult' | undefined): FilterName {
  return role ?? 'hostImports';
}

function decision(reason: Stop['reason'], breakpointIds: number[], failed?: string): Decision {
  if (failed === undefined) return { reason, breakpointIds };
  return { reason, breakpointIds, problem: { code: 'condition-failed', message: failed } };
}

function violation({ code, message, address, size }: Found, breakpointIds: number[]): Decision {
  const place = address === undefined || size === undefined ? {} : { address, size };
  return { reason: 'boundary problem', breakpointIds, problem: { code, message, ...place } };
}

function byBreakpoint({ ids, failed }: Hits): Decision | null {
  return ids.length > 0 ? decision('function breakpoint', ids, failed) : null;
}

function byRequest(point: CrossingPoint, { stepper, pausing }: Asked): Decision | null {
  if (stepper.stopsAt(point)) return decision('step', []);
  return pausing ? decision('pause', []) : null;
}
