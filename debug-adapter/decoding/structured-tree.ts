import type { Found, TreeNode } from '../../protocol/webview.ts';
import type { DecodedTree } from './decoded-tree.ts';
import type { Child, StructuredFormat } from './structured-format.ts';

/** Nodes whose places are remembered, so that their children are found without looking for them again. */
const REMEMBERED = 20_000;
/** Levels that are searched: each is passed over again by those around it, so deeper ones would take ever longer. */
const DEEPEST = 500;

/** A node on the way: its path, and where it lies. */
interface Place {
  path: number[];
  child: Child;
}

/** The tree of a value in a structured format. Nothing of it is kept but the places of nodes that were asked for. */
export class StructuredTree implements DecodedTree {
  readonly #format: StructuredFormat;
  readonly #bytes: Buffer;
  readonly #rootPlace: Child;
  readonly #places = new Map<string, Child>();

  /** @param at where the value begins; it is well-formed */
  constructor(format: StructuredFormat, bytes: Buffer, at: number) {
    this.#format = format;
    this.#bytes = bytes;
    this.#rootPlace = { name: () => '', start: at, at, end: format.skip(bytes, at) };
  }

  get root(): TreeNode {
    return this.#node(this.#rootPlace);
  }

  children(path: number[], start: number, count: number): TreeNode[] | null {
    const parent = this.#find(path);
    if (!parent) return null;
    const nodes: TreeNode[] = [];
    let index = 0;
    for (const child of this.#format.children(this.#bytes, parent.at)) {
      if (index >= start + count) break;
      if (index >= start) {
        this.#remember([...path, index], child);
        nodes.push(this.#node(child));
      }
      index++;
    }
    return nodes;
  }

  find(text: string, after: number[] | null, backwards: boolean): Found | null {
    const wanted = text.toLowerCase();
    let first: Place | null = null;
    let before: Place | null = null;
    let last: Place | null = null;
    for (const at of this.#inOrder()) {
      if (!this.#matches(at.child, wanted)) continue;
      const place = { path: [...at.path], child: at.child };
      first ??= place;
      last = place;
      const order = after ? compare(place.path, after) : 1;
      if (!backwards && order > 0) return found(place, false);
      if (order < 0) before = place;
      else if (backwards && before) break;
    }
    const other = backwards ? (before ?? last) : first;
    return other && found(other, !(backwards && before));
  }

  nodeAt([start, end]: [number, number]): number[] | null {
    const holds = (child: Child): boolean => start >= child.start && end <= child.end;
    if (!holds(this.#rootPlace)) return null;
    const path: number[] = [];
    for (let parent: Child | null = this.#rootPlace; parent && path.length < DEEPEST;) {
      let inner: Child | null = null;
      let index = 0;
      for (const child of this.#format.children(this.#bytes, parent.at)) {
        if (child.start > start) break;
        if (holds(child)) {
          inner = child;
          break;
        }
        index++;
      }
      if (inner) path.push(index);
      parent = inner;
    }
    return path;
  }

  /** Names, and values of what has no parts: a container's line is the decoder's word for it, not the guest's. */
  #matches(child: Child, wanted: string): boolean {
    if (child.name().toLowerCase().includes(wanted)) return true;
    if (this.#format.isContainer(this.#bytes, child.at)) return false;
    return this.#format.shown(this.#bytes, child.at, child.end).value.toLowerCase().includes(wanted);
  }

  /** All nodes, each before its children; `path` is the same array, changed, for each. A stack of its own: values may be nested deeper than the engine's. */
  *#inOrder(): Generator<Place> {
    const path: number[] = [];
    yield { path, child: this.#rootPlace };
    const open = [{ index: -1, children: this.#iterate(this.#rootPlace) }];
    for (let level = open.at(-1); level; level = open.at(-1)) {
      const { done, value: child } = level.children.next();
      if (done === true) {
        open.pop();
        continue;
      }
      level.index++;
      path.length = open.length;
      path[open.length - 1] = level.index;
      yield { path, child };
      if (open.length < DEEPEST && this.#format.isContainer(this.#bytes, child.at))
        open.push({ index: -1, children: this.#iterate(child) });
    }
  }

  #iterate(child: Child): Iterator<Child, undefined> {
    return this.#format.children(this.#bytes, child.at)[Symbol.iterator]() as Iterator<Child, undefined>;
  }

  #find(path: number[]): Child | null {
    if (path.length === 0) return this.#rootPlace;
    const known = this.#places.get(path.join());
    if (known) return known;
    const parent = this.#find(path.slice(0, -1));
    if (!parent) return null;
    let index = 0;
    for (const child of this.#format.children(this.#bytes, parent.at)) {
      if (index++ !== path.at(-1)) continue;
      this.#remember(path, child);
      return child;
    }
    return null;
  }

  #remember(path: number[], child: Child): void {
    this.#places.set(path.join(), child);
    for (const oldest of this.#places.keys()) {
      if (this.#places.size <= REMEMBERED) break;
      this.#places.delete(oldest);
    }
  }

  #node({ name, start, at, end }: Child): TreeNode {
    let childCount = 0;
    const children = this.#format.children(this.#bytes, at)[Symbol.iterator]();
    while (children.next().done !== true) childCount++;
    return { name: name(), ...this.#format.shown(this.#bytes, at, end), range: [start, end], childCount };
  }
}

function found({ path, child: { start, end } }: Place, wrapped: boolean): Found {
  return { path, range: [start, end], wrapped };
}

/** In reading order: a node comes before what it contains. */
function compare(one: readonly number[], other: readonly number[]): number {
  for (const [level, step] of one.entries()) {
    const against = other[level];
    if (against === undefined) return 1;
    if (step !== against) return step - against;
  }
  return one.length - other.length;
}
