import type { TreeNode } from '../../protocol/webview.ts';

/** More children than this are shown in groups, so that opening a node never costs more than this many rows. */
const GROUP = 100;

/** One row of the opened tree. */
export interface TreeRow {
  /** Stable while the tree is shown: the path, and the group's range. */
  key: string;
  /** From 1, as aria-level. */
  level: number;
  label: string;
  /** Absent while it is being fetched, and for groups. */
  node?: TreeNode;
  /** Node that the children belong to. */
  path: number[];
  expandable: boolean;
  expanded: boolean;
}

type Fetch = (path: number[], start: number, count: number) => Promise<TreeNode[]>;

/** Which rows of a decoded value are visible, given what is opened; children are fetched when they are needed. */
export class TreeRows {
  private readonly root: TreeNode;
  private readonly fetch: Fetch;
  private readonly changed: () => void;
  /** Keys of the rows that are opened. */
  readonly opened: Set<string>;
  private readonly children = new Map<string, TreeNode[] | 'underWay' | 'failed'>();
  private cached: TreeRow[] | null = null;
  /** The node whose ancestors are to be opened. */
  private wanted: number[] | null = null;

  /**
   * @param changed called when children have come
   * @param opened what is opened from the start; the root where left out
   */
  constructor(root: TreeNode, fetch: Fetch, changed: () => void, opened: Iterable<string> = [keyOf([])]) {
    this.root = root;
    this.fetch = fetch;
    this.changed = changed;
    this.opened = new Set(opened);
    this.load([], 0, Math.min(root.childCount, GROUP));
  }

  get rows(): TreeRow[] {
    if (!this.cached) {
      this.cached = [];
      this.addNode(this.cached, this.root, [], 1);
    }
    return this.cached;
  }

  toggle(row: TreeRow, open = !row.expanded): void {
    // Who folds a node does not want it opened again.
    this.wanted = null;
    if (!row.expandable || row.expanded === open) return;
    if (open) this.opened.add(row.key);
    else this.opened.delete(row.key);
    this.cached = null;
  }

  /** Index of the row that contains this one; -1 for the root. */
  parentOf(index: number): number {
    const { level } = this.rows[index] ?? { level: 1 };
    for (let above = index - 1; above >= 0; above--) if ((this.rows[above]?.level ?? 0) < level) return above;
    return -1;
  }

  /**
   * Opens everything above a node, as its rows come.
   * @param path indices of children, from the root
   */
  openTo(path: number[]): void {
    this.wanted = path;
    this.cached = null;
  }

  /** Index of the row of a node; -1 while it is folded or being fetched. */
  indexOf(path: number[]): number {
    const key = keyOf(path);
    return this.rows.findIndex((row) => row.key === key && row.node !== undefined);
  }

  private addNode(rows: TreeRow[], node: TreeNode, path: number[], level: number): void {
    const key = keyOf(path);
    const expandable = node.childCount > 0;
    if (expandable && this.isAbove(path)) this.opened.add(key);
    const expanded = expandable && this.opened.has(key);
    rows.push({ key, level, label: node.name, node, path, expandable, expanded });
    if (expanded) this.addChildren(rows, path, 0, node.childCount, level + 1);
  }

  /** The children `start` to `start + count`, in groups where they are many. */
  private addChildren(rows: TreeRow[], path: number[], start: number, count: number, level: number): void {
    if (count <= GROUP) {
      const loaded = this.load(path, start, count);
      for (let index = 0; index < count; index++) {
        const child = typeof loaded === 'object' ? loaded[index] : undefined;
        const childPath = [...path, start + index];
        if (child) this.addNode(rows, child, childPath, level);
        else
          rows.push({
            key: keyOf(childPath),
            level,
            label: loaded === 'failed' ? 'could not be loaded' : '…',
            path: childPath,
            expandable: false,
            expanded: false,
          });
      }
      return;
    }
    let size = GROUP;
    while (size * GROUP < count) size *= GROUP;
    for (let first = start; first < start + count; first += size) {
      const length = Math.min(size, start + count - first);
      const key = `${keyOf(path)}[${first}+${length}]`;
      const next = this.isAbove(path) ? this.wanted?.[path.length] : undefined;
      if (next !== undefined && next >= first && next < first + length) this.opened.add(key);
      const expanded = this.opened.has(key);
      const label = `[${first} … ${first + length - 1}]`;
      rows.push({ key, level, label, path, expandable: true, expanded });
      if (expanded) this.addChildren(rows, path, first, length, level + 1);
    }
  }

  /** Whether the wanted node is inside the one at `path`. */
  private isAbove(path: number[]): boolean {
    const { wanted } = this;
    return wanted !== null && path.length < wanted.length && path.every((step, at) => step === wanted[at]);
  }

  private load(path: number[], start: number, count: number): TreeNode[] | 'underWay' | 'failed' {
    const key = `${keyOf(path)}[${start}]`;
    const there = this.children.get(key);
    if (there) return there;
    if (count === 0) return [];
    this.children.set(key, 'underWay');
    this.fetch(path, start, count).then(
      (nodes) => this.accept(key, nodes),
      () => this.accept(key, 'failed'),
    );
    return 'underWay';
  }

  private accept(key: string, children: TreeNode[] | 'failed'): void {
    this.children.set(key, children);
    this.cached = null;
    this.changed();
  }
}

function keyOf(path: number[]): string {
  return `/${path.join('/')}`;
}
