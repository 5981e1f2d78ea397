import { numberLiteral } from './number-literals.ts';
import { ExpressionError, type Literal } from './syntax.ts';

/** A token of an expression; `at` counts UTF-16 code units from 0. */
export type Token = { at: number; end: number } & (
  | { kind: 'name'; text: string; quoted: boolean }
  | { kind: 'symbol'; text: string }
  | { kind: 'literal'; literal: Literal }
  /** A string with templates: text, and the source of what is in each template. */
  | { kind: 'template'; parts: readonly (string | TemplateSource)[] }
  | { kind: 'end' }
);

export interface TemplateSource {
  source: string;
  at: number;
}

/** Longest first: the first that fits is taken (Kotlin specification, "Operators and symbols"). */
const SYMBOLS = [
  ['===', '!==', '..<'],
  [
    '==',
    '!=',
    '<=',
    '>=',
    '&&',
    '||',
    '?.',
    '?:',
    '!!',
    '..',
    '++',
    '--',
    '+=',
    '-=',
    '*=',
    '/=',
    '%=',
    '->',
    '::',
  ],
  [
    '+',
    '-',
    '*',
    '/',
    '%',
    '<',
    '>',
    '!',
    '.',
    ',',
    '(',
    ')',
    '[',
    ']',
    '?',
    ':',
    '=',
    '{',
    '}',
    '&',
    '|',
    ';',
    '@',
  ],
].flat();

const SPACE = /(?:\s|\/\/[^\n]*|\/\*[^]*?\*\/)+/y;
const NAME = /[\p{L}_][\p{L}\p{Nd}_]*/uy;
const BACKQUOTED = /`[^`\r\n]+`/y;
const CHARACTER = /'(?:[^'\\\r\n]|\\(?:u[0-9a-fA-F]{4}|.))'/uy;
const NUMBER =
  /0[xX][\da-fA-F_]+[uU]?L?|0[bB][01_]+[uU]?L?|(?:\d[\d_]*)?\.\d[\d_]*(?:[eE][+-]?\d+)?[fF]?|\d[\d_]*(?:[eE][+-]?\d+[fF]?|[fF]|[uU]?L?)/y;
const ESCAPES: Record<string, string> = {
  t: '\t',
  b: '\b',
  n: '\n',
  r: '\r',
  "'": "'",
  '"': '"',
  '\\': '\\',
  $: '$',
};

function matchAt(pattern: RegExp, source: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0] ?? null;
}

/** All tokens, with one of kind `end` behind them. @throws ExpressionError */
export function readTokens(source: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; ;) {
    at += matchAt(SPACE, source, at)?.length ?? 0;
    const token = readToken(source, at);
    tokens.push(token);
    if (token.kind === 'end') return tokens;
    at = token.end;
  }
}

function readToken(source: string, at: number): Token {
  if (at >= source.length) return { kind: 'end', at, end: at };
  if (source[at] === '"') return readString(source, at);
  const plain = matchAt(NAME, source, at);
  if (plain !== null) return { kind: 'name', text: plain, quoted: false, at, end: at + plain.length };
  const quoted = matchAt(BACKQUOTED, source, at);
  if (quoted !== null) {
    return { kind: 'name', text: quoted.slice(1, -1), quoted: true, at, end: at + quoted.length };
  }
  const character = matchAt(CHARACTER, source, at);
  if (character !== null) {
    const value = character[1] === '\\' ? readEscape(source, at + 1).value : character.slice(1, -1);
    return { kind: 'literal', literal: { type: 'Char', value }, at, end: at + character.length };
  }
  const number = matchAt(NUMBER, source, at);
  if (number !== null)
    return { kind: 'literal', literal: numberLiteral(number), at, end: at + number.length };
  const symbol = SYMBOLS.find((each) => source.startsWith(each, at));
  if (symbol !== undefined) return { kind: 'symbol', text: symbol, at, end: at + symbol.length };
  throw new ExpressionError(`${JSON.stringify(source[at])} at character ${at + 1} is not part of one`);
}

/** The escape whose backslash stands at `at`. */
function readEscape(source: string, at: number): { value: string; end: number } {
  const letter = source[at + 1] ?? '';
  if (letter === 'u' && /^[\da-fA-F]{4}$/.test(source.slice(at + 2, at + 6))) {
    return { value: String.fromCharCode(parseInt(source.slice(at + 2, at + 6), 16)), end: at + 6 };
  }
  const value = ESCAPES[letter];
  if (value === undefined)
    throw new ExpressionError(`\\${letter} at character ${at + 1} is no escape in Kotlin`);
  return { value, end: at + 2 };
}

/** The string whose first quote stands at `at`, plain or raw. */
function readString(source: string, at: number): Token {
  const raw = source.startsWith('"""', at);
  const parts: (string | TemplateSource)[] = [];
  let text = '';
  let next = at + (raw ? 3 : 1);
  for (;;) {
    const character = source[next];
    if (character === undefined || (character === '\n' && !raw)) {
      throw new ExpressionError(`the string at character ${at + 1} does not end`);
    }
    if (raw ? source.startsWith('"""', next) && source[next + 3] !== '"' : character === '"') {
      const end = next + (raw ? 3 : 1);
      if (parts.length === 0) return { kind: 'literal', literal: { type: 'String', value: text }, at, end };
      return { kind: 'template', parts: [...parts, text], at, end };
    }
    const template = readTemplate(source, next);
    if (template) {
      parts.push(text, template.inner);
      text = '';
      next = template.end;
    } else if (character === '\\' && !raw) {
      const escape = readEscape(source, next);
      text += escape.value;
      next = escape.end;
    } else {
      text += character;
      next += 1;
    }
  }
}

/** `$name` or `${…}` at `at`; null where there is none. */
function readTemplate(source: string, at: number): { inner: TemplateSource; end: number } | null {
  if (source[at] !== '$') return null;
  if (source[at + 1] !== '{') {
    const name = matchAt(NAME, source, at + 1) ?? matchAt(BACKQUOTED, source, at + 1);
    return name === null ? null : { inner: { source: name, at: at + 1 }, end: at + 1 + name.length };
  }
  let depth = 1;
  for (let next = at + 2; ;) {
    next += matchAt(SPACE, source, next)?.length ?? 0;
    const token = readToken(source, next);
    if (token.kind === 'end') throw new ExpressionError(`the \${ at character ${at + 1} is not closed`);
    if (token.kind === 'symbol' && token.text === '{') depth += 1;
    if (token.kind === 'symbol' && token.text === '}') depth -= 1;
    if (depth === 0) return { inner: { source: source.slice(at + 2, token.at), at: at + 2 }, end: token.end };
    next = token.end;
  }
}
