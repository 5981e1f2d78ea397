import type { DecodedAnswers, DecodedAsk } from './decoded.ts';
import type { TypedValue } from './values.ts';

/** What an import does in the callId protocol (design.md §2). */
export type Role = 'storeArgument' | 'returnResult';

/** Which of a call's two buffers is meant. */
export type Direction = 'argument' | 'result';

/**
 * How the length of a buffer is known: a parameter of the import, a little-endian u32 before the bytes, a NUL
 * after them, a fixed number of bytes, or not at all (then at most 256 bytes are captured).
 * `host` is for arguments: the host knows how many bytes it stores.
 */
export type SizePolicy = 'param' | 'u32le-prefix' | 'nul' | { fixed: number } | 'unknown';
/** Type of the elements of an array that the guest keeps behind a handle: they are shown little-endian. */
export type ElementType = 'i8' | 'u8' | 'i16' | 'u16' | 'i32' | 'u32' | 'i64' | 'u64' | 'f32' | 'f64';
/** With `elements`, the buffer does not lie in memory, and its `address` is the array's handle. */
export type CapturedSizePolicy = SizePolicy | 'host' | { elements: ElementType };

export type CallStatus = 'running' | 'returned' | 'trapped' | 'cancelled';

/** A buffer in a list: where it lay, how long it is, and the beginning of its decoded text. */
export interface BufferSummary {
  /** Byte address in the guest's linear memory at the crossing. */
  address: number;
  /** The buffer is an array that the guest keeps behind a handle: `address` is that handle, and no place in memory. */
  behindHandle?: true;
  /** Bytes. */
  size: number;
  /** At most 80 characters of `text`, with an ellipsis where cut. */
  preview: string;
}

/** One node of a decoded value. */
export interface DecodedNode {
  /** Property name or index; empty at the root. */
  name: string;
  /** The value as one line of text. */
  value: string;
  type: string;
  /** `[start, end)` in bytes of the buffer, where the decoder knows it. */
  range?: [number, number];
  children?: DecodedNode[];
}

/** A whole buffer, copied inside the callback. */
export interface CapturedBuffer extends BufferSummary {
  direction: Direction;
  sizePolicy: CapturedSizePolicy;
  /** Bytes that were copied: fewer than `size` where the size is unknown or the memory ended. */
  captured: number;
  /** The captured bytes, base64; the first `maxBytes` of them where a request says so. */
  data: string;
  /** The decoder that made `text` and `tree`, e.g. `utf-8`. */
  decoder: string;
  /** Why that decoder: `"auto: …"`, `"launch configuration"` or `"chosen here"`. */
  decoderReason: string;
  /** The decoded characters unchanged, without length prefix or NUL, never pretty-printed. */
  text: string;
  /** What the decoder could not read, with the byte offset; absent where all is well. */
  decodeError?: string;
  /** The bytes that the decoder could not read: `[start, end)` in order, at most 1000; absent where it does not know. */
  invalid?: [number, number][];
  tree?: DecodedNode;
  /** Text and tree are of the bytes in `data`, which are the first: `boundary/decoded` gives those of all. */
  isBeginning?: true;
  /** True when a person changed the bytes at a stop. */
  edited: boolean;
  /** What the bytes were before the first edit, base64; absent where nobody changed them. */
  original?: string;
  /** DAP memory reference of the captured copy: answered after the guest has ended too. */
  memoryReference: string;
}

/** One of the buffers that a call handed over, without its bytes. */
export interface HandedOverBuffer extends BufferSummary {
  /** Its role: an argument that the guest got, or a result, or a part of one, that it returned. */
  direction: Direction;
  /** 0, 1, 2, … among the call's buffers of this direction, in the order of their crossings. */
  index: number;
  sizePolicy: CapturedSizePolicy;
  edited: boolean;
  memoryReference: string;
}

/**
 * What `debug-adapter.js decode` reads as one JSON line from standard input; it prints the `CapturedBuffer` with another
 * decoder's `text`, `tree` and `preview`. For calls that are shown after their session's adapter has gone.
 */
