import type { RecordedCall, WasmValue } from 'wasmedge-napi';
import { CallFrame, type Frame } from './frames.ts';
import type { Guest } from './guest.ts';
import { ExportPassing, type PassingObserver } from './export-passing.ts';
import { sameCallId } from './values.ts';
import type { Channel } from './channel.ts';
import { NO_CALL } from './signals.ts';

/** Who wants to know when calls begin and end. Each may stop, and may throw to end the guest. */
export interface CallObserver extends PassingObserver {
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
  readonly #frames: Frame[] = [];
  readonly #calls: CallFrame[] = [];

  constructor(guest: Guest, channel: Channel) {
    this.#guest = guest;
    this.#channel = channel;
  }

  /** Innermost first. */
  get frames(): Frame[] {
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
  within<T>(frame: Frame, work: () => T): T {
    this.#frames.push(frame);
    try {
      return work();
    } finally {
      this.#frames.pop();
    }
  }

  /**
   * Calls export `index`, recorded.
   * @param passes its arguments are passed as pointers: those parameters are filled in
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
    const outer = this.innermost?.sequence ?? NO_CALL;
    const call = new CallFrame(index, planned, guest.recorder.nextSequence, callId, params, argument, more);
    this.#frames.push(call);
    this.#calls.push(call);
    this.#channel.sequence = call.sequence;
    try {
      observer.callBegins(call);
      const recorded: RecordedCall = { index, callId };
      if (call.argument) recorded.argument = call.argument;
      try {
        call.returns =
          passes && planned.passes
            ? new ExportPassing(guest, observer, call, planned.passes).run(recorded)
            : guest.recorder.call(guest.func(index), params, recorded);
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
