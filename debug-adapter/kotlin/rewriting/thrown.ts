import type { ThrownLayout } from '../../../protocol/rewriting.ts';
import type { AppendedIndices } from './appended-indices.ts';
import type { Appended } from './appended-sections.ts';
import { AppendedFunctions } from './appended-functions.ts';
import type { Operator } from './body-decoder.ts';
import { ByteWriter } from './byte-writer.ts';
import { memoryAccess } from './memory-code.ts';
import type { ModuleShape } from './module-shape.ts';
import { encodeType, heapTypeOf, type Type, type TypeEntry } from './module-types.ts';
import { EMPTY_BLOCK, OP, TYPE } from './opcodes.ts';
import { type RewritePlan, THROWN_SITE } from './plan.ts';
import { stopCall, THROWN } from './probe-code.ts';

const I32 = { add: 0x6a, sub: 0x6b, shrU: 0x76, eq: 0x46, gtS: 0x4a, leU: 0x4d };
const REF_NULL = 0x63; // (ref null …)
const MUTABLE = 1;

/** What keeps exceptions that carry a reference to `type`; null where the plan or the module has none. */
export function keepingOf(
  { exceptions }: RewritePlan,
  { tagTypes }: ModuleShape,
  types: readonly TypeEntry[],
  appended: Appended,
  indices: AppendedIndices,
): ThrownKeeping | null {
  if (!exceptions) return null;
  const tag = tagTypes.findIndex((index) => {
    const [first, ...more] = types[index]?.params ?? [];
    return first && more.length === 0 && heapTypeOf(first) === exceptions.type;
  });
  const [carried] = types[tagTypes[tag] ?? -1]?.params ?? [];
  return carried ? new ThrownKeeping(tag, carried, exceptions.type, appended, indices) : null;
}

/**
 * Code before the operators that throw exceptions of one tag. It keeps what is thrown, and a copy of the stack as it is
 * there: where an exception is not caught, its frames would be gone. Nothing of it touches a local, or what is thrown.
 *
 * `throw_ref` is left alone. What it throws is what was thrown last, unless a `finally` has thrown and caught something else
 * meanwhile: `flyingAt` is 0 then. (It cannot be asked what it carries: in WasmEdge to 0.17.1 an exception's reference is
 * its tag's alone.)
 */
export class ThrownKeeping {
  /** How many functions `append` appends. */
  static readonly functions = 3;
  readonly #tag: number;
  readonly #heapType: number;
  readonly #appended: Appended;
  readonly #indices: AppendedIndices;
  /** Indices of appended functions: they keep, are called before `throw`, and copy the stack. */
  readonly #keep: number;
  readonly #thrown: number;
  readonly #copy: number;
  /** Of types. */
  readonly #types: { keep: number; thrown: number; copy: number };
  /** Index of the global that refers to what was thrown last. */
  readonly reference: number;
  #base = 0;
  #memory = 0;
  #table: number | null = null;

  constructor(tag: number, carried: Type, heapType: number, appended: Appended, indices: AppendedIndices) {
    this.#tag = tag;
    this.#heapType = heapType;
    this.#appended = appended;
    this.#indices = indices;
    const first = indices.deepen + 1;
    [this.#keep, this.#thrown, this.#copy] = [first, first + 1, first + 2];
    this.reference = indices.stackLimit + 1;
    const type = (
      parameters: ((writer: ByteWriter) => void)[],
      results: ((writer: ByteWriter) => void)[],
    ) => {
      const index = indices.stopType + appended.type.count;
      appended.type.add((writer) => {
        writer.u8(0x60);
        for (const list of [parameters, results]) {
          writer.u32(list.length);
          for (const write of list) write(writer);
        }
      });
      return index;
    };
    const [what, i32] = [
      (writer: ByteWriter) => encodeType(writer, carried),
      (writer: ByteWriter) => void writer.u8(TYPE.i32),
    ];
    this.#types = {
      keep: type([what], [i32]),
      thrown: type([what], [what]),
      copy: type([], []),
    };
  }

