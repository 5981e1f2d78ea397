import type { DecodedNode } from '../../../protocol/boundary.ts';
import { MAX_CHILDREN, MAX_DEPTH, MAX_NODES, omitted, oneLine } from './tree.ts';

/** Where JSON text breaks RFC 8259: `offset` in UTF-16 code units. */
export class JsonSyntaxError extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** An object or array whose end is still to come. */
interface Container {
  node: DecodedNode;
  /** False where the bounds leave the container itself out. */
  kept: boolean;
  /** Null where the bounds leave this container's children out. */
  children: DecodedNode[] | null;
  isArray: boolean;
  /** Children so far, those that were left out included. */
  count: number;
  /** Where the first child that was left out begins. */
  omittedFrom: number;
}

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const WORD = /true|false|null/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** Characters of the source that are enough to make a node's one line. */
const VALUE_SOURCE = 2100;

/**
 * The tree of JSON text by RFC 8259, each value with its range in UTF-16 code units of `text`; its size is bounded as
 * tree.ts says. Nesting is kept on a stack of its own, so no depth overflows the program's.
 *
 * @throws JsonSyntaxError at the first character that is not JSON.
 */
export function parseJsonTree(text: string): DecodedNode {
  return new JsonTreeParser(text).parse();
}

class JsonTreeParser {
  readonly #text: string;
  readonly #open: Container[] = [];
  #at = 0;
  #nodes = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): DecodedNode {
    this.#match(SPACE);
    const root = this.#value('', null);
    for (let parent = this.#open.at(-1); parent; parent = this.#open.at(-1)) {
      this.#match(SPACE);
      const end = parent.isArray ? ']' : '}';
      if (this.#text[this.#at] === end) {
        this.#close(parent);
        continue;
      }
      if (parent.count > 0) {
        if (this.#text[this.#at] !== ',') this.#fail(`"," or "${end}"`);
        this.#at += 1;
        this.#match(SPACE);
      }
      const name = parent.isArray ? String(parent.count) : this.#propertyName();
      this.#match(SPACE);
      this.#value(name, parent);
    }
    this.#match(SPACE);
    if (this.#at < this.#text.length) this.#fail('nothing more');
    return root;
  }

  /** Reads a scalar, or opens a container. */
  #value(name: string, parent: Container | null): DecodedNode {
    const start = this.#at;
    const node: DecodedNode = { name, value: '', type: '', range: [start, start] };
    const kept = parent === null || this.#keep(node, parent);
    if (kept) this.#nodes += 1;
    const first = this.#text[start];
    if (first === '{' || first === '[') {
      const isArray = first === '[';
      node.type = isArray ? 'array' : 'object';
      const children = kept && this.#open.length < MAX_DEPTH ? [] : null;
      this.#at += 1;
      this.#open.push({ node, kept, children, isArray, count: 0, omittedFrom: this.#at });
    } else {
      node.type = this.#scalar();
      if (kept) this.#finish(node);
    }
    return node;
  }

  /** Adds a child to its parent where the bounds allow it. */
  #keep(node: DecodedNode, parent: Container): boolean {
    const { children } = parent;
    const kept =
      children !== null &&
      children.length < MAX_CHILDREN &&
      children.length === parent.count &&
      (this.#nodes < MAX_NODES || this.#open.length === 1);
    if (kept) children.push(node);
    else if (children?.length === parent.count) parent.omittedFrom = this.#at;
    parent.count += 1;
    return kept;
  }

  #close({ node, kept, children, isArray, count, omittedFrom }: Container): void {
    const end = this.#at;
    this.#at += 1;
    this.#open.pop();
    if (kept) this.#finish(node, 100);
    if (children && count > children.length) {
      const [one, many] = isArray ? ['element', 'elements'] : ['property', 'properties'];
      children.push(omitted(count - children.length, [omittedFrom, end], one, many));
    }
    if (children) node.children = children;
  }

  #finish(node: DecodedNode, limit?: number): void {
    const start = node.range?.[0] ?? 0;
    node.range = [start, this.#at];
    node.value = oneLine(this.#text.slice(start, Math.min(this.#at, start + VALUE_SOURCE)), limit);
  }

  #propertyName(): string {
    if (this.#text[this.#at] !== '"') this.#fail('a property name in double quotes');
    const start = this.#at;
    this.#string();
    const literal = this.#text.slice(start, this.#at);
    this.#match(SPACE);
    if (this.#text[this.#at] !== ':') this.#fail('":"');
    this.#at += 1;
    return literal.length > VALUE_SOURCE ? oneLine(literal) : (JSON.parse(literal) as string);
  }

  #scalar(): string {
    if (this.#text[this.#at] === '"') {
      this.#string();
      return 'string';
    }
    if (this.#match(NUMBER) !== '') return 'number';
    const word = this.#match(WORD);
    if (word === '') this.#fail('a value');
    return word === 'null' ? 'null' : 'boolean';
  }

  /** A loop and no regular expression: those overflow their stack on long strings. */
  #string(): void {
    let at = this.#at + 1;
    for (;;) {
      const unit = this.#text.charCodeAt(at);
      if (unit === 0x22) break;
      if (Number.isNaN(unit)) this.#fail('a closing quote', at);
      if (unit < 0x20) this.#fail('an escape for the control character', at);
      if (unit === 0x5c) {
        this.#at = at;
        const escape = this.#match(ESCAPE);
        if (escape === '') this.#fail('an escape such as \\n or \\u00e9', at);
        at += escape.length;
      } else at += 1;
    }
    this.#at = at + 1;
  }

  /** What the sticky pattern matches here, which is then behind us; empty where it does not. */
  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  #fail(expected: string, offset = this.#at): never {
    const character = this.#text.codePointAt(offset);
    const found = character === undefined ? 'the end' : JSON.stringify(String.fromCodePoint(character));
    throw new JsonSyntaxError(`expected ${expected}, found ${found}`, offset);
  }
}
