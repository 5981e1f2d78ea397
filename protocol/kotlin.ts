/**
 * What the runner must know to look into a guest's Kotlin objects. The adapter works it out at launch: from the rewritten
 * module's accessors (debug-adapter/kotlin/rewriting/access.ts), the names in the guest's name section, and its sources.
 */
export interface ObjectPlan {
  /** Exports of the rewritten module, as access.ts describes them. */
  access: ObjectAccess;
  /** In no order. Wasm type indices name them. */
  types: PlannedType[];
  /** By their names with packages. Values of these are what they wrap, unless they are boxed. */
  valueClasses: Record<string, WrappedType>;
}

/** An exception of the guest's. */
export interface ThrownException {
  /** With its package. */
  className: string;
  /** At most 1000 characters. */
  message: string | null;
  cause: ThrownException | null;
}

/** What a value class wraps. */
export interface WrappedType {
  field: string;
  /** As PlannedLocal's. */
  kotlinType?: string;
}

export interface ObjectAccess {
  handles: string;
  valuesAt: number;
  valuesSize: number;
  take: string | null;
  put: string | null;
  clear: string;
  typeOf: string;
  same: string;
  length: string;
}

/** How a number or reference lies in an object; `none`: it cannot be read. */
export type Stored = 'i8' | 'i16' | 'i32' | 'i64' | 'f32' | 'f64' | 'v128' | 'ref' | 'none';

export type PlannedType = PlannedClass | PlannedArray;

/** A Kotlin class. */
export interface PlannedClass {
  kind: 'class';
  type: number;
  /** Package and class: `demo.Account`; of a nested class kotlinc writes no outer class. */
  name: string;
  /** Type index of the class that it extends; null for `kotlin.Any`. */
  superclass: number | null;
  /** All that a struct of this type has, inherited ones first; null where nobody but the runtime sees it. */
  fields: (PlannedField | null)[];
  read: string;
  write: string;
  make: string | null;
}

export interface PlannedField {
  name: string;
  stored: Stored;
  mutable: boolean;
  /** As PlannedLocal's. */
  kotlinType?: string;
}

/** What Kotlin's arrays and strings keep their elements in. */
export interface PlannedArray {
  kind: 'array';
  type: number;
  stored: Stored;
  /** Bytes from one number to the next. */
  stride: number;
  read: string;
  write: string | null;
  make: string | null;
}
