import type { Recorder } from 'wasmedge-napi';
import { type BoundaryProblem, passedOutside } from './boundary-problems.ts';
import { fitArgument } from './edited-sizes.ts';
import type { BufferPlace, CallFrame, PassedBuffer } from './frames.ts';
import type { GuestMemory } from './guest-memory.ts';
import { recordPassed } from './recorded-buffer.ts';

const NUL = Uint8Array.of(0);

/** An argument that an export is passed as a pointer: written when this is made. */
export class PassedArgument implements PassedBuffer {
  readonly direction = 'argument';
  readonly problem: BoundaryProblem | null = null;
  readonly policy: 'param' | 'nul';
  readonly place: BufferPlace | null = null;
  readonly #recorder: Recorder;
  readonly #memory: GuestMemory;
  readonly #call: CallFrame;

  /** @param withNul a NUL is to follow, as nothing else says its length */
  constructor(recorder: Recorder, memory: GuestMemory, call: CallFrame, address: number, withNul: boolean) {
    this.#recorder = recorder;
    this.#memory = memory;
    this.#call = call;
    this.policy = withNul ? 'nul' : 'param';
    const bytes = call.argument ?? new Uint8Array();
    const size = bytes.length;
    if (!memory.holds(address, size + (withNul ? 1 : 0))) {
      this.problem = passedOutside(call, { address, size }, memory.size);
      return;
    }
    this.place = call.stored = { address, size };
    memory.write(address, bytes);
    if (withNul) memory.write(address + size, NUL);
    recordPassed(recorder, call, this, this.place, size, false);
  }

  edit(bytes: Uint8Array, isJson: boolean): void {
    const fitted = fitArgument(this.#call, bytes, isJson);
    if (!this.place) return;
    this.#memory.write(this.place.address, fitted);
    this.#replace(fitted);
  }

  memoryWritten(): void {
    if (!this.place) return;
    const bytes = this.#memory.read(this.place.address, this.place.size);
    if (Buffer.compare(bytes, this.#call.argument ?? bytes) !== 0) this.#replace(bytes);
  }

  #replace(bytes: Uint8Array): void {
    this.#call.argument = bytes;
    this.#recorder.setArgument(this.#call.sequence, bytes);
    const { place } = this;
    if (place) recordPassed(this.#recorder, this.#call, this, place, place.size, true);
  }
}
