import type { FunctionType } from '../../protocol/values.ts';
import { UserError } from '../errors.ts';
import { ByteReader, MalformedModule } from './byte-reader.ts';
import { loadOnDemand } from '../on-demand.ts';
import type * as LegacyExceptions from './legacy-exceptions.ts';
import { looksLike } from './looks-like.ts';
import { NameSection } from './names.ts';
import {
  type ExternalKind,
  type MemoryType,
  type Section,
  type SectionName,
  readBodies,
  readExports,
  readFunctions,
  readImports,
  readMemories,
  readSections,
  readTypes,
} from './sections.ts';

export interface GuestImport {
  module: string;
  name: string;
  kind: ExternalKind;
  /** Of a function. */
  type?: FunctionType;
}
export interface GuestExport {
  name: string;
  kind: ExternalKind;
  /** In the index space of its kind. */
  index: number;
  /** Of a function. */
  type?: FunctionType;
}
export interface GuestMemory extends MemoryType {
  /** The name it is exported by; absent: nobody outside can reach it. */
  exportName?: string;
  imported: boolean;
}
/** A function body: byte offsets in the file, the end exclusive. */
export interface FunctionRange {
  index: number;
  /** From the name section. */
  name: string | null;
  start: number;
  end: number;
}

/** Facts of a guest; names and code are decoded when first asked for. Offsets are bytes in the file. */
export interface GuestModule {
  readonly byteLength: number;
  readonly sections: readonly Section[];
  readonly imports: readonly GuestImport[];
  readonly exports: readonly GuestExport[];
  readonly memories: readonly GuestMemory[];
  /** The first memory that is exported. */
  readonly exportedMemory: GuestMemory | null;
  /** Index of the start function, which runs on instantiation. */
  readonly startFunction: number | null;
  /** URL of the `sourceMappingURL` section. */
  readonly sourceMappingUrl: string | null;
  /** The type of a function by index, imports first. */
  functionType(index: number): FunctionType | null;
  /** The name section's name of a function; null without one. */
  functionName(index: number): string | null;
  /** The name section's names of all locals of a function, parameters first; empty without one. */
  localNames(index: number): ReadonlyMap<number, string>;
  /** The name section's names of types by index, and of their fields by index; empty without one. */
  typeNames(): ReadonlyMap<number, string>;
  fieldNames(): ReadonlyMap<number, ReadonlyMap<number, string>>;
  /** Names of a function's parameters, as many as it has; null where the name section has none. */
  parameterNames(index: number): (string | null)[];
  /** The function whose body holds a byte of the file, as a trap names one. */
  functionAt(byteOffset: number): FunctionRange | null;
  /** Byte offset of the first instruction of legacy exception handling, or null. Slow: see legacy-exceptions.ts. */
  findLegacyExceptionHandling(): number | null;
}

const chooseProgram = { kind: 'choose-program', title: 'Choose Another Program' } as const;

