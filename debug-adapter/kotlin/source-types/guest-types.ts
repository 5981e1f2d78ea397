import type { LineTable, MappedCode } from '../line-table.ts';
import type { WrappedType } from '../../../protocol/kotlin.ts';
import { elementType, initializerType, type TypesInScope } from './infer.ts';
import { type Declared, readTypes, type SourceTypes, type Span } from './read-types.ts';

/** Files that are looked at, so that no project makes a launch slow. */
const MAX_FILES = 200;

/** What the sources of a guest's code say. A source that cannot be read says nothing. */
export async function guestTypes(lines: LineTable): Promise<GuestTypes> {
  const texts = await Promise.all(
    lines.files.slice(0, MAX_FILES).map(async (file) => [file, (await lines.text(file)) ?? ''] as const),
  );
  return new GuestTypes(new Map(texts));
}

const BUILT_IN = new Set(
  'Boolean Char Byte Short Int Long UByte UShort UInt ULong Float Double String'.split(' '),
);
const LIBRARY = 'kotlin.wasm.unsafe';
const POINTER = 'Pointer';

interface Source {
  types: SourceTypes;
  /** Offset of each line's first character. */
  lines: number[];
}

/** A place where a function's code is in a source. */
type Place = Pick<MappedCode, 'path' | 'line' | 'column'>;

/**
 * The types that Wasm erased, as far as the guest's sources say them: of numbers in locals and fields. Types are said as
 * PlannedLocal's `kotlinType`.
 */
export class GuestTypes {
  readonly #sources = new Map<string, Source>();
  /** By package and name; several classes of a package may have the same name, where they are nested. */
  readonly #classes = new Map<string, { source: Source; span: Span }[]>();
  readonly #functions = new Map<string, { source: Source; span: Span }[]>();
  readonly #properties = new Set<string>();

  /** @param sources texts of the user's sources by their paths */
  constructor(sources: ReadonlyMap<string, string>) {
    for (const [path, text] of sources) {
      const types = readOrNothing(text);
      if (!types) continue;
      const lines = [0];
      for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines.push(at + 1);
      const source = { types, lines };
      this.#sources.set(path, source);
      for (const span of types.spans) {
        if (span.kind === 'class') for (const { name } of span.declared) this.#properties.add(name);
        if (span.name === null) continue;
        const [table, key] =
          span.kind === 'class'
            ? [this.#classes, qualified(types.package, span.name)]
            : [this.#functions, span.name];
        table.set(key, [...(table.get(key) ?? []), { source, span }]);
      }
    }
  }

  /** Value classes of the sources by package and name. */
  valueClasses(): Record<string, WrappedType> {
    const found: Record<string, WrappedType> = {};
    for (const [name, [only, ...others]] of this.#classes) {
      const [property] = only?.span.declared ?? [];
      if (!only || !property || others.length > 0 || !only.span.modifiers.includes('value')) continue;
      const kotlinType = this.#resolved(only.source, property.type);
      found[name] = { field: property.name, ...(kotlinType !== null && { kotlinType }) };
    }
    return found;
  }

  /** The type of a class's field; `className` with the package. */
  field(className: string, field: string): string | null {
    return agreed(
      (this.#classes.get(className) ?? []).flatMap(({ source, span }) =>
        span.declared
          .filter(({ name }) => name === field)
          .map((each) => this.#typeOf(source, span, each, DEPTH)),
      ),
    );
  }

  /**
   * What the sources say of a function's locals.
   *
   * @param code where its code is, in the order of offsets
   */
  locals(code: readonly Place[]): LocalTypes {
    const [first] = code;
    const own = first ? this.#spanAt(first) : null;
    const spans = new Map<Span, Source>();
    for (const place of code) {
      const found = this.#spanAt(place);
      if (found) spans.set(found.span, found.source);
    }
    const ownSpans = new Set(own ? withNested(own) : []);
    if (own) for (const span of ownSpans) spans.set(span, own.source);
    const declarations = (name: string) =>
      [...spans].flatMap(([span, source]) =>
        span.declared.filter((each) => each.name === name).map((declared) => ({ span, source, declared })),
      );
    return {
      isKnown: own !== null,
      declares: (name) => declarations(name).length > 0,
      typeOf: (name) => {
        const all = declarations(name);
        const mine = all.filter(({ span }) => ownSpans.has(span));
        return agreed(
          (mine.length > 0 ? mine : all).map(({ source, span, declared }) =>
            this.#typeOf(source, span, declared, DEPTH),
          ),
        );
      },
    };
  }

  /** The function, lambda or class that a place is in; a block of a function is a part of it. */
  #spanAt({ path, line, column }: Place): { source: Source; span: Span } | null {
    const source = this.#sources.get(path);
    const start = source?.lines[line - 1];
    if (!source || start === undefined) return null;
    const offset = start + column - 1;
    const { spans } = source.types;
    let low = 0;
    let high = spans.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((spans[middle]?.start ?? Infinity) <= offset) low = middle + 1;
      else high = middle;
    }
    // The last that begins before it, or one that this is in.
    let span = spans[low - 1] ?? null;
    while (span && span.end <= offset) span = span.parent;
    return span && { source, span };
  }

  #typeOf(source: Source, span: Span, declared: Declared, depth: number): string | null {
    if (declared.type !== null) return this.#resolved(source, declared.type);
    if (declared.initializer === null || depth === 0) return null;
    const infer = declared.isElement ? elementType : initializerType;
    const scope = this.#scope(source, span, declared.offset, depth - 1);
    return this.#resolved(source, infer(source.types.text, declared.initializer, scope));
  }

