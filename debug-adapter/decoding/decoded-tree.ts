import type { DecodedNode } from '../../protocol/boundary.ts';
import { findNode, innermostAt } from '../../protocol/tree-search.ts';
import type { Found, TreeNode } from '../../protocol/webview.ts';

/** A decoded value that is read in pages. Paths are indices of children, from the root. */
export interface DecodedTree {
  readonly root: TreeNode;
  /** Null where there is no node at `path`. */
  children(path: number[], start: number, count: number): TreeNode[] | null;
  /** The next node in reading order whose name or value contains a text, whatever its case; it goes round. */
  find(text: string, after: number[] | null, backwards: boolean): Found | null;
  /** The innermost node that holds the bytes `[start, end)`; null where none does. */
  nodeAt(range: [number, number]): number[] | null;
}

/** A tree that a decoder has made whole. */
export class MadeTree implements DecodedTree {
  readonly #root: DecodedNode;

  constructor(root: DecodedNode) {
    this.#root = root;
  }

  get root(): TreeNode {
    return withoutChildren(this.#root);
  }

  children(path: number[], start: number, count: number): TreeNode[] | null {
    let parent: DecodedNode | undefined = this.#root;
    for (const index of path) parent = parent?.children?.[index];
    return parent ? (parent.children ?? []).slice(start, start + count).map(withoutChildren) : null;
  }

  find(text: string, after: number[] | null, backwards: boolean): Found | null {
    const found = findNode(this.#root, text, after, backwards);
    if (!found) return null;
    const { path, node, wrapped } = found;
    return { path, wrapped, ...(node.range && { range: node.range }) };
  }

  nodeAt([start, end]: [number, number]): number[] | null {
    return innermostAt(this.#root, start, end);
  }
}

function withoutChildren({ children, ...node }: DecodedNode): TreeNode {
  return { ...node, childCount: children?.length ?? 0 };
}
