import type { Direction, ElementType, Finding, Role, SizePolicy } from './boundary.ts';
import type { ObjectPlan, ThrownException } from './kotlin.ts';
import type { LaunchConfiguration } from './launch.ts';
import type { RoleAssignment } from './inspection.ts';
import type { ThrownLayout, WatchLayout } from './rewriting.ts';
import type { FunctionType, TypedValue } from './values.ts';

/**
 * The control channel between the debug adapter and its runner: file descriptor 3 of the runner, a socket.
 * Frames: u32 little-endian length of what follows, u8 type (0: one JSON message; 1: a batch of the recorder's records,
 * see wasmedge-napi/records.d.ts), payload. The guest's stdout and stderr are the runner's own pipes 1 and 2.
 */
export const FRAME_JSON = 0;
export const FRAME_RECORDS = 1;

/** Everything the runner needs; the adapter has validated it. Indices into `imports` and `exports` appear in records. */
export interface RunnerPlan {
  program: string;
  library: string;
  wasi: Pick<LaunchConfiguration, 'args' | 'env' | 'preopens'>;
  /** Function imports of the guest that WASI does not provide, in module order. */
  imports: PlannedImport[];
  /** Function exports of the guest, in module order. */
  exports: PlannedExport[];
  /** Absolute path of the user's host module. */
  host?: string;
  calls: PlannedCall[];
  stopOnEntry: boolean;
  /** How memory for what exports are passed is had from the guest; absent where none is. */
  allocator?: { allocate: AllocatorCall; free?: AllocatorCall };
  /** Arrays that the guest keeps behind handles; absent where there are none. */
  arrays?: HandleArray[];
  /** Memory is copied when calls begin, to find results that nobody wrote. */
  snapshots?: true;
  /** What becomes of imports that neither a role nor the host module provides. */
  unresolvedImports: LaunchConfiguration['unresolvedImports'];
  memoryLimitBytes: number;
  /** The guest as it was rewritten to stop inside Kotlin code; absent where nothing stops there. */
  probes?: ProbePlan;
}

/** A rewritten guest (debug-adapter/kotlin/rewriting): what its host needs to stop it and to read its stack. */
export interface ProbePlan {
  /** Absolute path of the rewritten module. */
  program: string;
  /** Names of what was appended: a memory, a table for the stop function, the stack pointer, references of frames. */
  exports: { memory: string; stopTable: string; stackPointer: string | null; references: string | null };
  /** Addresses in the appended memory: a byte for each site, and the first frame. */
  sitesAt: number;
  stackAt: number;
  /** Frames that may be open at once. */
  stackDepth: number;
  /** Null where accesses to linear memory cannot be watched. */
  watch: WatchLayout | null;
  /** Null where exceptions are not kept. */
  thrown: ThrownLayout | null;
  /** By the site's number. */
  sites: ProbeSite[];
  functions: ProbedFunction[];
  objects: ObjectPlan;
}
export interface ProbeSite {
  functionIndex: number;
  /** Original byte offset in the file. */
  offset: number;
  /** Stands for a line of a source: equal where source and line are. */
  line: number;
  /** Code of an inline function (depth 1) or of a lambda that it is passed (2); `call` stands for its call. */
  inlined?: InlinedSite;
}
export interface InlinedSite {
  call: number;
  depth: 1 | 2;
}
export interface ProbedFunction {
  functionIndex: number;
  /** Bytes. */
  frameSize: number;
  /** Locals whose values are kept, parameters first. */
  locals: PlannedLocal[];
}
export interface PlannedLocal {
  name: string;
  type: 'i32' | 'i64' | 'f32' | 'f64' | 'v128' | 'ref';
  /** Counts 8 bytes from the frame's address. */
  slot: number;
  /** Original byte offset from which on it has been written; null: never. */
  writtenFrom: number | null;
  /**
   * What Kotlin's source says of a number: `Boolean`, `Char`, `UInt`, … or a value class's name with its package. Absent
   * where it is not known. Objects say it themselves, but for a number that a lambda changes, in a box.
   */
  kotlinType?: string;
}
export interface PlannedImport {
  module: string;
  name: string;
  type: FunctionType;
  /** From the Kotlin declaration, where the source map leads to it: names in `params` beside their roles and indices. */
  parameterNames?: (string | null)[];
  role?: RoleAssignment;
}
export interface PlannedExport {
  name: string;
  type: FunctionType;
  parameterNames: (string | null)[];
  /** Decoder ids: used by conditions, expressions and edits. */
  decoders: Record<Direction, string>;
  /** Its parameters or results pass buffers. */
  passes?: PassedBuffers;
  /** It takes or returns handles of arrays. */
  takes?: TakenArrays;
  /** It is meant to return no result. */
  hasNoResult?: true;
}

