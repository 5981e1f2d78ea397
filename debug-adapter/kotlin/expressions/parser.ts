import { readTokens, type Token } from './lexer.ts';
import { type BinaryOperator, ExpressionError, type Node } from './syntax.ts';

/**
 * How tightly binary operators bind, loosest first (Kotlin specification, "Expressions"). Kotlin's named infix functions
 * all bind alike; those of numbers are known here.
 */
const LEVELS: readonly (readonly BinaryOperator[])[] = [
  ['||'],
  ['&&'],
  ['==', '!=', '===', '!=='],
  ['<', '>', '<=', '>='],
  ['in', '!in'],
  ['?:'],
  ['and', 'or', 'xor', 'shl', 'shr', 'ushr'],
  ['..', '..<'],
  ['+', '-'],
  ['*', '/', '%'],
];
/** `is` and `!is` bind as `in` does. */
const NAMED_CHECKS = LEVELS.findIndex((level) => level.includes('in'));
/** Names that are no variables. */
const KEYWORDS = new Set(
  (
    'as break class continue do else false for fun if in interface is null object package return super this throw true ' +
    'try typealias typeof val var when while'
  ).split(' '),
);
const ASSIGNMENTS = new Set(['=', '+=', '-=', '*=', '/=', '%=', '++', '--']);
/** Expressions in each other: far more than a person writes, and less than the stack holds. */
const MAX_DEPTH = 200;

/**
 * Reads a Kotlin expression.
 *
 * @throws ExpressionError where it is none, or one that a debugger does not evaluate (lambdas, `when`, assignments)
 */
export function parseExpression(source: string): Node {
  return new Parser(source, 0).whole();
}

