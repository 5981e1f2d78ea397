import type { RecordedCall, WasmValue } from 'wasmedge-napi';
import type { ElementType } from '../../protocol/boundary.ts';
import type { HandleArray } from '../../protocol/runner.ts';
import { ELEMENT_BYTES, writeElement } from '../boundary/elements.ts';
import { ArrayCall } from './array-call.ts';
import { MAX_RECORDED } from './captured-size.ts';
import type { PassingObserver } from './export-passing.ts';
import type { CallFrame } from './frames.ts';
import type { Guest } from './guest.ts';

type Operation = 'new' | 'get' | 'set' | 'size' | 'free';

/** What is known of an array that the guest keeps behind a handle. */
export class KnownArray {
  readonly handle: number;
  readonly exports: HandleArray;
  /** Sequence of the call that made it; null where that is none of the ledger. */
  readonly madeBy: number | null;
  /** Its elements, little-endian; those that nobody has set or got are zeros. */
  #bytes: Uint8Array;
  /** Elements that are known to be there. */
  size: number;
  /** Elements were set since it was last shown. */
  isChanged = false;
  /** Elements that were got since a call ended: as many from the first on. */
  got = 0;

  constructor(handle: number, exports: HandleArray, madeBy: number | null, size: number) {
    this.handle = handle;
    this.exports = exports;
    this.madeBy = madeBy;
    this.size = Math.min(size, Math.floor(MAX_RECORDED / ELEMENT_BYTES[exports.element]));
    this.#bytes = new Uint8Array(this.size * ELEMENT_BYTES[exports.element]);
  }

  put(index: number, value: number | bigint): void {
    const width = ELEMENT_BYTES[this.exports.element];
    const end = (index + 1) * width;
    if (end > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(end, this.#bytes.length * 2, 64));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    const { buffer, byteOffset } = this.#bytes;
    writeElement(new DataView(buffer, byteOffset), index * width, this.exports.element, value);
    this.size = Math.max(this.size, index + 1);
  }

  /** A copy of its first elements. */
  bytes(count = this.size): Uint8Array {
    return this.#bytes.slice(0, count * ELEMENT_BYTES[this.exports.element]);
  }
}

/**
 * The arrays that the host reaches by handles. Calls that only get or set an element are no calls of the ledger: runs of
 * them are one buffer each, an argument of the call that follows what was set, a result of the call before what was got.
 */
export class HandleArrays {
  readonly #guest: Guest;
  readonly #operations = new Map<number, { operation: Operation; array: number }>();
  readonly #known = new Map<string, KnownArray>();
  /** With elements that were got since the last call. */
  readonly #got = new Set<KnownArray>();
  /** Sequence of the last call that was none of theirs; null before it. */
  #last: number | null = null;

  constructor(guest: Guest) {
    this.#guest = guest;
    this.#arrays.forEach((exports, array) => {
      for (const operation of ['new', 'get', 'set', 'size', 'free'] as const) {
        const index = exports[operation];
        if (index !== undefined) this.#operations.set(index, { operation, array });
      }
    });
  }

