import type { CallSummary } from '../../protocol/boundary.ts';

/** Which call the inspector shows, and whether it goes along with the session. */
export interface Selection {
  /** Sequence of the chosen call. */
  sequence: number | null;
  /** The current stop's call is chosen whenever it changes. */
  follow: boolean;
}

/**
 * What is chosen after the session has told something new.
 * @param current call of the current stop; null while the guest runs and after the end
 */
export function followed(
  selection: Selection,
  session: { current: number | null; total: number; ended: boolean },
): Selection {
  if (selection.sequence !== null && selection.sequence >= session.total)
    return followed({ ...selection, sequence: null }, session);
  if (!selection.follow) return selection;
  if (session.current !== null) return { ...selection, sequence: session.current };
  // A session that never stopped: its last call is better than nothing.
  if (session.ended && selection.sequence === null && session.total > 0)
    return { ...selection, sequence: session.total - 1 };
  return selection;
}

/** How deep a call is nested in others; a caller that is not loaded yet counts as outermost. */
export function depthOf(call: CallSummary, callOf: (sequence: number) => CallSummary | undefined): number {
  let depth = 0;
  for (let parent = call.parent; parent !== undefined; parent = callOf(parent)?.parent) depth++;
  return depth;
}
