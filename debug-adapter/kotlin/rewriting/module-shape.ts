import { isWasi } from '../../boundary/boundary-import.ts';
import { ByteReader } from '../../wasm/byte-reader.ts';
import {
  readBodies,
  readExports,
  readFunctions,
  readImports,
  readMemories,
  readSections,
  readTags,
  readTypes,
  type SectionName,
} from '../../wasm/sections.ts';

/** A section with all its bytes: `header` is where its id stands, contents are at `[start, end)`. */
export interface WholeSection {
  id: SectionName;
  /** Of a custom section; `start` is then after the name. */
  name?: string;
  header: number;
  start: number;
  end: number;
}

/** A function body: where its size stands, and where its locals and code lie. Byte offsets in the file. */
export interface Body {
  sizeAt: number;
  start: number;
  end: number;
}

/** What must be known of a module to append to it and to find its bodies. */
export interface ModuleShape {
  bytes: Uint8Array;
  sections: readonly WholeSection[];
  /** How many of each there are, imported ones too: the index that an appended one gets. */
  counts: { types: number; functions: number; tables: number; memories: number; globals: number };
  importedFunctions: number;
  /** Indices of the imported functions that WASI provides. */
  wasiFunctions: ReadonlySet<number>;
  /** Memory 0 is there, and its addresses are `i32`. */
  hasMemory32: boolean;
  /** Type index of each function, imports first. */
  functionTypes: readonly number[];
  /** The same of each tag. */
  tagTypes: readonly number[];
  exportNames: ReadonlySet<string>;
  bodies: readonly Body[];
}

/** @throws MalformedModule */
export function readShape(bytes: Uint8Array): ModuleShape {
  let header = 8;
  const sections = readSections(bytes).map((section): WholeSection => {
    const whole = { ...section, header };
    header = section.end;
    return whole;
  });
  const read = <T>(id: SectionName, parse: (reader: ByteReader) => T): T | null => {
    const section = sections.find((each) => each.id === id);
    return section ? parse(new ByteReader(bytes, section.start, section.end)) : null;
  };
  const imports = read('import', readImports) ?? [];
  const imported = (kind: string) => imports.filter((each) => each.kind === kind).length;
  const count = (id: SectionName) => read(id, (reader) => reader.count()) ?? 0;
  const functionTypes = [
    ...imports.flatMap(({ typeIndex, kind }) =>
      kind === 'function' && typeIndex !== undefined ? [typeIndex] : [],
    ),
    ...(read('function', readFunctions) ?? []),
  ];
  const memories = [
    ...imports.flatMap(({ memory }) => memory ?? []),
    ...(read('memory', readMemories) ?? []),
  ];
  return {
    bytes,
    sections,
    counts: {
      types: (read('type', readTypes) ?? []).length,
      functions: functionTypes.length,
      tables: imported('table') + count('table'),
      memories: memories.length,
      globals: imported('global') + count('global'),
    },
    importedFunctions: imported('function'),
    wasiFunctions: new Set(
      imports
        .filter(({ kind }) => kind === 'function')
        .flatMap(({ module }, index) => (isWasi(module) ? [index] : [])),
    ),
    hasMemory32: memories[0]?.is64 === false,
    functionTypes,
    tagTypes: [...imports.flatMap(({ tagType }) => tagType ?? []), ...(read('tag', readTags) ?? [])],
    exportNames: new Set((read('export', readExports) ?? []).map(({ name }) => name)),
    bodies: read('code', readWholeBodies) ?? [],
  };
}

function readWholeBodies(reader: ByteReader): Body[] {
  const counted = new ByteReader(reader.bytes, reader.at, reader.end);
  counted.skipLeb();
  let sizeAt = counted.at;
  return readBodies(reader).map(({ start, end }) => {
    const body = { sizeAt, start, end };
    sizeAt = end;
    return body;
  });
}
