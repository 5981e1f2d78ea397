import assert from 'node:assert/strict';
import type { DecodedNode } from '../../../protocol/boundary.ts';

/** Names and ranges of a tree, as nested arrays. */
export function ranges({ name, range, children }: DecodedNode): unknown {
  return children ? [name, range, children.map(ranges)] : [name, range];
}

export function countNodes(root: DecodedNode): number {
  const pending = [root];
  let count = 0;
  for (let node = pending.pop(); node; node = pending.pop()) {
    count += 1;
    if (node.children) pending.push(...node.children);
  }
  return count;
}

/** Every node has a range, inside its parent's, and the root's is inside the buffer. */
export function assertRanges(root: DecodedNode, size: number): void {
  const pending: [DecodedNode, [number, number]][] = [[root, [0, size]]];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const [node, [from, to]] = next;
    const { range, name, children } = node;
    assert(range, `“${name}” has no range`);
    const [start, end] = range;
    assert(from <= start && start <= end && end <= to, `“${name}” ${start}–${end} is not in ${from}–${to}`);
    for (const child of children ?? []) pending.push([child, range]);
  }
}
