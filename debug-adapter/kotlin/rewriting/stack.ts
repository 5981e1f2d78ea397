import type { AppendedIndices } from './appended-indices.ts';
import { ByteWriter } from './byte-writer.ts';
import { type FrameLayout, HEADER_SIZE } from './frame-layout.ts';
import { memoryAccess } from './memory-code.ts';
import { EMPTY_BLOCK, OP, TYPE } from './opcodes.ts';
import { STACK_LIMIT_SITE } from './plan.ts';
import { stopCall } from './probe-code.ts';

const PAGE = 65536;
/** All frames stay below this address, so that sums of addresses do not wrap. */
const HIGHEST = 2 ** 30;

const I32 = { add: 0x6a, sub: 0x6b, mul: 0x6c, shrU: 0x76, eq: 0x46, gtS: 0x4a, geS: 0x4e, geU: 0x4f };

/** Where frames lie, and how much room they have before anybody looks. */
export class Stack {
  /** Address of the first frame. */
  readonly base: number;
  readonly #depth: number;
  readonly #smallest: number;
  readonly #largest: number;

  /** `depth`: frames that may be open. `base` is a multiple of 8. */
  constructor(base: number, depth: number, frames: readonly FrameLayout[]) {
    this.base = base;
    const sizes = frames.map(({ size }) => size);
    this.#smallest = sizes.reduce((a, b) => Math.min(a, b), Infinity);
    if (sizes.length === 0) this.#smallest = HEADER_SIZE;
    this.#largest = sizes.reduce((a, b) => Math.max(a, b), HEADER_SIZE);
    this.#depth = Math.max(1, Math.min(depth, Math.floor((HIGHEST - base) / this.#largest)));
  }

  /**
   * The highest address at which a frame cannot yet be one too many, were all of them as small as can be. Beyond, the
   * frames are counted and the limit moves up (see `deepen`).
   */
  get firstLimit(): number {
    return this.base + (this.#depth - 1) * this.#smallest;
  }

  get firstPages(): number {
    return Math.ceil((this.firstLimit + this.#largest) / PAGE);
  }

  /** Elements of the table of references. */
  get firstReferences(): number {
    return Math.ceil((this.firstLimit + this.#largest) / 8);
  }

  /**
   * The body of the function that a rewritten function calls where its frame would begin beyond the limit. It counts the
   * frames, makes room for this one and for as many of the smallest as are still allowed, and sets the limit to that; or
   * calls the stop function, where the stack is as deep as it may be or there is no more room.
   */
  deepen(indices: AppendedIndices, hasReferences: boolean): Uint8Array {
    const { memory, references, stackLimit } = indices;
    const [frame, at, count, missing] = [0, 1, 2, 3];
    const code = new ByteWriter().raw([1, 3, TYPE.i32]);
    const get = (local: number) => code.u8(OP.localGet).u32(local);
    const constant = (value: number) => code.u8(OP.i32Const).s32(value);
    const set = (local: number) => code.u8(OP.localSet).u32(local);

    constant(this.base);
    set(at);
    code.u8(OP.block).u8(EMPTY_BLOCK).u8(OP.loop).u8(EMPTY_BLOCK);
    get(at);
    get(frame).u8(I32.geU).u8(OP.brIf).u32(1);
    get(at);
    get(at);
    memoryAccess(code, OP.i32Load, 2, memory, 4);
    code.u8(I32.add);
    set(at);
    get(count);
    constant(1).u8(I32.add);
    set(count);
    code.u8(OP.br).u32(0).u8(OP.end).u8(OP.end);

    // The next limit: room for the smallest frames that may follow.
    get(frame);
    constant(this.#depth - 1);
    get(count).u8(I32.sub);
    constant(0);
    constant(this.#depth - 1);
    get(count).u8(I32.gtS).u8(0x1b); // select
    constant(this.#smallest).u8(I32.mul).u8(I32.add);
    set(at);

    const makeRoom = (shift: number, size: () => void, grow: () => void) => {
      get(at);
      constant(this.#largest).u8(I32.add);
      constant(shift).u8(I32.shrU);
      constant(1).u8(I32.add);
      size();
      code.u8(I32.sub);
      code.u8(OP.localTee).u32(missing);
      constant(0).u8(I32.gtS).u8(OP.if).u8(EMPTY_BLOCK);
      grow();
      constant(-1).u8(I32.eq).u8(OP.if).u8(EMPTY_BLOCK);
      stopCall(code, indices, STACK_LIMIT_SITE);
      code.u8(OP.end).u8(OP.end);
    };
    makeRoom(
      16,
      () => code.u8(0x3f).u32(memory), // memory.size
      () => get(missing).u8(0x40).u32(memory), // memory.grow
    );
    if (hasReferences) {
      makeRoom(
        3,
        () => code.u8(0xfc).u8(16).u32(references), // table.size
        () => {
          code.u8(OP.refNull).u8(TYPE.anyref);
          get(missing).u8(0xfc).u8(15).u32(references); // table.grow
        },
      );
    }

    get(count);
    constant(this.#depth).u8(I32.geS).u8(OP.if).u8(EMPTY_BLOCK);
    stopCall(code, indices, STACK_LIMIT_SITE);
    code.u8(OP.else);
    get(at).u8(OP.globalSet).u32(stackLimit);
    code.u8(OP.end).u8(OP.end);
    return code.written.slice();
  }
}
