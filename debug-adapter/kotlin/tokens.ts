/**
 * The tokens of Kotlin source as far as declarations need them (Kotlin specification, "Lexical grammar"): comments and
 * white space are gone, a string is one token whatever is in its templates.
 */
export interface Token {
  kind: 'identifier' | 'string' | 'symbol';
  /** Of an identifier without backquotes; of a string its value. */
  text: string;
  /** A string with templates, or one that does not end: its value is not known. */
  opaque?: true;
  /** In UTF-16 code units. */
  offset: number;
}

const SPACE = /\s+/y;
const IDENTIFIER = /[\p{L}_][\p{L}\p{Nd}_]*/uy;
const BACKQUOTED = /`[^`\r\n]+`/y;
const CHARACTER = /'(?:[^'\\\r\n]|\\(?:u[0-9a-fA-F]{4}|.))'/uy;
const NUMBER = /\d[\p{L}\d_]*(?:\.\d[\p{L}\d_]*)?/uy;
const ESCAPES: Record<string, string> = { t: '\t', b: '\b', n: '\n', r: '\r' };

/** Offset after a block comment that begins at `at`: they nest. */
function afterBlockComment(source: string, at: number): number {
  const edge = /\/\*|\*\//g;
  edge.lastIndex = at;
  let depth = 0;
  for (let found = edge.exec(source); found; found = edge.exec(source)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return edge.lastIndex;
  }
  return source.length;
}

/** Offset after the `}` that ends a template whose `${` ends at `at`; strings and comments in it are gone over. */
function afterTemplate(source: string, at: number): number {
  let depth = 1;
  while (at < source.length) {
    const character = source[at];
    if (character === '{') depth += 1;
    else if (character === '}') {
      depth -= 1;
      if (depth === 0) return at + 1;
    } else if (character === '"') {
      at = readString(source, at).end;
      continue;
    } else if (source.startsWith('/*', at)) {
      at = afterBlockComment(source, at);
      continue;
    } else if (character === "'") {
      CHARACTER.lastIndex = at;
      at += CHARACTER.exec(source)?.[0].length ?? 1;
      continue;
    }
    at += 1;
  }
  return at;
}

/** The string that begins at `at`, plain or raw (`"""`). */
function readString(source: string, at: number): { value: string; opaque: boolean; end: number } {
  const raw = source.startsWith('"""', at);
  let opaque = false;
  let value = '';
  at += raw ? 3 : 1;
  while (at < source.length) {
    const character = source[at] ?? '';
    if (character === '"' && !raw) return { value, opaque, end: at + 1 };
    if (raw && source.startsWith('"""', at)) {
      // Quotes before the last three are the string's own.
      while (source[at + 3] === '"') {
        value += '"';
        at += 1;
      }
      return { value, opaque, end: at + 3 };
    }
    if (character === '\n' && !raw) break;
    if (source.startsWith('${', at)) {
      opaque = true;
      at = afterTemplate(source, at + 2);
    } else if (character === '$' && /[\p{L}_`]/u.test(source[at + 1] ?? '')) {
      opaque = true;
      at += 1;
    } else if (character === '\\' && !raw) {
      const escaped = source[at + 1] ?? '';
      const hex = escaped === 'u' ? /^[0-9a-fA-F]{4}/.exec(source.slice(at + 2, at + 6))?.[0] : undefined;
      value += hex === undefined ? (ESCAPES[escaped] ?? escaped) : String.fromCharCode(parseInt(hex, 16));
      at += hex === undefined ? 2 : 6;
    } else {
      value += character;
      at += 1;
    }
  }
  return { value, opaque: true, end: at };
}

/** Reads any text without throwing: what is no Kotlin comes out as symbols. */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(source)?.[0] ?? null;
    if (found !== null) at += found.length;
    return found;
  };
  while (at < source.length) {
    const offset = at;
    if (match(SPACE) !== null || match(CHARACTER) !== null || match(NUMBER) !== null) continue;
    if (source.startsWith('//', at) || (at === 0 && source.startsWith('#!'))) {
      const end = source.indexOf('\n', at);
      at = end < 0 ? source.length : end;
      continue;
    }
    if (source.startsWith('/*', at)) {
      at = afterBlockComment(source, at);
      continue;
    }
    const name = match(IDENTIFIER) ?? match(BACKQUOTED)?.slice(1, -1);
    if (name !== undefined) {
      tokens.push({ kind: 'identifier', text: name, offset });
    } else if (source[at] === '"') {
      const { value, opaque, end } = readString(source, at);
      tokens.push(
        opaque ? { kind: 'string', text: value, offset, opaque } : { kind: 'string', text: value, offset },
      );
      at = end;
    } else {
      tokens.push({ kind: 'symbol', text: source[at] ?? '', offset });
      at += 1;
    }
  }
  return tokens;
}
