import type { CallDifference, ComparedCall } from '../protocol/comparing.ts';
import { element, setText, uniqueId } from './dom.ts';
import { PagedSource } from './model/paged-source.ts';
import { VirtualRows } from './virtual-rows.ts';

/** Differences that are fetched at once. */
const PAGE = 100;

interface DifferenceListEvents {
  /** A person looks at a difference. */
  chosen(difference: CallDifference): void;
  /** Enter or a double click: its call is wanted. */
  opened(difference: CallDifference): void;
  menu(difference: CallDifference, at: HTMLElement | MouseEvent): void;
  /** In what the two differ. */
  describe(difference: CallDifference): string;
}

/** The calls that differ between two sessions, in their order: the first is chosen by itself. */
export class DifferenceList {
  readonly node: HTMLElement;
  private readonly rows: VirtualRows;
  private readonly events: DifferenceListEvents;
  private readonly source: PagedSource<CallDifference>;
  private chosen = -1;
  /** The chosen row is still on its way. */
  private isWaiting = false;

  constructor(
    load: (start: number, count: number) => Promise<CallDifference[]>,
    events: DifferenceListEvents,
  ) {
    this.events = events;
    this.node = element('div', {
      class: 'differences',
      role: 'listbox',
      testId: 'differences',
      attributes: { tabindex: '0', 'aria-label': 'Calls that differ' },
    });
    this.source = new PagedSource(PAGE, load, () => {
      this.rows.refresh();
      if (this.isWaiting) this.choose(this.chosen);
    });
    this.rows = new VirtualRows(this.node, uniqueId('difference'), {
      create: () =>
        element('div', {
          class: 'difference-row',
          role: 'option',
          children: ['left', 'right', 'aspects'].map((part) =>
            element('span', { class: `cell difference-${part}` }),
          ),
        }),
      render: (row, index) => this.render(row, index),
      shown: (first, last) => this.source.need(first, last),
    });
    this.node.addEventListener('keydown', (event) => this.keydown(event));
    this.node.addEventListener('click', (event) => this.choose(indexOf(event)));
    this.node.addEventListener('dblclick', (event) =>
      this.act(indexOf(event), (difference) => events.opened(difference)),
    );
    this.node.addEventListener('contextmenu', (event) => {
      event.preventDefault();
      this.choose(indexOf(event));
      this.act(this.chosen, (difference) => events.menu(difference, event));
    });
    this.setCount(0);
  }

  /** Other sessions were compared, and so many differences are listed. */
  setCount(count: number): void {
    this.source.clear();
    this.chosen = -1;
    this.isWaiting = false;
    this.node.hidden = count === 0;
    this.node.style.setProperty('--rows', String(count));
    this.node.removeAttribute('aria-activedescendant');
    this.rows.setCount(count);
    this.rows.scrollToTop();
    if (count > 0) this.choose(0);
  }

  private choose(index: number): void {
    if (index < 0 || index >= this.rows.window.count) return;
    this.chosen = index;
    this.rows.reveal(index);
    this.rows.refresh();
    this.node.setAttribute('aria-activedescendant', this.rows.idOf(index));
    this.source.need(index, index);
    this.isWaiting = this.source.get(index) === undefined;
    this.act(index, (difference) => this.events.chosen(difference));
  }

  private act(index: number, act: (difference: CallDifference) => void): void {
    const difference = this.source.get(index);
    if (difference) act(difference);
  }

  private render(row: HTMLElement, index: number): void {
    const difference = this.source.get(index);
    const [left, right, aspects] = row.children as unknown as HTMLElement[];
    if (!left || !right || !aspects) return;
    row.setAttribute('aria-posinset', String(index + 1));
    row.setAttribute('aria-setsize', String(this.rows.window.count));
    row.setAttribute('aria-selected', String(index === this.chosen));
    setText(left, difference ? describeCall(difference.left) : '…');
    setText(right, difference ? describeCall(difference.right) : '');
    setText(aspects, difference ? this.events.describe(difference) : '');
  }

  private keydown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { count, page } = this.rows.window;
    const targets: Partial<Record<string, number>> = {
      ArrowDown: Math.min(this.chosen + 1, count - 1),
      ArrowUp: Math.max(this.chosen - 1, 0),
      PageDown: Math.min(this.chosen + page, count - 1),
      PageUp: Math.max(this.chosen - page, 0),
      Home: 0,
      End: count - 1,
    };
    const target = targets[event.key];
    if (target !== undefined) this.choose(target);
    else if (event.key === 'Enter') this.act(this.chosen, (difference) => this.events.opened(difference));
    else if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey))
      this.act(this.chosen, (difference) =>
        this.events.menu(difference, this.rows.rowAt(this.chosen) ?? this.node),
      );
    else return;
    event.preventDefault();
  }
}

function describeCall(call: ComparedCall | null): string {
  if (!call) return '—';
  const { sequence, callId, export: name, status } = call;
  return `${sequence}: ${name} (${callId})${status === 'returned' ? '' : `, ${status}`}`;
}

function indexOf(event: Event): number {
  const row = (event.target as Element).closest<HTMLElement>('[data-index]');
  return row ? Number(row.dataset['index']) : -1;
}
