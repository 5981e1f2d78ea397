import type {
  BreakpointRules,
  FilterName,
  PlannedBreakpoint,
  PlannedFilter,
  RunnerRequests,
  StopPlan,
} from '../../protocol/runner.ts';
import { DataRules } from './data-rules.ts';
import { exceptionClasses } from './exception-classes.ts';
import { type Expression, quoteExpression } from './expressions.ts';
import { errorText, messageOf, RunnerError } from './failures.ts';
import { type HitCondition, parseHitCondition } from './hit-condition.ts';
import { javaScript, kotlin, type Language } from './kotlin-expressions.ts';
import { type LogMessage, parseLogMessage } from './log-message.ts';

/** What a rule says to a crossing. */
export type Verdict =
  | { kind: 'pass' }
  | { kind: 'stop' }
  | { kind: 'log'; text: string }
  /** The condition threw, with this error for the first time. */
  | { kind: 'failed'; message: string };

const PASS: Verdict = { kind: 'pass' };
const STOP: Verdict = { kind: 'stop' };

/** A breakpoint's or filter's condition, hit condition and log message, with the hits counted so far. */
export class Rule {
  readonly #source: BreakpointRules;
  readonly #language: Language;
  readonly #condition: Expression | null;
  readonly #hitCondition: HitCondition | null;
  readonly #log: LogMessage | null;
  #hits = 0;
  /** Errors of the condition that have stopped once. */
  readonly #reported = new Set<string>();
  /** The condition over the scope that it was last tested with. */
  #bound: { scope: object; test: () => unknown } | null = null;

  /** @throws RunnerError 'expression' */
  constructor(source: BreakpointRules, language: Language = javaScript) {
    this.#source = source;
    this.#language = language;
    this.#condition = blank(source.condition) ? null : language.condition(source.condition ?? '');
    this.#hitCondition = blank(source.hitCondition) ? null : parseHitCondition(source.hitCondition ?? '');
    this.#log = blank(source.logMessage) ? null : parseLogMessage(source.logMessage ?? '', language);
  }

  /** True where it stops without looking at anything. */
  get unconditional(): boolean {
    return !this.#condition && !this.#hitCondition && !this.#log;
  }

  sameAs(source: BreakpointRules, language: Language = javaScript): boolean {
    const mine = this.#source;
    return (
      this.#language === language &&
      mine.condition === source.condition &&
      mine.hitCondition === source.hitCondition &&
      mine.logMessage === source.logMessage
    );
  }

