import type { Direction } from '../protocol/boundary.ts';
import type { BufferHead, CallView } from '../protocol/webview.ts';
import { element } from './dom.ts';
import type { Host } from './host.ts';
import { TextView } from './text-view.ts';
import { TreeView } from './tree-view.ts';
import { WholeDecoding } from './whole-decoding.ts';

/** What a buffer decodes to: as text, and as a tree where it has parts. */
export class DecodedPane {
  readonly node: HTMLElement;
  readonly tree: TreeView;
  private readonly text: TextView;
  private readonly direction: Direction;
  private readonly host: Host;
  private readonly tabs: { text: HTMLElement; tree: HTMLElement; bar: HTMLElement };
  private readonly whole: WholeDecoding;
  /** All of a large buffer has been decoded. */
  onWhole: (buffer: BufferHead) => void = () => undefined;
  private wantsText = false;
  private shown: { call: CallView; key: string } | null = null;
  private buffer: BufferHead | undefined;

  /** @param title begins the labels of the parts */
  constructor(direction: Direction, title: string, host: Host) {
    this.direction = direction;
    this.host = host;
    this.text = new TextView(`${title}, decoded text`);
    this.tree = new TreeView(`${title}, decoded value`);
    this.tabs = this.createTabs(title);
    this.whole = new WholeDecoding(host, direction, (buffer) => this.showWhole(buffer));
    this.node = element('div', {
      class: 'decoded-pane',
      children: [this.whole.node, this.tabs.bar, this.text.node, this.tree.node],
    });
  }

  /** @param key names the buffer: a new answer about the same one keeps what is opened and scrolled */
  show(call: CallView, buffer: BufferHead | undefined, key: string): void {
    this.shown = { call, key };
    this.whole.show(call, buffer, `${key} ${buffer?.decoder ?? ''}`);
    this.showContents(call, buffer, key);
  }

  /** Text and tree go on where they were: the beginning stays what it was. */
  private showWhole(buffer: BufferHead): void {
    if (!this.shown) return;
    this.showContents(this.shown.call, buffer, this.shown.key);
    this.onWhole(buffer);
  }

  private showContents(call: CallView, buffer: BufferHead | undefined, key: string): void {
    this.buffer = buffer;
    const { host, direction } = this;
    const { view } = call;
    this.text.show(
      buffer
        ? {
            key: `${key} ${buffer.decoder}`,
            length: buffer.textLength,
            load: (columns, start, count) =>
              host.request({ type: 'requestText', view, direction, columns, start, count }),
          }
        : null,
    );
    this.tree.show(`${key} ${buffer?.decoder ?? ''}`, buffer?.tree ?? null, async (path, start, count) => {
      return (await host.request({ type: 'requestTree', view, direction, path, start, count })).nodes;
    });
    this.update();
  }

  /** Chooses a part of the value, which is opened where it is folded; null for none. */
  choosePath(path: number[] | null): void {
    this.tree.choosePath(path);
  }

  /** Shows the tree where there is one. */
  showTree(): void {
    this.wantsText = false;
    this.update();
  }

  private createTabs(title: string): { text: HTMLElement; tree: HTMLElement; bar: HTMLElement } {
    const tab = (name: string, wantsText: boolean): HTMLElement => {
      const created = element('button', {
        class: 'tab',
        role: 'tab',
        text: name,
        attributes: { type: 'button' },
      });
      created.addEventListener('click', () => {
        this.wantsText = wantsText;
        this.update();
      });
      return created;
    };
    const tree = tab('Tree', false);
    const text = tab('Text', true);
    const bar = element('div', {
      class: 'tabs',
      role: 'tablist',
      attributes: { 'aria-label': `${title}, decoded` },
      children: [tree, text],
    });
    bar.addEventListener('keydown', (event) => {
      if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
      this.wantsText = !this.wantsText;
      this.update();
      (this.wantsText ? text : tree).focus();
      event.preventDefault();
    });
    return { text, tree, bar };
  }

  /** A value without parts needs no tree. */
  private update(): void {
    const hasTree = (this.buffer?.tree?.childCount ?? 0) > 0;
    const showsTree = hasTree && !this.wantsText;
    this.tabs.bar.hidden = !hasTree;
    for (const [tab, selected] of [
      [this.tabs.tree, showsTree],
      [this.tabs.text, !showsTree],
    ] as const) {
      tab.setAttribute('aria-selected', String(selected));
      tab.tabIndex = selected ? 0 : -1;
    }
    this.tree.node.hidden = !showsTree;
    this.text.node.hidden = showsTree;
  }
}
