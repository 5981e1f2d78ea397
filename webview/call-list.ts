import type { CallOrder, CallSummary } from '../protocol/boundary.ts';
import type { PickedColumn } from '../protocol/webview.ts';
import { CALL_COLUMNS, clearCallRow, createCallRow, renderCallRow } from './call-row.ts';
import { element } from './dom.ts';
import { icon } from './icons.ts';
import { columnTitle, nextOrder } from './model/call-columns.ts';
import type { PagedSource } from './model/paged-source.ts';
import { depthOf } from './model/selection.ts';
import { VirtualRows } from './virtual-rows.ts';

/** Characters of a callId that get room at most. */
const LONGEST_ID = 12;

interface CallListEvents {
  /** A person chose a call. `sequence` is undefined where it is not loaded yet. */
  chosen(index: number, sequence: number | undefined): void;
  /** Enter on a call: its buffers are wanted. */
  entered(): void;
  /** A person scrolled. */
  scrolled(): void;
  /** Another order is wanted; undefined for that of the calls. */
  sorted(order: CallOrder | undefined): void;
  /** The menu of a call. */
  menu(call: CallSummary, at: HTMLElement | MouseEvent): void;
  /** The menu of a column that was picked. */
  columnMenu(index: number, at: HTMLElement): void;
  /** The rows between are in view. */
  shown(first: number, last: number): void;
}

/** The list of calls: a treegrid, whose levels are nested calls. */
export class CallList {
  readonly node: HTMLElement;
  /** Index of the chosen row; -1 for none. */
  private chosen = -1;
  private current: number | null = null;
  /** Characters of the longest callId so far; the column's title needs five. */
  private idLength = 5;
  private order: CallOrder | undefined;
  private columns: readonly PickedColumn[] = [];
  /** Which of the titles the Tab key reaches. */
  private titleAt = 0;
  private readonly header = element('div', { class: 'calls-header', role: 'row' });
  private readonly grid: HTMLElement;
  private readonly rows: VirtualRows;
  private readonly source: PagedSource<CallSummary>;
  private readonly events: CallListEvents;
  /** Value of a picked column; null where the call has none, undefined while it is on its way. */
  valueOf: (column: number, sequence: number) => string | null | undefined = () => undefined;

  constructor(source: PagedSource<CallSummary>, events: CallListEvents) {
    this.source = source;
    this.events = events;
    this.grid = element('div', { class: 'calls-rows', role: 'rowgroup' });
    this.node = element('div', {
      class: 'calls',
      role: 'treegrid',
      testId: 'calls',
      attributes: { tabindex: '0', 'aria-label': 'Boundary calls', 'aria-readonly': 'true' },
      children: [element('div', { role: 'rowgroup', children: [this.header] }), this.grid],
    });
    this.rows = new VirtualRows(this.grid, 'call', {
      create: () => createCallRow(this.columns.length),
      render: (row, index) => this.render(row, index),
      shown: (first, last) => {
        this.source.need(first, last);
        events.shown(first, last);
      },
    });
    this.rows.onUserScroll = () => events.scrolled();
    this.node.addEventListener('keydown', (event) => this.keydown(event));
    this.header.addEventListener('keydown', (event) => this.headerKeydown(event));
    this.header.addEventListener('focusin', (event) => {
      const titles = [...this.header.querySelectorAll('button')];
      this.titleAt = Math.max(0, titles.indexOf(event.target as HTMLButtonElement));
      this.rove(titles);
    });
    this.grid.addEventListener('click', (event) => this.choose(indexOf(event)));
    this.grid.addEventListener('dblclick', () => events.entered());
    this.grid.addEventListener('contextmenu', (event) => {
      const index = indexOf(event);
      event.preventDefault();
      this.choose(index);
      const call = this.source.get(index);
      if (call) events.menu(call, event);
    });
    this.drawHeader();
  }

  get count(): number {
    return this.rows.window.count;
  }

  setCount(count: number): void {
    // Row 1 is the header.
    this.node.setAttribute('aria-rowcount', String(count + 1));
    if (this.chosen >= count) this.chosen = -1;
    this.rows.setCount(count);
    this.announce();
  }

  setOrder(order: CallOrder | undefined): void {
    this.order = order;
    this.drawHeader();
  }

  setColumns(columns: readonly PickedColumn[]): void {
    this.columns = columns;
    this.node.style.setProperty('--picked', columns.map(() => 'minmax(5em, 1fr)').join(' '));
    this.node.classList.toggle('with-picked', columns.length > 0);
    this.drawHeader();
    this.rows.recreate();
  }

  /** @param current sequence of the call of the current stop */
  setCurrent(current: number | null): void {
    this.current = current;
    this.rows.refresh();
  }

  /** Marks a row as chosen, without an event. */
  mark(index: number): void {
    this.chosen = index;
    this.announce();
    this.rows.refresh();
  }

  reveal(index: number): void {
    this.rows.reveal(index);
    this.announce();
  }

  refresh(): void {
    this.rows.refresh();
    this.announce();
  }

  /** Until all that has changed so far is seen. */
  painted(): Promise<void> {
    return this.rows.painted();
  }

  focus(): void {
    this.node.focus();
  }

  /** The titles are one stop of the Tab key: arrows lead from one to the next. */
  private rove(titles: HTMLButtonElement[]): void {
    this.titleAt = Math.max(0, Math.min(this.titleAt, titles.length - 1));
    for (const [index, title] of titles.entries()) title.tabIndex = index === this.titleAt ? 0 : -1;
  }

