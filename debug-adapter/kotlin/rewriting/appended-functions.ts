import type { AppendedIndices } from './appended-indices.ts';
import type { Appended } from './appended-sections.ts';
import { ByteWriter } from './byte-writer.ts';
import { KIND, OP, TYPE } from './opcodes.ts';

/** Appends functions that the host calls, with their types and exports. */
export class AppendedFunctions {
  readonly #appended: Appended;
  /** Those of the first type and the first function that are appended. */
  readonly #firstType: number;
  readonly #firstFunction: number;
  readonly #free: (name: string) => string;
  /** Index of each type by its numbers of parameters and results. */
  readonly #signatures = new Map<string, number>();

  /** `free` turns names into ones that are not taken. */
  constructor(appended: Appended, indices: AppendedIndices, free: (name: string) => string) {
    this.#appended = appended;
    this.#firstType = indices.stopType;
    this.#firstFunction = indices.deepen;
    this.#free = free;
  }

  /**
   * Appends a function of `i32` parameters and results; its name. `locals`: of each, the type index of an object, or null
   * for an `i32`.
   */
  add(
    what: string,
    parameters: number,
    results: number,
    locals: readonly (number | null)[],
    write: (code: ByteWriter) => void,
  ): string {
    const name = this.#free(`debugger.${what}`);
    const index = this.#firstFunction + this.#appended.function.count;
    const type = this.#signature(parameters, results);
    const code = new ByteWriter().u32(locals.length);
    for (const local of locals) {
      code.u32(1);
      if (local === null) code.u8(TYPE.i32);
      else code.u8(0x63).s32(local); // (ref null …)
    }
    write(code);
    code.u8(OP.end);
    this.#appended.function.add((writer) => writer.u32(type));
    this.#appended.code.add((writer) => writer.u32(code.length).raw(code.written));
    this.#appended.export.add((writer) => writer.name(name).u8(KIND.function).u32(index));
    return name;
  }

  #signature(parameters: number, results: number): number {
    const key = `${parameters},${results}`;
    let index = this.#signatures.get(key);
    if (index === undefined) {
      index = this.#firstType + this.#appended.type.count;
      this.#signatures.set(key, index);
      this.#appended.type.add((writer) => {
        writer.u8(0x60);
        for (const count of [parameters, results]) {
          writer.u32(count);
          for (let i = 0; i < count; i++) writer.u8(TYPE.i32);
        }
      });
    }
    return index;
  }
}
