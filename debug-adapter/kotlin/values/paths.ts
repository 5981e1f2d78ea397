import type { KotlinObject } from './object.ts';
import type { KotlinValue } from './value.ts';

/*
 * Expressions that lead to a value again: for watches, and for what is copied. Null where there is none.
 */

const NAME = /^[\p{L}_][\p{L}\p{Nd}_]*$/u;
/** Names, fields and elements one after the other: what may go on without brackets around it. */
const PATH = /^[\p{L}_][\p{L}\p{Nd}_]*(?:\??\.[\p{L}_][\p{L}\p{Nd}_]*|\[\d+\])*$/u;
/** Characters of a key that is still written out. */
const LONGEST_KEY = 100;

/** An expression that a person has written, so that parts of it can be named. */
export function pathOf(expression: string): string {
  return PATH.test(expression) ? expression : `(${expression})`;
}

export function namePath(name: string): string | null {
  return NAME.test(name) ? name : null;
}

/** Of field `index`, which is not to be hidden by another one of its name. */
export function fieldPath(path: string | null, object: KotlinObject, index: number): string | null {
  const { fields } = object.class;
  const stored = fields.find((each) => each.index === index)?.name ?? '';
  const name = stored.replace(/^\$/, '');
  const found = object.class.field(name) ?? object.class.field(`$${name}`);
  return path !== null && found?.index === index && NAME.test(name) ? `${path}.${name}` : null;
}

export function elementPath(path: string | null, index: number): string | null {
  return path === null ? null : `${path}[${index}]`;
}

/** Of a value in a map: by a key that can be written. */
export function valuePath(path: string | null, key: KotlinValue): string | null {
  const literal = literalOf(key);
  return path === null || literal === null ? null : `${path}[${literal}]`;
}

function literalOf(key: KotlinValue): string | null {
  switch (key.kind) {
    case 'boolean':
      return String(key.value);
    case 'number':
      return key.type === 'Int' ? String(key.value) : null;
    case 'string': {
      const text = key.string.text();
      return text.length <= LONGEST_KEY ? JSON.stringify(text).replaceAll('$', '\\$') : null;
    }
    default:
      return null;
  }
}