  private headerKeydown(event: KeyboardEvent): void {
    const titles = [...this.header.querySelectorAll('button')];
    const targets: Partial<Record<string, number>> = {
      ArrowLeft: Math.max(0, this.titleAt - 1),
      ArrowRight: Math.min(titles.length - 1, this.titleAt + 1),
      Home: 0,
      End: titles.length - 1,
    };
    const target = targets[event.key];
    if (event.key === 'ArrowDown') this.focus();
    else if (target === undefined) return;
    else {
      this.titleAt = target;
      this.rove(titles);
      titles[target]?.focus();
    }
    event.preventDefault();
  }

  private drawHeader(): void {
    const { order } = this;
    const hadFocus = this.header.contains(document.activeElement);
    this.node.setAttribute('aria-colcount', String(CALL_COLUMNS.length + this.columns.length));
    this.header.replaceChildren(
      ...CALL_COLUMNS.map(([name, title, by]) => {
        const sorted = order?.by === by;
        const button = element('button', {
          class: 'sort',
          text: title,
          title: `Sort by ${by === 'argumentSize' || by === 'resultSize' ? 'the size of the buffer' : title}`,
          attributes: { type: 'button' },
          children: [sorted ? icon(order.descending ? 'next' : 'previous') : null],
        });
        button.addEventListener('click', () => this.events.sorted(nextOrder(order, by)));
        return element('span', {
          class: `cell cell-${name}`,
          role: 'columnheader',
          attributes: { 'aria-sort': sorted ? (order.descending ? 'descending' : 'ascending') : 'none' },
          children: [button],
        });
      }),
      ...this.columns.map((column, index) => {
        const title = columnTitle(column);
        const button = element('button', {
          class: 'sort',
          text: title,
          title: `${title}: a part of the decoded ${column.direction}`,
          attributes: { type: 'button', 'aria-haspopup': 'menu' },
        });
        button.addEventListener('click', () => this.events.columnMenu(index, button));
        return element('span', { class: 'cell cell-picked', role: 'columnheader', children: [button] });
      }),
    );
    const titles = [...this.header.querySelectorAll('button')];
    this.rove(titles);
    if (hadFocus) titles[this.titleAt]?.focus();
  }

  private choose(index: number): void {
    if (!(index >= 0 && index < this.count)) return;
    this.mark(index);
    this.reveal(index);
    this.events.chosen(index, this.source.get(index)?.sequence);
  }

  private announce(): void {
    if (this.chosen >= 0 && this.rows.rowAt(this.chosen))
      this.node.setAttribute('aria-activedescendant', this.rows.idOf(this.chosen));
    else this.node.removeAttribute('aria-activedescendant');
  }

  private keydown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== this.node) return;
    const last = this.count - 1;
    const { page } = this.rows.window;
    const from = this.chosen;
    const targets: Partial<Record<string, number>> = {
      ArrowDown: Math.min(from + 1, last),
      ArrowUp: Math.max(from - 1, 0),
      PageDown: Math.min(Math.max(from, 0) + page, last),
      PageUp: Math.max(from - page, 0),
      Home: 0,
      End: last,
    };
    const target = targets[event.key];
    const call = this.source.get(from);
    const row = this.rows.rowAt(from);
    if (target !== undefined) this.choose(target);
    else if (event.key === 'Enter' && from >= 0) this.events.entered();
    else if ((event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) && call && row)
      this.events.menu(call, row);
    else return;
    event.preventDefault();
  }

  private render(row: HTMLElement, index: number): void {
    const call = this.source.get(index);
    const chosen = index === this.chosen;
    row.setAttribute('aria-rowindex', String(index + 2));
    row.setAttribute('aria-selected', String(chosen));
    row.classList.toggle('chosen', chosen);
    row.classList.toggle('loading', !call);
    if (!call) return clearCallRow(row);
    const current = call.sequence === this.current;
    row.classList.toggle('current', current);
    if (current) row.setAttribute('aria-current', 'true');
    else row.removeAttribute('aria-current');
    // In another order a call does not stand below its caller.
    const depth = this.order ? 0 : depthOf(call, (sequence) => this.bySequence(sequence, index));
    const values = this.columns.map((_, column) => this.valueOf(column, call.sequence));
    renderCallRow(row, call, depth, values);
    this.widenIds(String(call.callId).length);
  }

  /** The host may choose callIds of any length: the column is as wide as the longest that was shown, within reason. */
  private widenIds(length: number): void {
    if (length <= this.idLength) return;
    this.idLength = Math.min(length, LONGEST_ID);
    this.node.style.setProperty('--id-width', `${this.idLength + 1}ch`);
  }

  /** Calls are in order of their sequence, so a caller is above: found by looking up, not by index (a filter may be on). */
  private bySequence(sequence: number, below: number): CallSummary | undefined {
    const direct = this.source.get(sequence);
    if (direct?.sequence === sequence) return direct;
    for (let index = below - 1; index >= 0; index--) {
      const call = this.source.get(index);
      if (!call || call.sequence < sequence) return undefined;
      if (call.sequence === sequence) return call;
    }
    return undefined;
  }
}

/** Index of the row that an event is about; -1 beside the rows. */
function indexOf(event: MouseEvent): number {
  const row = (event.target as Element).closest<HTMLElement>('.rows-row');
  return row ? Number(row.dataset['index']) : -1;
}
