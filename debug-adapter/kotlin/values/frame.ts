import type { PlannedLocal } from '../../../protocol/runner.ts';
import type { GuestAccess } from './guest-access.ts';
import type { Heap } from './heap.ts';
import { type KotlinValue, numberOf } from './value.ts';

/** A frame of a rewritten function: its locals, and what they hold. */
export class KotlinFrame {
  readonly #heap: Heap;
  readonly #guest: GuestAccess;
  /** In the appended memory. */
  readonly #address: number;
  /** Those that have been written where the frame stands, in the order of their declaration. */
  readonly locals: readonly PlannedLocal[];

  /** @param offset original byte offset of where the frame stands */
  constructor(
    heap: Heap,
    guest: GuestAccess,
    locals: readonly PlannedLocal[],
    address: number,
    offset: number,
  ) {
    this.#heap = heap;
    this.#guest = guest;
    this.#address = address;
    this.locals = locals.filter(({ writtenFrom }) => writtenFrom !== null && writtenFrom <= offset);
  }

  /** Of several locals of a name the one that was declared last; null where there is none. */
  local(name: string): KotlinValue | null {
    const found = this.locals.findLast((each) => each.name === name);
    return found ? this.valueOf(found) : null;
  }

  valueOf({ type, slot, kotlinType }: PlannedLocal): KotlinValue {
    if (type === 'ref') {
      const value = this.#heap.reference(this.#address / 8 + slot);
      // A local that a lambda changes.
      if (value.kind !== 'erased') return value;
      return numberOf(value.stored, value.value, kotlinType, this.#heap.classes.wrappedBy);
    }
    const bytes = this.#guest.read(this.#address + 8 * slot, type === 'v128' ? 16 : 8);
    return this.#heap.number(new DataView(bytes.buffer, bytes.byteOffset), 0, type, kotlinType);
  }
}
