import type { Direction } from '../protocol/boundary.ts';
import type { BufferHead, CallView } from '../protocol/webview.ts';
import { element, setText, uniqueId } from './dom.ts';
import { HexView } from './hex-view.ts';
import type { Host } from './host.ts';
import { icon } from './icons.ts';
import { describeSizePolicy, formatAddress, formatBytes, UNKNOWN_SIZE_ADVICE } from './model/format.ts';
import { TextView } from './text-view.ts';
import { TreeView } from './tree-view.ts';

const TITLES: Record<Direction, string> = { argument: 'Argument', result: 'Result' };

/** The part of the width that the bytes may take. */
const HEX_SHARE = 0.72;
/** A value with parts gets at least so many rows, if it has that many. */
const LEAST_TREE_ROWS = 7;

interface BufferPaneEvents {
  /** Another decoder was chosen; undefined gives the choice back to the call. */
  decoderChosen(direction: Direction, decoder: string | undefined): void;
}

/** One of a call's two buffers: where it lies, its bytes, and what they decode to. */
export class BufferPane {
  readonly node: HTMLElement;
  private readonly direction: Direction;
  private readonly host: Host;
  private readonly facts = element('span', { class: 'buffer-facts', testId: 'facts' });
  private readonly edited = element('span', { class: 'badge', text: 'edited', testId: 'edited' });
  private readonly decoder: HTMLSelectElement;
  private readonly decoderReason = element('span', { class: 'decoder-reason' });
  private readonly tools: HTMLElement;
  private readonly note = element('div', { class: 'buffer-note', testId: 'note' });
  private readonly missing = element('div', { class: 'buffer-missing' });
  private readonly body: HTMLElement;
  private readonly hex: HexView;
  private readonly text: TextView;
  private readonly tree: TreeView;
  private readonly tabs: { text: HTMLElement; tree: HTMLElement; bar: HTMLElement };
  private wantsText = false;
  private shown: { call: CallView; buffer: BufferHead } | null = null;
  private offered: { id: string; label: string }[] = [];
  private choice: string | undefined;

  constructor(direction: Direction, host: Host, events: BufferPaneEvents) {
    this.direction = direction;
    this.host = host;
    const title = TITLES[direction];
    const titleId = uniqueId('buffer');
    this.hex = new HexView(`${title}, bytes`);
    this.text = new TextView(`${title}, decoded text`);
    this.tree = new TreeView(`${title}, decoded value`);
    this.decoder = element('select', {
      class: 'decoder',
      testId: 'decoder',
      attributes: { 'aria-label': `Decoder of the ${direction}` },
    });
    this.decoder.addEventListener('change', () => {
      this.choice = this.decoder.value === '' ? undefined : this.decoder.value;
      events.decoderChosen(direction, this.choice);
    });
    this.tools = element('span', {
      class: 'tools',
      children: [
        this.button('copy', 'Copy Text', () => this.copy('text')),
        this.button('copy-hex', 'Copy Bytes as Hex', () => this.copy('hex')),
        this.button('memory', 'Open in the Memory View', () => this.openMemory()),
      ],
    });
    this.tabs = this.createTabs();
    this.body = element('div', {
      class: 'buffer-body',
      children: [
        element('div', { class: 'hex-pane', children: [this.hex.node] }),
        element('div', { class: 'decoded-pane', children: [this.tabs.bar, this.text.node, this.tree.node] }),
      ],
    });
    this.node = element('section', {
      class: 'buffer',
      testId: direction,
      attributes: { 'aria-labelledby': titleId },
      children: [
        element('div', {
          class: 'buffer-head',
          children: [
            element('h3', { text: title, attributes: { id: titleId } }),
            this.facts,
            this.edited,
            this.hex.statusNode,
            element('span', { class: 'decoder-choice', children: [this.decoderReason, this.decoder] }),
            this.tools,
          ],
        }),
        this.note,
        this.missing,
        this.body,
      ],
    });
    new ResizeObserver(() => this.fit()).observe(this.body);
    this.hex.onCursor = (offset) => this.tree.markByte(offset);
    this.tree.onChosen = (range) => this.hex.setHighlight(range, true);
  }

  /** What the select offers. */
  offer(decoders: { id: string; label: string }[]): void {
    this.offered = decoders;
    this.updateDecoder();
  }

  /**
   * @param missing what to say where the call has no such buffer
   * @param choice the decoder that was chosen here, if any
   */
  show(call: CallView, missing: string, choice: string | undefined): void {
    const buffer = call[this.direction];
    this.choice = choice;
    this.shown = buffer ? { call, buffer } : null;
    this.node.classList.toggle('without-buffer', !buffer);
    setText(this.missing, buffer ? '' : missing);
    this.edited.hidden = !buffer?.edited;
    this.updateFacts(buffer);
    this.updateDecoder();
    const key = `${call.sequence} ${this.direction}`;
    this.hex.show(buffer ? this.hexBuffer(call, buffer, key) : null);
    this.text.show(
      buffer
        ? {
            key: `${key} ${buffer.decoder}`,
            length: buffer.textLength,
            load: (columns, start, count) =>
              this.host.request({
                type: 'requestText',
                view: call.view,
                direction: this.direction,
                columns,
                start,
                count,
              }),
          }
        : null,
    );
    this.tree.show(`${key} ${buffer?.decoder ?? ''}`, buffer?.tree ?? null, async (path, start, count) => {
      const view = call.view;
      const request = { type: 'requestTree', view, direction: this.direction, path, start, count } as const;
      return (await this.host.request(request)).nodes;
    });
    this.updateTabs();
    this.fit();
  }

