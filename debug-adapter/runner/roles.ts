import type { WasmValue } from 'wasmedge-napi';
import type { RoleAssignment } from '../../protocol/inspection.ts';
import type { CallStack } from './calls.ts';
import { RunnerError } from './failures.ts';
import type { BufferPlace, CallFrame, ImportFrame } from './frames.ts';
import type { Guest } from './guest.ts';
import type { GuestMemory } from './guest-memory.ts';
import { fitResult, measureResult } from './size-policies.ts';
import { unsigned, wasmText } from './values.ts';

/** What is wrong with a crossing of the callId protocol, as one sentence. */
export interface BoundaryProblem {
  code:
    | 'pointer-outside-memory'
    | 'argument-too-large'
    | 'call-not-open'
    | 'no-argument'
    | 'result-returned-twice';
  message: string;
  address?: number;
  size?: number;
  /** The guest cannot go on with it: unless corrected, continuing traps. */
  fatal: boolean;
}

type NativePolicy = 'host' | 'param' | 'u32le-prefix' | 'nul' | 'fixed' | 'unknown';

/**
 * One crossing of an import with a role, done in JavaScript: what the recorder does natively while nothing is armed,
 * with a problem where it cannot be done. A crossing may be tried again with corrected parameters or another argument.
 */
export class RoleCrossing {
  readonly role: RoleAssignment;
  readonly #guest: Guest;
  readonly #memory: GuestMemory;
  readonly #frame: ImportFrame;
  #problem: BoundaryProblem | null = null;
  /** Where the buffer went or was taken from, once it was. */
  #place: BufferPlace | null = null;
  #policy: NativePolicy = 'host';

  constructor(guest: Guest, memory: GuestMemory, calls: CallStack, frame: ImportFrame, role: RoleAssignment) {
    this.role = role;
    this.#guest = guest;
    this.#memory = memory;
    this.#frame = frame;
    frame.call = role.callId === undefined ? calls.innermost : calls.find(frame.params[role.callId]);
    this.perform();
  }

  get problem(): BoundaryProblem | null {
    return this.#problem;
  }
  get place(): BufferPlace | null {
    return this.#place;
  }

  /** Checks the pointers and passes the buffer, unless there is a problem. */
  perform(): void {
    this.#problem = null;
    const { call } = this.#frame;
    if (!call) this.#problem = this.#notOpen();
    else if (this.role.role === 'storeArgument') this.#store(call);
    else this.#return(call);
  }

  /** Replaces parameter `index` and tries again. @throws RunnerError where there is nothing to correct. */
  correct(index: number, value: WasmValue): void {
    if (!this.#problem?.fatal) {
      throw new RunnerError({
        code: 'value',
        message: `The parameters of ${this.#frame.title} cannot be changed: the guest has passed them already. Only a wrong pointer or size can be corrected.`,
      });
    }
    this.#frame.params[index] = value;
    this.perform();
  }

