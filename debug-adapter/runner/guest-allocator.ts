import type { WasmValue } from 'wasmedge-napi';
import type { AllocatorCall } from '../../protocol/runner.ts';
import type { CallFrame } from './frames.ts';
import type { Guest } from './guest.ts';
import { sizeParam } from './passed-places.ts';
import { unsigned } from './values.ts';

/** Bytes: enough for whatever a buffer holds. */
const ALIGN = 8;

/** Memory that the guest's allocator gave for a call. */
export interface Allocated {
  address: number;
  size: number;
}

/**
 * Calls the guest's allocator for a call. Those calls are none of the ledger: what goes wrong in them is told of the
 * call that they serve, whose `helper` names the export while it runs.
 */
export class GuestAllocator {
  readonly #guest: Guest;
  readonly #call: CallFrame;

  constructor(guest: Guest, call: CallFrame) {
    this.#guest = guest;
    this.#call = call;
  }

  /** @throws what the engine throws */
  allocate(size: number): Allocated {
    const { allocator } = this.#guest.plan;
    if (!allocator) throw new Error('The plan has no allocator.');
    const [address] = this.#run(allocator.allocate, { address: 0, size }, []);
    return { address: unsigned(address), size };
  }

  /** Gives memory back where the guest has a function for that. @throws what the engine throws */
  free(allocated: Allocated): void {
    const free = this.#guest.plan.allocator?.free;
    if (free) this.#run(free, allocated, []);
  }

  /** Gives a result back through `free`. @throws what the engine throws */
  freeResult(free: AllocatorCall, place: Allocated, returned: readonly WasmValue[]): void {
    this.#run(free, place, returned);
  }

  #run(
    { exportIndex, params }: AllocatorCall,
    place: Allocated,
    returned: readonly WasmValue[],
  ): WasmValue[] {
    const planned = this.#guest.plan.exports[exportIndex];
    const given = params.map((meaning, i): WasmValue => {
      const type = planned?.type.params[i];
      switch (meaning) {
        case 'pointer':
          return sizeParam(type, place.address);
        case 'size':
          return sizeParam(type, place.size);
        case 'align':
          return sizeParam(type, ALIGN);
        case 'zero':
          return sizeParam(type, 0);
        case 'returned':
          return returned[i] ?? sizeParam(type, 0);
      }
    });
    this.#call.helper = planned?.name ?? null;
    const results = this.#guest.func(exportIndex).call(...given);
    this.#call.helper = null;
    return results;
  }
}
