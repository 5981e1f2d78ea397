import type { WasmValue } from 'wasmedge-napi';
import type { RoleAssignment } from '../../protocol/inspection.ts';
import {
  argumentTooLarge,
  type BoundaryProblem,
  callNotOpen,
  noArgument,
  outsideMemory,
  returnedTwice,
} from './boundary-problems.ts';
import type { CallStack } from './calls.ts';
import { MAX_RECORDED } from './captured-size.ts';
import { RunnerError } from './failures.ts';
import type { BufferPlace, CallFrame, ImportFrame, PerformedRole } from './frames.ts';
import type { Guest } from './guest.ts';
import type { GuestMemory } from './guest-memory.ts';
import { doesNotFit, fitArgument, padJson } from './edited-sizes.ts';
import { type CapturedPolicy, fitResult, measureResult } from './size-policies.ts';
import { unsigned } from './values.ts';

/**
 * One crossing of an import with a role. The recorder does the work natively where it can; here it is known what was
 * done, or what the problem is, and it can be tried again with corrected parameters or another argument.
 */
export class RoleCrossing implements PerformedRole {
  readonly role: RoleAssignment;
  readonly #guest: Guest;
  readonly #memory: GuestMemory;
  readonly #frame: ImportFrame;
  #problem: BoundaryProblem | null = null;
  /** Where the buffer went or was taken from, once it was. */
  #place: BufferPlace | null = null;
  #policy: CapturedPolicy = 'host';

  /** @param performed whether the recorder has passed the buffer and recorded it */
  constructor(
    guest: Guest,
    memory: GuestMemory,
    calls: CallStack,
    frame: ImportFrame,
    role: RoleAssignment,
    performed: boolean,
  ) {
    this.role = role;
    this.#guest = guest;
    this.#memory = memory;
    this.#frame = frame;
    frame.call = role.callId === undefined ? calls.innermost : calls.find(frame.params[role.callId]);
    this.#perform(performed);
  }

  get problem(): BoundaryProblem | null {
    return this.#problem;
  }
  get place(): BufferPlace | null {
    return this.#place;
  }

