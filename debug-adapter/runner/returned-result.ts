import type { Recorder } from 'wasmedge-napi';
import { type BoundaryProblem, returnedOutside } from './boundary-problems.ts';
import { doesNotFit, padJson } from './edited-sizes.ts';
import { RunnerError } from './failures.ts';
import type { BufferPlace, CallFrame, PassedBuffer } from './frames.ts';
import type { GuestMemory } from './guest-memory.ts';
import type { FoundResult } from './passed-places.ts';
import { recordPassed } from './recorded-buffer.ts';
import { type CapturedPolicy, fitResult } from './size-policies.ts';

/** A result that an export has returned as a pointer: looked for when this is made. */
export class ReturnedResult implements PassedBuffer {
  readonly direction = 'result';
  problem: BoundaryProblem | null = null;
  policy: CapturedPolicy = 'unknown';
  place: BufferPlace | null = null;
  readonly #recorder: Recorder;
  readonly #memory: GuestMemory;
  readonly #call: CallFrame;
  readonly #find: () => FoundResult;

  /** @param find where it lies now */
  constructor(recorder: Recorder, memory: GuestMemory, call: CallFrame, find: () => FoundResult) {
    this.#recorder = recorder;
    this.#memory = memory;
    this.#call = call;
    this.#find = find;
    const found = find();
    if ('pairOutside' in found || 'outside' in found) {
      const isPair = 'pairOutside' in found;
      this.problem = returnedOutside(call, isPair ? found.pairOutside : found.outside, memory.size, isPair);
      return;
    }
    const { address, size, captured, policy } = found;
    this.policy = policy;
    this.place = { address, size };
    call.setResult(this.place, () => memory.read(address, captured));
    recordPassed(recorder, call, this, this.place, captured, false);
  }

  edit(bytes: Uint8Array, isJson: boolean): void {
    const { place } = this;
    if (!place)
      throw new RunnerError({ code: 'value', message: this.problem?.message ?? 'There is no result here.' });
    const isResizable = this.policy === 'u32le-prefix' || this.policy === 'nul';
    const fitted = isJson && !isResizable ? padJson(bytes, place.size) : bytes;
    const written = fitResult(this.policy, place, fitted);
    if (!written) throw doesNotFit('result', bytes.length, place.size, `the guest returned ${place.size}`);
    this.#memory.write(written.address, written.bytes);
    this.#replace({ address: place.address, size: fitted.length }, fitted.slice());
  }

  memoryWritten(): void {
    const found = this.place ? this.#find() : null;
    // A prefix, NUL or pair may have been written: the result may lie elsewhere, or be longer or shorter now.
    if (!found || 'pairOutside' in found || 'outside' in found) return;
    const bytes = this.#memory.read(found.address, found.captured);
    const before = this.#call.result;
    if (before && Buffer.compare(bytes, before) === 0) return;
    this.#replace({ address: found.address, size: found.size }, bytes);
  }

  #replace(place: BufferPlace, bytes: Uint8Array): void {
    this.place = place;
    this.#call.setResult(place, bytes);
    recordPassed(this.#recorder, this.#call, this, place, bytes.length, true);
  }
}
