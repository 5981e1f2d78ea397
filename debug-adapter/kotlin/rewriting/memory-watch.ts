import type { AppendedIndices } from './appended-indices.ts';
import type { Appended } from './appended-sections.ts';
import { type AccessOperator, accessOperator } from './access-operators.ts';
import type { Operator } from './body-decoder.ts';
import { ByteWriter } from './byte-writer.ts';
import { memoryAccess } from './memory-code.ts';
import type { ModuleShape } from './module-shape.ts';
import { EMPTY_BLOCK, OP, TYPE } from './opcodes.ts';
import { ACCESS, ACCESS_SITE, WASI_CALL_SITE, WASI_RETURN_SITE } from './plan.ts';
import { stopCall, WATCH } from './probe-code.ts';

const I32 = { and: 0x71, add: 0x6a, sub: 0x6b, eqz: 0x45, ltU: 0x49, gtU: 0x4b };

/**
 * Code around the operators that read and write linear memory. While nothing is watched it is a load and a branch for each.
 * While something is, an appended function looks at the operands first; the operator is carried out, so that it traps as it
 * would; and a second function calls the stop function with ACCESS_SITE where that was within the range. Around calls of
 * functions of WASI the stop function is called, too.
 */
export class MemoryWatch {
  readonly #bytes: Uint8Array;
  readonly #appended: Appended;
  readonly #indices: AppendedIndices;
  /** Index of the function that notes an access; those that look at operands come after `#stop`. */
  readonly #note: number;
  readonly #stop: number;
  /** Functions that look at operands, by what they look at. */
  readonly #looks = new Map<string, { index: number; type: number; body: Uint8Array }>();
  readonly #types = new Map<string, number>();
  readonly #wasi: ReadonlySet<number>;

  /** @param firstFunction index of the first function that `append` appends */
  constructor(shape: ModuleShape, appended: Appended, indices: AppendedIndices, firstFunction: number) {
    this.#bytes = shape.bytes;
    this.#wasi = shape.wasiFunctions;
    this.#appended = appended;
    this.#indices = indices;
    this.#note = firstFunction;
    this.#stop = firstFunction + 1;
  }