  /** Checks the pointers and passes the buffer, unless that has been done or there is a problem. */
  #perform(performed: boolean): void {
    this.#problem = null;
    const { call } = this.#frame;
    if (!call) this.#problem = callNotOpen(this.#frame, this.role);
    else if (this.role.role === 'storeArgument') this.#store(call, performed);
    else this.#return(call, performed);
  }

  correct(index: number, value: WasmValue): void {
    if (!this.#problem?.fatal) {
      throw new RunnerError({
        code: 'value',
        message:
          `The parameters of ${this.#frame.title} cannot be changed: the guest has passed them already. ` +
          'Only a wrong pointer or size can be corrected.',
      });
    }
    this.#frame.params[index] = value;
    this.#perform(false);
  }

  #store(call: CallFrame, performed: boolean): void {
    const { argument } = call;
    if (!argument) {
      this.#problem = noArgument(call);
      return;
    }
    const address = unsigned(this.#frame.params[this.role.pointer]);
    const size = argument.length;
    if (!performed) {
      this.#problem = this.#storeProblem(call, address, size);
      if (this.#problem) return;
      this.#memory.write(address, argument);
    }
    this.#policy = this.role.size === undefined ? 'host' : 'param';
    this.#place = call.stored = { address, size };
    if (!performed) this.#record(call, this.#place, size, false);
  }

  #storeProblem(call: CallFrame, address: number, size: number): BoundaryProblem | null {
    if (this.role.size !== undefined && size > unsigned(this.#frame.params[this.role.size])) {
      return argumentTooLarge(this.#frame, this.role, call, size);
    }
    if (this.#memory.holds(address, size)) return null;
    return outsideMemory(this.#frame, this.role, call, { address, size }, this.#memory.size);
  }

  #return(call: CallFrame, performed: boolean): void {
    const measured = measureResult(this.#memory, this.role, this.#frame.params);
    if ('outside' in measured) {
      this.#problem = outsideMemory(this.#frame, this.role, call, measured.outside, this.#memory.size);
      return;
    }
    const { address, size, captured, policy } = measured;
    this.#place = { address, size };
    if (call.returned && !this.role.parts)
      this.#problem = returnedTwice(this.#frame, call, call.returned, this.#place);
    this.#policy = policy;
    call.setResult(this.#place, () => this.#memory.read(address, captured));
    if (!performed) this.#record(call, this.#place, captured, false);
  }

  #record(call: CallFrame, { address, size }: BufferPlace, captured: number, edited: boolean): void {
    this.#guest.recorder.recordBuffer({
      sequence: call.sequence,
      direction: this.role.role === 'storeArgument' ? 'argument' : 'result',
      address,
      size,
      captured: Math.min(captured, MAX_RECORDED),
      policy: this.#policy,
      edited,
    });
  }

  edit(bytes: Uint8Array, isJson: boolean): void {
    const { call } = this.#frame;
    if (!call)
      throw new RunnerError({ code: 'value', message: 'There is no call whose buffer this could be.' });
    if (this.role.role === 'storeArgument') this.#editArgument(call, bytes, isJson);
    else this.#editResult(call, bytes, isJson);
  }

  #editArgument(call: CallFrame, bytes: Uint8Array, isJson: boolean): void {
    const problem = this.#problem;
    if (problem?.code === 'argument-too-large' && bytes.length <= (problem.size ?? 0)) {
      this.#replaceArgument(call, bytes);
      this.#perform(false);
      return;
    }
    const fitted = fitArgument(call, bytes, isJson);
    this.#replaceArgument(call, fitted);
    if (!this.#place) return this.#perform(false);
    this.#memory.write(this.#place.address, fitted);
    this.#record(call, this.#place, fitted.length, true);
  }

  #replaceArgument(call: CallFrame, bytes: Uint8Array): void {
    call.argument = bytes;
    this.#guest.recorder.setArgument(call.sequence, bytes);
  }

  #editResult(call: CallFrame, bytes: Uint8Array, isJson: boolean): void {
    const place = this.#place;
    if (!place) {
      throw new RunnerError({ code: 'value', message: this.#problem?.message ?? 'There is no result here.' });
    }
    const resizable = this.#policy === 'u32le-prefix' || this.#policy === 'nul';
    const fitted = isJson && !resizable ? padJson(bytes, place.size) : bytes;
    const written = fitResult(this.#policy, place, fitted);
    if (!written) throw doesNotFit('result', bytes.length, place.size, `the guest returned ${place.size}`);
    this.#memory.write(written.address, written.bytes);
    this.#replaceResult(call, { address: place.address, size: fitted.length }, fitted.slice());
  }

  #replaceResult(call: CallFrame, place: BufferPlace, bytes: Uint8Array): void {
    this.#place = place;
    call.setResult(place, bytes);
    this.#record(call, place, bytes.length, true);
  }

  memoryWritten(): void {
    const { call } = this.#frame;
    if (!call || !this.#place) return;
    if (this.role.role === 'storeArgument') {
      const bytes = this.#memory.read(this.#place.address, this.#place.size);
      if (isSame(bytes, call.argument)) return;
      this.#replaceArgument(call, bytes);
      this.#record(call, this.#place, bytes.length, true);
      return;
    }
    // A prefix or NUL may have been written: the result may be longer or shorter now.
    const measured = measureResult(this.#memory, this.role, this.#frame.params);
    if ('outside' in measured) return;
    const bytes = this.#memory.read(measured.address, measured.captured);
    if (isSame(bytes, call.result)) return;
    this.#replaceResult(call, { address: measured.address, size: measured.size }, bytes);
  }
}

function isSame(bytes: Uint8Array, others: Uint8Array | undefined): boolean {
  return others !== undefined && Buffer.compare(bytes, others) === 0;
}