/** Refuses what does not begin as a core module of version 1 (core spec §5.5.16). */
function checkPreamble(bytes: Uint8Array, label: string): void {
  if (bytes.length === 0) {
    throw new UserError(
      'program-not-a-module',
      `${label} is empty (0 bytes): build the guest again, or choose another program.`,
      chooseProgram,
    );
  }
  const magic = [0x00, 0x61, 0x73, 0x6d].every((byte, i) => i >= bytes.length || bytes[i] === byte);
  if (!magic) {
    throw new UserError(
      'program-not-a-module',
      `${label} is not a WebAssembly module: it looks like ${looksLike(bytes)}.`,
      chooseProgram,
    );
  }
  if (bytes.length < 8) {
    throw new UserError(
      'program-truncated',
      `${label} is cut off: it has ${bytes.length} bytes, and a WebAssembly module's first 8 are its header. ` +
        'Build or copy it again.',
      chooseProgram,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const [version, layer] = [view.getUint16(4, true), view.getUint16(6, true)];
  if (layer === 1) {
    throw new UserError(
      'program-is-component',
      `${label} is a WebAssembly component, not a core module: debug the core module that it was made from ` +
        '(kotlinc and Gradle write that one), or take it out with wasm-tools component unbundle.',
      chooseProgram,
    );
  }
  if (version !== 1 || layer !== 0) {
    throw new UserError(
      'program-not-a-module',
      `${label} announces WebAssembly version ${view.getUint32(4, true)}; only version 1 is known. ` +
        'Build it again with a current compiler.',
      chooseProgram,
    );
  }
}

/**
 * Reads the facts of a core module. `label` names it in messages.
 *
 * @throws UserError `program-not-a-module`, `program-is-component` or `program-truncated`, saying what and where.
 */
export function readGuestModule(bytes: Uint8Array, label = 'The program'): GuestModule {
  checkPreamble(bytes, label);
  try {
    return new Guest(bytes);
  } catch (thrown) {
    if (!(thrown instanceof MalformedModule)) throw thrown;
    if (thrown.ended) {
      throw new UserError(
        'program-truncated',
        `${label} is cut off: ${thrown.message} (byte ${thrown.offset} of ${bytes.length}). Build or copy it again.`,
        chooseProgram,
      );
    }
    throw new UserError(
      'program-not-a-module',
      `${label} is a damaged WebAssembly module: ${thrown.message} (byte ${thrown.offset}). Build it again.`,
      chooseProgram,
    );
  }
}

/** A custom section that holds one name; null where it is damaged, since no custom section may make a module invalid. */
function optionalName(bytes: Uint8Array, { start, end }: Section): string | null {
  try {
    return new ByteReader(bytes, start, end).name();
  } catch (thrown) {
    if (thrown instanceof MalformedModule) return null;
    throw thrown;
  }
}

class Guest implements GuestModule {
  readonly byteLength: number;
  readonly sections: readonly Section[];
  readonly imports: readonly GuestImport[];
  readonly exports: readonly GuestExport[];
  readonly memories: readonly GuestMemory[];
  readonly startFunction: number | null;
  readonly sourceMappingUrl: string | null;

  readonly #bytes: Uint8Array;
  readonly #types: (FunctionType | null)[];
  /** Type index of each function, imports first. */
  readonly #functions: number[];
  readonly #importedFunctions: number;
  #names: NameSection | null | undefined;
  #bodies: { start: number; end: number }[] | undefined;
  #legacy: number | null | undefined;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.byteLength = bytes.length;
    this.sections = readSections(bytes);
    const types = this.#read('type', readTypes) ?? [];
    this.#types = types;
    const imports = this.#read('import', readImports) ?? [];
    const defined = this.#read('function', readFunctions) ?? [];
    const imported = imports.flatMap(({ typeIndex }) => (typeIndex === undefined ? [] : [typeIndex]));
    this.#importedFunctions = imported.length;
    this.#functions = [...imported, ...defined];
    if (defined.length > 0 && !this.sections.some(({ id }) => id === 'code')) {
      throw new MalformedModule(
        `it declares ${defined.length} functions but has no code section`,
        bytes.length,
        true,
      );
    }

    this.imports = imports.map(({ module, name, kind, typeIndex }) => {
      const type = typeIndex === undefined ? undefined : types[typeIndex];
      return type ? { module, name, kind, type } : { module, name, kind };
    });
    const exports = this.#read('export', readExports) ?? [];
    this.exports = exports.map(({ name, kind, index }) => {
      const type = kind === 'function' ? this.functionType(index) : null;
      return type ? { name, kind, index, type } : { name, kind, index };
    });
    const memories = [
      ...imports.flatMap(({ memory }) => (memory ? [{ ...memory, imported: true }] : [])),
      ...(this.#read('memory', readMemories) ?? []).map((memory) => ({ ...memory, imported: false })),
    ];
    this.memories = memories.map((memory, index) => {
      const exportName = exports.find((each) => each.kind === 'memory' && each.index === index)?.name;
      return exportName === undefined ? memory : { ...memory, exportName };
    });
    this.startFunction = this.#read('start', (reader) => reader.u32());
    const mapping = this.sections.find(({ name }) => name === 'sourceMappingURL');
    this.sourceMappingUrl = mapping ? optionalName(bytes, mapping) : null;
  }

  get exportedMemory(): GuestMemory | null {
    return this.memories.find(({ exportName }) => exportName !== undefined) ?? null;
  }

  functionType(index: number): FunctionType | null {
    const type = this.#functions[index];
    return type === undefined ? null : (this.#types[type] ?? null);
  }

  functionName(index: number): string | null {
    return this.#nameSection()?.functionName(index) ?? null;
  }

  localNames(index: number): ReadonlyMap<number, string> {
    return this.#nameSection()?.localNames(index) ?? new Map<number, string>();
  }

  typeNames(): ReadonlyMap<number, string> {
    return this.#nameSection()?.typeNames() ?? new Map<number, string>();
  }

  fieldNames(): ReadonlyMap<number, ReadonlyMap<number, string>> {
    return this.#nameSection()?.fieldNames() ?? new Map<number, ReadonlyMap<number, string>>();
  }

  parameterNames(index: number): (string | null)[] {
    const names = this.localNames(index);
    return (this.functionType(index)?.params ?? []).map((_, i) => names.get(i) ?? null);
  }

  functionAt(byteOffset: number): FunctionRange | null {
    const bodies = this.#functionBodies();
    let low = 0;
    let high = bodies.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const body = bodies[middle];
      if (!body) return null;
      if (byteOffset < body.start) high = middle - 1;
      else if (byteOffset >= body.end) low = middle + 1;
      else {
        const index = this.#importedFunctions + middle;
        return { index, name: this.functionName(index), ...body };
      }
    }
    return null;
  }

  findLegacyExceptionHandling(): number | null {
    if (this.#legacy === undefined) {
      // With the wasmparser package, which is a fifth of the adapter.
      const part = loadOnDemand('wasm/legacy-exceptions') as typeof LegacyExceptions;
      this.#legacy = part.findLegacyExceptionHandling(this.#bytes, this.#functionBodies());
    }
    return this.#legacy;
  }

  /** The contents of the section of that id; null where there is none. */
  #read<T>(id: SectionName, read: (reader: ByteReader) => T): T | null {
    const section = this.sections.find((each) => each.id === id);
    if (!section) return null;
    try {
      return read(new ByteReader(this.#bytes, section.start, section.end));
    } catch (thrown) {
      if (!(thrown instanceof MalformedModule)) throw thrown;
      // The section itself is whole, so the file was not cut off.
      throw new MalformedModule(`in its ${id} section, ${thrown.message}`, thrown.offset);
    }
  }

  #nameSection(): NameSection | null {
    if (this.#names === undefined) {
      const section = this.sections.find(({ name }) => name === 'name');
      this.#names = section ? new NameSection(this.#bytes, section.start, section.end) : null;
    }
    return this.#names;
  }

  /** Empty where the code section is damaged: the engine says what is wrong with it. */
  #functionBodies(): { start: number; end: number }[] {
    if (!this.#bodies) {
      try {
        this.#bodies = this.#read('code', readBodies) ?? [];
      } catch (thrown) {
        if (!(thrown instanceof MalformedModule)) throw thrown;
        this.#bodies = [];
      }
    }
    return this.#bodies;
  }
}
