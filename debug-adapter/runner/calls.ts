import type { RecordedCall, WasmValue } from 'wasmedge-napi';
import { type BoundaryFrame, CallFrame } from './frames.ts';
import type { Guest } from './guest.ts';
import { classifyCallFailure } from './engine-failures.ts';
import { ExportPassing, type PassingObserver } from './export-passing.ts';
import { HandleArrays } from './handle-arrays.ts';
import { sameCallId } from './values.ts';
import type { Channel } from './channel.ts';
import { NO_CALL } from './signals.ts';

type Failure = () => never;

/** Who wants to know when calls begin and end. Each may stop, and may throw to end the guest. */
export interface CallObserver extends PassingObserver {
  /** Whether a call that only reaches an element of an array need not be seen by itself. */
  folds(index: number): boolean;
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
  /** Null where the guest has none. */
  readonly arrays: HandleArrays | null;

  constructor(guest: Guest, channel: Channel) {
    this.#guest = guest;
    this.#channel = channel;
    this.arrays = guest.plan.arrays ? new HandleArrays(guest) : null;
  }

  /** Innermost first; without the guest's functions between them. */
  get frames(): BoundaryFrame[] {
    return this.#frames.toReversed();
  }
  /** The call that runs; null outside of calls. */
  get innermost(): CallFrame | null {
    return this.#calls.at(-1) ?? null;
  }
  /** Calls and the entry that are open: 1 at the outermost level. */
  get depth(): number {
    return this.#frames[0]?.kind === 'entry' ? this.#calls.length + 1 : this.#calls.length;
  }

  /** The innermost open call with the callId that an import's parameter names. */
  find(callId: WasmValue | undefined): CallFrame | null {
    return this.#calls.findLast((call) => sameCallId(call.callId, callId)) ?? null;
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
    const outer = this.innermost?.sequence ?? NO_CALL;
    this.#frames.push(call);
    this.#calls.push(call);
    this.#channel.sequence = call.sequence;
    try {
      observer.callBegins(call);
      const recorded: RecordedCall = { index, callId };
      if (call.argument) recorded.argument = call.argument;
      try {
        if (failure) recorded.entering = failure;
        if (passes && planned.passes)
          call.returns = new ExportPassing(guest, observer, call, planned.passes).run(recorded);
        else if (arrays && !failure) call.returns = arrays.call(observer, call, recorded, passes);
        else call.returns = guest.recorder.call(guest.func(index), params, recorded);
      } catch (thrown) {
        observer.callFailed(call, thrown);
        throw thrown;
      }
      observer.callReturned(call);
      return call;
    } finally {
      this.#frames.pop();
      this.#calls.pop();
      this.#channel.sequence = outer;
    }
  }
}