class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth: number;

  constructor(source: string, depth: number) {
    this.#tokens = readTokens(source);
    this.#depth = depth;
  }

  whole(): Node {
    const first = this.#token;
    if (first.kind === 'end') throw new ExpressionError('it is empty');
    const node = this.#expression();
    const token = this.#token;
    if (token.kind === 'end') return node;
    if (token.kind === 'symbol' && ASSIGNMENTS.has(token.text)) {
      throw new ExpressionError(
        `${token.text} at character ${token.at + 1} would change something: use “Set Value”`,
      );
    }
    throw this.#unexpected('an operator or the end');
  }

  get #token(): Token {
    // The last one is `end`, and nothing goes past it.
    return this.#tokens[this.#next] ?? { kind: 'end', at: 0, end: 0 };
  }

  #isSymbol(text: string): boolean {
    const token = this.#token;
    return token.kind === 'symbol' && token.text === text;
  }
  #isWord(text: string): boolean {
    const token = this.#token;
    return token.kind === 'name' && !token.quoted && token.text === text;
  }
  #accept(text: string): boolean {
    const found = this.#isSymbol(text);
    if (found) this.#next += 1;
    return found;
  }
  #acceptWord(text: string): boolean {
    const found = this.#isWord(text);
    if (found) this.#next += 1;
    return found;
  }
  #expect(text: string): void {
    if (!this.#accept(text)) throw this.#unexpected(text);
  }

  #unexpected(wanted: string): ExpressionError {
    const token = this.#token;
    if (token.kind === 'end') return new ExpressionError(`${wanted} is missing at its end`);
    const found = token.kind === 'literal' ? 'a value' : token.kind === 'template' ? 'a string' : token.text;
    return new ExpressionError(`${wanted} was expected at character ${token.at + 1}, not ${found}`);
  }

  #expression(): Node {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw new ExpressionError('it is nested too deeply');
    const node = this.#binary(0);
    this.#depth -= 1;
    return node;
  }

  #binary(level: number): Node {
    const operators = LEVELS[level];
    if (!operators) return this.#cast();
    let left = this.#binary(level + 1);
    for (;;) {
      const operator = this.#operatorOf(operators);
      if (operator !== null) {
        const right = this.#binary(level + 1);
        left = { kind: 'binary', operator, left, right };
      } else if (level === NAMED_CHECKS && this.#checksType()) {
        left = this.#typeCheck(left);
      } else return left;
    }
  }

  /** The binary operator that stands here, gone past, if it is one of these. */
  #operatorOf(operators: readonly BinaryOperator[]): BinaryOperator | null {
    const token = this.#token;
    if (token.kind !== 'symbol' && (token.kind !== 'name' || token.quoted)) return null;
    if (token.text === '!' && operators.includes('!in') && this.#wordBehind(token) === 'in') {
      this.#next += 2;
      return '!in';
    }
    const found = operators.find((operator) => operator === token.text) ?? null;
    if (found !== null) this.#next += 1;
    return found;
  }

  /** The word right behind a token, as `is` in `!is`. */
  #wordBehind(token: Token): string | null {
    const next = this.#tokens[this.#next + 1];
    return next?.kind === 'name' && next.at === token.end ? next.text : null;
  }

  #checksType(): boolean {
    return this.#isWord('is') || (this.#isSymbol('!') && this.#wordBehind(this.#token) === 'is');
  }

  #typeCheck(operand: Node): Node {
    const negated = this.#accept('!');
    this.#next += 1;
    return { kind: 'is', operand, ...this.#type(), negated };
  }

  /** `Map.Entry<String, *>?`: the arguments are erased at run time. */
  #type(): { type: string; nullable: boolean } {
    const names = [this.#name('a type')];
    while (this.#accept('.')) names.push(this.#name('a type'));
    if (this.#accept('<')) this.#skipTypeArguments();
    return { type: names.join('.'), nullable: this.#accept('?') };
  }

  #skipTypeArguments(): void {
    for (let depth = 1; depth > 0; this.#next += 1) {
      if (this.#token.kind === 'end') throw this.#unexpected('>');
      if (this.#isSymbol('<')) depth += 1;
      if (this.#isSymbol('>')) depth -= 1;
    }
  }

  #name(wanted: string): string {
    const token = this.#token;
    if (token.kind !== 'name' || (!token.quoted && KEYWORDS.has(token.text))) throw this.#unexpected(wanted);
    this.#next += 1;
    return token.text;
  }

  #cast(): Node {
    let operand = this.#prefix();
    while (this.#acceptWord('as')) {
      const safe = this.#accept('?');
      operand = { kind: 'as', operand, ...this.#type(), safe };
    }
    return operand;
  }

  #prefix(): Node {
    for (const operator of ['-', '+', '!'] as const) {
      if (this.#accept(operator)) return this.#negated(operator);
    }
    // `!!x` is read as one symbol.
    if (this.#accept('!!')) return { kind: 'unary', operator: '!', operand: this.#negated('!') };
    return this.#postfix(this.#primary());
  }

  #negated(operator: '-' | '+' | '!'): Node {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw new ExpressionError('it is nested too deeply');
    const operand = this.#prefix();
    this.#depth -= 1;
    return { kind: 'unary', operator, operand };
  }

  #postfix(object: Node): Node {
    for (;;) {
      const safe = this.#isSymbol('?.');
      if (safe || this.#isSymbol('.')) {
        this.#next += 1;
        const name = this.#name('a name');
        object = this.#isSymbol('(')
          ? { kind: 'call', object, name, safe, args: this.#args() }
          : { kind: 'member', object, name, safe };
      } else if (this.#accept('[')) {
        object = { kind: 'index', object, indices: this.#list(']') };
      } else if (this.#accept('!!')) {
        object = { kind: 'unary', operator: '!!', operand: object };
      } else if (this.#isSymbol('{')) {
        throw new ExpressionError(`a debugger cannot run the lambda at character ${this.#token.at + 1}`);
      } else return object;
    }
  }

  #args(): Node[] {
    this.#expect('(');
    return this.#list(')');
  }

  /** Expressions up to `close`, which is gone past. */
  #list(close: string): Node[] {
    const nodes: Node[] = [];
    while (!this.#accept(close)) {
      if (nodes.length > 0) this.#expect(',');
      nodes.push(this.#expression());
    }
    return nodes;
  }

  #primary(): Node {
    const token = this.#token;
    switch (token.kind) {
      case 'literal':
        this.#next += 1;
        return { kind: 'literal', literal: token.literal };
      case 'template':
        this.#next += 1;
        return { kind: 'template', parts: token.parts.map((part) => this.#part(part)) };
      case 'name':
        return token.quoted ? this.#nameOrCall() : this.#word(token.text);
      case 'symbol':
        if (this.#accept('(')) {
          const node = this.#expression();
          this.#expect(')');
          return node;
        }
    }
    throw this.#unexpected('a value');
  }

  #part(part: string | { source: string; at: number }): string | Node {
    return typeof part === 'string' ? part : new Parser(part.source, this.#depth).whole();
  }

  #word(text: string): Node {
    switch (text) {
      case 'true':
      case 'false':
        this.#next += 1;
        return { kind: 'literal', literal: { type: 'Boolean', value: text === 'true' } };
      case 'null':
        this.#next += 1;
        return { kind: 'literal', literal: { type: 'Null', value: null } };
      case 'this':
        this.#next += 1;
        return { kind: 'this' };
      case 'if':
        this.#next += 1;
        return this.#if();
    }
    if (KEYWORDS.has(text)) throw new ExpressionError(`a debugger does not evaluate ${text}`);
    return this.#nameOrCall();
  }

  #nameOrCall(): Node {
    const name = this.#name('a name');
    return this.#isSymbol('(')
      ? { kind: 'call', object: null, name, safe: false, args: this.#args() }
      : { kind: 'name', name };
  }

  #if(): Node {
    this.#expect('(');
    const condition = this.#expression();
    this.#expect(')');
    const then = this.#expression();
    if (!this.#acceptWord('else')) throw this.#unexpected('else');
    return { kind: 'if', condition, then, otherwise: this.#expression() };
  }
}
