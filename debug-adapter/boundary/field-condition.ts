import * as z from 'zod';
import type { FieldCondition } from '../../protocol/boundary.ts';
import { UserError } from '../errors.ts';
import { decodeWith } from './decoders/index.ts';
import { ownDecoderOf } from './decoders/configured.ts';

const requestSchema = z.object({
  data: z.base64(),
  decoder: z.string(),
  direction: z.enum(['argument', 'result']),
  export: z.string(),
  names: z.array(z.string()),
});

/** Characters of a text that a condition compares with. */
const LONGEST = 1000;

/**
 * The condition of a filter that holds where a part of an export's decoded argument or result has the value that it has
 * in these bytes. It never throws: calls of other exports and values of another shape do not meet it.
 *
 * @throws UserError where the request is none, or expressions do not see the part as a value that can be compared.
 */
export function fieldCondition(request: unknown): FieldCondition {
  const checked = requestSchema.safeParse(request);
  if (!checked.success) {
    throw new UserError(
      'bad-argument',
      `This is no request for a condition: ${z.prettifyError(checked.error)}`,
    );
  }
  const { data, decoder, direction, export: name, names } = checked.data;
  if (ownDecoderOf(decoder)) throw unusable('Conditions see what a decoder of your own reads as hex');
  const decoded = decodeWith(decoder, Buffer.from(data, 'base64'));
  if (decoded.error !== undefined) throw unusable(`The bytes could not be decoded: ${decoded.error}`);
  let value = decoded.value;
  let path: string = direction;
  for (const step of names) {
    const next = stepInto(value, step);
    if (!next) throw unusable(`Conditions do not see “${step}” by this name`);
    value = next.value;
    path += next.access;
  }
  const comparison = comparedWith(path, value);
  return {
    filter: direction === 'argument' ? 'storeArgument' : 'returnResult',
    expression: `exportName === ${JSON.stringify(name)} && ${comparison}`,
    value: literal(value) ?? String(value),
  };
}

/** One name deeper into a value: what is there, and how an expression gets there without throwing. */
function stepInto(value: unknown, name: string): { value: unknown; access: string } | null {
  if (value instanceof Map) {
    for (const [key, item] of value as Map<unknown, unknown>) {
      const written = String(key) === name ? literal(key) : null;
      if (written !== null) return { value: item, access: `?.get?.(${written})` };
    }
    return null;
  }
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return null;
  const access = /^(0|[1-9]\d*)$/.test(name) ? `?.[${name}]` : `?.[${JSON.stringify(name)}]`;
  return {
    value: (value as Record<string, unknown>)[name],
    access: /^[A-Za-z_$][\w$]*$/.test(name) ? `?.${name}` : access,
  };
}

function comparedWith(path: string, value: unknown): string {
  const written = literal(value);
  if (written === null) throw unusable('Only a text, a number, true, false or null can be compared');
  if (written.length > LONGEST) throw unusable(`The text has ${written.length} characters`);
  // NaN is not equal to itself, and -0 is equal to 0.
  return typeof value === 'number' && (Number.isNaN(value) || Object.is(value, -0))
    ? `Object.is(${path}, ${written})`
    : `${path} === ${written}`;
}

/** A scalar as JavaScript writes it; null for what is none. */
function literal(value: unknown): string | null {
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  return typeof value === 'boolean' || value === null ? String(value) : null;
}

function unusable(why: string): UserError {
  return new UserError('bad-argument', `No condition can be made of this: ${why.replace(/\.$/, '')}.`);
}
