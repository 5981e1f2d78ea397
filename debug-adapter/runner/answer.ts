import type { WasmValue } from 'wasmedge-napi';
import type { RemoteValue } from '../../protocol/runner.ts';
import type { ValueType } from '../../protocol/values.ts';
import { RunnerError } from './failures.ts';
import { textOf } from './remote-values.ts';
import { asWasm, wasmText } from './values.ts';

/** Whether a person can answer for a function with these results: a reference cannot be typed in. */
export function canBeAsked(results: readonly ValueType[]): boolean {
  return results.every((type) => ['i32', 'i64', 'f32', 'f64'].includes(type));
}

/** What a person lets an import return that nobody provides (`"unresolvedImports": "ask"`). */
export class Answer {
  readonly #types: readonly ValueType[];
  readonly #values: WasmValue[];
  /** What expressions see as `returns`: its elements can be assigned. */
  readonly returns: unknown[] = [];

  /** @param offered the last answer of the same import; zeros at the first time */
  constructor(types: readonly ValueType[], offered: readonly WasmValue[] | undefined) {
    this.#types = types;
    this.#values = types.map((type, i) => offered?.[i] ?? (type === 'i64' ? 0n : 0));
    types.forEach((_, i) => {
      Object.defineProperty(this.returns, i, {
        enumerable: true,
        get: () => this.#values[i],
        set: (value: unknown) => this.#set(i, value),
      });
    });
  }

  get values(): readonly WasmValue[] {
    return this.#values;
  }

  /**
   * Answers with all values at once: `returns = 1.08`, `returns = [1, 2n]`.
   * @throws RunnerError where they are not what the function's type wants; the answer is then as it was
   */
  set(value: unknown): void {
    const values: unknown[] = Array.isArray(value) ? value : [value];
    if (values.length !== this.#types.length) {
      const message = `The import returns ${this.#types.length} values, not ${values.length}.`;
      throw new RunnerError({ code: 'value', message });
    }
    this.#types.forEach((type, i) => toResult(type, values[i], i));
    values.forEach((each, i) => this.#set(i, each));
  }

  #set(index: number, value: unknown): void {
    const type = this.#types[index];
    if (type !== undefined) this.#values[index] = toResult(type, value, index);
  }

  /** The scope that shows them, to be edited. */
  scope(): RemoteValue[] {
    return this.#types.map((type, i) => ({
      name: this.#types.length === 1 ? 'returns' : `returns[${i}]`,
      value: wasmText(this.#values[i]),
      type,
      handle: 0,
      evaluateName: `returns[${i}]`,
      readOnly: false,
    }));
  }
}

function toResult(type: ValueType, value: unknown, index: number): WasmValue {
  const wasm = asWasm(type, value);
  if (wasm !== undefined) return wasm;
  const hint = type === 'i64' ? ' Write a bigint of 64 bits, such as 5n.' : '';
  const message = `Return value ${index} is an ${type}: ${textOf(value, 80)} is none.${hint}`;
  throw new RunnerError({ code: 'value', message });
}
