import type {
  BoundarySearching,
  CallOrder,
  CallSummary,
  CapturedBuffer,
  CallStatus,
  Crossing,
  DecodedNode,
  Direction,
  Finding,
  HandedOverBuffer,
  OfferedDecoder,
} from './boundary.ts';
import type {
  CallDifference,
  ComparedSide,
  CompareTarget,
  DifferenceCount,
  LedgerComparison,
} from './comparing.ts';
import type { TypedValue } from './values.ts';

/**
 * Messages between the extension and the call inspector. Contents of any size go in pages, so that a buffer of many
 * megabytes costs the view only what it shows. Every request is answered by the `answer…` with its `id`.
 */

export type SessionState = 'running' | 'stopped' | 'ended';

export interface InspectedSession {
  id: string;
  name: string;
  state: SessionState;
  /** Once the session has ended: how many of its calls were kept whole, where that is not all of them. */
  kept?: { calls: number; whole: number };
  /** Path of the saved ledger that is shown: it has no guest, and counts as ended. */
  saved?: string;
}

/** A node of a decoded value without its children, which are fetched by path. */
export interface TreeNode extends Omit<DecodedNode, 'children'> {
  childCount: number;
}

/** A captured buffer without its contents. */
export interface BufferHead extends Omit<CapturedBuffer, 'data' | 'text' | 'tree' | 'original'> {
  /** Length of the decoded text in UTF-16 code units. */
  textLength: number;
  tree: TreeNode | null;
  /** 0, 1, 2, … among the call's buffers of its direction. */
  index: number;
  /** How many the call has of its direction. */
  count: number;
  /** No other buffer of the call was handed over later. */
  isNewest: boolean;
  /** Bytes that the buffer had before it was edited; absent where nobody did. */
  originalSize?: number;
  /** Those are only the first: of a large buffer the others are not kept at hand. */
  isOriginalCut?: true;
}

/** A call as the inspector shows it; `view` names this immutable snapshot of it in requests for its contents. */
export interface CallView {
  view: number;
  sequence: number;
  callId: number | string;
  export: string;
  status: CallStatus;
  startMicros: number;
  durationMicros?: number;
  parent?: number;
  params: TypedValue[];
  returns: TypedValue[];
  crossingCount: number;
  /** Buffers that the call handed over, of which `argument` and `result` are shown. */
  bufferCount: number;
  findings: Finding[];
  reason?: string;
  argument?: BufferHead;
  result?: BufferHead;
  /** Why buffers are not there although the call had some (they were not kept after the session's end). */
  notKept?: string;
}

/** Which decoder to use for each buffer; the call's own choice where absent. */
export type DecoderChoice = Partial<Record<Direction, string>>;

/** Which of a call's buffers to show (`HandedOverBuffer.index`); the latest of its direction where absent. */
export type BufferChoice = Partial<Record<Direction, number>>;

/** A column of the list that shows a part of the decoded value. */
export interface PickedColumn {
  direction: Direction;
  /** Names of the nodes from the root's child on: `$.user.id` is `["user", "id"]`. */
  names: string[];
}

/** A buffer of a call that is still open: its bytes may lie in linear memory. */
export interface LiveBuffer {
  sequence: number;
  callId: number | string;
  export: string;
  direction: Direction;
  /** Byte address in linear memory. */
  address: number;
  /** Bytes. */
  size: number;
}

/** Where the guest stops, by the decoded value: a condition of the filter `storeArgument` or `returnResult`. */
export interface StopCondition {
  id: number;
  export: string;
  direction: Direction;
  /** The part of the decoded value, by names from the root's child on; none for the whole. */
  names: string[];
  /** As JavaScript writes it. */
  value: string;
  /** JavaScript over the names that conditions know. */
  expression: string;
}

/** A change of a buffer at a stop: its bytes, or its whole value as an expression of the adapter. */
export type BufferEdit =
  | {
      kind: 'bytes';
      /** Offset in the buffer. */
      start: number;
      bytes: number[];
    }
  | { kind: 'value'; expression: string };

/** The calls of a range of time. */
export interface TimelinePart {
  /** In the order of their beginning, after those around them that began earlier. */
  calls: CallSummary[];
  /** Calls in the range that are not among them. */
  omitted: number;
  /** µs at which the last call that is known ended. */
  end: number;
}

/** How bytes are copied; `utf-8` is the bytes as text. */
export type CopyFormat = 'hex' | 'c' | 'kotlin' | 'rust' | 'json' | 'base64' | 'utf-8';

/** What is searched for: text as UTF-8, hexadecimal digits with `?` for any, or a name or value of the decoded tree. */
export interface FindRequest {
  kind: 'text' | 'hex' | 'value';
  text: string;
  /** Bytes: where the search begins. */
  from: number;
  /** For `value`: the node after which it begins, by indices of children. */
  after: number[] | null;
  backwards: boolean;
}

