import type { CallAspect, CallStatus, Direction } from './boundary.ts';

/** Which bytes are compared: a buffer of a call, or what lies in memory where it was. */
export interface CompareTarget {
  /** Of the call; the session that is shown where absent. */
  session?: string;
  sequence: number;
  direction: Direction;
  /** Which of the call's buffers of this direction; the latest where absent. */
  index?: number;
  memoryNow?: boolean;
}

/** One of two buffers that are compared, without its bytes. */
export interface ComparedSide {
  title: string;
  /** Byte address in linear memory; 0 for what does not lie there. */
  address: number;
  /** Bytes. */
  size: number;
}

/** How much of two buffers differs: bytes at the same offset, and what only the longer one has. */
export interface DifferenceCount {
  bytes: number;
  /** Runs of such bytes. */
  places: number;
}

/** A call of one of two sessions that are compared. */
export interface ComparedCall {
  sequence: number;
  callId: number | string;
  export: string;
  status: CallStatus;
  /** Directions in which it handed over a buffer. */
  buffers: Direction[];
}

/** Two calls that belong together and are not the same, or one that has no partner. At least one is there. */
export interface CallDifference {
  left: ComparedCall | null;
  right: ComparedCall | null;
  /** In what they differ; empty where one is missing. */
  differs: CallAspect[];
}

/** What comparing the calls of two sessions found. Left is the session that is shown. */
export interface LedgerComparison {
  /** Calls of each. */
  leftCalls: number;
  rightCalls: number;
  same: number;
  differing: number;
  onlyLeft: number;
  onlyRight: number;
  /** Among `same`: pairs of which only the sizes of the buffers are known to be the same, as their bytes were not kept. */
  bySizeOnly: number;
  /** Differences that are listed: the first of them. */
  listed: number;
}
