import type { PlannedLocal } from '../../../protocol/runner.ts';
import type { Slot } from './assign.ts';
import type { GuestAccess } from './guest-access.ts';
import type { Heap } from './heap.ts';
import { type KotlinValue, numberOf } from './value.ts';

/** Whether a local is what Kotlin calls `this`: of a method, of an extension, or of a lambda with receiver. */
export function isReceiver(local: string): boolean {
  return /^(?:<this>|\$this(?:\$.*)?)$/.test(local);
}

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

  /**
   * Where a local lies that can be written, while the guest will come back to the frame.
   *
   * @param reload makes the function load its locals back
   */
  slot(local: PlannedLocal, reload: () => void): Slot {
    const { type, slot } = local;
    const value = () => this.valueOf(local);
    if (type !== 'ref') {
      const putNumber = (bytes: Uint8Array) => {
        this.#guest.write(this.#address + 8 * slot, bytes);
        reload();
      };
      return { stored: type, value, putNumber, putReference: () => undefined };
    }
    const index = this.#address / 8 + slot;
    const box = this.#heap.box(index);
    const element = box?.class.field('element');
    const held = box && element ? box.slot(element.index) : null;
    if (held) return { ...held, value };
    const putReference = (handle: number) => {
      this.#heap.putReference(handle, index);
      reload();
    };
    return { stored: type, value, putNumber: () => undefined, putReference };
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
