import { type Token, tokenize } from '../tokens.ts';

/** A name that a source declares for a value. Offsets count UTF-16 units of the source. */
export interface Declared {
  name: string;
  offset: number;
  /** As written, without white space; null where the compiler inferred it. */
  type: string | null;
  /** Where its initializer begins, or the range that a loop's variable runs through; null without one. */
  initializer: number | null;
  /** Of a loop: its variable is an element of the initializer. */
  isElement: boolean;
}

/** A function, lambda or class, with all that stands in it. */
export interface Span {
  kind: 'function' | 'lambda' | 'class';
  /** Null of lambdas, and of what has none. */
  name: string | null;
  start: number;
  /** After it. */
  end: number;
  /** In the order of the source, without those of spans in it. */
  declared: Declared[];
  /** Of a function, as written; null where it has none, or it is not written. */
  returns: string | null;
  /** Of a class: the words before it, as `value` or `data`. */
  modifiers: readonly string[];
  parent: Span | null;
}

/** What a source declares, as far as it can be told without knowing any other source. */
export interface SourceTypes {
  text: string;
  package: string;
  /** Names of what is imported, `*` at the end for all of a package. */
  imports: readonly string[];
  /** The file itself first, then each before those in it. */
  spans: readonly Span[];
}

const MODIFIERS = new Set(
  'value data enum sealed open abstract inner inline annotation private public internal'.split(' '),
);

/** Reads any text without throwing. */
export function readTypes(text: string): SourceTypes {
  return new Reader(text).read();
}

