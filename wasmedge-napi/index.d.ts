/**
 * Node-API binding to the WasmEdge C API (0.14 and later). libwasmedge is loaded at run time.
 * Every method throws a JavaScript error instead of letting the C API abort: `TypeError`/`RangeError` for a wrong
 * argument, `WasmEdgeError` for what the engine reports, `DisposedError` for a use after `dispose()`.
 *
 * Objects free what they own when they are disposed, or collected; `dispose()` may come in any order, twice, and within
 * a host function (a call that runs goes on to its end). A disposed Module or HostModule leaves the instances made with
 * it usable; a disposed Engine takes its instances and host modules with it.
 */

/** Proposal names as the C API spells them after `WasmEdge_Proposal_`, e.g. `GC`, `TailCall`. */
export type ProposalName = string;
export type ValueType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128' | 'funcref' | 'externref' | 'ref';
export interface FunctionType {
  params: ValueType[];
  results: ValueType[];
}
/** An opaque reference: a guest object, function, or external value. Lives as long as its engine. */
export class Reference {
  private constructor();
  readonly type: ValueType;
  readonly isNull: boolean;
}
/**
 * `i32`, `f32`, `f64` are numbers, `i64` is a bigint, `v128` is 16 bytes, everything else is a Reference. Integers come
 * signed; where they are given, the unsigned reading is taken too.
 */
export type WasmValue = number | bigint | Uint8Array | Reference;

/** What may be given where a value is wanted: null is the null reference. */
export type WasmInput = WasmValue | null;

export interface LibraryInfo {
  path: string;
  /** e.g. `0.17.1`. */
  version: string;
  major: number;
  minor: number;
  patch: number;
  /** Proposals this version knows, read from the library whatever its enum order. */
  proposals: ProposalName[];
}
/**
 * Loads libwasmedge for the whole process. Again with the same path: no-op. With another path: throws.
 * @throws LibraryError naming what was looked for and where: missing file, not a library, too old, symbol missing.
 */
export function loadLibrary(path: string): LibraryInfo;
export class LibraryError extends Error {
  readonly code: 'missing' | 'not-a-library' | 'too-old' | 'symbol-missing' | 'other-library-loaded';
  readonly path: string;
}

export class WasmEdgeError extends Error {
  readonly phase: 'load' | 'validate' | 'instantiate' | 'execute' | 'other';
  /** `WasmEdge_ResultGetCode`, 24 bits. */
  readonly code: number;
  /** `WasmEdge_ResultGetMessage`. */
  readonly engineMessage: string;
  /** Offset in bytes into the module, where the engine's log names one. */
  readonly byteOffset?: number;
  /**
   * The engine's log lines during this operation, without time and level. Before WasmEdge 0.15 they may contain lines of
   * engines on other threads. Nothing is logged to stdout or stderr.
   */
  readonly log: string[];
  /** True when the execution ended by `cancel` or by the cost limit respectively. */
  readonly interrupted: boolean;
  readonly costLimitExceeded: boolean;
  /** The call left by `proc_exit`: its exit code. `call` throws this. */
  readonly exitCode?: number;
}
/** A use of something that was disposed, or of something shared that is gone. */
export class DisposedError extends Error {}

export interface EngineOptions {
  /**
   * Added to / removed from the version's defaults and what Kotlin's guests need: TailCall, ExtendedConst,
   * FunctionReferences, GC, MultiMemories, ExceptionHandling. A name that this version does not know is a TypeError.
   */
  addProposals?: ProposalName[];
  removeProposals?: ProposalName[];
  countInstructions?: boolean;
  /** Each instruction costs 1. */
  measureCost?: boolean;
  /** Implies `measureCost`. */
  costLimit?: bigint;
  /** Linear-memory limit in 64 KiB pages. */
  maxMemoryPages?: number;
}

export interface ImportType {
  module: string;
  name: string;
  kind: 'function' | 'table' | 'memory' | 'global' | 'tag';
  type?: FunctionType;
}
export interface ExportType {
  name: string;
  kind: 'function' | 'table' | 'memory' | 'global' | 'tag';
  type?: FunctionType;
  /** Of a global, and of a table's elements. */
  valueType?: ValueType;
  /** Of a global. */
  mutable?: boolean;
}

export class Engine {
  constructor(options?: EngineOptions);
  /** Names this engine to `attachEngine` on another thread. */
  readonly sharedId: number;
  /** Decodes. @throws WasmEdgeError with the engine's text and byte offset. */
  load(bytes: Uint8Array): Module;
  validate(module: Module): void;
  createHostModule(name: string): HostModule;
  /**
   * `wasi_snapshot_preview1`. `args` begin with the program's name. `preopens`: guest path → path of a folder of the
   * host; neither may contain a colon. Nothing is inherited from this process but its standard streams, and sockets are
   * refused (errno 58).
   */
  createWasi(options: {
    args?: string[];
    env?: Record<string, string>;
    preopens?: Record<string, string>;
  }): HostModule;
  /** Instances made from now on find what the module provides. @throws WasmEdgeError where its name is taken. */
  register(module: HostModule): void;
  /** Validates where that was not done, and runs the start function. @throws WasmEdgeError, and what that throws. */
  instantiate(module: Module): Instance;
  /** 0 unless made with `countInstructions`. */
  readonly instructionCount: bigint;
  /** 0 unless made with `measureCost`. */
  readonly cost: bigint;
  /** Setting it needs `measureCost`. */
  costLimit: bigint;
  resetStatistics(): void;
  dispose(): void;
}
export class Module {
  private constructor();
  readonly imports: ImportType[];
  readonly exports: ExportType[];
  dispose(): void;
}
/**
 * Synchronous. What it throws becomes a trap of the guest and is thrown again, the same object, from `call`; what it
 * returns of the wrong type or count is a TypeError there. Several results are an array.
 */
