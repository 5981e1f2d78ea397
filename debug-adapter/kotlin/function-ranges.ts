import { readFile } from 'node:fs/promises';
import type { KotlinSource } from './source-map.ts';
import { type Token, tokenize } from './tokens.ts';

/** Lines that a function declared with `fun` takes, from 1, both ends included. */
export interface FunctionRange {
  /** With the package: `demo.measured`. */
  name: string;
  line: number;
  endLine: number;
  isInline: boolean;
  /** Its body is a block, so that its end is known for certain. */
  isBlock: boolean;
}

/** A source file as far as its functions are concerned. */
export interface FileFunctions {
  lines: readonly string[];
  /** In the order in which they begin: inner ones after outer ones. */
  functions: readonly FunctionRange[];
}

const MODIFIERS = new Set([
  ...['public', 'private', 'internal', 'protected', 'inline', 'operator', 'infix', 'override', 'suspend'],
  ...['tailrec', 'external', 'open', 'final', 'abstract', 'actual', 'expect', 'const', 'lateinit', 'data'],
]);
const DECLARING = new Set([
  'fun',
  'val',
  'var',
  'class',
  'interface',
  'object',
  'typealias',
  'enum',
  'companion',
]);
const OPENING = '([{';
const CLOSING = ')]}';

/** Finds the functions of a Kotlin file. What is no Kotlin has none. */
export function readFunctions(source: string): FileFunctions {
  const tokens = tokenize(source);
  const lineOf = lineCounter(source);
  const packageName = readPackage(tokens);
  const functions: FunctionRange[] = [];
  for (const [at, token] of tokens.entries()) {
    if (!isWord(token, 'fun')) continue;
    const found = readFunction(tokens, at);
    if (!found) continue;
    functions.push({
      name: packageName === '' ? found.name : `${packageName}.${found.name}`,
      line: lineOf(tokens[found.first]?.offset ?? token.offset),
      endLine: lineOf(tokens[found.last]?.offset ?? token.offset),
      isInline: tokens.slice(found.first, at).some((each) => isWord(each, 'inline')),
      isBlock: found.isBlock,
    });
  }
  return { lines: source.split('\n'), functions };
}

/** Sources that are read, so that no project makes a launch slow, and their size. */
const MAX_FILES = 500;
const MAX_CHARACTERS = 1024 * 1024;

/** The functions of sources, by their paths: of those that are the user's and can be read. */
export async function readSourceFunctions(
  sources: readonly KotlinSource[],
): Promise<Map<string, FileFunctions>> {
  const own = sources.filter(({ ignored, path }) => !ignored && path.endsWith('.kt')).slice(0, MAX_FILES);
  const read = await Promise.all(
    own.map(async ({ path, content }) => {
      const text = content ?? (await readFile(path, 'utf8').catch(() => null));
      return text === null || text.length > MAX_CHARACTERS ? [] : [[path, readFunctions(text)] as const];
    }),
  );
  return new Map(read.flat());
}

/** The innermost function that a line is in; undefined for none. */
export function functionAtLine(
  { functions }: FileFunctions,
  line: number,
  isWanted: (each: FunctionRange) => boolean = () => true,
): FunctionRange | undefined {
  return functions.findLast((each) => each.line <= line && line <= each.endLine && isWanted(each));
}

function isWord(token: Token | undefined, text: string): boolean {
  return token?.kind === 'identifier' && token.text === text;
}

/** Lines by offsets. */
function lineCounter(source: string): (offset: number) => number {
  const starts = [0];
  for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? Infinity) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

function readPackage(tokens: readonly Token[]): string {
  const at = tokens.findIndex((token) => isWord(token, 'package'));
  if (at < 0) return '';
  let name = '';
  for (let i = at + 1; tokens[i]?.kind === 'identifier'; i += 2) {
    name += tokens[i]?.text ?? '';
    if (tokens[i + 1]?.text !== '.') break;
    name += '.';
  }
  return name;
}

