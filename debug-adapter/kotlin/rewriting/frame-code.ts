import type { AppendedIndices } from './appended-indices.ts';
import type { ByteWriter } from './byte-writer.ts';
import { type FrameLayout, HEADER_SIZE, type KeptLocal } from './frame-layout.ts';
import { RELOAD_AT } from './frames.ts';
import { memoryAccess } from './memory-code.ts';
import { EMPTY_BLOCK, OP, TYPE } from './opcodes.ts';

const I32_ADD = 0x6a;
const I32_SHR_U = 0x76;
const I32_GT_U = 0x4b;
const OFFSET_IN_FRAME = 8;

/** Per type of number: load, store and their alignment, as a power of 2. */
const ACCESS = {
  i32: { load: OP.i32Load, store: OP.i32Store, alignment: 2 },
  i64: { load: OP.i64Load, store: OP.i64Store, alignment: 3 },
  f32: { load: OP.f32Load, store: OP.f32Store, alignment: 2 },
  f64: { load: OP.f64Load, store: OP.f64Store, alignment: 3 },
} as const;

/** Writes the code that keeps one function's frame. Nothing of it touches the operand stack or another local. */
export class FrameCode {
  readonly #frame: FrameLayout;
  readonly #indices: AppendedIndices;

  constructor(frame: FrameLayout, indices: AppendedIndices) {
    this.#frame = frame;
    this.#indices = indices;
  }

  /** Takes a frame: at the function's beginning. */
  enter(code: ByteWriter): void {
    const { frameLocal, functionIndex, size, slots, referencesLocal, firstReference, copies } = this.#frame;
    const { stackPointer, stackLimit, deepen, memory } = this.#indices;
    code.u8(OP.globalGet).u32(stackPointer);
    for (let i = 0; i < copies; i++) code.u8(OP.localTee).u32(frameLocal + i);
    code.u8(OP.globalGet).u32(stackLimit).u8(I32_GT_U).u8(OP.if).u8(EMPTY_BLOCK);
    code.u8(OP.localGet).u32(frameLocal).u8(OP.call).u32(deepen).u8(OP.end);
    // Function index and size in one store, and nothing to be loaded back.
    code.u8(OP.localGet).u32(frameLocal);
    code.u8(OP.i64Const).s64((BigInt(size) << 32n) | BigInt(functionIndex));
    memoryAccess(code, OP.i64Store, 3, memory, 0);
    this.#afterFrame(code);
    code.u8(OP.globalSet).u32(stackPointer);
    if (referencesLocal !== null) {
      code.u8(OP.localGet).u32(frameLocal).u8(OP.i32Const).s32(3).u8(I32_SHR_U);
      code.u8(OP.i32Const).s32(firstReference).u8(I32_ADD);
      for (let i = 1; i < copies; i++) code.u8(OP.localTee).u32(referencesLocal + i);
      code.u8(OP.localSet).u32(referencesLocal);
    }
    this.#clear(code);
    for (const slot of slots) if (slot.parameter) this.keep(code, slot);
  }

