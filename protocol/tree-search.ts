import type { DecodedNode } from './boundary.ts';

/** Indices of children, from the root. */
export type TreePath = number[];

/**
 * The innermost node whose bytes hold all of `[start, end)`.
 * @returns null where no node knows its bytes, or none holds these
 */
export function innermostAt(root: DecodedNode, start: number, end: number): TreePath | null {
  const path: TreePath = [];
  let node: DecodedNode | undefined = root;
  if (root.range && !holds(root.range, start, end)) return null;
  let found = root.range !== undefined;
  while (node?.children) {
    const index: number = node.children.findIndex(({ range }) => range && holds(range, start, end));
    if (index < 0) break;
    path.push(index);
    node = node.children[index];
    found = true;
  }
  return found ? path : null;
}

const holds = ([from, to]: [number, number], start: number, end: number): boolean =>
  start >= from && end <= to;

/**
 * The next node in reading order whose name or value contains a text, whatever its case; after the last one the first.
 * @param after where the search begins; the root itself is looked at last when left out
 * @returns null where there is none
 */
export function findNode(
  root: DecodedNode,
  text: string,
  after: TreePath | null,
  backwards: boolean,
): { path: TreePath; node: DecodedNode; wrapped: boolean } | null {
  const wanted = text.toLowerCase();
  const matches = ({ name, value, children }: DecodedNode): boolean =>
    name.toLowerCase().includes(wanted) ||
    // “object of 3” is the decoder's word for it, not the guest's.
    (children === undefined && value.toLowerCase().includes(wanted));
  let first: { path: TreePath; node: DecodedNode } | null = null;
  let last: { path: TreePath; node: DecodedNode } | null = null;
  let before: { path: TreePath; node: DecodedNode } | null = null;
  for (const at of inOrder(root)) {
    if (!matches(at.node)) continue;
    first ??= at;
    last = at;
    const order = after ? compare(at.path, after) : 1;
    if (!backwards && order > 0) return { ...at, wrapped: false };
    if (order < 0) before = at;
  }
  const found = backwards ? (before ?? last) : first;
  return found && { ...found, wrapped: !(backwards && before) };
}

function* inOrder(root: DecodedNode): Generator<{ path: TreePath; node: DecodedNode }> {
  // A stack of its own: a decoded value may be nested deeper than the engine's.
  const open: { path: TreePath; node: DecodedNode }[] = [{ path: [], node: root }];
  for (let at = open.pop(); at; at = open.pop()) {
    yield at;
    const { children = [] } = at.node;
    for (let index = children.length - 1; index >= 0; index--) {
      const child = children[index];
      if (child) open.push({ path: [...at.path, index], node: child });
    }
  }
}

function compare(one: TreePath, other: TreePath): number {
  for (const [index, step] of one.entries()) {
    const against = other[index];
    if (against === undefined) return 1;
    if (step !== against) return step - against;
  }
  return one.length - other.length;
}