export type HostFunction = (...params: WasmValue[]) => WasmInput | WasmInput[] | undefined | void;

export class HostModule {
  private constructor();
  readonly name: string;
  addFunction(name: string, type: FunctionType, callback: HostFunction): void;
  /** A function whose crossings are recorded; see Recorder. */
  addRecordedFunction(
    name: string,
    type: FunctionType,
    recorder: Recorder,
    plan: RecordPlan,
    callback: HostFunction,
  ): void;
  addMemory(name: string, limits: { minPages: number; maxPages?: number }): Memory;
  addTable(name: string, limits: { min: number; max?: number }, type: 'funcref' | 'externref'): Table;
  addGlobal(name: string, type: ValueType, mutable: boolean, value: WasmInput): Global;
  dispose(): void;
}
export class Instance {
  private constructor();
  readonly exports: ExportType[];
  /** @throws RangeError that lists what there is; so do the next three. */
  func(name: string): Func;
  memory(name: string): Memory;
  table(name: string): Table;
  global(name: string): Global;
  dispose(): void;
}
export class Func {
  private constructor();
  readonly type: FunctionType;
  /**
   * Re-entrant: may be called from inside a host function. Results in order; `[]` for none.
   * @throws WasmEdgeError, or what a host function threw.
   */
  call(...params: WasmInput[]): WasmValue[];
}
export class Memory {
  private constructor();
  readonly sharedId: number;
  readonly pages: number;
  readonly byteLength: number;
  /**
   * A zero-copy view of all of it. Ask again after the guest ran: once memory grew, a new one is made and the old one
   * is detached. Where external buffers are refused (Electron; or WASMEDGE_NAPI_COPY_BUFFERS=1) it is a copy:
   * `isCopy` says so; `read` and `write` always work on the real memory.
   */
  readonly buffer: ArrayBuffer;
  readonly isCopy: boolean;
  /** A copy of `length` bytes. @throws RangeError outside memory. */
  read(offset: number, length: number): Uint8Array;
  write(offset: number, bytes: Uint8Array): void;
  /** @throws RangeError where the memory's or the engine's limit is exceeded. */
  grow(pages: number): void;
}
export class Table {
  private constructor();
  readonly size: number;
  get(index: number): Reference;
  set(index: number, value: Reference | null): void;
  grow(count: number): void;
}
export class Global {
  private constructor();
  readonly type: ValueType;
  readonly mutable: boolean;
  get value(): WasmValue;
  set value(value: WasmInput);
}

/** How the native recorder finds a result's length; see RecordPlan. */
export type SizePolicy =
  | { kind: 'param'; param: number }
  | { kind: 'u32le-prefix' }
  | { kind: 'nul' }
  | { kind: 'fixed'; bytes: number }
  | { kind: 'unknown' };

/** Type of the elements of an array that a guest keeps behind a handle. They are recorded little-endian. */
export type ElementType = 'i8' | 'u8' | 'i16' | 'u16' | 'i32' | 'u32' | 'i64' | 'u64' | 'f32' | 'f64';

/**
 * What the recorder does with an import. Without `role`: the callback runs, between an importEnter and an importLeave
 * record. With a role and while not armed, the work is done natively and JavaScript is not entered:
 * - `storeArgument`: writes the argument of the open call that `callId` names (without `callId`: of the innermost open
 *   call) at `pointer`, and records a crossing and a buffer.
 * - `returnResult`: copies the result's bytes and records a crossing and a buffer.
 * Where that cannot be done (armed, no such open call, the call has no argument, argument larger than `size` says, any
 * byte outside memory) the callback is entered, between importEnter and importLeave, and does the work itself.
 * Pointers and sizes are unsigned 32-bit (an i32 parameter is reinterpreted) or unsigned 64-bit. A callId names the
 * innermost open call that has it. Buffers are recorded without length prefix or NUL, at the address of their first byte.
 */
export interface RecordPlan {
  /** Import index written into records, < 65,535. */
  index: number;
  role?: (
    | { kind: 'storeArgument'; pointer: number; size?: number; callId?: number }
    | { kind: 'returnResult'; pointer: number; size: SizePolicy; callId?: number }
  ) & {
    /**
     * While armed too, the work is done natively where it can be, between importEnter and importLeave and before the
     * callback is entered, which gets one more argument after the parameters: whether it was done. For callbacks that
     * only decide something. Default false.
     */
    beforeCallback?: boolean;
  };
}

