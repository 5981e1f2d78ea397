/**
 * How the host looks into objects. It works with *handles*: indices into an exported table of `anyref` that belongs to the
 * host, which makes it as large as it needs (`Table.grow`). All functions below are exports of the rewritten module and may
 * be called while the guest is stopped.
 *
 * Numbers go through the appended memory, from `valuesAt` on; references through handles. So a local that is a reference
 * is looked into like this: `take(index in the table of references, h)`, `typeOf(h)`, then the `read` of that type, which
 * puts all fields out at once; those that are references are at handles again.
 */
export interface AccessPlan {
  /** Indices of struct and array types. Others are ignored. */
  types: readonly number[];
}

export interface Access {
  /** Name of the table of handles; it has 1 element at first. */
  handles: string;
  /** Address in the appended memory of the values of a read or write, and how many bytes there are for them. */
  valuesAt: number;
  valuesSize: number;
  /** `(reference: i32, handle: i32) -> ()`: what the table of references holds at that index. Null without one. */
  take: string | null;
  /** `(handle: i32, reference: i32) -> ()`: the other way, for a local that is to be loaded back. Null as `take`. */
  put: string | null;
  /**
   * `(handle: i32, count: i32) -> ()`: that many handles become null. A null that a host puts into the table itself may not
   * count as one of an object's type.
   */
  clear: string;
  /** `(handle: i32) -> i32`: the index of the most derived of the types that it is an instance of, or TypeOf. */
  typeOf: string;
  /** `(handle: i32, handle: i32) -> i32`: 1 for the same object, 0 otherwise, as `ref.eq`. */
  same: string;
  /** `(handle: i32) -> i32`: an array's elements, whatever its type. It traps for what is no array. */
  length: string;
  /** `(handle: i32) -> i32`: the number that an `i31ref` is. It traps for what is none. */
  i31: string;
  /** By type index. */
  types: ReadonlyMap<number, TypeAccess>;
  /** `(handle: i32) -> ()`: the exception that was thrown last (plan.ts, ThrownLayout). Null where none is kept. */
  takeThrown: string | null;
}

/** What `typeOf` answers for what is of none of the types. */
export const TypeOf = { other: -1, null: -2, i31: -3 } as const;

/** `i8` and `i16` are in memory as that many bits; references that no `anyref` can hold are `none`, and left out. */
export type StoredAs = 'i8' | 'i16' | 'i32' | 'i64' | 'f32' | 'f64' | 'v128' | 'ref' | 'none';

export interface FieldAccess {
  stored: StoredAs;
  mutable: boolean;
}

export type TypeAccess = StructAccess | ArrayAccess;

export interface StructAccess {
  kind: 'struct';
  /** Index of the type that it is derived from; null where it is from none. */
  supertype: number | null;
  /** In the order of the type's definition, inherited ones first. */
  fields: readonly FieldAccess[];
  /**
   * `(handle: i32, into: i32) -> ()`: all fields. Number `n` lies at `valuesAt + 16 * n`, or is at handle `into + n`. The
   * table must have that many elements.
   */
  read: string;
  /**
   * `(handle: i32, field: i32, from: i32) -> ()`: sets one field, to what lies at `valuesAt`, or to the reference at
   * handle `from`. It traps for a field that is not mutable.
   */
  write: string;
  /**
   * `(handle: i32, from: i32) -> ()`: puts a new object at the handle, its fields laid out as `read` does. Null where a
   * field is `none`.
   */
  make: string | null;
}

export interface ArrayAccess {
  kind: 'array';
  element: FieldAccess;
  /** Bytes from one number in memory to the next; 0 for references. */
  stride: number;
  /**
   * `(handle: i32, start: i32, count: i32, into: i32) -> ()`: elements `start` to `start + count`, one after the other from
   * `valuesAt`, or at the handles from `into`. It traps where there are not that many.
   */
  read: string;
  /** `(handle: i32, index: i32, from: i32) -> ()`: sets one element, as a struct's `write`; null where none can be set. */
  write: string | null;
  /**
   * `(handle: i32, length: i32) -> ()`: puts a new array at the handle, of zeros or nulls. Null where elements have no
   * such value.
   */
  make: string | null;
}

/** Bytes for the values of one read. */
export const VALUES_SIZE = 16 * 1024;
