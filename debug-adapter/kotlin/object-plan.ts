import type {
  ObjectPlan,
  PlannedClass,
  PlannedField,
  PlannedType,
  WrappedType,
} from '../../protocol/kotlin.ts';
import type { GuestModule } from '../wasm/module.ts';
import type { Access, StructAccess } from './rewriting/access.ts';
import type { GuestTypes } from './source-types/guest-types.ts';

/** What every object begins with, for the runtime (design.md §8). */
const RUNTIME_FIELDS: ReadonlySet<string> = new Set(['vtable', 'itable', 'rtti', '_hashCode']);

/** Those of the standard library that are unboxed numbers in guests. */
const LIBRARY_VALUE_CLASSES: Readonly<Record<string, WrappedType>> = {
  'kotlin.wasm.unsafe.Pointer': { field: 'address', kotlinType: 'UInt' },
};

/**
 * Indices of the types that a guest's objects can be of: Kotlin's classes, and the arrays in which those keep elements. Of
 * all others, such as tables of methods, nobody asks. Kotlin's compiler names them in the name section.
 */
export function kotlinTypes(guest: GuestModule): number[] {
  const fields = guest.fieldNames();
  return [...guest.typeNames()].flatMap(([type, name]) => {
    const own = fields.get(type);
    // An array has no names of fields. Names in angle brackets are the compiler's own.
    if (!own) return name.startsWith('<') ? [] : [type];
    return [...own.values()].includes('rtti') ? [type] : [];
  });
}

/** What the runner must know of these types. */
export function describeObjects(guest: GuestModule, access: Access, said: GuestTypes): ObjectPlan {
  const { handles, valuesAt, valuesSize, take, put, clear, typeOf, same, length } = access;
  const names = guest.typeNames();
  const fields = guest.fieldNames();
  const types = [...access.types].map(([type, how]): PlannedType => {
    if (how.kind === 'struct') return describeClass(type, names.get(type) ?? '', fields.get(type), how, said);
    const { element, stride, read, write, make } = how;
    return { kind: 'array', type, stored: element.stored, stride, read, write, make };
  });
  return {
    access: { handles, valuesAt, valuesSize, take, put, clear, typeOf, same, length },
    types,
    valueClasses: { ...LIBRARY_VALUE_CLASSES, ...said.valueClasses() },
  };
}

function describeClass(
  type: number,
  name: string,
  names: ReadonlyMap<number, string> | undefined,
  { supertype, fields, read, write, make }: StructAccess,
  said: GuestTypes,
): PlannedClass {
  return {
    kind: 'class',
    type,
    name,
    superclass: supertype,
    fields: fields.map(({ stored, mutable }, i): PlannedField | null => {
      const field = names?.get(i);
      if (field === undefined || RUNTIME_FIELDS.has(field)) return null;
      const kotlinType = stored === 'ref' ? null : (said.field(name, field) ?? libraryField(name, field));
      return { name: field, stored, mutable, ...(kotlinType !== null && { kotlinType }) };
    }),
    read,
    write,
    make,
  };
}

/** The types of fields of the standard library, where something is shown by them. */
function libraryField(className: string, field: string): string | null {
  const range = /^kotlin\.ranges\.(Char|Int|Long|UInt|ULong)(?:Range|Progression)$/.exec(className);
  return range && (field === 'first' || field === 'last') ? (range[1] ?? null) : null;
}
