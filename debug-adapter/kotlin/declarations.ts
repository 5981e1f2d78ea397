import { type Token, tokenize } from './tokens.ts';

export interface KotlinParameter {
  name: string;
  /** As written, without white space: `Int`, `Pointer`. */
  type: string;
}

/** A string of an annotation: written there, or the name of a `const val`. Null where it cannot be known. */
export type StringReference = { literal: string } | { constant: string } | null;

/** A function with @WasmImport or @WasmExport. */
export interface KotlinDeclaration {
  kind: 'import' | 'export';
  /** Of an import. */
  module: StringReference;
  /** The import's or export's name, which is the function's own where the annotation gives none. */
  name: StringReference;
  function: string;
  parameters: KotlinParameter[];
  /** 1-based. */
  line: number;
}

/** What one source file declares. */
export interface KotlinFile {
  declarations: KotlinDeclaration[];
  /** `const val`s that are plain strings. */
  constants: Map<string, string>;
}

const CLOSING: Record<string, string> = { '(': ')', '[': ']', '{': '}', '<': '>' };

/** Reads tokens in order; `undefined` after the last. */
class Cursor {
  readonly tokens: Token[];
  at: number;
  constructor(tokens: Token[], at = 0) {
    this.tokens = tokens;
    this.at = at;
  }
  get token(): Token | undefined {
    return this.tokens[this.at];
  }
  is(text: string): boolean {
    return this.token?.text === text && this.token.kind !== 'string';
  }
  take(text: string): boolean {
    if (!this.is(text)) return false;
    this.at += 1;
    return true;
  }
  identifier(): string | null {
    if (this.token?.kind !== 'identifier') return null;
    return this.tokens[this.at++]?.text ?? null;
  }
  /** The tokens inside the bracket that is here, which is then behind. */
  bracketed(): Token[] {
    const open = this.token?.text ?? '';
    const close = CLOSING[open];
    const start = ++this.at;
    let depth = 1;
    for (; this.token; this.at++) {
      if (this.is(open)) depth += 1;
      else if (close !== undefined && this.is(close)) {
        depth -= 1;
        if (depth === 0) return this.tokens.slice(start, this.at++);
      }
    }
    return this.tokens.slice(start);
  }
}

/** Splits at commas outside of brackets. */
function splitAtCommas(tokens: Token[]): Token[][] {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.kind === 'symbol') {
      if ('([{<'.includes(token.text)) depth += 1;
      else if (')]}>'.includes(token.text)) depth = Math.max(0, depth - 1);
      else if (token.text === ',' && depth === 0) {
        parts.push([]);
        continue;
      }
    }
    parts.at(-1)?.push(token);
  }
  return parts.filter((part) => part.length > 0);
}

function stringReference(tokens: Token[]): StringReference {
  const last = tokens.at(-1);
  if (last?.kind === 'string') return tokens.length === 1 && !last.opaque ? { literal: last.text } : null;
  const qualified = tokens.every(({ kind, text }, i) => (i % 2 === 0 ? kind === 'identifier' : text === '.'));
  return last && qualified ? { constant: last.text } : null;
}

/** The arguments of an annotation by parameter name, positional ones in the order of `parameters`. */
function annotationArguments(tokens: Token[], parameters: string[]): Map<string, StringReference> {
  const found = new Map<string, StringReference>();
  splitAtCommas(tokens).forEach((part, i) => {
    const [first, second] = part;
    const named = first?.kind === 'identifier' && second?.kind === 'symbol' && second.text === '=';
    const name = named ? first.text : parameters[i];
    if (name !== undefined) found.set(name, stringReference(named ? part.slice(2) : part));
  });
  return found;
}