  /** The bytes may take most of the width, the decoded value gets the rest; both are as high as the bytes need. */
  private fit(): void {
    const width = this.body.clientWidth;
    if (width === 0) return;
    const stacked = getComputedStyle(this.body).flexDirection === 'column';
    this.hex.fitTo(stacked ? width : width * HEX_SHARE);
    const parts = this.shown?.buffer.tree?.childCount ?? 0;
    const rows = Math.max(this.hex.rowCount, parts > 0 ? Math.min(parts + 2, LEAST_TREE_ROWS) : 1);
    this.body.style.setProperty('--rows', String(rows));
  }

  focus(): void {
    this.hex.node.focus();
  }

  private hexBuffer(call: CallView, buffer: BufferHead, key: string): Parameters<HexView['show']>[0] {
    return {
      key,
      address: buffer.address,
      size: buffer.captured,
      load: async (start, count) => {
        const { view } = call;
        const { direction } = this;
        return (await this.host.request({ type: 'requestBytes', view, direction, start, count })).bytes;
      },
    };
  }

  private updateFacts(buffer: BufferHead | undefined): void {
    const unknown = buffer?.sizePolicy === 'unknown';
    const size = !buffer
      ? ''
      : unknown
        ? `${formatBytes(buffer.captured)} captured`
        : formatBytes(buffer.size);
    setText(
      this.facts,
      buffer ? `${size} at ${formatAddress(buffer.address)}, ${describeSizePolicy(buffer.sizePolicy)}` : '',
    );
    const notes: string[] = [];
    if (unknown) notes.push(UNKNOWN_SIZE_ADVICE);
    else if (buffer && buffer.captured < buffer.size)
      notes.push(`Only ${formatBytes(buffer.captured)} of ${formatBytes(buffer.size)} could be captured.`);
    if (buffer?.decodeError !== undefined) notes.push(buffer.decodeError);
    this.note.replaceChildren(
      ...notes.map((note) => element('p', { children: [icon('warning'), element('span', { text: note })] })),
    );
  }

  private updateDecoder(): void {
    const buffer = this.shown?.buffer;
    const own = this.choice === undefined && buffer ? `${buffer.decoder} (${reasonOf(buffer)})` : 'Default';
    this.decoder.replaceChildren(
      element('option', { text: own, attributes: { value: '' } }),
      ...this.offered.map(({ id, label }) => element('option', { text: label, attributes: { value: id } })),
    );
    this.decoder.value = this.choice ?? '';
    this.decoder.disabled = !buffer || this.offered.length === 0;
    const chosenAutomatically = this.choice === 'auto' && buffer;
    setText(this.decoderReason, chosenAutomatically ? buffer.decoder : '');
    this.decoder.title = buffer ? `Decoded as ${buffer.decoder}: ${buffer.decoderReason}` : '';
  }

  private createTabs(): { text: HTMLElement; tree: HTMLElement; bar: HTMLElement } {
    const tab = (name: string, wantsText: boolean): HTMLElement => {
      const created = element('button', {
        class: 'tab',
        role: 'tab',
        text: name,
        attributes: { type: 'button' },
      });
      created.addEventListener('click', () => {
        this.wantsText = wantsText;
        this.updateTabs();
      });
      return created;
    };
    const tree = tab('Tree', false);
    const text = tab('Text', true);
    const bar = element('div', { class: 'tabs', role: 'tablist', children: [tree, text] });
    bar.addEventListener('keydown', (event) => {
      if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
      this.wantsText = !this.wantsText;
      this.updateTabs();
      (this.wantsText ? text : tree).focus();
      event.preventDefault();
    });
    return { text, tree, bar };
  }

  /** A value without parts needs no tree. */
  private updateTabs(): void {
    const hasTree = (this.shown?.buffer.tree?.childCount ?? 0) > 0;
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

  private button(name: 'copy' | 'copy-hex' | 'memory', title: string, run: () => void): HTMLButtonElement {
    const button = element('button', {
      class: 'tool',
      title,
      testId: name,
      attributes: { type: 'button', 'aria-label': `${title}: ${TITLES[this.direction]}` },
      children: [name === 'copy-hex' ? element('span', { text: '0x' }) : icon(name)],
    });
    button.addEventListener('click', run);
    return button;
  }

  private copy(what: 'text' | 'hex'): void {
    if (this.shown)
      this.host.post({ type: 'copy', view: this.shown.call.view, direction: this.direction, what });
  }

  private openMemory(): void {
    if (this.shown)
      this.host.post({ type: 'openMemory', view: this.shown.call.view, direction: this.direction });
  }
}

/** A word for the menu; the tooltip has the whole reason. */
function reasonOf({ decoderReason }: BufferHead): string {
  if (decoderReason.startsWith('auto')) return 'auto';
  return decoderReason === 'launch configuration' ? 'launch.json' : decoderReason;
}