class Reader {
  readonly #text: string;
  readonly #tokens: Token[];
  #at = 0;
  readonly #spans: Span[] = [];
  #package = '';
  readonly #imports: string[] = [];

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokenize(text);
  }

  read(): SourceTypes {
    const file = this.#open('class', null, 0, null);
    while (this.#at < this.#tokens.length) this.#item(file);
    file.end = this.#text.length;
    return { text: this.#text, package: this.#package, imports: this.#imports, spans: this.#spans };
  }

  #open(kind: Span['kind'], name: string | null, start: number, parent: Span | null): Span {
    const span: Span = {
      kind,
      name,
      start,
      end: this.#text.length,
      declared: [],
      returns: null,
      modifiers: [],
      parent,
    };
    this.#spans.push(span);
    return span;
  }

  get #token(): Token | undefined {
    return this.#tokens[this.#at];
  }

  #is(text: string, at = this.#at): boolean {
    const token = this.#tokens[at];
    return token?.text === text && token.kind !== 'string';
  }

  #take(text: string): boolean {
    if (!this.#is(text)) return false;
    this.#at += 1;
    return true;
  }

  #name(): Token | null {
    const token = this.#token;
    if (token?.kind !== 'identifier') return null;
    this.#at += 1;
    return token;
  }

  #qualified(): string {
    let name = this.#name()?.text ?? '';
    while (this.#take('.')) name += `.${this.#name()?.text ?? (this.#take('*') ? '*' : '')}`;
    return name;
  }

  /** One thing of a body: a declaration, a bracketed part with more of them, or a token that says nothing. */
  #item(within: Span): void {
    const token = this.#token;
    if (!token) return;
    const isMember = this.#at > 0 && (this.#is('.', this.#at - 1) || this.#is(':', this.#at - 1));
    if (token.kind === 'identifier' && !isMember) {
      switch (token.text) {
        case 'package':
          this.#at += 1;
          this.#package = this.#qualified();
          return;
        case 'import':
          this.#at += 1;
          this.#imports.push(this.#qualified());
          return;
        case 'val':
        case 'var':
          this.#at += 1;
          this.#property(within);
          return;
        case 'for':
          this.#at += 1;
          if (this.#take('(')) this.#loop(within);
          return;
        case 'fun':
          this.#function(within, token.offset);
          return;
        case 'class':
        case 'interface':
        case 'object':
          this.#class(within, token.offset);
          return;
      }
    }
    this.#at += 1;
    if (token.kind === 'symbol' && token.text === '{') this.#lambda(within, token.offset);
    else if (token.kind === 'symbol' && (token.text === '(' || token.text === '[')) {
      this.#until(within, token.text === '(' ? ')' : ']');
    }
  }

  /** All up to a closing bracket, which is then behind. */
  #until(within: Span, close: string): number {
    while (this.#token && !this.#is(close)) {
      // A bracket that closes nothing here: the source is not what it should be.
      if (this.#token.kind === 'symbol' && ')]}'.includes(this.#token.text)) break;
      this.#item(within);
    }
    const end = (this.#token?.offset ?? this.#text.length) + 1;
    this.#take(close);
    return end;
  }

  /** A type as written, up to what cannot be a part of one. `inLambda`: an arrow ends a lambda's parameters. */
  #type(inLambda = false): string {
    let text = '';
    let depth = 0;
    for (let token = this.#token; token; token = this.#token) {
      const isArrow = token.text === '>' && text.endsWith('-');
      const opens = token.kind === 'symbol' && '<('.includes(token.text);
      const closes = token.kind === 'symbol' && '>)'.includes(token.text) && !isArrow;
      if (depth === 0 && !isArrow && (closes || !this.#continuesType(token, text))) break;
      if (depth === 0 && inLambda && token.text === '-') break;
      if (opens) depth += 1;
      if (closes) depth -= 1;
      text += token.text;
      this.#at += 1;
    }
    return text;
  }

  /** Whether a type, of which `before` has been read, goes on with this token. */
  #continuesType(token: Token, before: string): boolean {
    const expectsType = before === '' || before.endsWith('.') || before.endsWith('->');
    if (token.kind === 'identifier') return expectsType;
    if (token.kind === 'string') return false;
    if (token.text === '(') return expectsType;
    if (token.text === '-') return this.#is('>', this.#at + 1);
    return token.text === '<' || token.text === '?' || token.text === '.';
  }

  #declare(
    within: Span,
    name: Token,
    type: string | null,
    initializer: number | null,
    isElement = false,
  ): void {
    within.declared.push({ name: name.text, offset: name.offset, type, initializer, isElement });
  }

  #property(within: Span): void {
    if (this.#is('<')) this.#skip('<', '>');
    if (this.#take('(')) {
      // Destructured: each is a component.
      while (this.#token && !this.#take(')')) {
        const name = this.#name();
        if (!name) this.#at += 1;
        else this.#declare(within, name, this.#take(':') ? this.#type() : null, null);
      }
      return;
    }
    let name = this.#name();
    while (name && this.#take('.')) name = this.#name();
    if (!name) return;
    const type = this.#take(':') ? this.#type() : null;
    this.#declare(within, name, type, this.#is('=') ? (this.#token?.offset ?? 0) + 1 : null);
  }

  /** `for (i in …`, from the name on; what follows is read as anything else. */
  #loop(within: Span): void {
    const name = this.#name();
    if (!name) {
      this.#until(within, ')');
      return;
    }
    const type = this.#take(':') ? this.#type() : null;
    const range = this.#is('in') ? (this.#token?.offset ?? 0) + 2 : null;
    this.#declare(within, name, type, range, true);
    this.#until(within, ')');
  }

  #skip(open: string, close: string): void {
    let depth = 0;
    while (this.#token) {
      if (this.#is(open)) depth += 1;
      if (this.#is(close)) depth -= 1;
      this.#at += 1;
      if (depth === 0) return;
    }
  }

  /** Parameters of a function or a primary constructor, from after the opening bracket on. */
  #parameters(within: Span): void {
    while (this.#token && !this.#take(')')) {
      if (this.#take('@')) {
        this.#qualified();
        if (this.#is('(')) this.#skip('(', ')');
        continue;
      }
      const name = this.#name();
      if (!name) {
        this.#item(within);
        continue;
      }
      if (!this.#take(':')) continue;
      this.#declare(within, name, this.#type(), null);
    }
  }

  #function(parent: Span, start: number): void {
    this.#at += 1;
    if (this.#is('<')) this.#skip('<', '>');
    const span = this.#open('function', null, start, parent);
    let name = this.#is('(') ? null : this.#name();
    if (name && this.#is('<')) this.#skip('<', '>');
    while (name && (this.#take('?') || this.#take('.'))) name = this.#is('(') ? null : this.#name();
    span.name = name?.text ?? null;
    if (this.#take('(')) this.#parameters(span);
    if (this.#take(':')) span.returns = this.#type();
    if (this.#take('{')) span.end = this.#until(span, '}');
    else if (this.#is('=')) span.end = this.#expressionBody(span);
    else span.end = this.#token?.offset ?? this.#text.length;
  }

  /** `= …`, up to the next declaration or the end of what it stands in. */
  #expressionBody(span: Span): number {
    this.#at += 1;
    while (this.#token) {
      const token = this.#token;
      if (token.kind === 'symbol' && ')]},'.includes(token.text)) return token.offset;
      const startsLine = this.#startsLine(token.offset);
      const starts =
        startsLine &&
        ((token.kind === 'symbol' && token.text === '@') ||
          (token.kind === 'identifier' &&
            (/^(?:fun|class|interface|object|val|var|enum|override|init|companion)$/.test(token.text) ||
              MODIFIERS.has(token.text))));
      if (starts) return token.offset;
      this.#item(span);
    }
    return this.#text.length;
  }

  #startsLine(offset: number): boolean {
    const line = this.#text.lastIndexOf('\n', offset - 1) + 1;
    return this.#text.slice(line, offset).trim() === '';
  }

  #class(parent: Span, start: number): void {
    const modifiers: string[] = [];
    for (let at = this.#at - 1; MODIFIERS.has(this.#tokens[at]?.text ?? ''); at--)
      modifiers.push(this.#tokens[at]?.text ?? '');
    this.#at += 1;
    const span = this.#open('class', null, start, parent);
    span.modifiers = modifiers;
    // An anonymous object has none.
    if (!this.#is(':') && !this.#is('{')) span.name = this.#name()?.text ?? null;
    if (this.#is('<')) this.#skip('<', '>');
    while (this.#is('private') || this.#is('internal') || this.#is('protected') || this.#is('constructor'))
      this.#at += 1;
    if (this.#take('(')) this.#parameters(span);
    // Supertypes, with what their constructors are given.
    if (this.#take(':')) {
      do {
        this.#type();
        if (this.#take('(')) this.#until(span, ')');
      } while (this.#take(','));
    }
    if (this.#take('{')) span.end = this.#until(span, '}');
    else span.end = this.#token?.offset ?? this.#text.length;
  }

  /** A lambda, or any block, from after its opening brace on. */
  #lambda(parent: Span, start: number): void {
    const from = this.#at;
    const named: { name: Token; type: string | null }[] = [];
    while (this.#token) {
      const name = this.#name();
      if (!name) break;
      named.push({ name, type: this.#take(':') ? this.#type(true) : null });
      if (!this.#take(',')) break;
    }
    const isLambda = this.#is('-') && this.#is('>', this.#at + 1);
    if (!isLambda) this.#at = from;
    const span = this.#open('lambda', null, start, parent);
    if (isLambda) {
      this.#at += 2;
      for (const { name, type } of named) this.#declare(span, name, type === '' ? null : type, null);
    }
    span.end = this.#until(span, '}');
  }
}