/** Rows of a text at the width that was asked for. */
export interface TextPage {
  /** Rows of the whole text. */
  total: number;
  rows: string[];
  /** For each row the indices of U+FFFD that stand for bytes which could not be read. */
  replaced: number[][];
}

/** Where something was found. */
export interface Found {
  /** `[start, end)` in bytes; absent for a node whose bytes are not known. */
  range?: [number, number];
  /** The node, by indices of children. */
  path?: number[];
  /** The search went on from the other end. */
  wrapped: boolean;
}

export type ToWebview =
  /** `shown`: the session whose calls the view shows; null before the first session. */
  | { type: 'sessions'; sessions: InspectedSession[]; shown: string | null }
  | {
      type: 'changed';
      total: number;
      /** Sequence of the call at which the session is stopped. */
      current: number | null;
      /** Bytes of linear memory now, and when it was first seen. */
      memoryBytes?: number;
      firstMemoryBytes?: number;
    }
  | { type: 'decoders'; decoders: OfferedDecoder[] }
  /** Two sessions are being compared: so many of the shown one's calls have been looked at. */
  | { type: 'comparingLedgers'; done: number; total: number }
  /** The search for calls goes on: so many have been looked at. */
  | ({ type: 'searching' } & BoundarySearching)
  /** Decoders that were chosen in the view in earlier sessions, by export. */
  | { type: 'remembered'; decoders: Record<string, DecoderChoice> }
  /** All of them, whenever one comes or goes. */
  | { type: 'conditions'; conditions: StopCondition[] }
  | { type: 'reveal'; sequence: number; direction?: Direction }
  | { type: 'answerCalls'; id: number; start: number; total: number; calls: CallSummary[] }
  | { type: 'answerCall'; id: number; call: CallView }
  | { type: 'answerBytes'; id: number; bytes: Uint8Array }
  | ({ type: 'answerText'; id: number } & TextPage)
  /** The buffer as all of it decodes. */
  | { type: 'answerDecoded'; id: number; buffer: BufferHead }
  | { type: 'answerTree'; id: number; nodes: TreeNode[] }
  | { type: 'answerCrossings'; id: number; crossings: Crossing[] }
  | { type: 'answerBuffers'; id: number; buffers: HandedOverBuffer[] }
  | { type: 'answerProblem'; id: number; sequence: number | null }
  /** One value for each sequence that was asked for; null where the call has none. */
  | { type: 'answerColumn'; id: number; values: (string | null)[] }
  /** `size`: bytes of linear memory. `compared`: whether bytes can be marked that were others at the last stop. */
  | { type: 'answerMemoryState'; id: number; size: number; compared: boolean; buffers: LiveBuffer[] }
  /** `changed`: indices of bytes that were others at the last stop. */
  | { type: 'answerMemory'; id: number; bytes: Uint8Array; changed: number[] }
  | { type: 'answerEdit'; id: number }
  | { type: 'answerCondition'; id: number }
  | { type: 'answerWholeText'; id: number; text: string }
  /** For each sequence that was asked for: `[start, duration]` of its crossings in µs, the first of them. */
  | { type: 'answerHostTimes'; id: number; crossings: [number, number][][] }
  | { type: 'answerTimeline'; id: number; part: TimelinePart }
  | { type: 'answerFind'; id: number; found: Found | null }
  /** `path`: the innermost node that holds the bytes; null where none does. */
  | { type: 'answerNodeAt'; id: number; path: number[] | null }
  /** `comparison` names the pair in requests about it, until another is compared. */
  | { type: 'answerCompared'; id: number; comparison: number; sides: [ComparedSide, ComparedSide] }
  | { type: 'answerComparedBytes'; id: number; bytes: Uint8Array }
  | { type: 'answerDifferenceCount'; id: number; count: DifferenceCount }
  /** `[start, end)` in bytes; null where nothing differs. */
  | { type: 'answerDifference'; id: number; range: [number, number] | null }
  | { type: 'answerLedgerComparison'; id: number; comparison: LedgerComparison }
  | { type: 'answerLedgerDifferences'; id: number; differences: CallDifference[] }
  | { type: 'answerError'; id: number; message: string };

