import type { MemoryAccess, Stop } from '../../protocol/runner.ts';
import type { CallStack } from './calls.ts';
import type { DataRules } from './data-rules.ts';
import type { BoundaryFrame, BufferPlace, ImportFrame } from './frames.ts';
import type { Guest } from './guest.ts';
import type { Decision } from './stop-decisions.ts';
import { WasiWrites } from './wasi-writes.ts';

export interface AccessDecider {
  readonly data: DataRules;
  /** Null where no breakpoint is on those bytes, or none of them stops. */
  decide(access: MemoryAccess, around: BoundaryFrame): Decision | null;
  /** Blocks until the user resumes. @throws GuestEnded */
  stop(at: Stop['at'], decision: Decision, frames: BoundaryFrame[]): void;
}

/** Stops where linear memory is reached that a data breakpoint is on, whoever reaches it. Each may throw GuestEnded. */
export class AccessStops {
  readonly #calls: CallStack;
  readonly #decider: AccessDecider;
  readonly #wasiWrites: WasiWrites;

  constructor(guest: Guest, calls: CallStack, decider: AccessDecider) {
    this.#calls = calls;
    this.#decider = decider;
    this.#wasiWrites = new WasiWrites((place) => guest.bytesAt(place));
  }

  byGuest(access: MemoryAccess): void {
    this.#reached(access, this.#calls.frames);
  }

  byHost(frame: ImportFrame, kind: MemoryAccess['kind'], place: BufferPlace): void {
    // Asked at every crossing: nothing is made where nothing is watched.
    if (this.#decider.data.isEmpty) return;
    this.#reached({ kind, ...place, by: 'host' }, [frame, ...this.#calls.frames]);
  }

  /** What an import with a role has done to memory. */
  byRole(frame: ImportFrame): void {
    const { role, place } = frame.role ?? {};
    if (role && place) this.byHost(frame, role.role === 'storeArgument' ? 'write' : 'read', place);
  }

  /** One of WasmEdge's own functions is about to be called. */
  wasiBegins(): void {
    this.#wasiWrites.begin(this.#decider.data.written);
  }

  wasiReturned(): void {
    for (const access of this.#wasiWrites.end()) this.#reached(access, this.#calls.frames);
  }

  #reached(access: MemoryAccess, frames: BoundaryFrame[]): void {
    const [around] = frames;
    const decision = around ? this.#decider.decide(access, around) : null;
    if (decision) this.#decider.stop(around?.kind === 'import' ? 'import' : 'site', decision, frames);
  }
}
