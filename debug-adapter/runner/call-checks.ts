import type { FoundAt } from '../../protocol/runner.ts';
import { BoundaryWatch } from '../boundary/checks/boundary-watch.ts';
import type { Found } from '../boundary/checks/finding.ts';
import type { BufferPlace, CallFrame, ImportFrame, PassedBuffer } from './frames.ts';
import { GivenMemory } from './given-memory.ts';
import type { Guest } from './guest.ts';
import { MemoryGrowth } from './memory-growth.ts';
import { MemorySnapshots } from './memory-snapshots.ts';
import { unsigned } from './values.ts';

const NOTHING: readonly Found[] = [];

/**
 * The boundary checks of the runner: those for which the records do not tell enough, always; and those of the records
 * while something may stop at them, as the records reach the adapter too late for that.
 */
export class CallChecks {
  readonly given: GivenMemory;
  readonly #growth: MemoryGrowth;
  /** Null unless the configuration asks for them. */
  readonly #snapshots: MemorySnapshots | null;
  readonly #watch: BoundaryWatch;
  #watching = false;

  constructor(guest: Guest) {
    this.given = new GivenMemory();
    this.#growth = new MemoryGrowth(() => guest.memory?.size ?? 0);
    this.#snapshots = guest.plan.snapshots ? new MemorySnapshots(() => guest.memory) : null;
    this.#watch = new BoundaryWatch(guest.plan);
  }

  /** Whether what the records show is looked for, too: in calls that begin from now on. */
  set watching(watching: boolean) {
    this.#watching = watching;
  }

  /** Whether each call has to be told of. */
  get seesEach(): boolean {
    return this.#watching || this.#snapshots !== null;
  }

  /** A call of an export that was not told of has left memory as large as it was. */
  memoryKept(index: number): void {
    this.#growth.kept(index);
  }

  begins(call: CallFrame): readonly Found[] {
    this.#growth.begins(call);
    this.#snapshots?.begins(call);
    return this.#watching ? this.#watch.begin(call.sequence, BigInt(call.callId), call.index) : NOTHING;
  }

  /** A role's work has been done. */
  crossed(frame: ImportFrame, innermost: CallFrame | null): readonly Found[] {
    const { role, call } = frame;
    const place = role?.place;
    if (!this.#watching || !call || !place || innermost?.sequence !== this.#watch.running) return NOTHING;
    const direction = role.role.role === 'storeArgument' ? 'argument' : 'result';
    const { size, sizePolicy } = role.role;
    return this.#watch.buffer({
      ...place,
      sequence: call.sequence,
      direction,
      edited: false,
      importIndex: frame.index,
      policy: typeof sizePolicy === 'object' ? 'fixed' : (sizePolicy ?? 'param'),
      sizeParameter: size === undefined ? undefined : unsigned(frame.params[size]),
      bytes: () => (sizePolicy === 'unknown' ? undefined : call.bytes(direction)),
    });
  }

  /** A result has crossed at `at`: what is wrong if nobody wrote it. */
  returned(call: CallFrame | null, place: BufferPlace | null | undefined, at: FoundAt): Found | null {
    return this.#snapshots && call && place ? this.#snapshots.returned(call, place, at) : null;
  }

  /** An export has been passed an argument, or has returned its result. */
  passed(call: CallFrame, { direction, place, policy }: PassedBuffer): readonly Found[] {
    const isRunning = call.sequence === this.#watch.running;
    if (!this.#watching || !place || !isRunning || policy.startsWith('elements-')) return NOTHING;
    return this.#watch.buffer({
      ...place,
      sequence: call.sequence,
      direction,
      edited: false,
      importIndex: null,
      policy,
      sizeParameter: undefined,
      bytes: () => (policy === 'unknown' ? undefined : call.bytes(direction)),
    });
  }

  /** @param returned else the call trapped or was ended */
  ended(call: CallFrame, returned: boolean): { seen: readonly Found[]; own: Found | null } {
    this.given.ended(call);
    this.#snapshots?.ended(call);
    const seen = this.#watch.end(call.sequence, returned);
    return { seen: this.#watching ? seen : NOTHING, own: returned ? this.#growth.returned(call) : null };
  }
}
