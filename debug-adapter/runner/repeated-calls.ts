import type { WasmValue } from 'wasmedge-napi';
import type { PlannedExport } from '../../protocol/runner.ts';
import { CallFrame } from './frames.ts';
import { callIdParam } from './values.ts';

/** The same call several times, with callIds that follow each other. */
export interface Repeated {
  index: number;
  /** The first one's. */
  callId: number | bigint;
  params: readonly WasmValue[];
  /** Indices of the parameters that hold the callId. */
  callIdParams: number[];
  argument: Uint8Array | undefined;
  /** At least 1. */
  count: number;
}

/**
 * Calls that the recorder makes one after the other without JavaScript between them. Which of them runs is known when
 * JavaScript is entered in one, which is the last then, or when they have ended.
 */
export class RepeatedCalls {
  readonly repeated: Repeated;
  /** The call that the stack begins with. */
  readonly first: CallFrame;
  #last: CallFrame;
  readonly #planned: PlannedExport;

  /** @param sequence of the first */
  constructor(repeated: Repeated, planned: PlannedExport, sequence: number) {
    this.repeated = repeated;
    this.#planned = planned;
    this.first = this.#last = this.#frame(0, sequence);
  }

  /** Calls up to the last one that was asked for. */
  get made(): number {
    return this.#last.sequence - this.first.sequence + 1;
  }

  /** Whether a person has changed what the first is called with, which is not meant for those that follow. */
  get isEdited(): boolean {
    const { argument, params } = this.first;
    const planned = this.#paramsOf(this.first.callId);
    return argument !== this.repeated.argument || params.some((value, i) => value !== planned[i]);
  }

  /** The call with this sequence, its frame as that of the first was when it began. */
  at(sequence: number): CallFrame {
    const number = sequence - this.first.sequence;
    if (number === 0) return this.first;
    const call = this.#frame(number, sequence);
    call.stackBase = this.first.stackBase;
    call.memoryBytes = this.first.memoryBytes;
    this.#last = call;
    return call;
  }

  #frame(number: number, sequence: number): CallFrame {
    const { index, callId: first, argument } = this.repeated;
    const callId = typeof first === 'bigint' ? first + BigInt(number) : first + number;
    return new CallFrame(index, this.#planned, sequence, callId, this.#paramsOf(callId), argument);
  }

  #paramsOf(callId: number | bigint): WasmValue[] {
    const { params, callIdParams } = this.repeated;
    const types = this.#planned.type.params;
    return params.map((value, at) =>
      callIdParams.includes(at) ? callIdParam(types[at] ?? 'i32', callId) : value,
    );
  }
}
