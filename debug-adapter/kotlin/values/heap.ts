import type { ObjectPlan, PlannedArray, Stored } from '../../../protocol/kotlin.ts';
import { TypeOf } from '../rewriting/access.ts';
import { boxed, isSharedBox } from './boxes.ts';
import { Classes, type KotlinClass } from './classes.ts';
import type { GuestAccess } from './guest-access.ts';
import { KotlinObject } from './object.ts';
import { KotlinString } from './string.ts';
import { type KotlinValue, NULL, numberOf } from './value.ts';

/** Bytes from one field's number to the next, where a whole object is read (access.ts). */
const FIELD_STRIDE = 16;

/** Where an object's fields are after it has been read: numbers copied, references at handles. */
export interface ReadFields {
  numbers: DataView;
  firstHandle: number;
}

/**
 * The guest's objects while it is stopped. Each is held by a *handle*, an element of a table that belongs to the host, until
 * `release`; what was read of them must not be used after that. Reading changes nothing that the guest can see.
 */
export class Heap {
  readonly classes: Classes;
  readonly #plan: ObjectPlan['access'];
  readonly #guest: GuestAccess;
  /** The first handle that is free. */
  #next = 0;
  #made = 1;

  constructor(plan: ObjectPlan, guest: GuestAccess) {
    this.classes = new Classes(plan);
    this.#plan = plan.access;
    this.#guest = guest;
  }

  /** What the table of the frames' references holds at an index. */
  reference(index: number): KotlinValue {
    const { take } = this.#plan;
    if (take === null) return NULL;
    const handle = this.allocate(1);
    this.#guest.call(take, index, handle);
    return this.at(handle);
  }

  /** The box of a local that a lambda changes, at an index of the frames' references; null where that is none. */
  box(index: number): KotlinObject | null {
    const { take } = this.#plan;
    if (take === null) return null;
    const handle = this.allocate(1);
    this.#guest.call(take, index, handle);
    const its = this.classes.byType(this.#guest.call(this.#plan.typeOf, handle));
    return its && isSharedBox(its.name) ? new KotlinObject(this, its, handle) : null;
  }

  /** The guest goes on: lets go of all objects. */
  release(): void {
    this.#releaseFrom(0);
  }

  /** Lets go of the objects that `work` has come upon: for what is asked while the guest runs, such as conditions. */
  briefly<T>(work: () => T): T {
    const before = this.#next;
    try {
      return work();
    } finally {
      this.#releaseFrom(before);
    }
  }

  #releaseFrom(first: number): void {
    if (this.#next > first) this.#guest.call(this.#plan.clear, first, this.#next - first);
    this.#next = first;
  }

  allocate(count: number): number {
    const first = this.#next;
    this.#next += count;
    if (this.#next > this.#made) {
      this.#made = Math.max(this.#next, 2 * this.#made, 1024);
      this.#guest.makeHandles(this.#made);
    }
    return first;
  }

  /** The value that is held by a handle. */
  at(handle: number): KotlinValue {
    const type = this.#guest.call(this.#plan.typeOf, handle);
    if (type === TypeOf.null) return NULL;
    const its = this.classes.byType(type);
    if (!its) return { kind: 'opaque', text: 'object' };
    if (its.name === 'kotlin.String') return { kind: 'string', string: new KotlinString(this, its, handle) };
    const object = new KotlinObject(this, its, handle);
    return boxed(object) ?? { kind: 'object', object };
  }

  /** The Wasm array that is held by a handle; null where that is none. */
  arrayAt(handle: number): PlannedArray | null {
    return this.classes.array(this.#guest.call(this.#plan.typeOf, handle));
  }

  isNull(handle: number): boolean {
    return this.#guest.call(this.#plan.typeOf, handle) === TypeOf.null;
  }

  same(one: number, other: number): boolean {
    return this.#guest.call(this.#plan.same, one, other) === 1;
  }

  /** Reads all fields of an object of this class. `into`: handles for its references, as many as it has fields. */
  readFields(handle: number, { plan }: KotlinClass, into?: number): ReadFields {
    const firstHandle = into ?? this.allocate(plan.fields.length);
    this.#guest.call(plan.read, handle, firstHandle);
    const bytes = this.#guest.read(this.#plan.valuesAt, FIELD_STRIDE * plan.fields.length);
    return { numbers: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), firstHandle };
  }

  /** One field of those. */
  fieldValue({ numbers, firstHandle }: ReadFields, { plan }: KotlinClass, index: number): KotlinValue {
    const field = plan.fields[index];
    if (!field || field.stored === 'none') return { kind: 'opaque', text: 'not an object' };
    if (field.stored === 'ref') return this.at(firstHandle + index);
    return this.number(numbers, FIELD_STRIDE * index, field.stored, field.kotlinType);
  }

  number(
    bytes: DataView,
    at: number,
    stored: Exclude<Stored, 'ref' | 'none'>,
    kotlinType: string | undefined,
  ): KotlinValue {
    if (stored === 'v128') return { kind: 'opaque', text: '128 bits' };
    return numberOf(stored, readNumber(bytes, at, stored), kotlinType, this.classes.wrappedBy);
  }

  /** Writes a field of an object. `from`: a number's bytes, or the handle of what is to be referred to. */
  writeField(handle: number, { plan }: KotlinClass, index: number, from: Uint8Array | number): void {
    this.#write(plan.write, handle, index, from);
  }

  /** Writes an element of an array, as a field. */
  writeElement(handle: number, { write }: PlannedArray, index: number, from: Uint8Array | number): void {
    if (write !== null) this.#write(write, handle, index, from);
  }

  #write(name: string, handle: number, index: number, from: Uint8Array | number): void {
    if (typeof from !== 'number') this.#guest.write(this.#plan.valuesAt, from);
    this.#guest.call(name, handle, index, typeof from === 'number' ? from : 0);
  }

