import type { TreeNode } from '../protocol/webview.ts';
import { element, setText, uniqueId } from './dom.ts';
import { icon } from './icons.ts';
import { visibleText } from './model/format.ts';
import { TreeRows, type TreeRow } from './model/tree-rows.ts';
import { VirtualRows } from './virtual-rows.ts';

/** The decoded value as a tree whose nodes know their bytes. */
export class TreeView {
  readonly node: HTMLElement;
  private readonly rows: VirtualRows;
  private tree: TreeRows | null = null;
  private key = '';
  private chosen = -1;
  /** Node that is chosen as soon as its row is there. */
  private pending: number[] | null = null;
  /** A person chose a node; its bytes, where the decoder knows them. */
  onChosen: (range: [number, number] | undefined) => void = () => undefined;
  /** The menu of a node, which is named by what leads to it from the root; undefined for a group of children. */
  onMenu: (names: string[], at: HTMLElement | MouseEvent, node: TreeNode | undefined) => void = () =>
    undefined;

  constructor(label: string) {
    this.node = element('div', {
      class: 'tree',
      role: 'tree',
      testId: 'tree',
      attributes: { tabindex: '0', 'aria-label': label },
    });
    this.rows = new VirtualRows(this.node, uniqueId('tree'), {
      create: () =>
        element('div', {
          class: 'tree-row',
          role: 'treeitem',
          children: [
            element('span', { class: 'twistie' }),
            element('span', { class: 'tree-name' }),
            element('span', { class: 'tree-value' }),
          ],
        }),
      render: (row, index) => this.render(row, index),
    });
    this.node.addEventListener('keydown', (event) => this.keydown(event));
    this.node.addEventListener('click', (event) => {
      const row = (event.target as Element).closest<HTMLElement>('.tree-row');
      if (!row) return;
      const index = Number(row.dataset['index']);
      this.choose(index);
      if ((event.target as Element).closest('.twistie')) this.toggle(index);
    });
    this.node.addEventListener('dblclick', () => this.toggle(this.chosen));
    this.node.addEventListener('contextmenu', (event) => {
      event.preventDefault();
      const row = (event.target as Element).closest<HTMLElement>('.tree-row');
      if (!row) return;
      this.choose(Number(row.dataset['index']));
      this.showMenu(event);
    });
  }

  /** @param key names the value: a new answer about the same one keeps what is opened */
  show(
    key: string,
    root: TreeNode | null,
    fetch: (path: number[], start: number, count: number) => Promise<TreeNode[]>,
  ): void {
    const same = key === this.key;
    this.key = key;
    const opened = same ? this.tree?.opened : undefined;
    this.tree = root ? new TreeRows(root, fetch, () => this.update(), opened) : null;
    if (!same) {
      this.pending = null;
      this.chosen = -1;
      this.rows.scrollToTop();
    }
    this.update();
  }

  /** Chooses a node without an event, and opens what is above it; null for none. */
  choosePath(path: number[] | null): void {
    if (!this.tree) return;
    this.chosen = -1;
    this.pending = path;
    if (path) this.tree.openTo(path);
    this.update();
  }

  private get visible(): TreeRow[] {
    return this.tree?.rows ?? [];
  }

  private update(): void {
    this.rows.setCount(this.visible.length);
    const found = this.pending && this.tree ? this.tree.indexOf(this.pending) : -1;
    if (found >= 0) {
      this.pending = null;
      this.chosen = found;
      this.rows.reveal(found);
      this.rows.refresh();
    }
    if (this.chosen >= 0 && this.chosen < this.visible.length)
      this.node.setAttribute('aria-activedescendant', this.rows.idOf(this.chosen));
    else this.node.removeAttribute('aria-activedescendant');
  }

  private choose(index: number): void {
    const row = this.visible[index];
    if (!row) return;
    this.pending = null;
    this.chosen = index;
    this.rows.reveal(index);
    this.update();
    this.onChosen(row.node?.range);
  }

  private showMenu(at: HTMLElement | MouseEvent | undefined = this.rows.rowAt(this.chosen)): void {
    if (at) this.onMenu(this.namesOf(this.chosen), at, this.visible[this.chosen]?.node);
  }

  private namesOf(index: number): string[] {
    const names: string[] = [];
    for (let at = index; at > 0 && this.tree; at = this.tree.parentOf(at)) {
      const node = this.visible[at]?.node;
      // A group of children is no step of the value.
      if (node) names.unshift(node.name);
    }
    return names;
  }

  private toggle(index: number, open?: boolean): void {
    const row = this.visible[index];
    if (!row) return;
    this.tree?.toggle(row, open);
    this.update();
  }

  private keydown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || !this.tree) return;
    const row = this.visible[this.chosen];
    const last = this.visible.length - 1;
    switch (event.key) {
      case 'ArrowDown':
        this.choose(Math.min(this.chosen + 1, last));
        break;
      case 'ArrowUp':
        this.choose(Math.max(this.chosen - 1, 0));
        break;
      case 'PageDown':
        this.choose(Math.min(this.chosen + this.rows.window.page, last));
        break;
      case 'PageUp':
        this.choose(Math.max(this.chosen - this.rows.window.page, 0));
        break;
      case 'Home':
        this.choose(0);
        break;
      case 'End':
        this.choose(last);
        break;
      case 'ArrowRight':
        if (row?.expanded) this.choose(this.chosen + 1);
        else this.toggle(this.chosen, true);
        break;
      case 'ArrowLeft':
        if (row?.expanded) this.toggle(this.chosen, false);
        else this.choose(this.tree.parentOf(this.chosen));
        break;
      case 'ContextMenu':
        this.showMenu();
        break;
      case 'F10':
        if (!event.shiftKey) return;
        this.showMenu();
        break;
      case 'Enter':
      case ' ':
        this.toggle(this.chosen);
        break;
      default:
        return;
    }
    event.preventDefault();
  }

  private render(target: HTMLElement, index: number): void {
    const row = this.visible[index];
    if (!row) return;
    const [twistie, name, value] = target.children as unknown as HTMLElement[];
    if (!twistie || !name || !value) return;
    target.setAttribute('aria-level', String(row.level));
    target.setAttribute('aria-selected', String(index === this.chosen));
    target.classList.toggle('chosen', index === this.chosen);
    target.style.setProperty('--depth', String(Math.min(row.level - 1, 20)));
    if (row.expandable) target.setAttribute('aria-expanded', String(row.expanded));
    else target.removeAttribute('aria-expanded');
    const state = row.expandable ? (row.expanded ? 'expanded' : 'collapsed') : '';
    if (twistie.dataset['state'] !== state) {
      twistie.dataset['state'] = state;
      twistie.replaceChildren(...(state === '' ? [] : [icon(state)]));
    }
    setText(name, row.label === '' ? '' : `${row.label}${row.node ? ':' : ''}`);
    setText(value, row.node ? visibleText(row.node.value) : '');
    value.dataset['type'] = row.node?.type ?? '';
    target.title = row.node ? `${row.node.type}${rangeText(row.node.range)}` : '';
  }
}

function rangeText(range: [number, number] | undefined): string {
  return range ? `, bytes ${range[0]} to ${Math.max(range[0], range[1] - 1)}` : '';
}