/** A call of an allocator's export: what each of its parameters is given. */
export interface AllocatorCall {
  exportIndex: number;
  /** `returned`: what the export itself returned (component model's post-return). */
  params: ('pointer' | 'size' | 'align' | 'zero' | 'returned')[];
}

/**
 * Exports that reach the elements of arrays by a handle, by their indices: new(size) → array, get(array, index) →
 * element, set(array, index, element), size(array) → elements, free(array).
 */
export interface HandleArray {
  new?: number;
  get: number;
  set: number;
  size?: number;
  free?: number;
  element: ElementType;
}
export interface TakenArrays {
  /** Parameters that are handles; `array` is an index of the plan's `arrays`. */
  parameters: { parameter: number; array: number }[];
  /** Its result is an array: the one whose handle it returns, or else the first that it was passed. */
  result?: { array: number };
}

/** How an export takes arguments in memory that the host had from the guest's allocator, and where its result lies. */
export interface PassedBuffers {
  /** Indices of parameters, an entry for each argument; where there is no `size`, a NUL ends the argument. */
  arguments: { pointer: number; size?: number }[];
  /** Index of the parameter that is the address of the pair (pointer, size) which the guest fills. */
  out?: number;
  result?: PassedResult;
  /** How it was found, as the end of a sentence. */
  reason: string;
}
export interface PassedResult {
  as: 'pointer' | 'packed' | 'pair' | 'out';
  /** `param` for all but `pointer`: the size is passed beside it. */
  sizePolicy: SizePolicy;
  /** The size comes before the pointer, or is the upper half. */
  sizeFirst: boolean;
  free?: AllocatorCall;
}
export interface PlannedCall {
  exportIndex: number;
  /** Base64; absent where the call has no buffers. Of an array, its elements, little-endian. */
  argument?: string;
  /** What it receives when it asks again, and again. Base64. */
  moreArguments?: string[];
  /** First call id, decimal. */
  callId: string;
  repeat: number;
  /**
   * In the export's order; `$callId` is replaced in each repetition, `$pointer`, `$pointer2`, … and `$out` by what is
   * allocated for it, `$array`, `$array2`, … by a new array's handle. i64 as decimal string.
   */
  params: (number | string)[];
}

/** What can stop the guest. Sent whole, again, whenever anything changes. */
export interface StopPlan {
  /** Function breakpoints on imports, exports, Kotlin functions. */
  functions: PlannedBreakpoint[];
  /** Breakpoints on Kotlin lines. */
  lines?: PlannedLine[];
  /** Breakpoints on bytes of linear memory. */
  data?: PlannedData[];
  filters: PlannedFilter[];
}
export interface PlannedData extends BreakpointRules {
  id: number;
  address: number;
  /** Bytes, at least 1. */
  size: number;
  access: 'read' | 'write' | 'readWrite';
}
/** What the guest or its host has done to linear memory. */
export interface MemoryAccess {
  kind: 'read' | 'write';
  address: number;
  /** Bytes. */
  size: number;
  /** `host`: an import with a role, or a host function. */
  by: 'guest' | 'host';
}
export interface PlannedLine extends BreakpointRules {
  id: number;
  sites: number[];
}
export interface BreakpointRules {
  condition?: string;
  /** `5`, `>= 5`, `% 5`: counted over hits whose condition holds. */
  hitCondition?: string;
  logMessage?: string;
}
export interface PlannedBreakpoint extends BreakpointRules {
  id: number;
  imports: number[];
  exports: number[];
  /** Where Kotlin functions begin. */
  sites?: number[];
}
export type FilterName =
  Role | 'hostImports' | 'traps' | 'allExceptions' | 'uncaughtExceptions' | 'boundaryViolations';

