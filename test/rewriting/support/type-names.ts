import { BinaryReader, type ILocalName, type INaming, type ISectionInformation } from 'wasmparser';

const [END_WASM, BEGIN_SECTION, NAME_SECTION_ENTRY] = [2, 3, 19];
const [TYPE_NAMES, FIELD_NAMES] = [4, 10];

/** wasmparser has types for these entries, which it does not export. */
interface NameEntry {
  type: number;
  names?: INaming[];
  types?: (Omit<ILocalName, 'locals'> & { fields: INaming[] })[];
}

export interface TypeNames {
  /** Type index by name. */
  types: ReadonlyMap<string, number>;
  /** By type index: names of fields, in order. */
  fields: ReadonlyMap<number, string[]>;
}

/** The names of types and fields in a module's name section. */
export function typeNames(bytes: Uint8Array): TypeNames {
  const types = new Map<string, number>();
  const fields = new Map<number, string[]>();
  const text = ({ name }: INaming) => Buffer.from(name).toString();
  const reader = new BinaryReader();
  reader.setData(bytes.slice().buffer, 0, bytes.length);
  while (reader.read()) {
    const state: number = reader.state;
    if (state === END_WASM) break;
    if (state === BEGIN_SECTION) {
      const section = reader.result as ISectionInformation;
      if ((section.id as number) !== 0 || Buffer.from(section.name).toString() !== 'name')
        reader.skipSection();
    }
    if (state !== NAME_SECTION_ENTRY) continue;
    const entry = reader.result as unknown as NameEntry;
    if (entry.type === TYPE_NAMES) for (const each of entry.names ?? []) types.set(text(each), each.index);
    if (entry.type === FIELD_NAMES) {
      for (const each of entry.types ?? []) fields.set(each.index, each.fields.map(text));
    }
  }
  return { types, fields };
}