/** What the inspector asks for; the extension answers each, with `answerError` if need be. */
export type WebviewRequest =
  | { type: 'requestCalls'; id: number; start: number; count: number; query?: string; sort?: CallOrder }
  /** The next call with findings after `from` (a sequence; -1 for the first), or the one before it. */
  | { type: 'requestProblem'; id: number; from: number; direction: 'next' | 'previous' }
  | {
      type: 'requestColumn';
      id: number;
      column: PickedColumn;
      sequences: number[];
      /** By export. */
      decoders: Record<string, DecoderChoice>;
    }
  | { type: 'requestCall'; id: number; sequence: number; decoders?: DecoderChoice; buffers?: BufferChoice }
  | {
      type: 'requestBytes';
      id: number;
      view: number;
      direction: Direction;
      /** Bytes. */
      start: number;
      count: number;
      /** The bytes before the buffer was edited are meant. */
      original?: true;
    }
  | {
      type: 'requestText';
      id: number;
      view: number;
      direction: Direction;
      /** Width of a row in characters of the code font: longer lines are continued on the next row. */
      columns: number;
      start: number;
      count: number;
    }
  /** Decodes all of a buffer whose `isBeginning` is true; text and tree are of all of it from then on. */
  | { type: 'requestDecoded'; id: number; view: number; direction: Direction }
  | {
      type: 'requestTree';
      id: number;
      view: number;
      direction: Direction;
      /** Indices of children, from the root. */
      path: number[];
      start: number;
      count: number;
    }
  | { type: 'requestCrossings'; id: number; view: number; start: number; count: number }
  /** The call's buffers in the order of their crossings. */
  | { type: 'requestBuffers'; id: number; view: number; start: number; count: number }
  /** Reads linear memory as it is at the stop, for the `requestMemory` that follow. */
  | { type: 'requestMemoryState'; id: number }
  | { type: 'requestMemory'; id: number; address: number; count: number }
  /** Changes a buffer of the stop's call where it lies in linear memory. */
  | { type: 'requestEdit'; id: number; view: number; direction: Direction; edit: BufferEdit }
  /** From now on the guest stops only where this part of the decoded value is as it is here. */
  | { type: 'requestCondition'; id: number; view: number; direction: Direction; names: string[] }
  /** The decoded text, to be edited; refused where it is too long for that. */
  | { type: 'requestWholeText'; id: number; view: number; direction: Direction }
  /** When these calls were in the host; of no more than 200 at once. */
  | { type: 'requestHostTimes'; id: number; sequences: number[] }
  /** µs since the session's first call. */
  | { type: 'requestTimeline'; id: number; from: number; to: number }
  | ({ type: 'requestFind'; id: number; view: number; direction: Direction } & FindRequest)
  | {
      type: 'requestNodeAt';
      id: number;
      view: number;
      direction: Direction;
      /** `[start, end)` in bytes. */
      range: [number, number];
    }
  /** Puts two buffers beside each other. Memory is read as it is now. */
  | { type: 'requestCompared'; id: number; targets: [CompareTarget, CompareTarget] }
  | {
      type: 'requestComparedBytes';
      id: number;
      comparison: number;
      side: 0 | 1;
      start: number;
      count: number;
    }
  | { type: 'requestDifferenceCount'; id: number; comparison: number }
  /** The first place that begins after the byte `from` (-1: from the beginning), or the last before it; goes round. */
  | { type: 'requestDifference'; id: number; comparison: number; from: number; backwards: boolean }
  /** Compares the calls of the shown session with those of another; rejects where it is cancelled. */
  | { type: 'requestLedgerComparison'; id: number; session: string }
  /** Of the pair that was compared last. */
  | { type: 'requestLedgerDifferences'; id: number; start: number; count: number };

export type FromWebview =
  | { type: 'ready' }
  | { type: 'chooseSession'; session: string }
  /** Takes a saved ledger out of the view. */
  | { type: 'closeSaved'; session: string }
  | WebviewRequest
  | { type: 'openMemory'; view: number; direction: Direction }
  /** `text` is the decoded text; the others are of the bytes, or of `[start, end)` of them. */
  | {
      type: 'copy';
      view: number;
      direction: Direction;
      what: 'text' | CopyFormat;
      range?: [number, number];
    }
  /** Asks where to save the bytes, or `[start, end)` of them. */
  | { type: 'save'; view: number; direction: Direction; range?: [number, number] }
  /** Gives up decoding all of a buffer. */
  | { type: 'cancelDecoding'; view: number; direction: Direction }
  /** Gives up comparing two sessions. */
  | { type: 'cancelComparing' }
  /** Asks for a saved ledger and opens it. */
  | { type: 'openSaved' }
  /** Asks where to save the session as a Chrome trace. */
  | { type: 'exportTrace' }
  /** Decoders by export, to be kept for later sessions. */
  | { type: 'remember'; decoders: Record<string, DecoderChoice> }
  /** Takes a condition away. */
  | { type: 'removeCondition'; condition: number }
  | { type: 'openLocation'; path: string; line: number };
