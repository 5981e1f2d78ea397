import { oneLine } from '../boundary/decoders/tree.ts';
import type { Child, Shown, StructuredFormat } from './structured-format.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
/** Bytes that are enough to make one line of a value. */
const SHOWN = 4096;
/** Characters of a container's line. */
const CONTAINER = 100;

function skipSpace(bytes: Buffer, from: number): number {
  let at = from;
  for (
    let byte = bytes[at];
    byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
    byte = bytes[at]
  )
    at++;
  return at;
}

function skipString(bytes: Buffer, from: number): number {
  let at = from + 1;
  for (; at < bytes.length && bytes[at] !== QUOTE; at++) if (bytes[at] === BACKSLASH) at++;
  return at + 1;
}

function skip(bytes: Buffer, from: number): number {
  const first = bytes[from];
  if (first === QUOTE) return skipString(bytes, from);
  let at = from;
  if (first !== OPEN_ARRAY && first !== OPEN_OBJECT) {
    while (at < bytes.length && !isEnd(bytes[at] ?? 0)) at++;
    return at;
  }
  let depth = 0;
  while (at < bytes.length) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at = skipString(bytes, at);
      continue;
    }
    at++;
    if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) depth++;
    else if ((byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) && --depth === 0) break;
  }
  return at;
}

/** Ends a number or a word. */
function isEnd(byte: number): boolean {
  return byte <= 0x20 || byte === COMMA || byte === CLOSE_ARRAY || byte === CLOSE_OBJECT;
}

function* children(bytes: Buffer, from: number): Generator<Child> {
  const isObject = bytes[from] === OPEN_OBJECT;
  if (!isObject && bytes[from] !== OPEN_ARRAY) return;
  let at = skipSpace(bytes, from + 1);
  for (let index = 0; at < bytes.length; index++) {
    if (bytes[at] === CLOSE_ARRAY || bytes[at] === CLOSE_OBJECT) return;
    let name = (): string => String(index);
    if (isObject) {
      const [keyFrom, keyTo] = [at, skipString(bytes, at)];
      name = () => oneLine(JSON.parse(bytes.toString('utf8', keyFrom, keyTo)) as string);
      at = skipSpace(bytes, skipSpace(bytes, keyTo) + 1);
    }
    const end = skip(bytes, at);
    yield { name, start: at, at, end };
    at = skipSpace(bytes, end);
    if (bytes[at] === COMMA) at = skipSpace(bytes, at + 1);
  }
}

const TYPES: Partial<Record<string, string>> = {
  '"': 'string',
  '[': 'array',
  '{': 'object',
  t: 'boolean',
  f: 'boolean',
  n: 'null',
};

function shown(bytes: Buffer, at: number, end: number): Shown {
  const text = bytes.toString('utf8', at, Math.min(end, at + SHOWN));
  const type = TYPES[text.charAt(0)] ?? 'number';
  const isContainer = type === 'array' || type === 'object';
  return { type, value: oneLine(text, isContainer ? CONTAINER : undefined) };
}

/** RFC 8259, in UTF-8. */
export const jsonFormat: StructuredFormat = {
  skip,
  isContainer: (bytes, at) => bytes[at] === OPEN_ARRAY || bytes[at] === OPEN_OBJECT,
  children,
  shown,
};
