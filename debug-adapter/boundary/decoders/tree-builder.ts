import type { DecodedNode } from '../../../protocol/boundary.ts';
import { MAX_CHILDREN, MAX_DEPTH, MAX_NODES, omitted } from './tree.ts';

/** A node whose children are still to come. */
interface Open {
  node: DecodedNode;
  /** False where the bounds leave the node itself out. */
  kept: boolean;
  /** Null where the bounds leave its children out. */
  children: DecodedNode[] | null;
  /** Children so far, those that were left out included. */
  count: number;
  /** Where the first child that was left out begins. */
  omittedFrom: number;
  /** What its children are called: one, and many. */
  nouns: readonly [string, string];
}

const ELEMENTS = ['element', 'elements'] as const;

/** Makes a tree in the order of the bytes, within the bounds of tree.ts. Offsets are bytes of the buffer. */
export class TreeBuilder {
  readonly #open: Open[] = [];
  #root: DecodedNode | undefined;
  #nodes = 0;

  /** The first node; undefined before it. */
  get root(): DecodedNode | undefined {
    return this.#root;
  }

  get depth(): number {
    return this.#open.length;
  }

  leaf(name: string, type: string, value: string, range: [number, number]): void {
    this.#add({ name, type, value, range });
  }

  /** Begins a node with children; `close` gives it its value and its end. */
  open(name: string, type: string, start: number, nouns: readonly [string, string] = ELEMENTS): void {
    const node: DecodedNode = { name, type, value: '', range: [start, start] };
    const kept = this.#add(node);
    const children = kept && this.#open.length < MAX_DEPTH ? [] : null;
    this.#open.push({ node, kept, children, count: 0, omittedFrom: start, nouns });
  }

  /** Whether the innermost open node is shown: its value need not be made where it is not. */
  get kept(): boolean {
    return this.#open.at(-1)?.kept ?? false;
  }

  /** Ends the innermost open node at byte `end`; `type` replaces what it was opened with. */
  close(value: string, end: number, type?: string): void {
    const open = this.#open.pop();
    if (!open) throw new Error('No node is open.');
    const { node, children, count, omittedFrom, nouns } = open;
    node.value = value;
    node.range = [node.range?.[0] ?? 0, end];
    if (type !== undefined) node.type = type;
    if (!children) return;
    if (count > children.length)
      children.push(omitted(count - children.length, [omittedFrom, end], ...nouns));
    node.children = children;
  }

  #add(node: DecodedNode): boolean {
    const parent = this.#open.at(-1);
    if (!parent) {
      if (this.#root) throw new Error('A tree has one root.');
      this.#root = node;
      this.#nodes += 1;
      return true;
    }
    const { children, count } = parent;
    const kept =
      children !== null &&
      children.length === count &&
      count < MAX_CHILDREN &&
      (this.#nodes < MAX_NODES || this.#open.length === 1);
    if (kept) {
      children.push(node);
      this.#nodes += 1;
    } else if (children?.length === count) parent.omittedFrom = node.range?.[0] ?? 0;
    parent.count += 1;
    return kept;
  }
}