  /** Whether there may be an operator in a body of which `before` knows: a quick look. */
  mayConcern(body: Uint8Array): boolean {
    const tag = new ByteWriter(5).u32(this.#tag).written;
    for (let at = body.indexOf(OP.throw); at >= 0; at = body.indexOf(OP.throw, at + 1)) {
      if (tag.every((byte, i) => body[at + 1 + i] === byte)) return true;
    }
    return false;
  }

  /** What is to be put before an operator; null for one that throws nothing of this tag. */
  before({ code, immediates }: Operator): ((writer: ByteWriter) => void) | null {
    if (code !== OP.throw || immediates.tagIndex !== this.#tag) return null;
    return (writer) => void writer.u8(OP.call).u32(this.#thrown);
  }

  /** What is to be put where exceptions of a tag are caught. */
  readonly caught = (code: ByteWriter): void => {
    this.#setFlying(code, 0);
  };

  /** Appends memory, table, global and functions. `base`: the first frame's address. */
  append(base: number, hasReferences: boolean): void {
    const { memory, stopTable } = this.#indices;
    const appended = this.#appended;
    this.#base = base;
    this.#memory = memory + appended.memory.count;
    appended.memory.add((writer) => writer.u8(0).u32(1));
    if (hasReferences) {
      this.#table = stopTable + appended.table.count;
      appended.table.add((writer) => writer.u8(TYPE.anyref).u8(0).u32(0));
    }
    appended.global.add((writer) =>
      writer.u8(REF_NULL).s32(this.#heapType).u8(MUTABLE).u8(OP.refNull).s32(this.#heapType).u8(OP.end),
    );
    const add = (type: number, body: Uint8Array) => {
      appended.function.add((writer) => writer.u32(type));
      appended.code.add((writer) => writer.u32(body.length).raw(body));
    };
    add(this.#types.keep, this.#keepBody());
    add(this.#types.thrown, this.#thrownBody());
    add(this.#types.copy, this.#copyBody());
  }

  /** `(what is thrown) -> i32`: 1 where it was not kept yet. One that is thrown again keeps the stack that it had at first. */
  #keepBody(): Uint8Array {
    const code = new ByteWriter().u32(0);
    const leaveIf = () => code.u8(OP.if).u8(EMPTY_BLOCK).u8(OP.i32Const).s32(0).u8(OP.return).u8(OP.end);
    this.#load(code, OP.i32Load8U, THROWN.quietAt);
    leaveIf();
    this.#setFlying(code, 1);
    code.u8(OP.localGet).u32(0).u8(OP.globalGet).u32(this.reference).u8(OP.refEq);
    leaveIf();
    code.u8(OP.localGet).u32(0).u8(OP.globalSet).u32(this.reference);
    code.u8(OP.call).u32(this.#copy).u8(OP.i32Const).s32(1);
    return code.u8(OP.end).written.slice();
  }

  #thrownBody(): Uint8Array {
    const code = new ByteWriter().u32(0);
    code.u8(OP.localGet).u32(0).u8(OP.call).u32(this.#keep);
    code.u8(OP.if).u8(EMPTY_BLOCK);
    this.#load(code, OP.i32Load8U, THROWN.stoppingAt);
    code.u8(OP.if).u8(EMPTY_BLOCK);
    stopCall(code, this.#indices, THROWN_SITE);
    code.u8(OP.end).u8(OP.end);
    return code.u8(OP.localGet).u32(0).u8(OP.end).written.slice();
  }

  /** `() -> ()`: copies the stack. Where there is no room for that, there is none of this exception. */
  #copyBody(): Uint8Array {
    const { memory, references, stackPointer } = this.#indices;
    const missing = 0;
    const code = new ByteWriter().raw([1, 1, TYPE.i32]);
    const size = () => {
      code.u8(OP.globalGet).u32(stackPointer).u8(OP.i32Const).s32(this.#base).u8(I32.sub);
    };
    const keepUntil = (value: () => void) => {
      code.u8(OP.i32Const).s32(0);
      value();
      memoryAccess(code, OP.i32Store, 2, memory, THROWN.keptAt);
    };
    const makeRoom = (needed: () => void, present: () => void, grow: () => void) => {
      needed();
      present();
      code.u8(I32.sub).u8(OP.localTee).u32(missing).u8(OP.i32Const).s32(0).u8(I32.gtS);
      code.u8(OP.if).u8(EMPTY_BLOCK);
      grow();
      code.u8(OP.i32Const).s32(-1).u8(I32.eq).u8(OP.if).u8(EMPTY_BLOCK).u8(OP.return).u8(OP.end);
      code.u8(OP.end);
    };
    keepUntil(() => code.u8(OP.i32Const).s32(0));
    makeRoom(
      () => {
        size();
        code.u8(OP.i32Const).s32(0xffff).u8(I32.add).u8(OP.i32Const).s32(16).u8(I32.shrU);
      },
      () => code.u8(0x3f).u32(this.#memory), // memory.size
      () => code.u8(OP.localGet).u32(missing).u8(0x40).u32(this.#memory), // memory.grow
    );
    const table = this.#table;
    if (table !== null) {
      makeRoom(
        () => {
          size();
          code.u8(OP.i32Const).s32(3).u8(I32.shrU);
        },
        () => code.u8(0xfc).u8(16).u32(table), // table.size
        () => {
          code.u8(OP.refNull).u8(TYPE.anyref);
          code.u8(OP.localGet).u32(missing).u8(0xfc).u8(15).u32(table); // table.grow
        },
      );
    }
    code.u8(OP.i32Const).s32(0).u8(OP.i32Const).s32(this.#base);
    size();
    code.u8(0xfc).u8(10).u32(this.#memory).u32(memory); // memory.copy
    if (table !== null) {
      code
        .u8(OP.i32Const)
        .s32(0)
        .u8(OP.i32Const)
        .s32(this.#base / 8);
      size();
      code.u8(OP.i32Const).s32(3).u8(I32.shrU).u8(0xfc).u8(14).u32(table).u32(references); // table.copy
    }
    keepUntil(() => code.u8(OP.globalGet).u32(stackPointer));
    return code.u8(OP.end).written.slice();
  }

  /** Comes after all that is called with an index which is known beforehand. */
  exports(take: string | null, free: (name: string) => string): ThrownLayout {
    const { memory, references, stackPointer } = this.#indices;
    const functions = new AppendedFunctions(this.#appended, this.#indices, free);
    const from = 0;
    const rewind = functions.add('rewind', 1, 0, [], (code) => {
      const get = () => code.u8(OP.localGet).u32(from);
      const end = () => this.#load(code, OP.i32Load, THROWN.keptAt);
      const inCopy = () => get().u8(OP.i32Const).s32(this.#base).u8(I32.sub);
      const size = () => {
        end();
        get().u8(I32.sub);
      };
      const eighth = () => code.u8(OP.i32Const).s32(3).u8(I32.shrU);
      end();
      get().u8(I32.leU).u8(OP.if).u8(EMPTY_BLOCK).u8(OP.return).u8(OP.end);
      get();
      inCopy();
      size();
      code.u8(0xfc).u8(10).u32(memory).u32(this.#memory); // memory.copy
      if (this.#table !== null) {
        for (const part of [get, inCopy, size]) {
          part();
          eighth();
        }
        code.u8(0xfc).u8(14).u32(references).u32(this.#table); // table.copy
      }
      end();
      code.u8(OP.globalSet).u32(stackPointer);
    });
    return { ...THROWN, take, rewind };
  }

  #load(code: ByteWriter, operator: number, at: number): void {
    code.u8(OP.i32Const).s32(0);
    memoryAccess(code, operator, operator === OP.i32Load ? 2 : 0, this.#indices.memory, at);
  }

  #setFlying(code: ByteWriter, value: 0 | 1): void {
    code.u8(OP.i32Const).s32(0).u8(OP.i32Const).s32(value);
    memoryAccess(code, OP.i32Store8, 0, this.#indices.memory, THROWN.flyingAt);
  }
}
