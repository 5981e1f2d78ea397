import path from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type {
  BreakpointRules,
  FilterName,
  PlannedBreakpoint,
  PlannedFilter,
  RunnerPlan,
  StopPlan,
} from '../../protocol/runner.ts';
import { DataBreakpoints } from './data-breakpoints.ts';
import { functionsNamed } from './function-names.ts';
import { NOT_LOADED } from './kept-breakpoints.ts';
import type { KotlinCode } from './kotlin-code.ts';
import { OffsetBreakpoints } from './offset-breakpoints.ts';
import { LineBreakpoints } from './line-breakpoints.ts';

const CONDITION =
  'JavaScript over callId, argument, result (decoded), params and memory, e.g. callId === 3 && argument.includes("Ada")';

const CLASSES =
  'Names of exception classes, e.g. IllegalStateException, demo.Refusal: these and their subclasses stop';

/** The check boxes under Breakpoints. */
export const exceptionFilters: DebugProtocol.ExceptionBreakpointsFilter[] = [
  {
    filter: 'storeArgument',
    label: 'Arguments Given to the Guest',
    description:
      'Stop where the guest has asked for its argument and it was written, before the import returns.',
    default: true,
  },
  {
    filter: 'returnResult',
    label: 'Results Returned by the Guest',
    description: 'Stop where the guest hands over its result, after it was copied.',
    default: true,
  },
  {
    filter: 'hostImports',
    label: 'Other Host Imports',
    description: 'Stop before every import that is neither of these nor WASI.',
    default: false,
  },
  {
    filter: 'traps',
    label: 'Traps',
    description: 'Stop where the guest traps, and where a boundary call uses memory that is not there.',
    default: true,
  },
  {
    filter: 'allExceptions',
    label: 'All Kotlin Exceptions',
    description: 'Stop where an exception is thrown, caught or not.',
    default: false,
    conditionDescription: CLASSES,
  },
  {
    filter: 'uncaughtExceptions',
    label: 'Uncaught Kotlin Exceptions',
    description: 'Stop where an exception leaves an export, and show where it was thrown.',
    default: true,
  },
  {
    filter: 'boundaryViolations',
    label: 'Boundary Violations',
    description:
      'Stop where a boundary check finds something wrong: buffers that overlap, lengths that differ, a missing result, …',
    default: false,
  },
].map((filter) => ({
  ...filter,
  supportsCondition: true,
  conditionDescription: filter.conditionDescription ?? CONDITION,
}));

const filterNames = new Set(exceptionFilters.map(({ filter }) => filter));

export interface RequestedFunction extends BreakpointRules {
  name: string;
}
export interface RequestedFilter {
  filterId: string;
  condition?: string | undefined;
}

interface FunctionBreakpoint extends RequestedFunction {
  id: number;
}

/** What the client wants to stop at. It outlives the guest, so that a restart keeps it. */
export class Breakpoints {
  readonly lines = new LineBreakpoints(() => this.newId());
  readonly offsets = new OffsetBreakpoints(() => this.newId());
  readonly data = new DataBreakpoints(() => this.newId());
  #functions: FunctionBreakpoint[] = [];
  #filters: PlannedFilter[] = exceptionFilters
    .filter((filter) => filter.default)
    .map(({ filter }) => ({ filter: filter as FilterName }));
  /** Ids by name: setting the same breakpoint again keeps its id. */
  readonly #ids = new Map<string, number>();
  #nextId = 1;
  /** Some were answered before a guest was loaded. */
  #isUnannounced = false;

  /** Replaces all function breakpoints. */
  setFunctions(requested: readonly RequestedFunction[]): void {
    const taken = new Set<number>();
    this.#functions = requested.map((breakpoint) => {
      const known = this.#ids.get(breakpoint.name);
      const id = known !== undefined && !taken.has(known) ? known : this.newId();
      this.#ids.set(breakpoint.name, id);
      taken.add(id);
      return { ...breakpoint, id };
    });
  }

  /** An id for a breakpoint that is answered without being kept. */
  newId(): number {
    return this.#nextId++;
  }

  /** Replaces all filters. Returns, for each that was asked for, why it cannot be; undefined where it can. */
  setFilters(requested: readonly RequestedFilter[]): (string | undefined)[] {
    this.#filters = requested
      .filter(({ filterId }) => filterNames.has(filterId))
      .map(({ filterId, condition }) => ({
        filter: filterId as FilterName,
        ...(condition === undefined || condition.trim() === '' ? {} : { condition }),
      }));
    return requested.map(({ filterId }) =>
      filterNames.has(filterId)
        ? undefined
        : `There is no filter “${filterId}”. There are ${[...filterNames].join(', ')}.`,
    );
  }

  /** What the runner is told for a guest. */
  stopPlan(plan: RunnerPlan, kotlin: KotlinCode | null): StopPlan {
    const functions: PlannedBreakpoint[] = [];
    for (const { name, id, ...rules } of this.#functions) {
      const { imports, exports, kotlin: starts } = functionsNamed(name, plan, kotlin?.functions ?? null);
      if (imports.length + exports.length > 0) functions.push({ id, imports, exports, ...rules });
      else if (starts.length > 0)
        functions.push({ id, imports, exports, sites: starts.map(({ site }) => site), ...rules });
    }
    return {
      functions,
      lines: [...this.lines.planned(kotlin), ...this.offsets.planned(kotlin)],
      data: this.data.planned(),
      filters: this.#filters,
    };
  }

  /**
   * The function breakpoints as answers and events carry them. `plan` null: no guest has been loaded. `errors`: what the
   * runner could not use, by id. One on Kotlin functions says where the first of them begins.
   */
  describeFunctions(
    plan: RunnerPlan | null,
    kotlin: KotlinCode | null,
    errors: ReadonlyMap<number | string, string>,
  ): DebugProtocol.Breakpoint[] {
    this.#isUnannounced = plan === null;
    return this.#functions.map(({ id, name }) => {
      if (!plan) return { id, verified: false, reason: 'pending', message: NOT_LOADED };
      const { kotlin: starts, problem } = functionsNamed(name, plan, kotlin?.functions ?? null);
      const message = problem ?? errors.get(id);
      if (message !== undefined) return { id, verified: false, reason: 'failed', message };
      const [first] = starts;
      if (!first) return { id, verified: true };
      if (!first.code) return { id, verified: true };
      const { path: file, line } = first.code;
      return { id, verified: true, line, source: { path: file, name: path.basename(file) } };
    });
  }

  /** What was answered before a guest was loaded, as it is now that one is; nothing the second time. */
  takeUnannounced(
    plan: RunnerPlan,
    kotlin: KotlinCode | null,
    errors: ReadonlyMap<number | string, string>,
  ): DebugProtocol.Breakpoint[] {
    return this.#isUnannounced ? this.describeFunctions(plan, kotlin, errors) : [];
  }
}
