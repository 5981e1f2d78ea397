import {
  type Access,
  type FieldAccess,
  type StoredAs,
  type TypeAccess,
  TypeOf,
  VALUES_SIZE,
} from './access.ts';
import type { AppendedIndices } from './appended-indices.ts';
import { AppendedFunctions } from './appended-functions.ts';
import type { Appended } from './appended-sections.ts';
import { ByteWriter } from './byte-writer.ts';
import { memoryAccess } from './memory-code.ts';
import { type Field, fieldsOf, isArray, isStruct, subtypesFirst, type TypeEntry } from './module-types.ts';
import { EMPTY_BLOCK, KIND, OP, TYPE } from './opcodes.ts';

/** GC operators after their prefix 0xfb. */
const GC = {
  structNew: 0x00,
  structGet: 0x02,
  structGetU: 0x04,
  structSet: 0x05,
  arrayNewDefault: 0x07,
  arrayGet: 0x0b,
  arrayGetU: 0x0d,
  arraySet: 0x0e,
  arrayLen: 0x0f,
  refTest: 0x14,
  refCast: 0x16,
  refCastNull: 0x17,
  i31GetS: 0x1d,
} as const;
const HEAP = { eq: -19, i31: -20, array: -22 } as const;
const I32 = { add: 0x6a, mul: 0x6c, eq: 0x46, geU: 0x4f };
/** Bytes between the fields of a struct in memory. */
const FIELD_STRIDE = 16;

interface Storage {
  load: number;
  store: number;
  /** Power of 2. */
  alignment: number;
}
const STORAGE: Record<Exclude<StoredAs, 'ref' | 'none'>, Storage> = {
  i8: { load: OP.i32Load8U, store: OP.i32Store8, alignment: 0 },
  i16: { load: 0x2f, store: 0x3b, alignment: 1 },
  i32: { load: OP.i32Load, store: OP.i32Store, alignment: 2 },
  i64: { load: OP.i64Load, store: OP.i64Store, alignment: 3 },
  f32: { load: OP.f32Load, store: OP.f32Store, alignment: 2 },
  f64: { load: OP.f64Load, store: OP.f64Store, alignment: 3 },
  v128: { load: 0x00, store: 0x0b, alignment: 4 },
};

/** Appends the functions that access.ts describes. */
export class Accessors {
  readonly #appended: Appended;
  readonly #indices: AppendedIndices;
  readonly #types: readonly TypeEntry[];
  /** Index of the table of handles. */
  readonly #handles: number;
  readonly #handlesName: string;
  readonly #valuesAt: number;
  readonly #functions: AppendedFunctions;

  /** `free` turns names into ones that are not taken. */
  constructor(
    appended: Appended,
    indices: AppendedIndices,
    types: readonly TypeEntry[],
    valuesAt: number,
    free: (name: string) => string,
  ) {
    this.#appended = appended;
    this.#indices = indices;
    this.#types = types;
    this.#functions = new AppendedFunctions(appended, indices, free);
    this.#valuesAt = valuesAt;
    this.#handles = indices.stopTable + appended.table.count;
    this.#handlesName = free('debugger.handles');
  }

