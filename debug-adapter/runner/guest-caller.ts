import type { WasmValue } from 'wasmedge-napi';
import type { PlannedCall } from '../../protocol/runner.ts';
import type { CallStack } from './calls.ts';
import type { Debugger } from './debugger.ts';
import type { CallFrame, ImportFrame } from './frames.ts';
import { callIdParam, fromJson } from './values.ts';

/** Stands for the call id in the parameters of a planned call. */
const CALL_ID = '$callId';
/** Stands for what is allocated when the call is made. */
const PASSED = /^\$(?:pointer\d?|array\d?|out)$/;

/** Calls exports: those of the plan, and those that host functions call. */
export class GuestCaller {
  readonly #calls: CallStack;
  readonly #debugger: Debugger;
  /** Not used by the plan. */
  #freshCallId: bigint;

  constructor(calls: CallStack, debugging: Debugger, planned: readonly PlannedCall[]) {
    this.#calls = calls;
    this.#debugger = debugging;
    this.#freshCallId = planned.reduce((highest, { callId, repeat }) => {
      const last = BigInt(callId) + BigInt(repeat);
      return last > highest ? last : highest;
    }, 1n);
  }

  /** The next call id that neither the plan nor a nested call has used. */
  freshCallId(): number | bigint {
    const id = this.#freshCallId++;
    return id <= Number.MAX_SAFE_INTEGER ? Number(id) : id;
  }

  /** A call made by a host function, which waits for its result. @throws what the call traps with */
  callNested(
    frame: ImportFrame,
    index: number,
    params: WasmValue[],
    callId: number | bigint,
    argument: Uint8Array | undefined,
    passes: boolean,
  ): CallFrame {
    return this.#debugger.arming.keepingResults(() =>
      this.#calls.within(frame, () =>
        this.#calls.call(this.#debugger, index, params, callId, argument, [], passes),
      ),
    );
  }

  /**
   * Makes a planned call as often as it is to be repeated.
   * @param failed what a call threw; throws itself to end the session
   */
  callPlanned(
    planned: PlannedCall,
    types: readonly WasmParamType[],
    failed: (thrown: unknown) => void,
  ): void {
    const argument = planned.argument === undefined ? undefined : Buffer.from(planned.argument, 'base64');
    const more = (planned.moreArguments ?? []).map((each) => Buffer.from(each, 'base64'));
    const isCallId = planned.params.map((param) => param === CALL_ID);
    const callIdParams = isCallId.flatMap((is, at) => (is ? [at] : []));
    const isPassed = planned.params.map((param) => typeof param === 'string' && PASSED.test(param));
    const passes = isPassed.includes(true);
    const fixed = planned.params.map((param, i) =>
      fromJson(types[i] ?? 'i32', isCallId[i] || isPassed[i] ? 0 : param),
    );
    const first = BigInt(planned.callId);
    const asNumber =
      first + BigInt(planned.repeat) <= Number.MAX_SAFE_INTEGER && first >= Number.MIN_SAFE_INTEGER;
    const callIdOf = (i: number): number | bigint => (asNumber ? Number(first) + i : first + BigInt(i));
    // Those that pass several arguments, pointers or handles are made one by one: JavaScript has to do with each.
    const areAlike =
      more.length === 0 && !passes && !this.#calls.arrays && callIdParams.every((at) => isInteger(types[at]));
    for (let i = 0; areAlike && i < planned.repeat;) {
      const repeated = {
        index: planned.exportIndex,
        callId: callIdOf(i),
        params: fixed,
        callIdParams,
        argument,
      };
      i += this.#calls.repeat(this.#debugger, { ...repeated, count: planned.repeat - i }, failed);
    }
    for (let i = 0; !areAlike && i < planned.repeat; i++) {
      const callId = callIdOf(i);
      const params = fixed.map((value, at) =>
        isCallId[at] ? callIdParam(types[at] ?? 'i32', callId) : value,
      );
      try {
        const make = (): CallFrame =>
          this.#calls.call(this.#debugger, planned.exportIndex, params, callId, argument, more, passes);
        if (more.length > 0) this.#debugger.arming.passingArguments(make);
        else make();
      } catch (thrown) {
        failed(thrown);
      }
    }
  }
}

function isInteger(type: WasmParamType | undefined): boolean {
  return type === 'i32' || type === 'i64';
}

type WasmParamType = Parameters<typeof fromJson>[0];