function parameter(tokens: Token[]): KotlinParameter | null {
  const cursor = new Cursor(tokens);
  for (;;) {
    if (cursor.take('@')) {
      cursor.identifier();
      while (cursor.take('.')) cursor.identifier();
      if (cursor.is('(')) cursor.bracketed();
      continue;
    }
    const name = cursor.identifier();
    if (name === null) return null;
    if (!cursor.take(':')) continue;
    const rest = tokens.slice(cursor.at);
    const end = rest.findIndex(({ kind, text }) => kind === 'symbol' && text === '=');
    const type = (end < 0 ? rest : rest.slice(0, end)).map(({ text }) => text).join('');
    return { name, type };
  }
}

/** The name and parameters of the function that follows an annotation at `from`; null where none does. */
function followingFunction(
  tokens: Token[],
  from: number,
): { name: string; parameters: KotlinParameter[] } | null {
  const cursor = new Cursor(tokens, from);
  while (!cursor.take('fun')) {
    if (cursor.take('@')) {
      cursor.identifier();
      while (cursor.take('.') || cursor.take(':')) cursor.identifier();
      if (cursor.is('(')) cursor.bracketed();
    } else if (cursor.identifier() === null) return null;
  }
  if (cursor.is('<')) cursor.bracketed();
  let name = cursor.identifier();
  while (cursor.take('.')) name = cursor.identifier();
  if (name === null || !cursor.is('(')) return null;
  const parameters = splitAtCommas(cursor.bracketed()).map(parameter);
  const known = parameters.filter((each) => each !== null);
  return known.length === parameters.length ? { name, parameters: known } : null;
}

/** Finds the functions with @WasmImport and @WasmExport in Kotlin source, and the string constants they may use. */
export function readKotlin(source: string): KotlinFile {
  const file: KotlinFile = { declarations: [], constants: new Map() };
  // Most files of a project declare neither, and need no reading.
  if (!/\bWasm(?:Import|Export)\b|\bconst\s+val\b/.test(source)) return file;
  const tokens = tokenize(source);
  let line = 1;
  let counted = 0;
  const lineOf = (offset: number): number => {
    for (; counted < offset; counted++) if (source.charCodeAt(counted) === 10) line += 1;
    return line;
  };
  tokens.forEach((token, i) => {
    if (token.kind === 'identifier' && token.text === 'const' && tokens[i + 1]?.text === 'val') {
      readConstant(tokens, i + 2, file.constants);
    }
    if (token.kind !== 'symbol' || token.text !== '@') return;
    const cursor = new Cursor(tokens, i + 1);
    let annotation = cursor.identifier();
    while (cursor.take('.')) annotation = cursor.identifier();
    if (annotation !== 'WasmImport' && annotation !== 'WasmExport') return;
    const isImport = annotation === 'WasmImport';
    const given = annotationArguments(
      cursor.is('(') ? cursor.bracketed() : [],
      isImport ? ['module', 'name'] : ['name'],
    );
    const found = followingFunction(tokens, cursor.at);
    if (!found) return;
    const name = given.has('name') ? (given.get('name') ?? null) : { literal: found.name };
    file.declarations.push({
      kind: isImport ? 'import' : 'export',
      module: given.get('module') ?? null,
      name: name && 'literal' in name && name.literal === '' ? { literal: found.name } : name,
      function: found.name,
      parameters: found.parameters,
      line: lineOf(tokens[cursor.at]?.offset ?? token.offset),
    });
  });
  return file;
}

/** `NAME = "text"` or `NAME: String = "text"`, at `from`. */
function readConstant(tokens: Token[], from: number, constants: Map<string, string>): void {
  const cursor = new Cursor(tokens, from);
  const name = cursor.identifier();
  if (cursor.take(':')) {
    cursor.identifier();
    while (cursor.take('.')) cursor.identifier();
  }
  if (name === null || !cursor.take('=')) return;
  const value = cursor.token;
  const plus = tokens[cursor.at + 1];
  if (value?.kind === 'string' && !value.opaque && !(plus?.kind === 'symbol' && '+.'.includes(plus.text))) {
    constants.set(name, value.text);
  }
}
