import { type Elements, elementsOf } from './elements.ts';
import type { KotlinClass } from './classes.ts';
import type { Slot } from './assign.ts';
import type { Heap, ReadFields } from './heap.ts';
import type { KotlinValue } from './value.ts';

/** An object of the guest; its fields are read, all at once, when one is asked for. */
export class KotlinObject {
  readonly class: KotlinClass;
  readonly heap: Heap;
  readonly handle: number;
  #read: ReadFields | null = null;
  #elements: Elements | null | undefined;

  constructor(heap: Heap, its: KotlinClass, handle: number) {
    this.heap = heap;
    this.class = its;
    this.handle = handle;
  }

  /** The field of that name; null where the class has none. A property without a field is none. */
  field(name: string): KotlinValue | null {
    const place = this.class.field(name);
    return place && this.fieldAt(place.index);
  }

  /** By its number in the struct, as `class.fields` gives it. */
  fieldAt(index: number): KotlinValue {
    this.#read ??= this.heap.readFields(this.handle, this.class);
    return this.heap.fieldValue(this.#read, this.class, index);
  }

  /** Handle of the object that a field refers to. */
  handleOf(name: string): number | null {
    const place = this.class.field(name);
    if (!place) return null;
    this.#read ??= this.heap.readFields(this.handle, this.class);
    return this.#read.firstHandle + place.index;
  }

  /** What an array, a collection or a map of the standard library holds; null for all other objects. */
  get elements(): Elements | null {
    return (this.#elements ??= elementsOf(this));
  }

  /** Kotlin's `===`. */
  same(other: KotlinObject): boolean {
    return this.heap.same(this.handle, other.handle);
  }

  /** The same of the field of that name, also of what a lambda captures; null where there is none, too. */
  slotNamed(name: string): Slot | null {
    const place = this.class.field(name) ?? this.class.field(`$${name}`);
    return place && this.slot(place.index);
  }

  /** Where a field lies that can be written, `val`s too; null where the runtime forbids it. */
  slot(index: number): Slot | null {
    const field = this.class.plan.fields[index];
    if (!field?.mutable) return null;
    const write = (from: Uint8Array | number) => {
      this.heap.writeField(this.handle, this.class, index, from);
      this.#read = null;
      this.#elements = undefined;
    };
    return { stored: field.stored, value: () => this.fieldAt(index), putNumber: write, putReference: write };
  }
}
