import type { RecordedCall, WasmValue } from 'wasmedge-napi';
import type { HandleArray, TakenArrays } from '../../protocol/runner.ts';
import { ELEMENT_BYTES, elementDecoder, readElement } from '../boundary/elements.ts';
import { callAround } from './call-around.ts';
import type { PassingObserver } from './export-passing.ts';
import type { CallFrame } from './frames.ts';
import type { Guest } from './guest.ts';
import type { HandleArrays, KnownArray } from './handle-arrays.ts';
import { PassedArray } from './passed-array.ts';
import { sizeParam } from './passed-places.ts';

/** One call of an export that takes or returns arrays by their handles. */
export class ArrayCall {
  readonly #guest: Guest;
  readonly #arrays: HandleArrays;
  readonly #observer: PassingObserver;
  readonly #call: CallFrame;
  readonly #takes: TakenArrays;
  /** Its arrays are made for it, and its result is read. */
  readonly #gives: boolean;
  readonly #made: KnownArray[] = [];

  constructor(
    guest: Guest,
    arrays: HandleArrays,
    observer: PassingObserver,
    call: CallFrame,
    gives: boolean,
  ) {
    this.#guest = guest;
    this.#arrays = arrays;
    this.#observer = observer;
    this.#call = call;
    this.#takes = call.planned.takes ?? { parameters: [] };
    this.#gives = gives;
  }

  /** What the export returned. @throws what the engine or the observer throws */
  run(recorded: RecordedCall): WasmValue[] {
    const guest = this.#guest;
    const call = this.#call;
    if (!this.#gives && this.#changedArguments().length === 0)
      return guest.recorder.call(guest.func(call.index), call.params, recorded);
    const isEnding = (thrown: unknown): boolean => this.#observer.isEnding(thrown);
    return callAround(guest, call, recorded, isEnding, {
      prepare: () => {
        if (this.#gives) this.#makeArrays();
      },
      entering: () => {
        for (const known of this.#changedArguments()) this.#showArgument(known);
      },
      returned: (results) => this.#takeResult(results),
    });
  }

  /** Runs an operation of an array for this call: none of the ledger. */
  #operate(index: number | undefined, ...params: WasmValue[]): WasmValue | undefined {
    if (index === undefined) return undefined;
    this.#call.helper = this.#guest.plan.exports[index]?.name ?? null;
    const [result] = this.#guest.func(index).call(...params);
    this.#call.helper = null;
    return result;
  }

  #typeOf(index: number | undefined, parameter: number) {
    return this.#guest.plan.exports[index ?? -1]?.type.params[parameter];
  }

  #makeArrays(): void {
    const call = this.#call;
    call.arguments.forEach((bytes, i) => {
      const taken = this.#takes.parameters[i];
      const exports = this.#guest.plan.arrays?.[taken?.array ?? -1];
      if (!taken || !exports) return;
      const width = ELEMENT_BYTES[exports.element];
      const size = bytes.length / width;
      const handle = this.#operate(exports.new, sizeParam(this.#typeOf(exports.new, 0), size)) ?? 0;
      call.params[taken.parameter] = handle;
      const known = this.#arrays.made(taken.array, Number(handle), size, null);
      this.#made.push(known);
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      for (let index = 0; index < size; index++)
        this.set(exports, handle, index, readElement(view, index * width, exports.element), known);
      known.isChanged = true;
    });
  }

  /** Sets an element in the guest, and in what is known of it. */
  set(
    exports: HandleArray,
    handle: WasmValue,
    index: number,
    value: number | bigint,
    known: KnownArray,
  ): void {
    this.#operate(exports.set, handle, sizeParam(this.#typeOf(exports.set, 1), index), value);
    known.put(index, value);
  }

  /** The arrays that it is passed and that were set since they were shown. */
  #changedArguments(): KnownArray[] {
    const found = this.#takes.parameters.flatMap(({ parameter, array }) => {
      const known = this.#arrays.known(array, this.#call.params[parameter]);
      return known?.isChanged ? [known] : [];
    });
    return [...new Set(found)];
  }

  #showArgument(known: KnownArray): void {
    const call = this.#call;
    known.isChanged = false;
    call.argument = known.bytes();
    call.toldSize = call.argument.length;
    call.setDecoder('argument', elementDecoder(known.exports.element));
    this.#pass(new PassedArray(this.#guest.recorder, this, call, known, 'argument'));
  }

  #pass(passed: PassedArray): void {
    this.#call.passing = passed;
    try {
      this.#observer.bufferPassed(this.#call, passed);
    } finally {
      this.#call.passing = null;
    }
  }

  #takeResult(returns: WasmValue[]): void {
    const call = this.#call;
    call.returns = returns;
    if (!this.#gives) return;
    const { result, parameters } = this.#takes;
    const exports = result ? this.#guest.plan.arrays?.[result.array] : undefined;
    const handle = returns[0] ?? call.params[parameters[0]?.parameter ?? -1];
    if (result && exports && handle !== undefined) this.#readResult(result.array, exports, handle);
    for (const { exports: own, handle: made } of this.#made)
      this.#operate(own.free, sizeParam(this.#typeOf(own.free, 0), made));
  }

  #readResult(array: number, exports: HandleArray, handle: WasmValue): void {
    const call = this.#call;
    const before = this.#arrays.known(array, handle);
    const size = Number(this.#operate(exports.size, handle) ?? before?.size ?? 0);
    const known = before ?? this.#arrays.made(array, Number(handle), size, null);
    known.size = size;
    for (let index = 0; index < size; index++) {
      const element = this.#operate(exports.get, handle, sizeParam(this.#typeOf(exports.get, 1), index));
      known.put(index, element as number | bigint);
    }
    call.setDecoder('result', elementDecoder(exports.element));
    try {
      call.setResult(null, known.bytes());
      this.#pass(new PassedArray(this.#guest.recorder, this, call, known, 'result'));
    } finally {
      call.closeResult(this.#observer.keepsResults);
    }
    if (!this.#made.includes(known)) this.#operate(exports.free, handle);
  }
}
