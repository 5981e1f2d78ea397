import { ByteReader, MalformedModule } from './byte-reader.ts';

/** What the name section says (core spec appendix, "Name Section"), by function index. */
export interface ModuleNames {
  module?: string;
  functions: Map<number, string>;
  /** By function index, then local index; parameters come first. */
  locals: Map<number, Map<number, string>>;
}

function nameMap(reader: ByteReader): Map<number, string> {
  const names = new Map<number, string>();
  for (let entries = reader.count(); entries > 0; entries--) {
    const index = reader.u32();
    names.set(index, reader.name());
  }
  return names;
}

/**
 * Reads module, function and local names. A damaged name section is no error (nothing depends on it but names): what
 * came before the damage counts.
 */
export function readNames(bytes: Uint8Array, start: number, end: number): ModuleNames {
  const names: ModuleNames = { functions: new Map(), locals: new Map() };
  const reader = new ByteReader(bytes, start, end);
  try {
    while (!reader.done) {
      const id = reader.u8();
      const size = reader.u32();
      const inside = new ByteReader(bytes, reader.at, Math.min(reader.at + size, end));
      reader.skip(size);
      if (id === 0) names.module = inside.name();
      else if (id === 1) names.functions = nameMap(inside);
      else if (id === 2) {
        for (let entries = inside.count(); entries > 0; entries--) {
          const index = inside.u32();
          names.locals.set(index, nameMap(inside));
        }
      }
    }
  } catch (thrown) {
    if (!(thrown instanceof MalformedModule)) throw thrown;
  }
  return names;
}