  /** @param thrown index of the global that refers to the exception that was thrown last; null where there is none */
  append(wanted: readonly number[], hasReferences: boolean, thrown: number | null): Access {
    const { references } = this.#indices;
    const handles = this.#handlesName;
    this.#appended.table.add((writer) => writer.u8(TYPE.anyref).u8(0).u32(1));
    this.#appended.export.add((writer) => writer.name(handles).u8(KIND.table).u32(this.#handles));
    const chosen = [...new Set(wanted)].filter((index) => {
      const type = this.#types[index];
      return type && (isStruct(type) || isArray(type));
    });
    const copy = (from: number, to: number) => (code: ByteWriter) => {
      get(code, 1);
      get(code, 0).u8(OP.tableGet).u32(from);
      code.u8(OP.tableSet).u32(to);
    };
    return {
      handles,
      valuesAt: this.#valuesAt,
      valuesSize: VALUES_SIZE,
      take: hasReferences ? this.#functions.add('take', 2, 0, [], copy(references, this.#handles)) : null,
      put: hasReferences ? this.#functions.add('put', 2, 0, [], copy(this.#handles, references)) : null,
      clear: this.#functions.add('clear', 2, 0, [], (code) => {
        get(code, 0).u8(OP.refNull).u8(TYPE.anyref);
        get(code, 1).u8(0xfc).u8(17).u32(this.#handles); // table.fill
      }),
      typeOf: this.#functions.add('typeOf', 1, 1, [], (code) => this.#typeOf(code, chosen)),
      same: this.#functions.add('same', 2, 1, [], (code) => {
        for (const parameter of [0, 1]) this.#object(code, parameter, HEAP.eq, true);
        code.u8(OP.refEq);
      }),
      length: this.#functions.add('length', 1, 1, [], (code) => {
        this.#object(code, 0, HEAP.array, false);
        gc(code, GC.arrayLen);
      }),
      i31: this.#functions.add('i31', 1, 1, [], (code) => {
        this.#object(code, 0, HEAP.i31, false);
        gc(code, GC.i31GetS);
      }),
      takeThrown:
        thrown === null
          ? null
          : this.#functions.add('takeThrown', 1, 0, [], (code) => {
              get(code, 0).u8(OP.globalGet).u32(thrown);
              code.u8(OP.tableSet).u32(this.#handles);
            }),
      types: new Map(chosen.map((index) => [index, this.#type(index)])),
    };
  }

  #type(index: number): TypeAccess {
    const type = this.#types[index];
    const fields = type ? fieldsOf(type, this.#types) : [];
    const [element] = fields;
    return type && isArray(type) && element ? this.#array(index, element) : this.#struct(index, fields);
  }

  #struct(index: number, fields: readonly Field[]): TypeAccess {
    const read = this.#functions.add(`read.${index}`, 2, 0, [index], (code) => {
      this.#object(code, 0, index, false);
      code.u8(OP.localSet).u32(2);
      for (const [i, field] of fields.entries()) {
        this.#putOut(
          code,
          field.stored,
          FIELD_STRIDE * i,
          () => constant(code, 0),
          () => {
            get(code, 1);
            constant(code, i).u8(I32.add);
          },
          () => {
            get(code, 2);
            gc(code, isPacked(field) ? GC.structGetU : GC.structGet)
              .u32(index)
              .u32(i);
          },
        );
      }
    });
    const write = this.#functions.add(`write.${index}`, 3, 0, [], (code) => {
      for (const [i, field] of fields.entries()) {
        if (!field.mutable || field.stored === 'none') continue;
        get(code, 1);
        constant(code, i).u8(I32.eq).u8(OP.if).u8(EMPTY_BLOCK);
        this.#object(code, 0, index, false);
        this.#takeIn(code, field, 0, () => get(code, 2));
        gc(code, GC.structSet).u32(index).u32(i);
        code.u8(OP.return).u8(OP.end);
      }
      code.u8(OP.unreachable);
    });
    const make = fields.some(({ stored }) => stored === 'none')
      ? null
      : this.#functions.add(`make.${index}`, 2, 0, [], (code) => {
          get(code, 0);
          for (const [i, field] of fields.entries()) {
            this.#takeIn(code, field, FIELD_STRIDE * i, () => {
              get(code, 1);
              constant(code, i).u8(I32.add);
            });
          }
          gc(code, GC.structNew).u32(index);
          code.u8(OP.tableSet).u32(this.#handles);
        });
    const supertype = this.#types[index]?.supertypes?.[0] ?? null;
    return { kind: 'struct', supertype, fields: fields.map(described), read, write, make };
  }

  #array(index: number, element: Field): TypeAccess {
    const stored = element.stored;
    const alignment = stored === 'ref' || stored === 'none' ? null : STORAGE[stored].alignment;
    const stride = alignment === null ? 0 : 1 << alignment;
    const [object, at] = [4, 5];
    const read = this.#functions.add(`read.${index}`, 4, 0, [index, null], (code) => {
      this.#object(code, 0, index, false);
      code.u8(OP.localSet).u32(object);
      code.u8(OP.block).u8(EMPTY_BLOCK).u8(OP.loop).u8(EMPTY_BLOCK);
      get(code, at);
      get(code, 2).u8(I32.geU).u8(OP.brIf).u32(1);
      this.#putOut(
        code,
        stored,
        0,
        () => {
          get(code, at);
          constant(code, stride).u8(I32.mul);
        },
        () => {
          get(code, 3);
          get(code, at).u8(I32.add);
        },
        () => {
          get(code, object);
          get(code, 1);
          get(code, at).u8(I32.add);
          gc(code, isPacked(element) ? GC.arrayGetU : GC.arrayGet).u32(index);
        },
      );
      get(code, at);
      constant(code, 1).u8(I32.add).u8(OP.localSet).u32(at);
      code.u8(OP.br).u32(0).u8(OP.end).u8(OP.end);
    });
    const settable = element.mutable && stored !== 'none';
    const write = settable
      ? this.#functions.add(`write.${index}`, 3, 0, [], (code) => {
          this.#object(code, 0, index, false);
          get(code, 1);
          this.#takeIn(code, element, 0, () => get(code, 2));
          gc(code, GC.arraySet).u32(index);
        })
      : null;
    const make = element.nullable
      ? this.#functions.add(`make.${index}`, 2, 0, [], (code) => {
          get(code, 0);
          get(code, 1);
          gc(code, GC.arrayNewDefault).u32(index);
          code.u8(OP.tableSet).u32(this.#handles);
        })
      : null;
    return { kind: 'array', element: described(element), stride, read, write, make };
  }

  #typeOf(code: ByteWriter, chosen: readonly number[]): void {
    const answerIf = (test: () => void, answer: number) => {
      get(code, 0).u8(OP.tableGet).u32(this.#handles);
      test();
      code.u8(OP.if).u8(EMPTY_BLOCK);
      constant(code, answer).u8(OP.return).u8(OP.end);
    };
    answerIf(() => code.u8(OP.refIsNull), TypeOf.null);
    for (const index of subtypesFirst(chosen, this.#types)) {
      answerIf(() => gc(code, GC.refTest).s32(index), index);
    }
    answerIf(() => gc(code, GC.refTest).s32(HEAP.i31), TypeOf.i31);
    constant(code, TypeOf.other);
  }

  /** A number to memory, a reference to the table of handles. */
  #putOut(
    code: ByteWriter,
    stored: StoredAs,
    offset: number,
    address: () => void,
    handle: () => void,
    value: () => void,
  ): void {
    if (stored === 'none') return;
    if (stored === 'ref') {
      handle();
      value();
      code.u8(OP.tableSet).u32(this.#handles);
      return;
    }
    address();
    value();
    const { store, alignment } = STORAGE[stored];
    if (stored === 'v128') code.u8(0xfd);
    memoryAccess(code, store, alignment, this.#indices.memory, this.#valuesAt + offset);
  }

  #takeIn(code: ByteWriter, { stored, heapType, nullable }: Field, offset: number, handle: () => void): void {
    if (stored === 'none') return;
    if (stored === 'ref') {
      handle();
      code.u8(OP.tableGet).u32(this.#handles);
      gc(code, nullable ? GC.refCastNull : GC.refCast).s32(heapType);
      return;
    }
    constant(code, 0);
    const { load, alignment } = STORAGE[stored];
    if (stored === 'v128') code.u8(0xfd);
    memoryAccess(code, load, alignment, this.#indices.memory, this.#valuesAt + offset);
  }

  /** The object at the handle that is parameter number `parameter`, as one of a heap type. */
  #object(code: ByteWriter, parameter: number, heapType: number, nullable: boolean): void {
    get(code, parameter).u8(OP.tableGet).u32(this.#handles);
    gc(code, nullable ? GC.refCastNull : GC.refCast).s32(heapType);
  }
}

function get(code: ByteWriter, local: number): ByteWriter {
  return code.u8(OP.localGet).u32(local);
}

function constant(code: ByteWriter, value: number): ByteWriter {
  return code.u8(OP.i32Const).s32(value);
}

function gc(code: ByteWriter, operator: number): ByteWriter {
  return code.u8(0xfb).u8(operator);
}

const isPacked = ({ stored }: Field) => stored === 'i8' || stored === 'i16';

const described = ({ stored, mutable }: Field): FieldAccess => ({ stored, mutable });
