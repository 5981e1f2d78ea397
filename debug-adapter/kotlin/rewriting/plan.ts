import type { ThrownLayout, WatchLayout } from '../../../protocol/rewriting.ts';
import type { Access, AccessPlan } from './access.ts';
import type { OffsetMap } from './offset-map.ts';

/** What is to be rewritten. Function indices count imported functions first; offsets are bytes in the file. */
export interface RewritePlan {
  /** Each function once, in any order. All others are copied without being decoded. */
  functions: readonly FunctionPlan[];
  /** Frames and locals are kept where the host can read them; absent: probes alone. */
  stack?: StackPlan;
  /** Functions are appended by which the host reads and writes objects of these types. */
  access?: AccessPlan;
  /** All functions are rewritten so that accesses to the module's memory 0 can be watched. Ignored where it has none of 32 bits. */
  memoryAccesses?: boolean;
  /**
   * What is thrown is kept, with the stack as it is there: exceptions whose tag carries one reference to the struct type of
   * that index. All functions that throw one are rewritten. Only with `stack`; ignored where there is no such tag.
   */
  exceptions?: { type: number };
}

export interface FunctionPlan {
  /** Of a function that the module defines. */
  functionIndex: number;
  /**
   * Where the guest can stop: before the operator that begins there, or else before the next one of the function. Where a
   * block closes nothing is done, and code may come from elsewhere: then before the operator that follows.
   */
  probes: readonly number[];
  /**
   * Where code goes on that begins at one of `probes`. It has a site only where nothing leads on from the place before: in
   * the second copy of a `finally`.
   */
  continuations?: readonly number[];
  /** Also sites before all operators, or before those at which a statement may begin. */
  every?: 'operator' | 'statement';
  /** Also a site before the function's first operator and before the first of each loop, so that a pause finds one. */
  pausePoints?: boolean;
  /** Indices of the locals (parameters first) whose values are kept. Only with `stack`. */
  locals?: readonly number[];
}

export interface StackPlan {
  /** Frames of rewritten functions from which on the next one calls the stop function with STACK_LIMIT_SITE. */
  depth: number;
}

/** The site number that the stop function gets where the stack has become too deep. */
export const STACK_LIMIT_SITE = -1;

/** The site number that the stop function gets after an access to memory that is watched. */
export const ACCESS_SITE = -2;

/** The site number that the stop function gets where an exception is about to be thrown. */
export const THROWN_SITE = -3;

/**
 * The site numbers that it gets before and after the guest calls a function of WASI, while anything is watched: those write
 * memory by themselves.
 */
export const WASI_CALL_SITE = -4;
export const WASI_RETURN_SITE = -5;

/** Kinds of accesses, as numbers that add up. */
export const ACCESS = { read: 1, write: 2 } as const;

/** A place where the guest can stop. */
export interface Site {
  /** What the stop function gets; 0, 1, 2, … in the order of offsets. */
  site: number;
  functionIndex: number;
  /** First byte of the operator that the probe precedes, in the original. */
  offset: number;
  /** One of `probes` or `continuations`; others are only there for `every` or `pausePoints`. */
  isPlanned: boolean;
}

/** A local whose value a frame keeps. */
export interface LocalSlot {
  /** Index of the local, parameters first. */
  local: number;
  /** `ref`: an `anyref`, in the table of references. */
  type: 'i32' | 'i64' | 'f32' | 'f64' | 'v128' | 'ref';
  /**
   * In units of 8 bytes from the frame's address: a number's bytes lie at `frame + 8 * slot` in the appended memory, a
   * reference at index `frame / 8 + slot` of the appended table.
   */
  slot: number;
  /**
   * Original offset from which on, reading the code from top to bottom, the local has been written: of a parameter its
   * function's first operator, of a local that is never written null. Before, it is zero or null. An edited value is
   * loaded back at sites, and after calls, from here on.
   */
  writtenFrom: number | null;
}

export interface RewrittenFunction {
  functionIndex: number;
  /** Bytes; 0 without `stack`. */
  frameSize: number;
  slots: readonly LocalSlot[];
}

/** Names of what the rewritten module exports besides what it did; chosen so that none collides. */
export interface AppendedExports {
  /** The memory that MemoryLayout describes. */
  memory: string;
  /** A table of one `funcref`: the host's stop function, `(site: i32) -> ()`. Empty, an armed site traps. */
  stopTable: string;
  /** A mutable `i32` global: the address after the innermost frame. Null without `stack`. */
  stackPointer: string | null;
  /** The table of `anyref` that holds the frames' references. Null where no local is one. */
  references: string | null;
}

/** Addresses in the appended memory. */
export interface MemoryLayout {
  /** A site is armed while the byte at `sitesAt + site` is not 0. */
  sitesAt: number;
  /** The first frame's address, and the stack pointer's first value. */
  stackAt: number;
}

export interface Rewritten {
  bytes: Uint8Array;
  sites: readonly Site[];
  functions: readonly RewrittenFunction[];
  exports: AppendedExports;
  memory: MemoryLayout;
  /** Null where the plan asks for none. */
  access: Access | null;
  /** Null where accesses cannot be watched. */
  watch: WatchLayout | null;
  /** Null where exceptions are not kept. */
  thrown: ThrownLayout | null;
  offsets: OffsetMap;
}
