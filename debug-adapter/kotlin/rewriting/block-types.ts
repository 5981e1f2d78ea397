import { ByteWriter } from './byte-writer.ts';
import { encodeType, type TypeEntry } from './module-types.ts';
import { EMPTY_BLOCK } from './opcodes.ts';
import type { Entries } from './sections.ts';

/** Block types for whole bodies; those with several results need a function type, which is appended once. */
export class BlockTypes {
  readonly #types: Entries;
  /** Index of the first type in `#types`. */
  readonly #firstIndex: number;
  readonly #appended = new Map<string, number>();

  constructor(types: Entries, firstIndex: number) {
    this.#types = types;
    this.#firstIndex = firstIndex;
  }

  /** Writes the type of a block without parameters and with the function type's results. */
  write(code: ByteWriter, { returns = [] }: TypeEntry): void {
    const [first] = returns;
    if (!first) {
      code.u8(EMPTY_BLOCK);
      return;
    }
    if (returns.length === 1) {
      encodeType(code, first);
      return;
    }
    const type = new ByteWriter().raw([0x60, 0]).u32(returns.length);
    for (const each of returns) encodeType(type, each);
    const key = type.written.join();
    let index = this.#appended.get(key);
    if (index === undefined) {
      index = this.#firstIndex + this.#types.count;
      this.#types.add((writer) => writer.raw(type.written));
      this.#appended.set(key, index);
    }
    code.s32(index);
  }
}