export interface RecordedCall {
  /** Export index written into records. */
  index: number;
  callId: number | bigint;
  argument?: Uint8Array;
  /**
   * Called after the callBegin record and before the guest: for buffers that the parameters pass. What it throws ends
   * the call as trapped; where it returns false, the guest is not entered, the call ends as cancelled, and `call` returns
   * `[]`.
   */
  entering?: () => boolean | void;
  /** Called after the guest has returned and before the callEnd record, in the same way. */
  returned?: (results: WasmValue[]) => boolean | void;
}

/** Calls that follow each other without JavaScript between them. */
export interface RepeatedCalls {
  /** From 1: no more calls than that. */
  count: number;
  /** Indices of i32 and i64 parameters that hold the callId, which is one more at each call. */
  callIdParams: number[];
  /** Shared memory: what follows are indices into it, and what another thread stores there with Atomics. */
  words: Int32Array;
  /** The word that is looked at after each call: no other one follows once it is not `expected` any more. */
  watched: number;
  expected: number;
  /** The word that is given the sequence of each call before it is made. */
  sequence: number;
}

/**
 * Records what crosses, in the binary format of records.js, without entering JavaScript where nothing is to be decided.
 * Written by the thread that runs the guest; drained by any thread.
 */
export class Recorder {
  constructor(options?: {
    /** `drain`'s listener is woken when this many bytes wait. Default 64 KiB. */
    wakeBytes?: number;
    /**
     * The recording thread waits for the drainer beyond this, if one is attached. Default 64 MiB. One record may be
     * larger: of a buffer, up to 64 MiB are captured.
     */
    maxPendingBytes?: number;
  });
  readonly sharedId: number;
  /** The memory whose bytes are captured; needed before the first recorded role import runs. */
  setMemory(memory: Memory): void;
  /** Sequence the next `call` gets. */
  readonly nextSequence: number;
  /**
   * Calls an export between callBegin and callEnd records; open meanwhile, so role imports find its argument, which is
   * copied. Throws as `Func.call`; nothing is recorded of a call with wrong arguments.
   */
  call(func: Func, params: WasmInput[], call: RecordedCall): WasmValue[];
  /**
   * Makes the same call several times, as `call` does without its hooks, and returns what the last one returned. That is
   * the first after which `count` is reached, the watched word has changed, JavaScript was entered, the memory of
   * `setMemory` has another size, or which did not return: then it throws as `call` does.
   */
  callRepeatedly(
    func: Func,
    params: WasmInput[],
    call: Omit<RecordedCall, 'entering' | 'returned'>,
    repeated: RepeatedCalls,
  ): WasmValue[];
  /** Replaces the argument of an open call, for later storeArgument crossings. */
  setArgument(sequence: number, argument: Uint8Array): void;
  /**
   * Writes a buffer record, for callbacks that do a role's work themselves. Copies from `setMemory`'s memory, or `bytes`
   * where they are given: of an array whose elements the guest keeps behind a handle, which `address` is then.
   */
  recordBuffer(buffer: {
    sequence: number;
    direction: 'argument' | 'result';
    address: number;
    size: number;
    captured: number;
    policy: SizePolicy['kind'] | 'host' | `elements-${ElementType}`;
    edited?: boolean;
    /** It is passed by the export's parameters or results, not through an import. */
    byExport?: boolean;
    bytes?: Uint8Array;
  }): void;
  /** Armed: the next crossing of import `index` enters its callback. */
  arm(index: number, armed: boolean): void;
  /** Overrides every `arm` while true: for pause and stepping. */
  armAll(armed: boolean): void;
  isArmed(index: number): boolean;
  /** Everything recorded since the last drain, whole records; null if nothing. */
  drain(): Uint8Array | null;
  dispose(): void;
}

/** The same objects seen from another thread (a worker that loaded this addon). They keep the original alive. */
export function attachEngine(sharedId: number): SharedEngine;
export function attachMemory(sharedId: number): SharedMemory;
export function attachRecorder(sharedId: number): SharedRecorder;
export interface SharedEngine {
  /**
   * Ends the guest that runs on the engine's thread, with every nested call; false when nothing ran. Cannot wake a
   * blocked host function: then the guest ends when that returns.
   */
  cancel(): boolean;
  dispose(): void;
}
export interface SharedMemory {
  readonly byteLength: number;
  /** Racy by nature while the guest runs: bytes may be mid-change. Clamped by nothing: @throws RangeError outside. */
  read(offset: number, length: number): Uint8Array;
  write(offset: number, bytes: Uint8Array): void;
  dispose(): void;
}
export interface SharedRecorder {
  arm(index: number, armed: boolean): void;
  armAll(armed: boolean): void;
  drain(): Uint8Array | null;
  /** Called on this thread (coalesced) when `wakeBytes` wait; null ends that. Does not keep this thread alive. */
  onData(listener: (() => void) | null): void;
  dispose(): void;
}