export interface DecodeRequest {
  buffer: CapturedBuffer;
  /** An id of `boundary/decoders`. */
  decoder: string;
  /** The call that the buffer belongs to: a person's own decoder is told of it. */
  call?: Pick<Call, 'sequence' | 'callId' | 'export'>;
}

/** What `debug-adapter.js condition` reads as one JSON line; it prints a `FieldCondition`. */
export interface ConditionRequest {
  /** The buffer's bytes, base64. */
  data: string;
  /** The decoder that conditions see the buffer with: the one that the launch configuration gives it. */
  decoder: string;
  direction: Direction;
  export: string;
  /** The part of the decoded value, by names from the root's child on; none for the whole. */
  names: string[];
}

/** Holds where a part of a decoded buffer has a value. */
export interface FieldCondition {
  /** The exception filter that it is a condition of. */
  filter: Role;
  /** JavaScript, which throws for no call. */
  expression: string;
  /** The value that is compared with, as JavaScript writes it. */
  value: string;
}

/** What the boundary checks look for; README.md says what each means. */
export type FindingCode =
  | 'pointer-outside-memory'
  | 'length-outside-memory'
  | 'argument-too-large'
  | 'no-argument'
  | 'call-not-open'
  | 'call-id-reused'
  | 'result-returned-twice'
  | 'result-missing'
  | 'result-for-another-call'
  | 'buffers-overlap'
  | 'length-mismatch'
  | 'invalid-text'
  | 'use-after-scope'
  | 'memory-grows'
  | 'result-unchanged';

/** Something the boundary checks found on a call. */
export interface Finding {
  /** A `FindingCode`, or the code of what a host function threw. */
  code: string;
  /** What happened, where, and what to do. */
  message: string;
  severity: 'error' | 'warning' | 'info';
  /** The Kotlin declaration of the import or export that it is about, where the source map leads there; line from 1. */
  location?: { path: string; line: number };
}

/** Findings of one code about one import or export. */
export interface FindingGroup {
  /** The first of them. */
  finding: Finding;
  /** Its call. */
  sequence: number;
  /** Calls that have one. */
  count: number;
}

export interface CallSummary {
  /** 0, 1, 2, … in a session, never reused. */
  sequence: number;
  /** The host's id; a decimal string for an i64 beyond 2^53. May be reused by the host. */
  callId: number | string;
  export: string;
  status: CallStatus;
  /** µs since the runner started the session's first call. */
  startMicros: number;
  /** µs; absent while running. */
  durationMicros?: number;
  argument?: BufferSummary;
  result?: BufferSummary;
  /** Number of findings, so that a list can mark the call. */
  problems: number;
  /** Sequence of the call inside which this one was made; absent at the outermost level. */
  parent?: number;
}

/** One transition between guest and host while a call was open. */
export interface Crossing {
  /** `module.name` of the import. */
  import: string;
  role?: Role;
  params: TypedValue[];
  results: TypedValue[];
  startMicros: number;
  durationMicros?: number;
}

export interface Call extends Omit<CallSummary, 'argument' | 'result'> {
  params: TypedValue[];
  returns: TypedValue[];
  crossings: Crossing[];
  /** Crossings beyond those that the ledger keeps of one call (the first 10,000); absent where all are there. */
  crossingsOmitted?: number;
  /** The latest of each direction, or the one that was asked for. */
  argument?: CapturedBuffer;
  result?: CapturedBuffer;
  /**
   * All of them, in the order of their crossings: a call may have several arguments, or its result in parts. Where
   * `crossingsOmitted` is there, those of the crossings that are kept, and the newest.
   */
  buffers: HandedOverBuffer[];
  findings: Finding[];
  /** Why a call that trapped or was cancelled ended, as one sentence. */
  reason?: string;
}

/** In what two calls can differ. */
export type CallAspect = 'callId' | 'status' | 'parameters' | 'argument' | 'result' | 'returns' | 'findings';

/** What one call had in one direction, so that it can be compared without its bytes. */
export interface BufferFingerprint {
  /** Bytes in the guest, of all buffers of the direction together. */
  size: number;
  /** SHA-256 over their lengths and bytes, base64; absent where the bytes are not known. */
  digest?: string;
}