  /** Puts what a handle holds into the table of the frames' references. */
  putReference(handle: number, index: number): void {
    if (this.#plan.put !== null) this.#guest.call(this.#plan.put, handle, index);
  }

  /** The handle of a new String. Of `like` it takes what every String has for the runtime. */
  makeString(like: KotlinString, text: string): number {
    const { plan } = like.class;
    const { firstHandle, numbers } = this.readFields(like.handle, like.class);
    const place = (name: string) => like.class.field(name)?.index ?? 0;
    const chars = firstHandle + place('_chars');
    const array = this.arrayAt(chars);
    const made = this.allocate(1);
    if (!array || array.make === null || plan.make === null) throw new TypeError('Strings cannot be made.');
    this.#guest.call(array.make, chars, text.length);
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      this.writeElement(chars, array, i, Uint8Array.of(unit & 0xff, unit >> 8));
    }
    this.#guest.call(this.#plan.clear, firstHandle + place('leftIfInSum'), 1);
    const fields = new Uint8Array(numbers.byteLength);
    new DataView(fields.buffer).setInt32(FIELD_STRIDE * place('length'), text.length, true);
    // Its hash code is 0, as long as nobody has asked for it.
    this.#guest.write(this.#plan.valuesAt, fields);
    this.#guest.call(plan.make, made, firstHandle);
    return made;
  }

  /** Elements of the Wasm array at a handle. */
  arrayLength(handle: number): number {
    return this.#guest.call(this.#plan.length, handle);
  }

  /** Elements `start` to `start + count` of an array of numbers, one after the other in little-endian order. */
  arrayBytes(handle: number, { read, stride }: PlannedArray, start: number, count: number): Uint8Array {
    const whole = new Uint8Array(count * stride);
    const atOnce = Math.floor(this.#plan.valuesSize / stride);
    for (let done = 0; done < count; done += atOnce) {
      const part = Math.min(atOnce, count - done);
      this.#guest.call(read, handle, start + done, part, 0);
      whole.set(this.#guest.read(this.#plan.valuesAt, part * stride), done * stride);
    }
    return whole;
  }

  /** Elements of the Wasm array at a handle; there must be that many. */
  arrayElements(
    handle: number,
    array: PlannedArray,
    start: number,
    count: number,
    kotlinType: string | undefined,
  ): KotlinValue[] {
    const { stored, stride } = array;
    if (stored === 'none') return [];
    if (stored === 'ref') {
      const first = this.allocate(count);
      this.#guest.call(array.read, handle, start, count, first);
      return Array.from({ length: count }, (_, i) => this.at(first + i));
    }
    const bytes = this.arrayBytes(handle, array, start, count);
    const view = new DataView(bytes.buffer);
    return Array.from({ length: count }, (_, i) => this.number(view, stride * i, stored, kotlinType));
  }
}

/** Little-endian. */
export function readNumber(
  bytes: DataView,
  at: number,
  stored: Exclude<Stored, 'ref' | 'none' | 'v128'>,
): number | bigint {
  switch (stored) {
    case 'i8':
      return bytes.getInt8(at);
    case 'i16':
      return bytes.getInt16(at, true);
    case 'i32':
      return bytes.getInt32(at, true);
    case 'i64':
      return bytes.getBigInt64(at, true);
    case 'f32':
      return bytes.getFloat32(at, true);
    case 'f64':
      return bytes.getFloat64(at, true);
  }
}