/** The function whose `fun` is token number `at`: its first and last token; null where it has no name or no body. */
function readFunction(
  tokens: readonly Token[],
  at: number,
): { name: string; first: number; last: number; isBlock: boolean } | null {
  let first = at;
  while (tokens[first - 1]?.kind === 'identifier' && MODIFIERS.has(tokens[first - 1]?.text ?? '')) first -= 1;
  let i = at + 1;
  if (tokens[i]?.text === '<') i = afterAngles(tokens, i);
  let name: string | null = null;
  // A receiver's type comes before the name, with dots, and perhaps with arguments of its own.
  for (; i < tokens.length && tokens[i]?.text !== '('; i++) {
    const token = tokens[i];
    if (token?.text === '<') i = afterAngles(tokens, i) - 1;
    else if (token?.kind === 'identifier') name = token.text;
    else if (token?.kind !== 'symbol' || !'.?'.includes(token.text)) return null;
  }
  if (name === null || i >= tokens.length) return null;
  i = afterBracket(tokens, i);
  for (; i < tokens.length; i++) {
    const text = tokens[i]?.kind === 'string' ? '' : (tokens[i]?.text ?? '');
    if (text === '{') return { name, first, last: afterBracket(tokens, i) - 1, isBlock: true };
    if (text === '=') return { name, first, last: endOfExpression(tokens, i + 1), isBlock: false };
    if (text === '<') i = afterAngles(tokens, i) - 1;
    else if (text === '(') i = afterBracket(tokens, i) - 1;
    else if (CLOSING.includes(text) || DECLARING.has(text) || text === '@') return null;
  }
  return null;
}

/** The last token of an expression: what follows is another declaration, or closes what is around. */
function endOfExpression(tokens: readonly Token[], from: number): number {
  let depth = 0;
  for (let i = from; i < tokens.length; i++) {
    const { kind, text } = tokens[i] ?? { kind: 'symbol', text: '' };
    if (kind === 'symbol' && text !== '' && OPENING.includes(text)) depth += 1;
    else if (kind === 'symbol' && text !== '' && CLOSING.includes(text)) {
      if (depth === 0) return i - 1;
      depth -= 1;
    } else if (depth === 0 && (declares(tokens, i) || (kind === 'symbol' && text === '@' && i > from))) {
      return i - 1;
    }
  }
  return tokens.length - 1;
}

/** Whether a declaration begins at a token. */
function declares(tokens: readonly Token[], at: number): boolean {
  const { kind, text } = tokens[at] ?? { kind: 'symbol', text: '' };
  if (kind !== 'identifier' || !(DECLARING.has(text) || MODIFIERS.has(text))) return false;
  const next = tokens[at + 1]?.text ?? '';
  // `object : Shape { }` and `fun (a) = b` are expressions; so may be a variable that is named like a modifier.
  if (text === 'object' || text === 'fun') return !':{('.includes(next);
  return tokens[at + 1]?.kind === 'identifier';
}

function afterBracket(tokens: readonly Token[], at: number): number {
  let depth = 0;
  for (let i = at; i < tokens.length; i++) {
    const { kind, text } = tokens[i] ?? { kind: 'symbol', text: '' };
    if (kind !== 'symbol' || text === '') continue;
    if (OPENING.includes(text)) depth += 1;
    else if (CLOSING.includes(text)) depth -= 1;
    if (depth === 0) return i + 1;
  }
  return tokens.length;
}

function afterAngles(tokens: readonly Token[], at: number): number {
  let depth = 0;
  for (let i = at; i < tokens.length; i++) {
    const { kind, text } = tokens[i] ?? { kind: 'symbol', text: '' };
    if (kind !== 'symbol') continue;
    if (text === '<') depth += 1;
    // The `>` of an arrow closes nothing.
    else if (text === '>' && tokens[i - 1]?.text !== '-') depth -= 1;
    if (depth === 0) return i + 1;
  }
  return tokens.length;
}
