import { ByteReader, MalformedModule } from './byte-reader.ts';

/**
 * The name section (core spec appendix, "Name Section"): function and local names. A Kotlin guest has some 40,000 local
 * names and a session asks for a few, so only where each function's names begin is noted; they are decoded when asked
 * for. A damaged name section is no error, since nothing but names depends on it: what came before the damage counts.
 */
export class NameSection {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  /** Subsection id → byte offsets of its contents. */
  readonly #subsections = new Map<number, { start: number; end: number }>();
  /** Function index → byte offset of its name, of its local name map. */
  #functions: Map<number, number> | undefined;
  #locals: Map<number, number> | undefined;

  /** The section's contents lie at `[start, end)` of `bytes`. */
  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#bytes = bytes;
    this.#end = end;
    tolerant(() => {
      const reader = new ByteReader(bytes, start, end);
      while (!reader.done) {
        const id = reader.u8();
        const size = reader.u32();
        const at = reader.at;
        reader.skip(size);
        this.#subsections.set(id, { start: at, end: reader.at });
      }
    });
  }

  functionName(index: number): string | null {
    this.#functions ??= this.#index(1, skipName);
    const at = this.#functions.get(index);
    return at === undefined
      ? null
      : (tolerant(() => new ByteReader(this.#bytes, at, this.#end).name()) ?? null);
  }

  /** Names of a function's locals by index, parameters first; empty where it has none. */
  localNames(functionIndex: number): Map<number, string> {
    this.#locals ??= this.#index(2, skipNames);
    const at = this.#locals.get(functionIndex);
    return at === undefined
      ? new Map<number, string>()
      : readNames(new ByteReader(this.#bytes, at, this.#end));
  }

  /** Names of types by index. */
  typeNames(): Map<number, string> {
    return this.#names(4);
  }

  /** Names of the fields of struct types, by the types' indices and their own. */
  fieldNames(): Map<number, Map<number, string>> {
    const types = new Map<number, Map<number, string>>();
    for (const [type, at] of this.#index(10, skipNames)) {
      types.set(type, readNames(new ByteReader(this.#bytes, at, this.#end)));
    }
    return types;
  }

  #names(id: number): Map<number, string> {
    const at = this.#subsections.get(id)?.start;
    if (at === undefined) return new Map();
    return readNames(new ByteReader(this.#bytes, at, this.#end));
  }

  /** Where each entry of an indexed subsection begins; `skip` goes over one. */
  #index(id: number, skip: (reader: ByteReader) => void): Map<number, number> {
    const offsets = new Map<number, number>();
    const subsection = this.#subsections.get(id);
    if (!subsection) return offsets;
    tolerant(() => {
      const reader = new ByteReader(this.#bytes, subsection.start, subsection.end);
      for (let entries = reader.count(); entries > 0; entries--) {
        const index = reader.u32();
        const at = reader.at;
        skip(reader);
        offsets.set(index, at);
      }
    });
    return offsets;
  }
}

function skipName(reader: ByteReader): void {
  reader.skip(reader.u32());
}

function skipNames(reader: ByteReader): void {
  for (let entries = reader.count(); entries > 0; entries--) {
    reader.skipLeb();
    skipName(reader);
  }
}

/** A name map, as far as it is whole. */
function readNames(reader: ByteReader): Map<number, string> {
  const names = new Map<number, string>();
  tolerant(() => {
    for (let entries = reader.count(); entries > 0; entries--) {
      const index = reader.u32();
      names.set(index, reader.name());
    }
  });
  return names;
}

/** Runs up to where the section is damaged. */
function tolerant<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof MalformedModule) return undefined;
    throw thrown;
  }
}