  /**
   * What is to be put before an operator and behind it; null for one that leaves memory alone.
   *
   * @param frame writes the code by which the frame knows where it is, and that which loads its locals back after a stop
   */
  around(
    operator: Operator,
    frame: { stand: (code: ByteWriter) => void; reload: (code: ByteWriter) => void } | null,
  ): { before: (code: ByteWriter) => void; after: (code: ByteWriter) => void } | null {
    if (operator.code === OP.call && this.#wasi.has(operator.immediates.funcIndex ?? -1)) {
      return {
        before: (code) => this.#whileWatching(code, WASI_CALL_SITE),
        after: (code) => this.#whileWatching(code, WASI_RETURN_SITE),
      };
    }
    const access = accessOperator(this.#bytes, operator);
    if (!access) return null;
    const { parameters, result } = access;
    const type = this.#type(parameters, result === null ? [] : [result]);
    const look = this.#lookAt(access);
    return {
      before: (code) => {
        code.u8(OP.i32Const).s32(0);
        memoryAccess(code, OP.i32Load8U, 0, this.#indices.memory, WATCH.watchingAt);
        code.u8(OP.if).s32(type);
        frame?.stand(code);
        code.u8(OP.call).u32(look).raw(this.#bytes.subarray(operator.start, operator.end));
        code.u8(OP.call).u32(this.#stop);
        frame?.reload(code);
        code.u8(OP.else);
      },
      after: (code) => code.u8(OP.end),
    };
  }

  #whileWatching(code: ByteWriter, site: number): void {
    code.u8(OP.i32Const).s32(0);
    memoryAccess(code, OP.i32Load8U, 0, this.#indices.memory, WATCH.watchingAt);
    code.u8(OP.if).u8(EMPTY_BLOCK);
    stopCall(code, this.#indices, site);
    code.u8(OP.end);
  }

  /** Index of a function that takes the operands and gives them back. */
  #lookAt(access: AccessOperator): number {
    const { parameters, offset, reads, writes, size } = access;
    const key = JSON.stringify([parameters, offset, reads, writes, size]);
    let known = this.#looks.get(key);
    if (!known) {
      const index = this.#stop + 1 + this.#looks.size;
      known = { index, type: this.#type(parameters, parameters), body: this.#look(access) };
      this.#looks.set(key, known);
    }
    return known.index;
  }

  #type(parameters: readonly number[], results: readonly number[]): number {
    const encoded = [0x60, parameters.length, ...parameters, results.length, ...results];
    const key = encoded.join();
    let index = this.#types.get(key);
    if (index === undefined) {
      index = this.#indices.stopType + this.#appended.type.count;
      this.#types.set(key, index);
      this.#appended.type.add((writer) => writer.raw(encoded));
    }
    return index;
  }

  #look({ parameters, offset, reads, writes, size }: AccessOperator): Uint8Array {
    const code = new ByteWriter().u32(0);
    // An access that trapped may have been noted.
    code.u8(OP.i32Const).s32(0).u8(OP.i32Const).s32(0);
    memoryAccess(code, OP.i32Store, 2, this.#indices.memory, WATCH.accessAt + 8);
    const note = (address: number, kind: number) => {
      code.u8(OP.localGet).u32(address);
      if (offset > 0)
        code
          .u8(OP.i32Const)
          .s32(offset | 0)
          .u8(I32.add);
      if (size === null) code.u8(OP.localGet).u32(2);
      else code.u8(OP.i32Const).s32(size);
      code.u8(OP.i32Const).s32(kind).u8(OP.call).u32(this.#note);
    };
    if (reads !== null) note(reads, ACCESS.read);
    if (writes !== null) note(writes, ACCESS.write);
    for (let i = 0; i < parameters.length; i++) code.u8(OP.localGet).u32(i);
    return code.u8(OP.end).written.slice();
  }

  /**
   * The body of `(start, size, kind) -> ()`, all `i32`: notes an access within the range. One whose addresses wrap or lie
   * outside of memory may be noted, too: it traps before anybody looks.
   */
  #noteBody(): Uint8Array {
    const [start, size, kind] = [0, 1, 2];
    const { memory } = this.#indices;
    const { rangeAt, accessAt } = WATCH;
    const code = new ByteWriter().u32(0);
    const get = (local: number) => code.u8(OP.localGet).u32(local);
    const load = (at: number) => {
      code.u8(OP.i32Const).s32(0);
      memoryAccess(code, OP.i32Load, 2, memory, at);
    };
    const leaveIf = () => code.u8(OP.if).u8(EMPTY_BLOCK).u8(OP.return).u8(OP.end);
    get(size).u8(I32.eqz);
    leaveIf();
    get(start);
    load(rangeAt + 4);
    code.u8(I32.gtU);
    leaveIf();
    get(start);
    get(size).u8(I32.add).u8(OP.i32Const).s32(1).u8(I32.sub);
    load(rangeAt);
    code.u8(I32.ltU);
    leaveIf();
    get(kind);
    load(rangeAt + 8);
    code.u8(I32.and).u8(I32.eqz);
    leaveIf();
    for (const [i, local] of [start, size, kind].entries()) {
      code.u8(OP.i32Const).s32(0);
      get(local);
      memoryAccess(code, OP.i32Store, 2, memory, accessAt + 4 * i);
    }
    return code.u8(OP.end).written.slice();
  }

  /** The body of `() -> ()`: stops where an access was noted, whose kind is not 0 then. */
  #stopBody(): Uint8Array {
    const { memory } = this.#indices;
    const kindAt = WATCH.accessAt + 8;
    const code = new ByteWriter().u32(0).u8(OP.i32Const).s32(0);
    memoryAccess(code, OP.i32Load, 2, memory, kindAt);
    code.u8(OP.if).u8(EMPTY_BLOCK);
    stopCall(code, this.#indices, ACCESS_SITE);
    code.u8(OP.i32Const).s32(0).u8(OP.i32Const).s32(0);
    memoryAccess(code, OP.i32Store, 2, memory, kindAt);
    return code.u8(OP.end).u8(OP.end).written.slice();
  }

  /** Appends the functions; after those that have lower indices. */
  append(): void {
    const add = (type: number, body: Uint8Array) => {
      this.#appended.function.add((writer) => writer.u32(type));
      this.#appended.code.add((writer) => writer.u32(body.length).raw(body));
    };
    add(this.#type([TYPE.i32, TYPE.i32, TYPE.i32], []), this.#noteBody());
    add(this.#type([], []), this.#stopBody());
    for (const { type, body } of this.#looks.values()) add(type, body);
  }
}