  #scope(source: Source, span: Span, before: number, depth: number): TypesInScope {
    return {
      value: (name) => {
        for (let at: Span | null = span; at; at = at.parent) {
          const within = at;
          const found = within.declared.filter(
            (each) => each.name === name && (within.kind === 'class' || each.offset < before),
          );
          if (found.length > 0) return agreed(found.map((each) => this.#typeOf(source, within, each, depth)));
        }
        return null;
      },
      returned: (name) => {
        const functions = this.#functions.get(name) ?? [];
        const classes = [...this.#classes.values()].flat().filter((each) => each.span.name === name);
        if (functions.length + classes.length === 0) return undefined;
        if (classes.length > 0) return functions.length === 0 ? name : null;
        return agreed(functions.map((each) => this.#resolved(each.source, each.span.returns)));
      },
      declares: (name) => this.#properties.has(name),
    };
  }

  /** What a type's name means in a source; null where that is no number, or not known. */
  #resolved({ types }: Source, written: string | null): string | null {
    if (written === null) return null;
    const name = written.replace(/^kotlin\.(?=\w+$)/, '');
    const own = qualified(types.package, name);
    if (this.#classes.has(own)) return own;
    for (const imported of types.imports) {
      const candidate = imported.endsWith('.*')
        ? `${imported.slice(0, -1)}${name}`
        : imported.endsWith(`.${name}`)
          ? imported
          : null;
      if (candidate === null) continue;
      if (this.#classes.has(candidate) || candidate === `${LIBRARY}.${POINTER}`) return candidate;
    }
    if (this.#classes.has(name) || name === `${LIBRARY}.${POINTER}`) return name;
    return BUILT_IN.has(name) ? name : null;
  }
}

/** Declarations that lead to each other. */
const DEPTH = 8;

/** What the sources say of a function's locals. */
export interface LocalTypes {
  /** Whether it is known which function of the sources it is. */
  isKnown: boolean;
  /** Whether the user has given the name to anything in it. */
  declares(name: string): boolean;
  /** Null where it is not known. */
  typeOf(name: string): string | null;
}

/** Null where brackets are nested deeper than can be followed. */
function readOrNothing(text: string): SourceTypes | null {
  try {
    return readTypes(text);
  } catch (thrown) {
    if (thrown instanceof RangeError) return null;
    throw thrown;
  }
}

function qualified(pkg: string, name: string): string {
  return pkg === '' ? name : `${pkg}.${name}`;
}

/** What all say; null where they do not agree. */
function agreed(types: readonly (string | null)[]): string | null {
  const [first = null, ...others] = types;
  return others.every((each) => each === first) ? first : null;
}

/** A span and the blocks and lambdas in it: other functions and classes have code of their own. */
function withNested({ source, span }: { source: Source; span: Span }): Span[] {
  const { spans } = source.types;
  const nested = [span];
  let from = span.start;
  for (let at = spans.indexOf(span) + 1; (spans[at]?.start ?? Infinity) < span.end; at++) {
    const inner = spans[at];
    if (!inner || inner.start < from) continue;
    if (inner.kind === 'lambda') nested.push(inner);
    else from = inner.end;
  }
  return nested;
}