/** A function of the boundary, by its index in the plan's `imports` or `exports`. */
export interface FoundAt {
  kind: 'import' | 'export';
  index: number;
}
export interface PlannedFilter {
  filter: FilterName;
  condition?: string;
}

export type StepKind = 'continue' | 'into' | 'over' | 'out';

/**
 * What a step into one of a line's calls leads to: what the operator at byte `offset` of the guest's file calls; the first
 * of these sites, in the function itself (code that is inlined); or a function, whoever calls it (a lambda that is passed on).
 */
export type StepTarget =
  | { kind: 'call'; offset: number }
  | { kind: 'sites'; sites: number[] }
  | { kind: 'function'; functionIndex: number };

/** A value of JavaScript or of the boundary in the runner; `handle` opens it, until the guest resumes. */
export interface RemoteValue {
  name: string;
  value: string;
  type: string;
  /** 0: nothing to open. */
  handle: number;
  indexed?: number;
  named?: number;
  /** What to evaluate to get it again. */
  evaluateName?: string;
  /** Bytes in linear memory that this value shows. */
  memory?: { address: number; size: number };
  readOnly: boolean;
  /** Of a Kotlin value that can be replaced: what `replace` takes. */
  replace?: number;
}

/** Requests of the adapter; each is answered by `answer` or `failed` with its `id`. */
export interface RunnerRequests {
  /** Loads the library, the host module and the guest, up to just before _start. */
  load: { arguments: { plan: RunnerPlan }; body: Loaded };
  /** Runs _start or _initialize, then the calls. Answered at once; `finished` tells the end. */
  start: { arguments: Record<string, never>; body: Record<string, never> };
  setStops: {
    arguments: { stops: StopPlan };
    body: { errors: { id: number | FilterName; message: string }[] };
  };
  /** `target` only where the step goes into it; where the guest does not come to it, the step is one over. */
  resume: {
    arguments: { step: StepKind; byInstruction?: true; target?: StepTarget };
    body: Record<string, never>;
  };
  /** Stops at the next crossing. */
  pause: { arguments: Record<string, never>; body: Record<string, never> };
  /** Ends the guest: wakes a stop, cancels what runs. `finished` follows. */
  terminate: { arguments: Record<string, never>; body: Record<string, never> };
  /** JavaScript over callId, argument, result, params, memory of frame `frame` (0: innermost). */
  evaluate: {
    /** `full`: `value` is the whole text, unquoted if it is a string (for the clipboard); else long text is cut. */
    arguments: { frame: number; expression: string; full?: boolean };
    body: RemoteValue;
  };
  properties: {
    arguments: { handle: number; start: number; count: number };
    body: { values: RemoteValue[] };
  };
  /** `target` is an expression such as `argument`, `result.total`, `memory.u8[3]`; `value` is an expression too. */
  assign: { arguments: { frame: number; target: string; value: string }; body: RemoteValue };
  /** Replaces a Kotlin value of a list by another; `value` is an expression of Kotlin. */
  replace: { arguments: { replace: number; value: string }; body: RemoteValue };
  /** The scope's values: what can be opened at this stop. */
  scope: {
    arguments: { frame: number; scope: 'locals' | 'call' | 'params' | 'answer' | 'memory' | 'globals' };
    body: { values: RemoteValue[] };
  };
  completions: { arguments: { frame: number; text: string; column: number }; body: { labels: string[] } };
  /** Clamped: `data` (base64) may be shorter. Works while the guest runs. */
  readMemory: { arguments: { address: number; count: number }; body: { data: string; memoryBytes: number } };
  writeMemory: {
    arguments: { address: number; data: string };
    body: { written: number; memoryBytes: number };
  };
}
export type RunnerCommand = keyof RunnerRequests;

export type ToRunner = {
  [C in RunnerCommand]: {
    type: 'request';
    id: number;
    command: C;
    arguments: RunnerRequests[C]['arguments'];
  };
}[RunnerCommand];

