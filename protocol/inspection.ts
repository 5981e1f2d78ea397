import type { Role, SizePolicy } from './boundary.ts';
import type { FunctionType } from './values.ts';

/**
 * What `debug-adapter.js inspect` prints as one JSON line: the extension's preflight and its offers are made from it,
 * so that the extension need not know WebAssembly or WasmEdge. No guest code runs for it.
 */
export interface Inspection {
  program: string;
  problems: Problem[];
  exports: InspectedExport[];
  imports: InspectedImport[];
  /** Deduced or configured roles; null where none was found. */
  boundary: { storeArgument: RoleAssignment | null; returnResult: RoleAssignment | null };
  wasmedge?: { path: string; version: string; foundBy: string };
}

export interface InspectedExport {
  name: string;
  type: FunctionType;
  /** From the name section; absent entries are unnamed. */
  parameterNames: (string | null)[];
  /** Takes a size and a callId: it can be offered with a text box for its argument. */
  takesArgument: boolean;
}

export interface InspectedImport {
  module: string;
  name: string;
  type: FunctionType;
  provider: 'boundary' | 'wasi' | 'host' | 'nobody';
}

/** A role with the meaning of each parameter, by index into the import's parameters. */
export interface RoleAssignment {
  role: Role;
  /** `module.name`. */
  import: string;
  pointer: number;
  /** Absent in the forum thread's first form: the innermost running call is meant. */
  callId?: number;
  /** Index of the size parameter, where there is one. */
  size?: number;
  /** Absent for `storeArgument`. */
  sizePolicy?: SizePolicy;
  /** A call may return several results, the parts of one. */
  parts?: true;
  /** How it was found, as the end of a sentence: `"by its name"`, `"from launch.json"`, … */
  reason: string;
}

/** Codes of everything that a user can be told before or at launch. */
export type ProblemCode =
  | 'wasmedge-missing'
  | 'wasmedge-wrong-version'
  | 'wasmedge-unusable'
  | 'program-missing'
  | 'program-unreadable'
  | 'program-not-a-module'
  | 'program-is-component'
  | 'program-truncated'
  | 'legacy-exception-handling'
  | 'no-memory-export'
  | 'no-boundary-imports'
  | 'missing-imports'
  | 'no-such-export'
  | 'export-type-mismatch'
  | 'bad-argument'
  | 'bad-configuration'
  | 'host-module'
  | 'engine-refused'
  | 'runner-died'
  | 'limit-exceeded'
  | 'function-not-readable';

/** One sentence that says what and where, and what to do. */
export interface Problem {
  code: ProblemCode;
  severity: 'error' | 'warning';
  message: string;
  /** What a button could do about it; the extension knows how. */
  fix?: ProblemFix;
}

export type ProblemFix =
  | { kind: 'install-wasmedge'; title: string; version: string }
  | { kind: 'open-launch-json'; title: string }
  | { kind: 'choose-program'; title: string }
  | { kind: 'use-wasmedge-version'; title: string; version: string }
  | { kind: 'paste-boundary'; title: string; text: string }
  | { kind: 'paste-host-module'; title: string; text: string };
