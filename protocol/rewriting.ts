/** Addresses in the appended memory for watching linear memory. Numbers are `i32`, little-endian. */
export interface WatchLayout {
  /** The byte that is 1 while anything is watched. */
  watchingAt: number;
  /** First and last address that are watched, and which accesses: 1 reads, 2 writes, 3 both. */
  rangeAt: number;
  /** Of the access for which the stop function is called: first address, bytes, and 1 for a read or 2 for a write. */
  accessAt: number;
}

/** What is kept of the exception that was thrown last. Addresses are in the appended memory. */
export interface ThrownLayout {
  /** The byte that is 1 while the stop function is to be called with THROWN_SITE (debug-adapter/kotlin/rewriting/plan.ts) before each exception that is thrown. */
  stoppingAt: number;
  /** The byte that is 1 while nothing is to be kept. */
  quietAt: number;
  /** The byte that is 1 from where it is thrown until a rewritten function catches it. */
  flyingAt: number;
  /** An `i32`: the stack pointer where it was thrown; 0 before the first one. */
  keptAt: number;
  /** Export `(handle: i32) -> ()`: puts the exception, or null, at a handle (see access.ts there). Null without `access`. */
  take: string | null;
  /**
   * Export `(from: i32) -> ()`: gives the stack the frames back that it had where the exception was thrown, those that lie
   * from that address on. Nothing happens where there were none.
   */
  rewind: string;
}
