import type { Memory } from 'wasmedge-napi';
import type { ThrownException } from '../../protocol/kotlin.ts';
import type { ProbePlan } from '../../protocol/runner.ts';
import { plainString } from '../kotlin/values/display.ts';
import type { GuestAccess } from '../kotlin/values/guest-access.ts';
import type { Heap } from '../kotlin/values/heap.ts';
import type { KotlinObject } from '../kotlin/values/object.ts';

/** Exceptions that are told of as causes of each other; more may go in a circle. */
const MOST_CAUSES = 20;

/** What a rewritten guest keeps of the exception that was thrown last (debug-adapter/kotlin/rewriting/thrown.ts). */
export class ThrownExceptions {
  readonly #plan: NonNullable<ProbePlan['thrown']>;
  readonly #memory: Memory;
  readonly #guest: GuestAccess;
  readonly #heap: Heap;
  #isStopping = false;

  constructor(plan: NonNullable<ProbePlan['thrown']>, memory: Memory, guest: GuestAccess, heap: Heap) {
    this.#plan = plan;
    this.#memory = memory;
    this.#guest = guest;
    this.#heap = heap;
  }

  /** Whether the guest stops before each exception that it throws. */
  stopAtThrow(wanted: boolean): void {
    if (wanted === this.#isStopping) return;
    this.#isStopping = wanted;
    this.#memory.write(this.#plan.stoppingAt, Uint8Array.of(Number(wanted)));
  }

  /** A call has failed: what was on its way is so no more. */
  landed(): void {
    this.#memory.write(this.#plan.flyingAt, Uint8Array.of(0));
  }

  /** Runs `work`, which may call the guest: what is kept stays as it is. */
  undisturbed<T>(work: () => T): T {
    const { quietAt, flyingAt } = this.#plan;
    const flying = this.#memory.read(flyingAt, 1).slice();
    this.#memory.write(quietAt, Uint8Array.of(1));
    try {
      return work();
    } finally {
      this.#memory.write(quietAt, Uint8Array.of(0));
      this.#memory.write(flyingAt, flying);
    }
  }

  /** The exception that is about to be thrown, or on its way; null where that is not known. */
  get last(): KotlinObject | null {
    const { take, flyingAt } = this.#plan;
    if (take === null || this.#memory.read(flyingAt, 1)[0] !== 1) return null;
    const handle = this.#heap.allocate(1);
    this.#guest.call(take, handle);
    const value = this.#heap.at(handle);
    return value.kind === 'object' ? value.object : null;
  }

  /**
   * The stack becomes what it was where `last` was thrown, after the call that began at `base` was left.
   *
   * @param base the stack pointer when the call began
   */
  rewind(base: number): void {
    this.#guest.call(this.#plan.rewind, base);
  }
}

/** An exception in words, with its causes. */
export function describeException(exception: KotlinObject, causes = MOST_CAUSES): ThrownException {
  const cause = exception.field('cause');
  return {
    className: exception.class.name,
    message: plainString(exception.field('message')),
    cause: cause?.kind === 'object' && causes > 0 ? describeException(cause.object, causes - 1) : null,
  };
}
