import type { FunctionType, ValueType } from '../../protocol/values.ts';
import { ByteReader, MalformedModule } from './byte-reader.ts';

/** Section ids of core spec §5.5.2 (3.0), by name. */
export const SECTION_NAMES = [
  'custom',
  'type',
  'import',
  'function',
  'table',
  'memory',
  'global',
  'export',
  'start',
  'element',
  'code',
  'data',
  'data count',
  'tag',
] as const;
export type SectionName = (typeof SECTION_NAMES)[number];

/** Byte offsets in the file of a section's contents, after its id and size. */
export interface Section {
  id: SectionName;
  /** Of a custom section; its contents start after the name. */
  name?: string;
  start: number;
  end: number;
}

export type ExternalKind = 'function' | 'table' | 'memory' | 'global' | 'tag';
const EXTERNAL_KINDS: readonly ExternalKind[] = ['function', 'table', 'memory', 'global', 'tag'];

/** Limits of a memory, in pages of 64 KiB unless the module says otherwise. */
export interface MemoryType {
  minPages: number;
  maxPages?: number;
  /** Addresses are i64. */
  is64: boolean;
}

export interface ImportEntry {
  module: string;
  name: string;
  kind: ExternalKind;
  typeIndex?: number;
  /** Index of a tag's type. */
  tagType?: number;
  memory?: MemoryType;
}
export interface ExportEntry {
  name: string;
  kind: ExternalKind;
  index: number;
}

/** Where each section lies. @throws MalformedModule where a section goes beyond the file. */
export function readSections(bytes: Uint8Array): Section[] {
  const reader = new ByteReader(bytes, 8);
  const sections: Section[] = [];
  while (!reader.done) {
    const at = reader.at;
    const id = SECTION_NAMES[reader.u8()];
    if (!id) throw new MalformedModule(`there is no section id ${bytes[at] ?? 0}`, at);
    const size = reader.u32();
    const start = reader.at;
    const left = bytes.length - start;
    if (size > left) {
      throw new MalformedModule(`its ${id} section announces ${size} bytes, and ${left} follow`, at, true);
    }
    reader.at = start + size;
    if (id === 'custom') {
      const inside = new ByteReader(bytes, start, reader.at);
      const name = inside.name();
      sections.push({ id, name, start: inside.at, end: reader.at });
    } else sections.push({ id, start, end: reader.at });
  }
  return sections;
}

/** Bytes of value types (§5.3.1–5.3.5). */
const REF = 0x64;
const REF_NULL = 0x63;

/** A value type; references other than `funcref` and `externref` are all `ref` here. */
function valueType(reader: ByteReader): ValueType {
  const at = reader.at;
  const byte = reader.u8();
  switch (byte) {
    case 0x7f:
      return 'i32';
    case 0x7e:
      return 'i64';
    case 0x7d:
      return 'f32';
    case 0x7c:
      return 'f64';
    case 0x7b:
      return 'v128';
    case 0x70:
      return 'funcref';
    case 0x6f:
      return 'externref';
    case REF:
    case REF_NULL: {
      const heap = reader.u8();
      if (heap >= 0x80) reader.skipLeb();
      if (byte === REF_NULL && heap === 0x70) return 'funcref';
      return byte === REF_NULL && heap === 0x6f ? 'externref' : 'ref';
    }
  }
  if (byte >= 0x68 && byte <= 0x74) return 'ref';
  throw new MalformedModule(`0x${byte.toString(16)} is no value type`, at);
}

function valueTypes(reader: ByteReader): ValueType[] {
  const types: ValueType[] = [];
  for (let count = reader.count(); count > 0; count--) types.push(valueType(reader));
  return types;
}

/**
 * Goes over `count` fields of a struct. A Kotlin guest's type section is nearly all fields, and this runs before
 * anything is compiled, so it looks at bytes directly.
 */
