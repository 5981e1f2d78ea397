import type { RecordedCall, WasmValue } from 'wasmedge-napi';
import { type BoundaryFrame, CallFrame } from './frames.ts';
import type { Guest } from './guest.ts';
import { classifyCallFailure } from './engine-failures.ts';
import { ExportPassing, type PassingObserver } from './export-passing.ts';
import { HandleArrays } from './handle-arrays.ts';
import { type Repeated, RepeatedCalls } from './repeated-calls.ts';
import { sameCallId } from './values.ts';
import type { Channel } from './channel.ts';
import { NO_CALL } from './signals.ts';

type Failure = () => never;

/** Who wants to know when calls begin and end. Each may stop, and may throw to end the guest. */
export interface CallObserver extends PassingObserver {
  /** Whether a call that only reaches an element of an array need not be seen by itself. */
  folds(index: number): boolean;
  /** Whether calls of an export that follow each other need not be seen, as long as they only do what is recorded. */
  passesOver(index: number): boolean;
  /** Calls of an export have returned unseen: they did nothing to the size of memory. */
  passedOver(index: number): void;
  callBegins(call: CallFrame): void;
  callReturned(call: CallFrame): void;
  /** The call did not return: `thrown` is what came out of the engine. */
  callFailed(call: CallFrame, thrown: unknown): void;
}

/** The open calls, with the imports and the entry between them: what a stop shows as its stack. */
export class CallStack {
  readonly #guest: Guest;
  readonly #channel: Channel;
  /** Outermost first. */
  readonly #frames: BoundaryFrame[] = [];
  readonly #calls: CallFrame[] = [];
  /** What is on the stack as the first of them, until it is asked for. */
  #repeated: RepeatedCalls | null = null;
  /** Null where the guest has none. */
  readonly arrays: HandleArrays | null;

  constructor(guest: Guest, channel: Channel) {
    this.#guest = guest;
    this.#channel = channel;
    this.arrays = guest.plan.arrays ? new HandleArrays(guest) : null;
  }

  /** Innermost first; without the guest's functions between them. */
  get frames(): BoundaryFrame[] {
    this.#settle();
    return this.#frames.toReversed();
  }
  /** The call that runs; null outside of calls. */
  get innermost(): CallFrame | null {
    this.#settle();
    return this.#calls.at(-1) ?? null;
  }
  /** Calls and the entry that are open: 1 at the outermost level. */
  get depth(): number {
    return this.#frames[0]?.kind === 'entry' ? this.#calls.length + 1 : this.#calls.length;
  }

  /** The innermost open call with the callId that an import's parameter names. */
  find(callId: WasmValue | undefined): CallFrame | null {
    this.#settle();
    return this.#calls.findLast((call) => sameCallId(call.callId, callId)) ?? null;
  }

  /** JavaScript has been entered, or is again: which of the repeated calls it was does not change any more. */
  #settle(): void {
    const repeated = this.#repeated;
    if (!repeated) return;
    this.#repeated = null;
    const call = repeated.at(this.#guest.recorder.nextSequence - 1);
    this.#frames[this.#frames.lastIndexOf(repeated.first)] = call;
    this.#calls[this.#calls.lastIndexOf(repeated.first)] = call;
  }

  /** Runs `work` with `frame` on the stack. */
  within<T>(frame: BoundaryFrame, work: () => T): T {
    this.#frames.push(frame);
    try {
      return work();
    } finally {
      this.#frames.pop();
    }
  }

  /** Gets or sets an element; null, or what throws why that has failed. @throws what ends the session */
  #access(arrays: HandleArrays, call: CallFrame): Failure | null {
    try {
      call.returns = arrays.access(call.index, call.params);
      return null;
    } catch (error) {
      const { kind } = classifyCallFailure(error);
      if (kind === 'ended' || kind === 'exited') throw error;
      // The call is recorded after all, so that the ledger shows it.
      return () => {
        throw error;
      };
    }
  }

  /**
   * Calls export `index`, recorded.
   * @param passes its arguments are passed as pointers or handles: those parameters are filled in
   * @throws what the engine or the observer throws
   */
  call(
    observer: CallObserver,
    index: number,
    params: WasmValue[],
    callId: number | bigint,
    argument: Uint8Array | undefined,
    more: readonly Uint8Array[] = [],
    passes = false,
  ): CallFrame {
    const guest = this.#guest;
    const planned = guest.plan.exports[index];
    if (!planned) throw new RangeError(`There is no export ${index}.`);
    const { arrays } = this;
    const call = new CallFrame(index, planned, guest.recorder.nextSequence, callId, params, argument, more);
    let failure: Failure | null = null;
    if (arrays?.folds(index, params) && observer.folds(index)) {
      failure = this.#access(arrays, call);
      if (!failure) return call;
    }
    arrays?.flush();
    return this.#run(observer, call, () => {
      const recorded: RecordedCall = { index, callId };
      if (call.argument) recorded.argument = call.argument;
      if (failure) recorded.entering = failure;
      if (passes && planned.passes)
        return new ExportPassing(guest, observer, call, planned.passes).run(recorded);
      if (arrays && !failure) return arrays.call(observer, call, recorded, passes);
      return guest.recorder.call(guest.func(index), params, recorded);
    });
  }

  /**
   * Makes calls that follow each other until all are made, or one was seen by JavaScript or has failed. For guests
   * without handle arrays.
   * @param failed what the last of them threw; throws itself to end the session
   * @returns how many were made
   */
  repeat(observer: CallObserver, repeated: Repeated, failed: (thrown: unknown) => void): number {
    const { recorder, plan } = this.#guest;
    const { index, callId } = repeated;
    const planned = plan.exports[index];
    if (!planned) throw new RangeError(`There is no export ${index}.`);
    const calls = new RepeatedCalls(repeated, planned, recorder.nextSequence);
    try {
      this.#run(observer, calls.first, () => {
        const func = this.#guest.func(index);
        const { params, argument } = calls.first;
        const recorded: RecordedCall = { index, callId, ...(argument && { argument }) };
        // Results are looked at by the checks.
        const isAlone = calls.isEdited || planned.type.results.length > 0 || !observer.passesOver(index);
        if (isAlone) return recorder.call(func, params, recorded);
        this.#repeated = calls;
        try {
          const { count, callIdParams } = repeated;
          return recorder.callRepeatedly(func, params, recorded, {
            count,
            callIdParams,
            ...this.#channel.watch,
          });
        } finally {
          this.#settle();
          if (calls.made > 1) observer.passedOver(index);
        }
      });
    } catch (thrown) {
      failed(thrown);
    }
    return calls.made;
  }

  /** Runs an export with its frame on the stack. @returns that of the last, where it is repeated */
  #run(observer: CallObserver, call: CallFrame, work: () => WasmValue[]): CallFrame {
    const outer = this.innermost?.sequence ?? NO_CALL;
    this.#frames.push(call);
    this.#calls.push(call);
    this.#channel.sequence = call.sequence;
    const current = (): CallFrame => this.innermost ?? call;
    try {
      observer.callBegins(call);
      let returns: WasmValue[];
      try {
        returns = work();
      } catch (thrown) {
        observer.callFailed(current(), thrown);
        throw thrown;
      }
      const returned = current();
      returned.returns = returns;
      observer.callReturned(returned);
      return returned;
    } finally {
      this.#frames.pop();
      this.#calls.pop();
      this.#channel.sequence = outer;
    }
  }
}
