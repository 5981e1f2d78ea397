import type { RecordedCall, WasmValue } from 'wasmedge-napi';
import type { PassedBuffers, PassedResult } from '../../protocol/runner.ts';
import { callAround } from './call-around.ts';
import { HostTrap } from './failures.ts';
import type { CallFrame, PassedBuffer } from './frames.ts';
import type { Guest } from './guest.ts';
import { type Allocated, GuestAllocator } from './guest-allocator.ts';
import type { GuestMemory } from './guest-memory.ts';
import { PassedArgument } from './passed-argument.ts';
import { findResult, pairBytes, sizeParam } from './passed-places.ts';
import { ReturnedResult } from './returned-result.ts';

/** Who looks at the buffers that exports are passed and return. */
export interface PassingObserver {
  /** A buffer has been written or read, or cannot be. May stop, and may throw to end the guest. */
  bufferPassed(call: CallFrame, passed: PassedBuffer): void;
  /** Whether results are kept for a host function that waits for them. */
  readonly keepsResults: boolean;
  /** Whether what was thrown only tells that the session ends. */
  isEnding(thrown: unknown): boolean;
}

/**
 * One call of an export whose parameters or results pass buffers: allocates with the guest's allocator, writes the
 * arguments, calls, reads the result, and gives everything back.
 */
export class ExportPassing {
  readonly #guest: Guest;
  readonly #memory: GuestMemory;
  readonly #observer: PassingObserver;
  readonly #call: CallFrame;
  readonly #passes: PassedBuffers;
  readonly #allocator: GuestAllocator;
  readonly #arguments: Allocated[] = [];
  #pair: Allocated | null = null;

  /** @throws HostTrap where the guest exports no memory */
  constructor(guest: Guest, observer: PassingObserver, call: CallFrame, passes: PassedBuffers) {
    if (!guest.memory)
      throw new HostTrap(
        'no-memory',
        `${call.title} cannot be passed a buffer: the guest exports no memory.`,
      );
    this.#guest = guest;
    this.#memory = guest.memory;
    this.#observer = observer;
    this.#call = call;
    this.#passes = passes;
    this.#allocator = new GuestAllocator(guest, call);
  }

  /** What the export returned. @throws what the engine, the allocator or the observer throws */
  run(recorded: RecordedCall): WasmValue[] {
    const isEnding = (thrown: unknown): boolean => this.#observer.isEnding(thrown);
    return callAround(this.#guest, this.#call, recorded, isEnding, {
      prepare: () => this.#allocate(),
      entering: () => this.#writeArguments(),
      returned: (results) => this.#takeResult(results),
    });
  }

  #allocate(): void {
    const { params, planned } = this.#call;
    const set = (index: number, value: number): void => {
      params[index] = sizeParam(planned.type.params[index], value);
    };
    this.#call.arguments.forEach((bytes, i) => {
      const passed = this.#passes.arguments[i];
      if (!passed) return;
      const withNul = passed.size === undefined ? 1 : 0;
      const allocated = this.#allocator.allocate(bytes.length + withNul);
      this.#arguments.push({ address: allocated.address, size: bytes.length });
      set(passed.pointer, allocated.address);
      if (passed.size !== undefined) set(passed.size, bytes.length);
    });
    if (this.#passes.out === undefined) return;
    this.#pair = this.#allocator.allocate(pairBytes(this.#isWide));
    set(this.#passes.out, this.#pair.address);
  }

  /** Addresses have 64 bits. */
  get #isWide(): boolean {
    const { type } = this.#call.planned;
    const { arguments: taken, out } = this.#passes;
    const pointer = taken[0]?.pointer ?? out;
    return (pointer === undefined ? type.results[0] : type.params[pointer]) === 'i64';
  }

  #writeArguments(): void {
    const call = this.#call;
    this.#arguments.forEach((allocated, i) => {
      const isLast = this.#passes.arguments[i]?.size === undefined;
      const passed = new PassedArgument(this.#guest.recorder, this.#memory, call, allocated.address, isLast);
      this.#pass(passed);
      const next = call.nextArgument();
      if (next) this.#guest.recorder.setArgument(call.sequence, next);
    });
  }

  /** Lets the observer look at it, who may correct what is wrong. @throws HostTrap where it is still wrong then */
  #pass(passed: PassedBuffer): void {
    this.#call.passing = passed;
    try {
      this.#observer.bufferPassed(this.#call, passed);
    } finally {
      this.#call.passing = null;
    }
    if (passed.problem) throw new HostTrap(passed.problem.code, passed.problem.message);
  }

  #takeResult(returns: WasmValue[]): void {
    const { result } = this.#passes;
    this.#call.returns = returns;
    if (result) this.#readResult(result, returns);
    this.#giveBack(result, returns);
  }

  #readResult(result: PassedResult, returns: readonly WasmValue[]): void {
    const call = this.#call;
    const find = () => findResult(this.#memory, result, returns, this.#pair?.address ?? 0, this.#isWide);
    try {
      this.#pass(new ReturnedResult(this.#guest.recorder, this.#memory, call, find));
    } finally {
      call.closeResult(this.#observer.keepsResults);
    }
  }

  #giveBack(result: PassedResult | undefined, returns: readonly WasmValue[]): void {
    const place = this.#call.returned;
    if (result?.free && place) this.#allocator.freeResult(result.free, place, returns);
    for (const allocated of this.#arguments) this.#allocator.free(allocated);
    if (this.#pair) this.#allocator.free(this.#pair);
  }
}
