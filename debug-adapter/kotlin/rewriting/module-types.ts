import { BinaryReader, type ITypeEntry, type Type } from 'wasmparser';
import { MalformedModule } from '../../wasm/byte-reader.ts';
import type { StoredAs } from './access.ts';
import { ByteWriter } from './byte-writer.ts';
import type { ModuleShape } from './module-shape.ts';

// wasmparser's enums are ambient and const, which isolated modules cannot use; these are its numbers.
const ERROR = -1;
const TYPE_SECTION_ENTRY = 11;
const END_SECTION = 4;
const REF = -28;
const REF_NULL = -29;
const FORM = { struct: -33, array: -34 };
/** Heap types between `any` and `none`: any, eq, i31, struct, array, none. */
const ANY_HIERARCHY = new Set([-18, -19, -20, -21, -22, -15]);
const NUMBERS = new Map<number, 'i32' | 'i64' | 'f32' | 'f64' | 'v128'>([
  [-1, 'i32'],
  [-2, 'i64'],
  [-3, 'f32'],
  [-4, 'f64'],
  [-5, 'v128'],
]);

export type { ITypeEntry as TypeEntry, Type };

/**
 * The module's types by index, decoded by wasmparser. The section's bounds and counts were checked when its shape was read.
 *
 * @throws MalformedModule where it holds a type that wasmparser does not know.
 */
export function readModuleTypes({ bytes, sections }: ModuleShape): ITypeEntry[] {
  const section = sections.find(({ id }) => id === 'type');
  if (!section) return [];
  const reader = new BinaryReader();
  const preamble = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
  const alone = new ByteWriter(section.end - section.header + preamble.length)
    .raw(preamble)
    .raw(bytes.subarray(section.header, section.end))
    .written.slice();
  reader.setData(alone.buffer, 0, alone.length);
  const types: ITypeEntry[] = [];
  for (;;) {
    let state: number = ERROR;
    let why = 'its type section ends too early';
    try {
      if (reader.read()) {
        state = reader.state;
        if (state === ERROR) why = reader.error.message;
      }
    } catch (thrown) {
      why = thrown instanceof Error ? thrown.message : String(thrown);
    }
    if (state === ERROR) throw new MalformedModule(why, section.header + reader.position - preamble.length);
    if (state === TYPE_SECTION_ENTRY) types.push(withSupertypes(reader.result as ITypeEntry));
    if (state === END_SECTION) return types;
  }
}

/** wasmparser (5.11) reads the indices of supertypes as signed numbers: 64 in one byte comes out as -64. */
function withSupertypes(entry: ITypeEntry): ITypeEntry {
  if (!entry.supertypes?.some((index) => index < 0)) return entry;
  const supertypes = entry.supertypes.map((index) => {
    let modulus = 128;
    while (index < -modulus / 2) modulus *= 128;
    return index < 0 ? index + modulus : index;
  });
  return { ...entry, supertypes };
}

/** The heap type of `(ref …)` and `(ref null …)`, as s33 (null for other types), which wasmparser has in a class that it does not export. */
export function heapTypeOf(type: Type): number | null {
  return type.code === REF || type.code === REF_NULL
    ? (type as Type & { ref_index: number }).ref_index
    : null;
}

/** The bytes of a value type. */
export function encodeType(writer: ByteWriter, type: Type): void {
  const heapType = heapTypeOf(type);
  writer.u8(type.code & 0x7f);
  if (heapType !== null) writer.s32(heapType);
}

/** How a value is kept: numbers by their type, what an `anyref` can hold as `ref`, other references not at all. */
export type KeptAs =
  | { type: 'i32' | 'i64' | 'f32' | 'f64' | 'v128' }
  | {
      type: 'ref';
      /** As s33. */
      heapType: number;
      nullable: boolean;
    };

export function keptAs(type: Type, types: readonly ITypeEntry[]): KeptAs | null {
  const number = NUMBERS.get(type.code);
  if (number) return { type: number };
  // The short forms of reference types are their heap types, and nullable.
  const heapType = heapTypeOf(type) ?? type.code;
  const form = types[heapType]?.form;
  const any = heapType < 0 ? ANY_HIERARCHY.has(heapType) : form === FORM.struct || form === FORM.array;
  return any ? { type: 'ref', heapType, nullable: type.code !== REF } : null;
}

/** A field of a struct, or an array's element. */
export interface Field {
  stored: StoredAs;
  mutable: boolean;
  /** Of references. */
  heapType: number;
  /** Has null or zero as its default. */
  nullable: boolean;
}

const PACKED = new Map<number, 'i8' | 'i16'>([
  [-8, 'i8'],
  [-9, 'i16'],
]);

export const isStruct = ({ form }: ITypeEntry): boolean => form === FORM.struct;
export const isArray = ({ form }: ITypeEntry): boolean => form === FORM.array;

/** A struct's fields; of an array one, its element. */
export function fieldsOf(entry: ITypeEntry, types: readonly ITypeEntry[]): Field[] {
  const field = (type: Type, mutable: boolean): Field => {
    const packed = PACKED.get(type.code);
    const kept = packed ? null : keptAs(type, types);
    const nullable = type.code !== REF;
    if (kept?.type === 'ref') return { stored: 'ref', mutable, heapType: kept.heapType, nullable };
    return { stored: packed ?? kept?.type ?? 'none', mutable, heapType: 0, nullable };
  };
  if (entry.elementType) return [field(entry.elementType, entry.mutability === true)];
  return (entry.fields ?? []).map((type, i) => field(type, entry.mutabilities?.[i] === true));
}

/** The types in an order in which each stands before those that it is derived from. */
export function subtypesFirst(indices: readonly number[], types: readonly ITypeEntry[]): number[] {
  const depth = (index: number): number => {
    let steps = 0;
    // A supertype always has a lower index.
    for (let at = index, next = types[at]?.supertypes?.[0]; next !== undefined && next < at; steps++) {
      at = next;
      next = types[at]?.supertypes?.[0];
    }
    return steps;
  };
  return [...indices].sort((a, b) => depth(b) - depth(a));
}
