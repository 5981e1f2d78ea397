import type { Found } from './finding.ts';
import { buffersOverlap } from './buffers-overlap.ts';
import { callIdReused } from './call-id-reused.ts';
import { invalidText } from './invalid-text.ts';
import { lengthMismatch } from './length-mismatch.ts';
import type { BoundaryFunctions, CrossedBuffer, OpenCall } from './open-call.ts';
import { resultForAnotherCall } from './result-for-another-call.ts';
import { resultMissing } from './result-missing.ts';
import { resultReturnedTwice } from './result-returned-twice.ts';

/** A buffer as a record or a crossing tells of it. */
export type SeenBuffer = Omit<CrossedBuffer, 'call' | 'running' | 'import'> & {
  /** Sequence of the call whose buffer it is. */
  sequence: number;
  /** A person changed it at a stop: it is looked at no more. */
  edited: boolean;
};

const NOTHING: readonly Found[] = [];

/** What is looked for at each buffer. */
const CHECKS: readonly ((buffer: CrossedBuffer, open: readonly OpenCall[]) => Found | null)[] = [
  resultForAnotherCall,
  resultReturnedTwice,
  lengthMismatch,
  invalidText,
  buffersOverlap,
];

/**
 * Checks the calls of one run as they go by: told of each begin, buffer and end, in order, it answers with what is wrong
 * there. The adapter feeds it the recorder's records; the runner feeds it crossings where it may have to stop.
 */
export class BoundaryWatch {
  readonly #functions: BoundaryFunctions;
  /** Outermost first. */
  readonly #open: OpenCall[] = [];

  constructor(functions: BoundaryFunctions) {
    this.#functions = functions;
  }

  begin(sequence: number, callId: bigint, exportIndex: number): readonly Found[] {
    const call: OpenCall = {
      sequence,
      callId,
      exportIndex,
      planned: this.#functions.exports[exportIndex],
      argument: null,
      result: null,
      results: 0,
    };
    const found = this.#open.length > 0 ? callIdReused(call, this.#open, this.#functions) : null;
    this.#open.push(call);
    return found ? [found] : NOTHING;
  }

  /** What is wrong is found on the innermost call. */
  buffer(seen: SeenBuffer): readonly Found[] {
    const call = this.#open.findLast(({ sequence }) => sequence === seen.sequence);
    const running = this.#open.at(-1);
    if (!call || !running) return NOTHING;
    const planned = seen.importIndex === null ? undefined : this.#functions.imports[seen.importIndex];
    const { direction, edited, address, size } = seen;
    const { policy, importIndex, sizeParameter } = seen;
    // Written out: this is done for every buffer of a session, and spreading takes longer than all the checks.
    const buffer: CrossedBuffer = {
      direction,
      address,
      size,
      policy,
      importIndex,
      sizeParameter,
      bytes: seen.bytes,
      call,
      running,
      import: planned,
    };
    const found = edited ? NOTHING : this.#check(buffer);
    if (!policy.startsWith('elements-')) call[direction] = { address, size };
    if (direction === 'result' && !edited) call.results += 1;
    return found;
  }

  #check(buffer: CrossedBuffer): readonly Found[] {
    let found: Found[] | undefined;
    for (const check of CHECKS) {
      const each = check(buffer, this.#open);
      if (each) (found ??= []).push(each);
    }
    return found ?? NOTHING;
  }

  /** @param returned whether the guest returned; else it trapped or was ended */
  end(sequence: number, returned: boolean): readonly Found[] {
    if (this.#open.length === 0) return NOTHING;
    const index = this.#open.findLastIndex((call) => call.sequence === sequence);
    const [call] = index < 0 ? [] : this.#open.splice(index);
    const found = call && returned ? resultMissing(call, this.#functions) : null;
    return found ? [found] : NOTHING;
  }

  /** Sequence of the innermost open call; null where there is none. */
  get running(): number | null {
    return this.#open.at(-1)?.sequence ?? null;
  }
}
