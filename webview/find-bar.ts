import type { Found, FindRequest } from '../protocol/webview.ts';
import { element, setText } from './dom.ts';
import { icon } from './icons.ts';
import type { ByteRange } from './model/byte-selection.ts';
import { parseGoTo } from './model/go-to.ts';

type Mode = FindRequest['kind'] | 'offset';

const MODES: readonly [Mode, label: string, placeholder: string][] = [
  ['text', 'Text', 'Text to find'],
  ['hex', 'Hex', '0d 00 ?? 4?'],
  ['value', 'Value', 'Name or value in the tree'],
  ['offset', 'Go to', '16, +0x10 or address 0x110'],
];

/** What the bar searches in. */
export interface FindTarget {
  address: number;
  size: number;
  /** Rejects with a sentence. */
  find(request: FindRequest): Promise<Found | null>;
}

interface FindBarEvents {
  found(found: Pick<Found, 'range' | 'path'>): void;
  /** Where the search begins. */
  from(): ByteRange | null;
  closed(): void;
}

/** One line that finds bytes, text or a part of the value, and goes to an offset or address. */
export class FindBar {
  readonly node: HTMLElement;
  private readonly events: FindBarEvents;
  private readonly mode: HTMLSelectElement;
  private readonly input: HTMLInputElement;
  private readonly status = element('span', { class: 'find-status', role: 'status', testId: 'find-status' });
  private readonly steps: HTMLButtonElement[];
  private target: FindTarget | null = null;
  /** The node that was found last. */
  private path: number[] | null = null;
  /** Only the newest search's answer counts. */
  private searches = 0;

  constructor(title: string, events: FindBarEvents) {
    this.events = events;
    this.mode = element('select', {
      testId: 'find-mode',
      attributes: { 'aria-label': `What to find in the ${title}` },
      children: MODES.map(([value, text]) => element('option', { text, attributes: { value } })),
    });
    this.mode.addEventListener('change', () => {
      this.modeChanged();
      this.input.focus();
    });
    this.input = element('input', {
      class: 'find-input',
      testId: 'find',
      attributes: { type: 'text', spellcheck: 'false', 'aria-label': `Find in the ${title}` },
    });
    this.input.addEventListener('input', () => setText(this.status, ''));
    this.steps = [
      this.button('previous', 'Previous Match (Shift+Enter)', true),
      this.button('next', 'Next Match (Enter)', false),
    ];
    const close = element('button', {
      class: 'tool',
      title: 'Close (Escape)',
      attributes: { type: 'button', 'aria-label': 'Close the search' },
      children: [icon('trapped')],
    });
    close.addEventListener('click', () => this.close());
    this.node = element('div', {
      class: 'find-bar',
      role: 'search',
      children: [this.mode, this.input, ...this.steps, this.status, close],
    });
    this.node.hidden = true;
    this.node.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.close();
      else if (event.key === 'Enter' && event.target === this.input) this.run(event.shiftKey);
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    this.modeChanged();
  }

  /** @param target null where there is no buffer */
  setTarget(target: FindTarget | null): void {
    this.target = target;
    this.path = null;
    this.searches++;
    setText(this.status, '');
  }

  /** Opens the bar for finding or for going somewhere, with the keyboard in it. */
  open(goTo: boolean): void {
    if (goTo) this.mode.value = 'offset';
    else if (this.mode.value === 'offset') this.mode.value = 'text';
    this.node.hidden = false;
    this.modeChanged();
    this.input.focus();
    this.input.select();
  }

  /** The next or previous match of what was searched for last. */
  repeat(backwards: boolean): void {
    if (this.mode.value !== 'offset' && this.input.value !== '') this.run(backwards);
  }

  private close(): void {
    this.node.hidden = true;
    this.events.closed();
  }

  private modeChanged(): void {
    const [, , placeholder = ''] = MODES.find(([mode]) => mode === this.mode.value) ?? [];
    this.input.placeholder = placeholder;
    for (const step of this.steps) step.hidden = this.mode.value === 'offset';
    setText(this.status, '');
  }

  private run(backwards: boolean): void {
    if (!this.target) return;
    if (this.mode.value === 'offset') this.goTo(this.target);
    else void this.search(this.target, this.mode.value as FindRequest['kind'], backwards);
  }

  private goTo(target: FindTarget): void {
    const offset = parseGoTo(this.input.value, target);
    if (typeof offset === 'string') return this.say(offset);
    this.say('');
    this.events.found({ range: [offset, offset + 1] });
  }

  private async search(target: FindTarget, kind: FindRequest['kind'], backwards: boolean): Promise<void> {
    const search = ++this.searches;
    const selected = this.events.from();
    const from = selected ? selected[0] + (backwards ? 0 : 1) : backwards ? target.size : 0;
    try {
      const text = this.input.value;
      const found = await target.find({ kind, text, from, after: this.path, backwards });
      if (search !== this.searches) return;
      this.say(found ? (found.wrapped ? 'Went on from the other end' : '') : 'Not found');
      if (!found) return;
      this.path = found.path ?? null;
      this.events.found(found);
    } catch (error) {
      if (search === this.searches) this.say((error as Error).message);
    }
  }

  private say(text: string): void {
    setText(this.status, text);
    this.status.title = text;
  }

  private button(name: 'previous' | 'next', title: string, backwards: boolean): HTMLButtonElement {
    const button = element('button', {
      class: 'tool',
      title,
      testId: `find-${name}`,
      attributes: { type: 'button', 'aria-label': title },
      children: [icon(name)],
    });
    button.addEventListener('click', () => this.run(backwards));
    return button;
  }
}
