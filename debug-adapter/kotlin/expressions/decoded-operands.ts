import { LIST_TYPES } from './collection-types.ts';
import { NULL, type ObjectOperand, type Operand, toBoolean } from './operands.ts';

/** What the boundary has decoded, as Kotlin would have it: text, numbers, lists and maps. */
export function decodedOperand(value: unknown): Operand | undefined {
  switch (typeof value) {
    case 'string':
      return { type: 'String', value };
    case 'boolean':
      return toBoolean(value);
    case 'number':
      return Number.isInteger(value) && Math.abs(value) < 2 ** 31
        ? { type: 'Int', value }
        : Number.isSafeInteger(value)
          ? { type: 'Long', value: BigInt(value) }
          : { type: 'Double', value };
    case 'bigint':
      return { type: 'Long', value };
    case 'object':
      return value === null ? NULL : { type: 'Object', value: new DecodedObject(value) };
    default:
      return undefined;
  }
}

class DecodedObject implements ObjectOperand {
  readonly #value: object;
  readonly comparesContents = true;

  constructor(value: object) {
    this.#value = value;
  }
  get #isList(): boolean {
    return Array.isArray(this.#value) || ArrayBuffer.isView(this.#value);
  }
  get #keys(): string[] {
    return Object.keys(this.#value);
  }
  get className(): string {
    return this.#isList ? 'List' : 'Map';
  }
  get isMap(): boolean {
    return !this.#isList;
  }
  get size(): number {
    return this.#isList ? (this.#value as ArrayLike<unknown>).length : this.#keys.length;
  }
  get text(): string {
    return JSON.stringify(this.#value, (_key, part: unknown) =>
      typeof part === 'bigint' ? String(part) : part,
    );
  }
  isInstanceOf(type: string): boolean {
    return type === this.className || (this.#isList && LIST_TYPES.has(type));
  }
  member(name: string): Operand | undefined {
    return this.isMap && Object.hasOwn(this.#value, name)
      ? decodedOperand(Reflect.get(this.#value, name))
      : undefined;
  }
  at(index: number): Operand {
    const key = this.#isList ? index : (this.#keys[index] ?? '');
    return decodedOperand(Reflect.get(this.#value, key)) ?? NULL;
  }
  keyAt(index: number): Operand {
    return { type: 'String', value: this.#keys[index] ?? '' };
  }
  isSame(other: ObjectOperand): boolean {
    return other instanceof DecodedObject && other.#value === this.#value;
  }
}