  #store(call: CallFrame): void {
    const { argument } = call;
    if (!argument) {
      this.#problem = {
        code: 'no-argument',
        message: `The guest asks for the argument of ${call.title}, but this call was given none: add “argument” to it.`,
        fatal: false,
      };
      return;
    }
    const address = unsigned(this.#frame.params[this.role.pointer]);
    if (this.role.size !== undefined) {
      const room = unsigned(this.#frame.params[this.role.size]);
      if (argument.length > room) {
        this.#problem = this.#tooLarge(call, argument.length, room, address);
        return;
      }
    }
    if (!this.#memory.holds(address, argument.length)) {
      this.#problem = this.#outside({ address, size: argument.length }, `the argument of ${call.title}`);
      return;
    }
    this.#memory.write(address, argument);
    this.#place = call.stored = { address, size: argument.length };
    this.#record(call, this.#place, argument.length, false);
  }

  #return(call: CallFrame): void {
    const measured = measureResult(this.#memory, this.role, this.#frame.params);
    if ('outside' in measured) {
      this.#problem = this.#outside(measured.outside, `the result of ${call.title}`);
      return;
    }
    const { address, size, captured, policy } = measured;
    if (call.result) {
      this.#problem = {
        code: 'result-returned-twice',
        message:
          `The guest returns a second result for ${call.title}: ${size} bytes at ${hex(address)} after ` +
          `${call.result.size} bytes at ${hex(call.result.address)}. The later one counts.`,
        address,
        size,
        fatal: false,
      };
    }
    this.#policy = policy;
    this.#place = { address, size };
    call.result = { address, size, bytes: this.#memory.read(address, captured) };
    this.#record(call, this.#place, captured, false);
  }

  #record(call: CallFrame, place: BufferPlace, captured: number, edited: boolean): void {
    this.#guest.recorder.recordBuffer({
      sequence: call.sequence,
      direction: this.role.role === 'storeArgument' ? 'argument' : 'result',
      address: place.address,
      size: place.size,
      captured,
      policy: this.#policy,
      edited,
    });
  }

  /**
   * Puts an edited buffer in the place of the one that was passed. JSON may be shorter: it is padded with spaces.
   * @throws RunnerError where it does not fit, naming both sizes.
   */
  edit(bytes: Uint8Array, isJson: boolean): void {
    const { call } = this.#frame;
    if (!call) throw new RunnerError({ code: 'value', message: this.#notOpen().message });
    if (this.role.role === 'storeArgument') this.#editArgument(call, bytes, isJson);
    else this.#editResult(call, bytes, isJson);
  }

  #editArgument(call: CallFrame, bytes: Uint8Array, isJson: boolean): void {
    if (this.#problem?.code === 'argument-too-large' && bytes.length <= (this.#problem.size ?? 0)) {
      this.#replaceArgument(call, bytes);
      this.perform();
      return;
    }
    const fitted = fitArgument(call, bytes, isJson);
    this.#replaceArgument(call, fitted);
    if (!this.#place) {
      this.perform();
      return;
    }
    this.#memory.write(this.#place.address, fitted);
    this.#record(call, this.#place, fitted.length, true);
  }

  #replaceArgument(call: CallFrame, bytes: Uint8Array): void {
    call.argument = bytes;
    this.#guest.recorder.setArgument(call.sequence, bytes);
  }

  #editResult(call: CallFrame, bytes: Uint8Array, isJson: boolean): void {
    const { result } = call;
    const place = this.#place;
    if (!result || !place) {
      throw new RunnerError({
        code: 'value',
        message: this.#problem?.message ?? 'There is no result to change.',
      });
    }
    const same =
      isJson && this.#policy !== 'u32le-prefix' && this.#policy !== 'nul'
        ? padJson(bytes, place.size)
        : bytes;
    const fitted = this.#policy === 'host' ? null : fitResult(this.#policy, place, same);
    if (!fitted) throw doesNotFit('result', bytes.length, place.size, `the guest returned ${place.size}`);
    this.#memory.write(fitted.address, fitted.bytes);
    this.#place = { address: place.address, size: same.length };
    call.result = { ...this.#place, bytes: same.slice() };
    this.#record(call, this.#place, same.length, true);
  }

  /** After memory was written at `[address, address + size)`: if that changed the buffer, the ledger gets it again. */
  memoryWritten(address: number, size: number): void {
    const { call } = this.#frame;
    const place = this.#place;
    if (!call || !place || address >= place.address + place.size || address + size <= place.address) return;
    const bytes = this.#memory.read(place.address, place.size);
    if (this.role.role === 'storeArgument') this.#replaceArgument(call, bytes);
    else call.result = { ...place, bytes };
    this.#record(call, place, bytes.length, true);
  }

  #given(index: number): string {
    const value = this.#frame.params[index];
    const text = wasmText(value);
    return text.startsWith('-') ? `${unsigned(value)} (${text} as an unsigned number)` : text;
  }

  #notOpen(): BoundaryProblem {
    const { callId } = this.role;
    const what = this.role.role === 'storeArgument' ? 'asks for the argument' : 'returns the result';
    const message =
      callId === undefined
        ? `The guest ${what} of a call through ${this.#frame.title}, but no call is running.`
        : `The guest ${what} of callId ${this.#given(callId)} through ${this.#frame.title}, but no call with that callId is open.`;
    return { code: 'call-not-open', message: `${message} Nothing was copied.`, fatal: false };
  }

  #tooLarge(call: CallFrame, size: number, room: number, address: number): BoundaryProblem {
    return {
      code: 'argument-too-large',
      message:
        `The argument of ${call.title} takes ${size} bytes, but the guest offers room for ` +
        `${this.#given(this.role.size ?? -1)} at ${hex(address)} (${this.#frame.title}). Nothing was written: ` +
        'unless the argument is made shorter, continuing traps.',
      address,
      size: room,
      fatal: true,
    };
  }

  #outside({ address, size }: BufferPlace, what: string): BoundaryProblem {
    const sizeParam = this.role.size;
    const size_ =
      sizeParam !== undefined && this.role.role === 'returnResult' ? this.#given(sizeParam) : `${size}`;
    const name = this.role.role === 'storeArgument' ? 'to write' : 'to read';
    return {
      code: 'pointer-outside-memory',
      message:
        `${this.#frame.title} was given pointer ${this.#given(this.role.pointer)} ${name} ${size_} bytes of ${what}: ` +
        `that is outside memory, which has ${this.#memory.size} bytes. Unless the pointer is corrected, continuing traps.`,
      address,
      size,
      fatal: true,
    };
  }
}

function hex(address: number): string {
  return `0x${address.toString(16)}`;
}

/** JSON text of exactly `size` bytes, where it is shorter: white space after it is insignificant (RFC 8259 §2). */
function padJson(bytes: Uint8Array, size: number): Uint8Array {
  if (bytes.length >= size) return bytes;
  return new Uint8Array(Buffer.concat([bytes, Buffer.alloc(size - bytes.length, ' ')]));
}

/**
 * An edited argument in the length that the guest was told.
 * @throws RunnerError where it has another one.
 */
export function fitArgument(call: CallFrame, bytes: Uint8Array, isJson: boolean): Uint8Array {
  const fitted = isJson ? padJson(bytes, call.toldSize) : bytes;
  if (fitted.length === call.toldSize) return fitted;
  throw doesNotFit(
    'argument',
    bytes.length,
    call.toldSize,
    `the guest was told ${call.toldSize} when it was called`,
  );
}

function doesNotFit(what: string, size: number, wanted: number, why: string): RunnerError {
  const how = size > wanted ? 'Make it shorter' : 'Fill it up, for instance with spaces';
  const message = `The new ${what} takes ${size} bytes, but ${why}. ${how}: the length cannot change at this stop.`;
  return new RunnerError({ code: 'value', message });
}
