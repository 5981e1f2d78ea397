import { kotlinText, numberText } from '../values/display.ts';
import type { KotlinClass } from '../values/classes.ts';
import type { Entry } from '../values/elements.ts';
import type { KotlinObject } from '../values/object.ts';
import type { KotlinValue } from '../values/value.ts';
import { isNumberType } from '../number-types.ts';
import { type KotlinNumber } from './arithmetic.ts';
import { LIST_TYPES } from './collection-types.ts';
import { NULL, type ObjectOperand, type Operand, toBoolean } from './operands.ts';

/** What a number is calculated as whose Kotlin type is not known. */
const ERASED = { i8: 'Int', i16: 'Int', i32: 'Int', i64: 'Long', f32: 'Float', f64: 'Double' } as const;

/** A value of the guest in an expression. */
export function operandOf(value: KotlinValue): Operand {
  switch (value.kind) {
    case 'null':
      return NULL;
    case 'boolean':
      return toBoolean(value.value);
    case 'char':
      return { type: 'Char', value: value.value };
    case 'number':
      return { type: value.type, value: value.value } as KotlinNumber;
    case 'erased':
      return { type: ERASED[value.stored], value: value.value } as KotlinNumber;
    case 'string':
      return { type: 'String', value: value.string.text() };
    case 'wrapped':
    case 'opaque':
      return { type: 'Object', value: new PlainOperand(value) };
    case 'object':
      return { type: 'Object', value: new GuestObject(value.object) };
  }
}

/** The value behind an operand that is an object of the guest; null for all that were calculated. */
export function guestValueOf(operand: Operand): KotlinValue | null {
  if (operand.type !== 'Object') return null;
  const { value } = operand;
  if (value instanceof GuestObject) return { kind: 'object', object: value.object };
  return value instanceof PlainOperand ? value.value : null;
}

/** A value class that is not boxed, or what cannot be looked into. */
class PlainOperand implements ObjectOperand {
  readonly value: Extract<KotlinValue, { kind: 'wrapped' | 'opaque' }>;
  readonly size = null;
  readonly isMap = false;
  readonly comparesContents = true;

  constructor(value: Extract<KotlinValue, { kind: 'wrapped' | 'opaque' }>) {
    this.value = value;
  }
  get className(): string {
    return this.value.kind === 'wrapped' ? this.value.type : 'an object of an unknown class';
  }
  get text(): string {
    return kotlinText(this.value);
  }
  isInstanceOf(type: string): boolean | null {
    const { className } = this;
    if (this.value.kind === 'opaque') return null;
    return type === className || type === simpleName(className) ? true : null;
  }
  member(name: string): Operand | undefined {
    const { value } = this;
    return value.kind === 'wrapped' && value.field === name ? operandOf(value.value) : undefined;
  }
  at(): Operand {
    return NULL;
  }
  keyAt(): Operand {
    return NULL;
  }
  isSame(other: ObjectOperand): boolean {
    // Kotlin has no identity for value classes: what they wrap is compared.
    return this.value.kind === 'wrapped' && other.className === this.className && other.text === this.text;
  }
}

const simpleName = (name: string) => name.slice(name.lastIndexOf('.') + 1);

/** `listOf` makes a class without a name, which extends one that has it. */
function isList(its: KotlinClass): boolean {
  for (const { simpleName: name } of its.lineage()) if (/List$|^ArrayDeque$/.test(name)) return true;
  return false;
}

/** Elements that are read at once. */
const MOST_AT_ONCE = 256;

class GuestObject implements ObjectOperand {
  readonly object: KotlinObject;
  #page: { start: number; values: readonly (KotlinValue | Entry)[] } = { start: 0, values: [] };

  constructor(object: KotlinObject) {
    this.object = object;
  }
  get className(): string {
    return this.object.class.name;
  }
  get text(): string {
    return kotlinText({ kind: 'object', object: this.object });
  }
  get size(): number | null {
    return this.object.elements?.size ?? null;
  }
  get isMap(): boolean {
    return this.object.elements?.kind === 'map';
  }

  isInstanceOf(type: string): boolean | null {
    const { class: its, elements, heap } = this.object;
    if (its.extends(type)) return true;
    const plain = type.replace(/^kotlin\.collections\./, '');
    if (elements && /^(Mutable)?Map$/.test(plain)) return elements.kind === 'map';
    if (elements?.kind === 'list' && LIST_TYPES.has(plain) && isList(its)) return true;
    // A class, and none that it extends; of an interface it is not known.
    return heap.classes.isClass(type) ? false : null;
  }

  member(name: string): Operand | undefined {
    // What a lambda captures is named with a dollar sign.
    const value = this.object.field(name) ?? this.object.field(`$${name}`);
    return value ? operandOf(value) : undefined;
  }

  at(index: number): Operand {
    const found = this.#read(index);
    return found ? operandOf('key' in found ? found.value : found) : NULL;
  }
  keyAt(index: number): Operand {
    const found = this.#read(index);
    return found && 'key' in found ? operandOf(found.key) : NULL;
  }

  /** An element or entry. Who asks for one after the other gets them from pages that grow. */
  #read(index: number): KotlinValue | Entry | undefined {
    const { start, values } = this.#page;
    if (index < start || index >= start + values.length) {
      const count = index === start + values.length ? Math.min(MOST_AT_ONCE, 2 * values.length) : 1;
      this.#page = { start: index, values: this.object.elements?.page(index, Math.max(1, count)) ?? [] };
    }
    return this.#page.values[index - this.#page.start];
  }

  isSame(other: ObjectOperand): boolean {
    return other instanceof GuestObject && this.object.same(other.object);
  }
  /** Collections do; arrays and classes of others may have any `equals`, of which only data classes' is known. */
  get comparesContents(): boolean {
    const { name } = this.object.class;
    return this.object.elements !== null && !/^kotlin\.\w*Array$/.test(name);
  }
}

/** A number, Boolean, Char or String as it is shown by itself. */
export function shownOperand(operand: Operand): string | null {
  switch (operand.type) {
    case 'Null':
      return 'null';
    case 'Boolean':
      return String(operand.value);
    case 'Char':
      return kotlinText({ kind: 'char', value: operand.value });
    case 'String':
      return JSON.stringify(operand.value);
    default:
      return isNumberType(operand.type) ? numberText((operand as KotlinNumber).value, operand.type) : null;
  }
}