export interface Loaded {
  engine: { path: string; version: string };
  memoryBytes: number | null;
  /** `_start`, `_initialize` or null. */
  entry: string | null;
  /** µs spent in each part, for the launch figures. */
  timings: Record<string, number>;
}

/** A failure with everything the adapter needs for a sentence. */
export interface RunnerFailure {
  code:
    | 'library'
    | 'load'
    | 'validate'
    | 'instantiate'
    | 'missing-imports'
    | 'host-module'
    | 'expression'
    | 'not-stopped'
    | 'range'
    | 'value'
    | 'internal';
  message: string;
  byteOffset?: number;
  /** `imports` indices that nobody provides. */
  missing?: number[];
}

/** Frames of a stop, innermost first. */
export type RunnerFrame =
  | {
      kind: 'import';
      importIndex: number;
      params: TypedValue[];
      sequence: number | null;
      /** Its results are asked of the user: the scope `answer` holds them. */
      asksForResults?: boolean;
    }
  | { kind: 'call'; exportIndex: number; sequence: number; callId: string; params: TypedValue[] }
  /** A function of the guest; `offset`: original byte offset of where it stands. `sequence`: the call that it works for. */
  | { kind: 'function'; functionIndex: number; offset: number; sequence: number | null }
  /** _start or _initialize. */
  | { kind: 'entry'; name: string };

export interface Stop {
  reason:
    | 'entry'
    | 'storeArgument'
    | 'returnResult'
    | 'import'
    | 'function breakpoint'
    | 'breakpoint'
    | 'data breakpoint'
    | 'step'
    | 'pause'
    | 'boundary problem'
    | 'host exception'
    | 'unresolved import'
    | 'trap'
    | 'exception'
    | 'uncaught exception';
  /** Ids of the breakpoints that were hit. */
  breakpointIds: number[];
  /**
   * `call end`: at the end of the innermost call, after the guest returned (step out, or a trap). `throw`: in the guest's
   * code, where nothing of the frame can be changed any more.
   */
  at: 'entry' | 'import' | 'call begin' | 'call end' | 'site' | 'throw';
  frames: RunnerFrame[];
  memoryBytes: number | null;
  /** At a data breakpoint: what has been done. */
  access?: MemoryAccess;
  /** For the stops that report something wrong: one sentence, and where. */
  problem?: {
    code: string;
    message: string;
    /** The engine's own words. */
    engineMessage?: string;
    byteOffset?: number;
    address?: number;
    size?: number;
    stack?: string;
    exception?: ThrownException;
  };
}

export type FromRunner =
  | { type: 'answer'; id: number; body: RunnerRequests[RunnerCommand]['body'] }
  | { type: 'failed'; id: number; failure: RunnerFailure }
  /** Preceded by every record up to it. */
  | { type: 'stopped'; stop: Stop }
  | { type: 'continued' }
  | { type: 'logpoint'; text: string; breakpointId: number }
  /** Something to tell the user that does not stop: a filter is off, or an expression threw for the first time. */
  | { type: 'notice'; message: string; category: 'console' | 'important' | 'stderr' }
  /** What the runner alone can find; what the records show is found in them (debug-adapter/boundary/checks). */
  | {
      type: 'found';
      sequence: number;
      found: Pick<Finding, 'code' | 'message' | 'severity'> & { at: FoundAt | null };
    }
  /**
   * A call ended badly; `sequence` null for _start. `exception`: by what it was left, where that is known; `frames`: the
   * guest's functions as they were where that was thrown, or where the call ended, the innermost ones first.
   */
  | {
      type: 'callFailed';
      sequence: number | null;
      message: string;
      byteOffset?: number;
      exception?: ThrownException;
      frames?: RunnerFrame[];
    }
  | { type: 'limitExceeded'; limit: 'memory'; limitBytes: number; usedBytes: number; sequence: number | null }
  /** The last message; every record has been sent. */
  | {
      type: 'finished';
      exitCode: number;
      reason: 'completed' | 'exited' | 'terminated' | 'failed';
      message?: string;
    };