  /** Called at each crossing it is about. `scope` has the names that its expressions use. */
  test(scope: object): Verdict {
    if (this.#condition) {
      if (this.#bound?.scope !== scope) this.#bound = { scope, test: this.#condition(scope) };
      try {
        if (!this.#bound.test()) return PASS;
      } catch (thrown) {
        return this.#conditionThrew(thrown);
      }
    }
    this.#hits += 1;
    if (this.#hitCondition && !this.#hitCondition(this.#hits)) return PASS;
    return this.#log ? { kind: 'log', text: this.#log(scope) } : STOP;
  }

  #conditionThrew(thrown: unknown): Verdict {
    const error = thrown instanceof RunnerError ? thrown.message : errorText(thrown);
    if (this.#reported.has(error)) return PASS;
    this.#reported.add(error);
    const message =
      `The condition ${quoteExpression(this.#source.condition ?? '')} threw ${error}. ` +
      'It counts as false from now on where it throws this.';
    return { kind: 'failed', message };
  }
}

function blank(text: string | undefined): boolean {
  return text === undefined || text.trim() === '';
}

export interface BreakpointRule {
  id: number;
  rule: Rule;
}

/** All rules of a stop plan, by what they are about. */
export class StopRules {
  readonly data = new DataRules();
  readonly #imports = new Map<number, BreakpointRule[]>();
  readonly #exports = new Map<number, BreakpointRule[]>();
  readonly #sites = new Map<number, BreakpointRule[]>();
  readonly #filters = new Map<FilterName, Rule>();
  readonly #breakpoints = new Map<number, Rule>();
  readonly #onFunctions = new Set<number>();

  /**
   * @param previous the rules before: hit counts and reported errors of what has not changed are kept
   * @param onError what cannot be compiled: it never stops
   */
  constructor(
    plan: StopPlan,
    previous: StopRules | null,
    onError: (id: number | FilterName, message: string) => void,
  ) {
    for (const breakpoint of plan.functions) {
      const { id, imports, exports, sites = [] } = breakpoint;
      const isKotlin = sites.length > 0 && imports.length + exports.length === 0;
      const rule = compile(
        breakpoint,
        previous?.breakpoint(id),
        (message) => onError(id, message),
        isKotlin ? kotlin : javaScript,
      );
      if (rule) this.#addBreakpoint(breakpoint, rule);
    }
    for (const { id, sites, ...source } of plan.lines ?? []) {
      const rule = compile(source, previous?.breakpoint(id), (message) => onError(id, message), kotlin);
      if (!rule) continue;
      this.#breakpoints.set(id, rule);
      for (const site of sites) append(this.#sites, site, { id, rule });
    }
    for (const breakpoint of plan.data ?? []) {
      const { id } = breakpoint;
      const rule = compile(breakpoint, previous?.breakpoint(id), (message) => onError(id, message));
      if (!rule) continue;
      this.#breakpoints.set(id, rule);
      this.data.add(breakpoint, rule);
    }
    for (const filter of plan.filters) {
      const rule = compile(
        filterRules(filter),
        previous?.filter(filter.filter),
        (message) => onError(filter.filter, message),
        filter.filter === 'allExceptions' ? exceptionClasses : javaScript,
      );
      if (rule) this.#filters.set(filter.filter, rule);
    }
  }

  #addBreakpoint({ id, imports, exports, sites = [] }: PlannedBreakpoint, rule: Rule): void {
    this.#breakpoints.set(id, rule);
    this.#onFunctions.add(id);
    for (const site of sites) append(this.#sites, site, { id, rule });
    for (const index of imports) append(this.#imports, index, { id, rule });
    for (const index of exports) append(this.#exports, index, { id, rule });
  }

  forImport(index: number): readonly BreakpointRule[] {
    return this.#imports.get(index) ?? NONE;
  }
  forExport(index: number): readonly BreakpointRule[] {
    return this.#exports.get(index) ?? NONE;
  }
  forSite(site: number): readonly BreakpointRule[] {
    return this.#sites.get(site) ?? NONE;
  }
  /** Sites that have breakpoints. */
  get sites(): Iterable<number> {
    return this.#sites.keys();
  }
  filter(name: FilterName): Rule | null {
    return this.#filters.get(name) ?? null;
  }
  /** Whether a breakpoint is one on a function. */
  isOnFunction(id: number): boolean {
    return this.#onFunctions.has(id);
  }
  breakpoint(id: number): Rule | null {
    return this.#breakpoints.get(id) ?? null;
  }
}

const NONE: readonly BreakpointRule[] = [];

function filterRules({ condition }: PlannedFilter): BreakpointRules {
  return condition === undefined ? {} : { condition };
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function compile(
  source: BreakpointRules,
  previous: Rule | null | undefined,
  onError: (message: string) => void,
  language: Language = javaScript,
): Rule | null {
  if (previous?.sameAs(source, language)) return previous;
  try {
    return new Rule(source, language);
  } catch (thrown) {
    onError(messageOf(thrown));
    return null;
  }
}

/** What of a stop plan cannot be compiled. */
export function checkStops(plan: StopPlan): RunnerRequests['setStops']['body']['errors'] {
  const errors: { id: number | FilterName; message: string }[] = [];
  new StopRules(plan, null, (id, message) => errors.push({ id, message }));
  return errors;
}