  get #arrays(): readonly HandleArray[] {
    return this.#guest.plan.arrays ?? [];
  }

  /** Whether the call only gets or sets an element, and there is a call whose buffer that is a part of. */
  folds(index: number, [handle, at]: readonly WasmValue[]): boolean {
    const role = this.#operations.get(index);
    if (role?.operation !== 'get' && role?.operation !== 'set') return false;
    const element = this.#arrays[role.array]?.element ?? 'i32';
    const position = Number(at);
    if (position < 0 || (position + 1) * ELEMENT_BYTES[element] > MAX_RECORDED) return false;
    const known = this.#known.get(keyOf(role.array, handle));
    return role.operation === 'set'
      ? this.#last !== null || (known !== undefined && known.madeBy !== null)
      : this.#last !== null;
  }

  /** Gets or sets an element. @throws what the engine throws */
  access(index: number, params: WasmValue[]): WasmValue[] {
    const returns = this.#guest.func(index).call(...params);
    this.#note(index, params, returns, null);
    return returns;
  }

  /**
   * Makes a call of the ledger.
   *
   * @param gives its arguments are elements of arrays, to be made for it
   * @throws what the engine or the observer throws
   */
  call(observer: PassingObserver, call: CallFrame, recorded: RecordedCall, gives: boolean): WasmValue[] {
    if (this.#operations.has(call.index)) {
      const returns = this.#guest.recorder.call(this.#guest.func(call.index), call.params, recorded);
      this.#note(call.index, call.params, returns, call.sequence);
      return returns;
    }
    const made = new ArrayCall(this.#guest, this, observer, call, gives);
    try {
      return made.run(recorded);
    } finally {
      this.flush();
      this.#last = call.sequence;
    }
  }

  /** What an operation has done. @param madeBy the call of the ledger that it was; null where it was none */
  #note(
    index: number,
    params: readonly WasmValue[],
    returns: readonly WasmValue[],
    madeBy: number | null,
  ): void {
    const role = this.#operations.get(index);
    const exports = this.#arrays[role?.array ?? -1];
    if (!role || !exports) return;
    const [first, second, third] = params;
    if (role.operation === 'new') {
      this.made(role.array, Number(returns[0]), Number(first), madeBy);
      return;
    }
    if (role.operation === 'free') {
      this.#forget(role.array, first);
      return;
    }
    const known = this.known(role.array, first) ?? this.made(role.array, Number(first), 0, null);
    if (role.operation === 'size') known.size = Number(returns[0]);
    if (role.operation === 'get') {
      known.put(Number(second), returns[0] as number | bigint);
      known.got = Math.max(known.got, Number(second) + 1);
      this.#got.add(known);
    }
    if (role.operation === 'set') {
      // What was got before is another buffer.
      if (known.got > 0) this.flush();
      known.put(Number(second), third as number | bigint);
      known.isChanged = true;
    }
  }

  made(array: number, handle: number, size: number, madeBy: number | null): KnownArray {
    this.#forget(array, handle);
    const exports = this.#arrays[array];
    if (!exports) throw new RangeError(`There is no array ${array} in the plan.`);
    const known = new KnownArray(handle, exports, madeBy, size);
    this.#known.set(keyOf(array, handle), known);
    return known;
  }

  known(array: number, handle: WasmValue | undefined): KnownArray | undefined {
    return this.#known.get(keyOf(array, handle));
  }

  #forget(array: number, handle: WasmValue | undefined): void {
    const known = this.known(array, handle);
    if (!known) return;
    this.flush();
    this.#showUnused(known);
    this.#known.delete(keyOf(array, handle));
  }

  /** Elements that were got become a result of the call before them. */
  flush(): void {
    if (this.#last === null || this.#got.size === 0) return;
    for (const known of this.#got) {
      const { handle, exports, got } = known;
      this.#record(this.#last, 'result', handle, exports.element, known.bytes(got));
      known.got = 0;
    }
    this.#got.clear();
  }

  /** The last call has ended: what was set for no call is shown with the one that made the array, or the last one. */
  finish(): void {
    this.flush();
    for (const known of this.#known.values()) this.#showUnused(known);
  }

  #showUnused(known: KnownArray): void {
    const sequence = known.madeBy ?? this.#last;
    if (!known.isChanged || sequence === null) return;
    known.isChanged = false;
    this.#record(sequence, 'argument', known.handle, known.exports.element, known.bytes());
  }

  #record(
    sequence: number,
    direction: 'argument' | 'result',
    handle: number,
    element: ElementType,
    bytes: Uint8Array,
  ): void {
    this.#guest.recorder.recordBuffer({
      ...{ sequence, direction, address: handle >>> 0, bytes, byExport: true },
      ...{ size: bytes.length, captured: bytes.length, policy: `elements-${element}` },
    });
  }
}

function keyOf(array: number, handle: WasmValue | undefined): string {
  return `${array} ${Number(handle)}`;
}
