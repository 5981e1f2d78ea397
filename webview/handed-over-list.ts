import type { Direction, HandedOverBuffer } from '../protocol/boundary.ts';
import type { CallView } from '../protocol/webview.ts';
import { element, uniqueId } from './dom.ts';
import type { Host } from './host.ts';
import { icon, type IconName } from './icons.ts';
import { formatBytes, visibleText } from './model/format.ts';

/** Buffers that are listed at once. */
const PAGE = 50;

/** All buffers that a call handed over, in the order of their crossings, where it has several: one is chosen to be seen. */
export class HandedOverList {
  readonly node: HTMLElement;
  private readonly host: Host;
  private readonly chosen: (direction: Direction, index: number) => void;
  private readonly list = element('div', {
    class: 'handed-list',
    role: 'listbox',
    testId: 'buffers',
    attributes: {
      tabindex: '0',
      'aria-label': 'Buffers of the call, in order',
      'aria-multiselectable': 'true',
      'aria-orientation': 'horizontal',
    },
  });
  private readonly id = uniqueId('handed');
  private readonly earlier = this.button('previous', 'Earlier Buffers', -PAGE);
  private readonly later = this.button('next', 'Later Buffers', PAGE);
  private call: CallView | null = null;
  private listed: HandedOverBuffer[] = [];
  private start = 0;
  /** Where the keyboard is, among those that are listed. */
  private active = -1;

  /** @param chosen a buffer is to be shown in the pane of its direction */
  constructor(host: Host, chosen: (direction: Direction, index: number) => void) {
    this.host = host;
    this.chosen = chosen;
    this.node = element('div', { class: 'handed-over', children: [this.earlier, this.list, this.later] });
    this.node.hidden = true;
    this.list.addEventListener('keydown', (event) => this.keydown(event));
    this.list.addEventListener('click', (event) => {
      const option = (event.target as Element).closest<HTMLElement>('[role=option]');
      if (option) this.choose(Number(option.dataset['at']));
    });
  }

  show(call: CallView): void {
    const isOther = call.sequence !== this.call?.sequence;
    const hasMore = call.bufferCount !== this.call?.bufferCount;
    this.call = call;
    this.node.hidden = ![call.argument, call.result].some((buffer) => (buffer?.count ?? 0) > 1);
    if (isOther || hasMore) this.start = Math.max(0, call.bufferCount - PAGE);
    if (isOther) {
      this.active = -1;
      this.listed = [];
    }
    if (!this.node.hidden) void this.load();
  }

  private async load(): Promise<void> {
    const { call, start } = this;
    if (!call) return;
    try {
      const { view } = call;
      const { buffers } = await this.host.request({ type: 'requestBuffers', view, start, count: PAGE });
      if (this.call !== call || this.start !== start) return;
      this.listed = buffers;
      this.draw(call);
    } catch {
      // The call was loaded anew in the meantime: its list comes with it.
    }
  }

  private draw(call: CallView): void {
    this.earlier.hidden = this.start === 0;
    this.later.hidden = this.start + PAGE >= call.bufferCount;
    this.list.replaceChildren(
      ...this.listed.map((buffer, at) => {
        const { direction, index, size, preview, edited } = buffer;
        return element('div', {
          class: `handed handed-${direction}`,
          role: 'option',
          title: `${direction} ${index + 1}, ${formatBytes(size)}${edited ? ', edited' : ''}: ${preview}`,
          attributes: {
            id: `${this.id}-${at}`,
            'data-at': String(at),
            'aria-selected': String(call[direction]?.index === index),
          },
          children: [
            element('span', { class: 'handed-name', text: `${direction} ${index + 1}` }),
            element('span', { class: 'handed-preview', text: visibleText(preview) }),
            edited ? element('span', { class: 'badge', text: 'edited' }) : null,
          ],
        });
      }),
    );
    this.announce();
  }

  private announce(): void {
    const option = this.list.children[this.active];
    for (const child of this.list.children) child.classList.toggle('active', child === option);
    if (option) this.list.setAttribute('aria-activedescendant', option.id);
    else this.list.removeAttribute('aria-activedescendant');
    option?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  private choose(at: number): void {
    const buffer = this.listed[at];
    if (!buffer) return;
    this.active = at;
    this.announce();
    this.chosen(buffer.direction, buffer.index);
  }

  private keydown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const last = this.listed.length - 1;
    const targets: Partial<Record<string, number>> = {
      ArrowRight: Math.min(this.active + 1, last),
      ArrowDown: Math.min(this.active + 1, last),
      ArrowLeft: Math.max(this.active - 1, 0),
      ArrowUp: Math.max(this.active - 1, 0),
      Home: 0,
      End: last,
    };
    const target = targets[event.key];
    if (target === undefined) return;
    this.choose(target);
    event.preventDefault();
  }

  private button(name: IconName, title: string, by: number): HTMLButtonElement {
    const button = element('button', {
      class: 'tool',
      title,
      attributes: { type: 'button', 'aria-label': title },
      children: [icon(name)],
    });
    button.addEventListener('click', () => {
      this.start = Math.max(0, this.start + by);
      this.active = -1;
      void this.load();
    });
    return button;
  }
}
