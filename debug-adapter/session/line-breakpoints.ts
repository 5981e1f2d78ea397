import path from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { BreakpointRules, PlannedLine } from '../../protocol/runner.ts';
import type { MappedCode } from '../kotlin/line-table.ts';
import { rulesOf } from './breakpoint-rules.ts';
import { keepIds, NOT_LOADED } from './kept-breakpoints.ts';
import type { KotlinCode } from './kotlin-code.ts';

/** A breakpoint as it was asked for; line and column count from 1. */
export interface RequestedLine extends BreakpointRules {
  line: number;
  column?: number;
}

interface LineBreakpoint extends RequestedLine {
  id: number;
  path: string;
}

/** What a breakpoint comes to in a guest: its sites, or why it has none. */
type Bound = { sites: number[]; line: number; column?: number } | { message: string };

/** What is known of the guest: undefined where none is loaded, null where it cannot be stopped in Kotlin. */
type Code = KotlinCode | null | undefined;

const NO_KOTLIN =
  'This guest cannot be stopped at lines of Kotlin: it has no source map that leads to the sources (Gradle writes one for ' +
  'development executables; "sourceMapPathOverrides" says where they lie), or "kotlin" is false in launch.json. It stops ' +
  'where it crosses the boundary, at functions, and at its instructions.';

/** The breakpoints on lines of Kotlin. They outlive the guest, so that a restart keeps them. */
export class LineBreakpoints {
  readonly #newId: () => number;
  readonly #byPath = new Map<string, LineBreakpoint[]>();
  /** Some were answered before a guest was loaded. */
  #isUnannounced = false;

  constructor(newId: () => number) {
    this.#newId = newId;
  }

  /** Replaces those of one file. One that was there at the same place keeps its id. */
  set(file: string, requested: readonly RequestedLine[]): void {
    const isSame = (one: LineBreakpoint, other: RequestedLine): boolean =>
      one.line === other.line && one.column === other.column;
    const inFile = requested.map((each) => ({ ...each, path: file }));
    this.#byPath.set(file, keepIds(inFile, this.#byPath.get(file) ?? [], isSame, this.#newId));
  }

  /** What the runner is told for a guest. */
  planned(code: KotlinCode | null): PlannedLine[] {
    if (!code) return [];
    return [...this.#byPath.values()].flat().flatMap(({ id, condition, hitCondition, logMessage, ...at }) => {
      const bound = bind(code, { id, ...at });
      const rules = rulesOf({ condition, hitCondition, logMessage });
      return 'sites' in bound ? [{ id, sites: bound.sites, ...rules }] : [];
    });
  }

  /** Those of one file as the answer to setting them. `errors`: what the runner could not use, by id. */
  describe(
    file: string,
    code: Code,
    errors: ReadonlyMap<number | string, string>,
  ): DebugProtocol.Breakpoint[] {
    if (code === undefined) this.#isUnannounced = true;
    return (this.#byPath.get(file) ?? []).map((each) => describeOne(each, code, errors));
  }

  /** What was answered before a guest was loaded, as it is now that one is; nothing the second time. */
  takeUnannounced(
    code: KotlinCode | null,
    errors: ReadonlyMap<number | string, string>,
  ): DebugProtocol.Breakpoint[] {
    if (!this.#isUnannounced) return [];
    this.#isUnannounced = false;
    return [...this.#byPath.values()].flat().map((each) => describeOne(each, code, errors));
  }
}

function describeOne(
  breakpoint: LineBreakpoint,
  code: Code,
  errors: ReadonlyMap<number | string, string>,
): DebugProtocol.Breakpoint {
  const { id, line } = breakpoint;
  const source = { path: breakpoint.path, name: path.basename(breakpoint.path) };
  if (code === undefined) {
    return {
      id,
      verified: false,
      line,
      source,
      reason: 'pending',
      message: NOT_LOADED,
    };
  }
  const bound: Bound = code ? bind(code, breakpoint) : { message: NO_KOTLIN };
  const problem = 'message' in bound ? bound.message : errors.get(id);
  if (problem !== undefined || 'message' in bound) {
    return { id, verified: false, line, source, reason: 'failed', message: problem ?? NO_KOTLIN };
  }
  return {
    id,
    verified: true,
    line: bound.line,
    ...(bound.column !== undefined && { column: bound.column }),
    source,
  };
}

/** Moves it to the next line that has code. */
function bind({ lines, sitesOf }: KotlinCode, { path: file, line, column }: LineBreakpoint): Bound {
  if (!lines.has(file)) {
    if (lines.code.length === 0) return { message: NO_KOTLIN };
    return {
      message: `The guest has no code of ${path.basename(file)}: is this the module that was built from it?`,
    };
  }
  const code = lines.from(file, line);
  const [first] = code;
  if (!first) return { message: `No code of ${path.basename(file)} is at line ${line} or after it.` };
  const at = column === undefined || first.line !== line ? null : columnOf(code, column);
  const wanted = at === null ? code : code.filter((each) => each.column === at);
  return {
    sites: wanted.flatMap(sitesOf),
    line: first.line,
    ...(at !== null && { column: at }),
  };
}

/** The first column with code that is not before the one that was asked for; else the last. */
function columnOf(code: readonly MappedCode[], column: number): number {
  const columns = [...new Set(code.map((each) => each.column))].sort((a, b) => a - b);
  return columns.find((each) => each >= column) ?? columns.at(-1) ?? column;
}
