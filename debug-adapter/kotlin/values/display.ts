import type { KotlinObject } from './object.ts';
import type { KotlinString } from './string.ts';
import type { KotlinValue } from './value.ts';

/** Characters of a string within another value's text. */
const SHORT_STRING = 80;
/** Elements and fields in the text of an object, and objects within objects. */
const ELEMENTS = 20;
const FIELDS = 5;
const DEPTH = 2;

/** A value in one line, as Kotlin would write it. `limit`: characters of a string. */
export function kotlinText(value: KotlinValue, limit = 1000): string {
  return value.kind === 'string' ? quoted(value.string, limit) : inner(value, 0);
}

function inner(value: KotlinValue, depth: number): string {
  switch (value.kind) {
    case 'null':
      return 'null';
    case 'boolean':
      return String(value.value);
    case 'char':
      return charText(value.value);
    case 'number':
      return numberText(value.value, value.type);
    case 'erased':
      return numberText(value.value, value.stored);
    case 'string':
      return quoted(value.string, SHORT_STRING);
    case 'wrapped':
      return `${simple(value.type)}(${value.field}=${inner(value.value, depth + 1)})`;
    case 'object':
      return objectText(value.object, depth);
    case 'opaque':
      return value.text;
  }
}

/** The type's name with its package, as far as it is known; of a bare number how Wasm stores it. */
export function kotlinTypeName(value: KotlinValue): string {
  switch (value.kind) {
    case 'null':
      return 'Nothing?';
    case 'boolean':
      return 'Boolean';
    case 'char':
      return 'Char';
    case 'number':
      return value.type;
    case 'erased':
      return value.stored;
    case 'string':
      return 'String';
    case 'wrapped':
      return value.type;
    case 'object':
      return value.object.class.name;
    case 'opaque':
      return '';
  }
}

function simple(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

function quoted(string: KotlinString, limit: number): string {
  const text = JSON.stringify(string.text(0, limit));
  return string.length > limit ? `${text}… (${string.length} characters)` : text;
}

function charText(char: string): string {
  const escaped = JSON.stringify(char).slice(1, -1);
  return char === "'" ? "'\\''" : `'${char === '"' ? char : escaped}'`;
}

/** Kotlin writes `1.0` where JavaScript writes `1`, and a Float with the digits that tell it from its neighbours. */
export function numberText(value: number | bigint, type: string): string {
  if (typeof value === 'bigint') return String(value);
  const isFloat = type === 'Float' || type === 'f32';
  if (!isFloat && type !== 'Double' && type !== 'f64') return String(value);
  if (!Number.isFinite(value)) return String(value);
  let digits = String(value);
  for (let precision = 1; isFloat && precision <= 9; precision++) {
    const shorter = Number(value.toPrecision(precision));
    if (Math.fround(shorter) !== value) continue;
    digits = String(shorter);
    break;
  }
  if (Object.is(value, -0)) return '-0.0';
  if (digits.includes('e'))
    return digits
      .replace(/^(-?\d+)e/, '$1.0e')
      .replace('e', 'E')
      .replace('+', '');
  return digits.includes('.') ? digits : `${digits}.0`;
}

function objectText(object: KotlinObject, depth: number): string {
  const text = libraryText(object, depth);
  if (text !== null) return text;
  const { elements } = object;
  if (elements) {
    const name = object.class.simpleName;
    const size = `${name.startsWith('<') ? 'List' : name} (${elements.size})`;
    const [open, close] = elements.kind === 'list' ? '[]' : '{}';
    if (elements.size === 0) return `${size} ${open}${close}`;
    if (depth >= DEPTH) return `${size} ${open}…${close}`;
    const shown =
      elements.kind === 'list'
        ? elements.page(0, ELEMENTS).map((each) => inner(each, depth + 1))
        : elements.page(0, ELEMENTS).map((each) => entryText(each.key, each.value, depth + 1));
    if (elements.size > ELEMENTS) shown.push('…');
    return `${size} ${open}${shown.join(', ')}${close}`;
  }
  const name = className(object);
  const { fields } = object.class;
  if (fields.length === 0) return name;
  if (depth >= DEPTH) return `${name}(…)`;
  const shown = fields
    .slice(0, FIELDS)
    .map((field) => `${shownName(field.name)}=${inner(object.fieldAt(field.index), depth + 1)}`);
  if (fields.length > FIELDS) shown.push('…');
  return `${name}(${shown.join(', ')})`;
}

/** `"a"=1`: an entry of a map. */
export function entryText(key: KotlinValue, value: KotlinValue, depth = 0): string {
  return `${inner(key, depth)}=${inner(value, depth)}`;
}

/** What the compiler names `f$lambda` or `<no name provided>` has no name in the source. */
function className({ class: its }: KotlinObject): string {
  const lambda = /^(.*?)\$s?lambda/.exec(its.simpleName);
  if (lambda) return `lambda in ${lambda[1]}`;
  if (its.simpleName !== '<no name provided>') return its.simpleName;
  const { superclass } = its;
  return superclass && superclass.name !== 'kotlin.Any' ? `object : ${superclass.simpleName}` : 'object';
}

/** A field's name as the source has it: what a lambda captures begins with `$`. */
export function shownName(field: string): string {
  return field.replace(/^\$(?=\w)/, '');
}

/** What Kotlin writes shorter than by class and fields. */
function libraryText(object: KotlinObject, depth: number): string | null {
  const { class: its } = object;
  const text = (field: string) => inner(object.field(field) ?? { kind: 'null' }, depth + 1);
  if (its.name === 'kotlin.Unit') return 'Unit';
  if (its.extends('kotlin.Enum')) return plainString(object.field('name')) ?? its.simpleName;
  if (its.extends('kotlin.Throwable')) {
    const message = plainString(object.field('message'));
    return message === null ? its.simpleName : `${its.simpleName}: ${message}`;
  }
  if (its.name === 'kotlin.Pair') return `(${text('first')}, ${text('second')})`;
  if (its.name === 'kotlin.Triple') return `(${text('first')}, ${text('second')}, ${text('third')})`;
  if (its.name === 'kotlin.text.StringBuilder') return builderText(object);
  if (its.name === 'kotlin.UnsafeLazyImpl') {
    const value = object.field('_value');
    const isOpen = value?.kind === 'object' && value.object.class.name === 'kotlin.UNINITIALIZED_VALUE';
    return isOpen ? 'Lazy (not initialized)' : `Lazy (${text('_value')})`;
  }
  const range = /^kotlin\.ranges\.\w+(Range|Progression)$/.exec(its.name);
  if (!range) return null;
  const ends = `${text('first')}..${text('last')}`;
  return range[1] === 'Range' ? ends : `${ends} step ${text('step')}`;
}

/** The characters of a string, at most 1000; null for any other value. */
export function plainString(value: KotlinValue | null): string | null {
  return value?.kind === 'string' ? value.string.text(0, 1000) : null;
}

function builderText(object: KotlinObject): string | null {
  const [array, length] = [object.field('array'), object.field('_length')];
  if (array?.kind !== 'object' || length?.kind !== 'erased') return null;
  const { elements } = array.object;
  if (elements?.kind !== 'list') return null;
  const shown = Math.min(Number(length.value), 1000);
  const text = elements.page(0, shown).map((each) => (each.kind === 'char' ? each.value : ''));
  const whole = Number(length.value) > shown ? `… (${length.value} characters)` : '';
  return `StringBuilder ${JSON.stringify(text.join(''))}${whole}`;
}