function skipFields(reader: ByteReader, count: number): void {
  const { bytes, end } = reader;
  let at = reader.at;
  for (let left = count; left > 0; left--) {
    const byte = bytes[at++] ?? 0;
    if (byte === REF || byte === REF_NULL) while ((bytes[at++] ?? 0) >= 0x80);
    else if (byte < 0x68 || byte > 0x7f)
      throw new MalformedModule(`0x${byte.toString(16)} is no field type`, at - 1);
    at += 1;
  }
  if (at > end) throw new MalformedModule('a struct has more fields than there are bytes', reader.at);
  reader.at = at;
}

/** A composite type (§5.3.11): the function types; null for structs and arrays. */
function compositeType(reader: ByteReader): FunctionType | null {
  const at = reader.at;
  const form = reader.u8();
  if (form === 0x60) return { params: valueTypes(reader), results: valueTypes(reader) };
  if (form === 0x5f) skipFields(reader, reader.count());
  else if (form === 0x5e) skipFields(reader, 1);
  else throw new MalformedModule(`0x${form.toString(16)} begins no type`, at);
  return null;
}

function subType(reader: ByteReader): FunctionType | null {
  const form = reader.bytes[reader.at];
  if (form === 0x50 || form === 0x4f) {
    reader.skip(1);
    for (let supertypes = reader.count(); supertypes > 0; supertypes--) reader.skipLeb();
  }
  return compositeType(reader);
}

/** By type index; null where the type is no function's. */
export function readTypes(reader: ByteReader): (FunctionType | null)[] {
  const types: (FunctionType | null)[] = [];
  for (let entries = reader.count(); entries > 0; entries--) {
    if (reader.bytes[reader.at] === 0x4e) {
      reader.skip(1);
      for (let group = reader.count(); group > 0; group--) types.push(subType(reader));
    } else types.push(subType(reader));
  }
  return types;
}

/** Limits (§5.3.13): flag bit 0 is a maximum, bit 1 shared, bit 2 64-bit addresses, bit 3 a page size. */
function limits(reader: ByteReader): MemoryType {
  const flags = reader.u8();
  const is64 = (flags & 4) !== 0;
  const minPages = reader.unsigned(is64 ? 64 : 32);
  const type: MemoryType = { minPages, is64 };
  if ((flags & 1) !== 0) type.maxPages = reader.unsigned(is64 ? 64 : 32);
  if ((flags & 8) !== 0) reader.u32();
  return type;
}

function kind(reader: ByteReader): ExternalKind {
  const at = reader.at;
  const found = EXTERNAL_KINDS[reader.u8()];
  if (!found) throw new MalformedModule('an import or export is of no known kind', at);
  return found;
}

export function readImports(reader: ByteReader): ImportEntry[] {
  return Array.from({ length: reader.count() }, () => {
    const entry: ImportEntry = { module: reader.name(), name: reader.name(), kind: kind(reader) };
    switch (entry.kind) {
      case 'function':
        entry.typeIndex = reader.u32();
        break;
      case 'memory':
        entry.memory = limits(reader);
        break;
      case 'table':
        valueType(reader);
        limits(reader);
        break;
      case 'global':
        valueType(reader);
        reader.u8();
        break;
      case 'tag':
        reader.u8();
        entry.tagType = reader.u32();
    }
    return entry;
  });
}

/** Type indices of the functions that the module defines, in order. */
export function readFunctions(reader: ByteReader): number[] {
  return Array.from({ length: reader.count() }, () => reader.u32());
}

/** Type indices of the tags that the module defines, in order. */
export function readTags(reader: ByteReader): number[] {
  return Array.from({ length: reader.count() }, () => {
    reader.u8();
    return reader.u32();
  });
}

export function readMemories(reader: ByteReader): MemoryType[] {
  return Array.from({ length: reader.count() }, () => limits(reader));
}

export function readExports(reader: ByteReader): ExportEntry[] {
  return Array.from({ length: reader.count() }, () => ({
    name: reader.name(),
    kind: kind(reader),
    index: reader.u32(),
  }));
}

/** Byte offsets in the file of each function body (its locals and code, without its size), in order. */
export function readBodies(reader: ByteReader): { start: number; end: number }[] {
  return Array.from({ length: reader.count() }, () => {
    const size = reader.u32();
    const start = reader.at;
    reader.skip(size);
    return { start, end: reader.at };
  });
}
