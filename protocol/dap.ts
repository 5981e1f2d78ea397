/**
 * Names and bodies that the debug adapter adds to standard DAP messages and events; the custom requests are in
 * boundary.ts.
 */

/**
 * Key in `body.error.variables` of a failed `launch` or `restart`: a Problem (inspection.ts) as JSON text, so that a
 * client can put a button beside the message. DAP allows only strings there.
 */
export const PROBLEM_VARIABLE = 'problem';

/** Event: a pause found no crossing to stop at within a second. The message has gone out as `output` too. */
export const PAUSE_UNANSWERED_EVENT = 'boundary/pauseUnanswered';
export interface PauseUnanswered {
  /** One sentence which says that Terminate ends the guest. */
  message: string;
  /** The innermost running call; null in _start or _initialize. */
  sequence: number | null;
}

/** Event: BoundaryChanged (boundary.ts). */
export const BOUNDARY_CHANGED_EVENT = 'boundary/changed';

/** Event: BoundarySearching (boundary.ts). */
export const BOUNDARY_SEARCHING_EVENT = 'boundary/searching';

/** Memory reference of the guest's linear memory, from address 0. */
export const LINEAR_MEMORY_REFERENCE = 'memory';