  /** Gives the frame back: at every way out. */
  leave(code: ByteWriter): void {
    code.u8(OP.localGet).u32(this.#frame.frameLocal).u8(OP.globalSet).u32(this.#indices.stackPointer);
  }

  /** Frames of functions that an exception left were not given back: this function's is the innermost again. */
  land(code: ByteWriter): void {
    this.#afterFrame(code);
    code.u8(OP.globalSet).u32(this.#indices.stackPointer);
  }

  /** Notes the operator that the function stands at, by its original offset. */
  standAt(code: ByteWriter, offset: number): void {
    code
      .u8(OP.localGet)
      .u32(this.#frame.frameLocal)
      .u8(OP.i32Const)
      .s32(offset | 0);
    memoryAccess(code, OP.i32Store, 2, this.#indices.memory, OFFSET_IN_FRAME);
  }

  /** Copies a local into its slot. */
  keep(code: ByteWriter, { local, slot, kept }: KeptLocal): void {
    if (kept.type === 'ref') {
      this.#referenceIndex(code, slot);
      code.u8(OP.localGet).u32(local).u8(OP.tableSet).u32(this.#indices.references);
      return;
    }
    code.u8(OP.localGet).u32(this.#frame.frameLocal).u8(OP.localGet).u32(local);
    if (kept.type === 'v128') {
      code.u8(0xfd); // v128.store
      memoryAccess(code, 0x0b, 4, this.#indices.memory, slot * 8);
    } else {
      const { store, alignment } = ACCESS[kept.type];
      memoryAccess(code, store, alignment, this.#indices.memory, slot * 8);
    }
  }

  /** Where the host asked for it, loads back the locals of these slots. */
  reload(code: ByteWriter, slots: readonly KeptLocal[]): void {
    if (slots.length === 0) return;
    const { frameLocal } = this.#frame;
    const { memory } = this.#indices;
    code.u8(OP.localGet).u32(frameLocal);
    memoryAccess(code, OP.i32Load8U, 0, memory, RELOAD_AT);
    code.u8(OP.if).u8(EMPTY_BLOCK);
    code.u8(OP.localGet).u32(frameLocal).u8(OP.i32Const).s32(0);
    memoryAccess(code, OP.i32Store8, 0, memory, RELOAD_AT);
    for (const slot of slots) this.#restore(code, slot);
    code.u8(OP.end);
  }

  #restore(code: ByteWriter, { local, slot, kept }: KeptLocal): void {
    const { memory, references } = this.#indices;
    if (kept.type !== 'ref') {
      code.u8(OP.localGet).u32(this.#frame.frameLocal);
      if (kept.type === 'v128') {
        code.u8(0xfd); // v128.load
        memoryAccess(code, 0x00, 4, memory, slot * 8);
      } else {
        const { load, alignment } = ACCESS[kept.type];
        memoryAccess(code, load, alignment, memory, slot * 8);
      }
      code.u8(OP.localSet).u32(local);
      return;
    }
    const get = () => {
      this.#referenceIndex(code, slot);
      code.u8(OP.tableGet).u32(references);
    };
    // A local that cannot be null has not been written yet where its slot is null.
    if (!kept.nullable) {
      get();
      code.u8(OP.refIsNull).u8(OP.i32Eqz).u8(OP.if).u8(EMPTY_BLOCK);
    }
    get();
    code
      .u8(0xfb)
      .u8(kept.nullable ? 0x17 : 0x16) // ref.cast
      .s32(kept.heapType);
    code.u8(OP.localSet).u32(local);
    if (!kept.nullable) code.u8(OP.end);
  }

  /** Sets the slots of what is no parameter to the value that locals begin with. */
  #clear(code: ByteWriter): void {
    const { frameLocal, slots } = this.#frame;
    const { memory, references } = this.#indices;
    const fresh = slots.filter(({ parameter }) => !parameter);
    const numbers = fresh.filter(({ type }) => type !== 'ref');
    const bytes = numbers.reduce((sum, { type }) => sum + (type === 'v128' ? 16 : 8), 0);
    if (bytes > 0 && bytes <= 16) {
      for (let at = HEADER_SIZE; at < HEADER_SIZE + bytes; at += 8) {
        code.u8(OP.localGet).u32(frameLocal).u8(OP.i64Const).s64(0n);
        memoryAccess(code, OP.i64Store, 3, memory, at);
      }
    } else if (bytes > 0) {
      code.u8(OP.localGet).u32(frameLocal).u8(OP.i32Const).s32(HEADER_SIZE).u8(I32_ADD);
      code.u8(OP.i32Const).s32(0).u8(OP.i32Const).s32(bytes);
      code.u8(0xfc).u8(11).u32(memory); // memory.fill
    }
    const count = fresh.length - numbers.length;
    if (count === 0) return;
    this.#referenceIndex(code, this.#frame.firstReference);
    code.u8(OP.refNull).u8(TYPE.anyref);
    if (count === 1) code.u8(OP.tableSet).u32(references);
    else code.u8(OP.i32Const).s32(count).u8(0xfc).u8(17).u32(references); // table.fill
  }

  #referenceIndex(code: ByteWriter, slot: number): void {
    const { referencesLocal, firstReference } = this.#frame;
    code.u8(OP.localGet).u32(referencesLocal ?? 0);
    if (slot > firstReference)
      code
        .u8(OP.i32Const)
        .s32(slot - firstReference)
        .u8(I32_ADD);
  }

  /** The address after the frame. */
  #afterFrame(code: ByteWriter): void {
    const { frameLocal, size } = this.#frame;
    code.u8(OP.localGet).u32(frameLocal).u8(OP.i32Const).s32(size).u8(I32_ADD);
  }
}