/** What a call was, briefly: two calls of different sessions were alike where these are equal, times and places apart. */
export interface CallFingerprint {
  sequence: number;
  callId: number | string;
  export: string;
  status: CallStatus;
  /** Types and values, as text. Absent where they are not known. */
  params?: string;
  returns?: string;
  argument?: BufferFingerprint;
  result?: BufferFingerprint;
  /** Codes, in their order; absent where they are not known. */
  findings?: string[];
}

/** A column that calls are listed by. */
export type CallColumn =
  'sequence' | 'callId' | 'export' | 'status' | 'duration' | 'argumentSize' | 'resultSize' | 'problems';

/** Calls that have nothing in the column (no such buffer, still running) come last; equal ones by their sequence. */
export interface CallOrder {
  by: CallColumn;
  descending?: boolean;
}

/** A decoder in a menu. */
export interface OfferedDecoder {
  id: string;
  label: string;
  /** Heading under which it is listed; those without one come first. */
  group?: string;
}

/** DAP custom requests and events beyond the standard (design.md §6). */
export interface BoundaryRequests {
  /** Calls `start` to `start + count` of those that match; `total` is how many match. */
  'boundary/calls': {
    /** `query`: see protocol/call-query.ts. In the order of their sequence where `sort` is left out. */
    arguments: { start: number; count: number; query?: string; sort?: CallOrder };
    body: { total: number; calls: CallSummary[] };
  };
  /** The next call with findings after `from` (a sequence; -1 for the first), or the one before it. */
  'boundary/findProblem': {
    arguments: { from: number; direction: 'next' | 'previous' };
    body: { sequence: number | null };
  };
  'boundary/call': {
    /**
     * `decoders` overrides the decoder, and `buffers` says which buffer is meant (its index), for this answer only. Of buffers
     * with more than `maxBytes`, the answer has only the first `beginning` (`maxBytes` where left out, and at most),
     * decoded: `decodeError` says so, and `readMemory` of their `memoryReference` gives the rest.
     */
    arguments: {
      sequence: number;
      maxBytes?: number;
      beginning?: number;
      decoders?: Partial<Record<Direction, string>>;
      buffers?: Partial<Record<Direction, number>>;
    };
    body: { call: Call };
  };
  /** Calls `start` to `start + count` in the order of their sequence, to be compared with those of another session. */
  'boundary/fingerprints': {
    arguments: { start: number; count: number };
    body: { total: number; calls: CallFingerprint[] };
  };
  /** All findings of the session, one entry a code and function, in the order in which they were found first. */
  'boundary/problems': {
    arguments: Record<string, never>;
    body: { groups: FindingGroup[] };
  };
  /** Which call a stack frame of the current stop belongs to; null for a frame outside any call. */
  'boundary/locate': {
    arguments: { frameId: number };
    body: { sequence: number | null };
  };
  /**
   * Reads a part of what all of a captured buffer decodes to. Large ones are decoded in a thread of their own: `cancel` gives
   * that up. `decoder` overrides the call's own.
   */
  'boundary/decoded': {
    arguments: { memoryReference: string; decoder?: string; ask: DecodedAsk };
    body: DecodedAnswers[keyof DecodedAnswers];
  };
  /** The decoders that the view can offer. */
  'boundary/decoders': {
    arguments: Record<string, never>;
    body: { decoders: OfferedDecoder[] };
  };
}
export type BoundaryCommand = keyof BoundaryRequests;

/** Body of the `boundary/changed` event, sent at most 20 times a second. */
export interface BoundaryChanged {
  total: number;
  /** Calls with findings; absent where there are none. */
  problems?: number;
  /** The call at which the session is stopped now; null while it runs. */
  current: number | null;
  /** Linear memory now, in bytes, where known: WasmEdge reclaims nothing, so growth is shown. */
  memoryBytes?: number;
}

/** Body of the `boundary/searching` event, sent four times a second while a query of `boundary/calls` goes on. */
export interface BoundarySearching {
  query: string;
  /** Calls that have been looked at, of so many. */
  done: number;
  total: number;
}
