import type { Recorder } from 'wasmedge-napi';
import type { Direction } from '../../protocol/boundary.ts';
import { ELEMENT_BYTES, readElement } from '../boundary/elements.ts';
import type { ArrayCall } from './array-call.ts';
import { doesNotFit, fitArgument } from './edited-sizes.ts';
import type { CallFrame, PassedBuffer } from './frames.ts';
import type { KnownArray } from './handle-arrays.ts';
import type { CapturedPolicy } from './size-policies.ts';

/** Elements of an array that an export takes or returns by its handle. */
export class PassedArray implements PassedBuffer {
  readonly direction: Direction;
  readonly problem = null;
  readonly policy: CapturedPolicy;
  readonly place: { address: number; size: number };
  readonly #recorder: Recorder;
  readonly #through: ArrayCall;
  readonly #call: CallFrame;
  readonly #known: KnownArray;

  constructor(
    recorder: Recorder,
    through: ArrayCall,
    call: CallFrame,
    known: KnownArray,
    direction: Direction,
  ) {
    this.#recorder = recorder;
    this.#through = through;
    this.#call = call;
    this.#known = known;
    this.direction = direction;
    this.policy = `elements-${known.exports.element}`;
    this.place = { address: known.handle >>> 0, size: known.bytes().length };
    this.#record(known.bytes(), false);
  }

  #record(bytes: Uint8Array, edited: boolean): void {
    this.#recorder.recordBuffer({
      ...{ sequence: this.#call.sequence, direction: this.direction, policy: this.policy },
      ...{ address: this.place.address, size: bytes.length, captured: bytes.length },
      ...{ bytes, edited, byExport: true },
    });
  }

  /** Sets the elements that are others now. */
  edit(bytes: Uint8Array): void {
    const call = this.#call;
    const { size } = this.place;
    if (this.direction === 'argument') fitArgument(call, bytes, false);
    else if (bytes.length !== size) throw doesNotFit('result', bytes.length, size, `the array has ${size}`);
    const { exports, handle } = this.#known;
    const before = this.#known.bytes();
    const width = ELEMENT_BYTES[exports.element];
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let at = 0; at < bytes.length; at += width) {
      if (Buffer.compare(bytes.subarray(at, at + width), before.subarray(at, at + width)) === 0) continue;
      const value = readElement(view, at, exports.element);
      this.#through.set(exports, handle, at / width, value, this.#known);
    }
    if (this.direction === 'argument') call.argument = bytes.slice();
    else call.setResult(null, bytes.slice());
    this.#record(bytes, true);
  }

  /** It does not lie in memory that is known. */
  memoryWritten(): void {}
}
