import type { BufferSummary, CallStatus, CallSummary } from '../protocol/boundary.ts';
import { element, setText } from './dom.ts';
import { icon } from './icons.ts';
import { formatAddress, formatBytes, formatMicros, visibleText } from './model/format.ts';
import type { PagedSource } from './model/paged-source.ts';
import { depthOf } from './model/selection.ts';
import { VirtualRows } from './virtual-rows.ts';

export const STATUS_WORDS: Record<CallStatus, string> = {
  running: 'running',
  returned: 'returned',
  trapped: 'trapped',
  cancelled: 'cancelled',
};

const COLUMNS = [
  ['id', 'callId'],
  ['export', 'Export'],
  ['argument', 'Argument'],
  ['result', 'Result'],
  ['duration', 'Time'],
] as const;
/** Characters of a callId that get room at most. */
const LONGEST_ID = 12;
type Column = (typeof COLUMNS)[number][0];

interface CallListEvents {
  /** A person chose a call. `sequence` is undefined where it is not loaded yet. */
  chosen(index: number, sequence: number | undefined): void;
  /** Enter on a call: its buffers are wanted. */
  entered(): void;
  /** A person scrolled. */
  scrolled(): void;
}

/** The list of calls: a treegrid, whose levels are nested calls. */
export class CallList {
  readonly node: HTMLElement;
  /** Index of the chosen row; -1 for none. */
  private chosen = -1;
  private current: number | null = null;
  /** Characters of the longest callId so far; the column's title needs five. */
  private idLength = 5;
  private readonly grid: HTMLElement;
  private readonly rows: VirtualRows;
  private readonly source: PagedSource<CallSummary>;
  private readonly events: CallListEvents;

  constructor(source: PagedSource<CallSummary>, events: CallListEvents) {
    this.source = source;
    this.events = events;
    const header = element('div', {
      class: 'calls-header',
      role: 'row',
      children: COLUMNS.map(([name, title]) =>
        element('span', { class: `cell cell-${name}`, role: 'columnheader', text: title }),
      ),
    });
    this.grid = element('div', { class: 'calls-rows', role: 'rowgroup' });
    this.node = element('div', {
      class: 'calls',
      role: 'treegrid',
      testId: 'calls',
      attributes: {
        tabindex: '0',
        'aria-label': 'Boundary calls',
        'aria-readonly': 'true',
        'aria-colcount': String(COLUMNS.length),
      },
      children: [header, this.grid],
    });
    this.rows = new VirtualRows(this.grid, 'call', {
      create: createRow,
      render: (row, index) => this.render(row, index),
      shown: (first, last) => this.source.need(first, last),
    });
    this.rows.onUserScroll = () => events.scrolled();
    this.node.addEventListener('keydown', (event) => this.keydown(event));
    this.grid.addEventListener('click', (event) => {
      const row = (event.target as Element).closest<HTMLElement>('.rows-row');
      if (row) this.choose(Number(row.dataset['index']));
    });
    this.grid.addEventListener('dblclick', () => events.entered());
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

  focus(): void {
    this.node.focus();
  }

  private choose(index: number): void {
    if (index < 0 || index >= this.count) return;
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
    if (event.ctrlKey || event.metaKey || event.altKey) return;
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
    if (target !== undefined) this.choose(target);
    else if (event.key === 'Enter' && this.chosen >= 0) this.events.entered();
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
    if (!call) return clearRow(row);
    const current = call.sequence === this.current;
    row.classList.toggle('current', current);
    if (current) row.setAttribute('aria-current', 'true');
    else row.removeAttribute('aria-current');
    row.dataset['sequence'] = String(call.sequence);
    row.dataset['status'] = call.status;
    const depth = depthOf(call, (sequence) => this.bySequence(sequence, index));
    row.setAttribute('aria-level', String(depth + 1));
    row.style.setProperty('--depth', String(Math.min(depth, 12)));
    setText(cell(row, 'id'), String(call.callId));
    this.widenIds(String(call.callId).length);
    renderExport(cell(row, 'export'), call);
    renderBuffer(cell(row, 'argument'), call.argument);
    renderBuffer(cell(row, 'result'), call.result);
    setText(
      cell(row, 'duration'),
      call.durationMicros === undefined ? '' : formatMicros(call.durationMicros),
    );
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

function createRow(): HTMLElement {
  const exportCell = element('span', {
    class: 'cell cell-export',
    role: 'gridcell',
    children: [
      element('span', { class: 'status' }),
      element('span', { class: 'export-name' }),
      element('span', { class: 'problems' }),
    ],
  });
  return element('div', {
    class: 'call-row',
    role: 'row',
    children: COLUMNS.map(([name]) =>
      name === 'export' ? exportCell : element('span', { class: `cell cell-${name}`, role: 'gridcell' }),
    ),
  });
}

function clearRow(row: HTMLElement): void {
  row.removeAttribute('aria-current');
  row.classList.remove('current');
  delete row.dataset['sequence'];
  delete row.dataset['status'];
  for (const [name] of COLUMNS) if (name !== 'export') setText(cell(row, name), name === 'id' ? '…' : '');
  const [status, name, problems] = cell(row, 'export').children;
  status?.replaceChildren();
  problems?.replaceChildren();
  if (name) name.textContent = '';
}

function cell(row: HTMLElement, name: Column): HTMLElement {
  const index = COLUMNS.findIndex(([column]) => column === name);
  return row.children[index] as HTMLElement;
}

function renderExport(target: HTMLElement, call: CallSummary): void {
  const [status, name, problems] = target.children as unknown as HTMLElement[];
  if (!status || !name || !problems) return;
  if (status.dataset['status'] !== call.status) {
    status.dataset['status'] = call.status;
    status.replaceChildren(
      icon(call.status),
      element('span', { class: 'for-readers', text: `${STATUS_WORDS[call.status]}, ` }),
    );
    status.title = STATUS_WORDS[call.status];
  }
  setText(name, call.export);
  if (call.problems > 0 && problems.dataset['count'] !== String(call.problems)) {
    const text = call.problems === 1 ? '1 finding' : `${call.problems} findings`;
    problems.replaceChildren(icon('warning'), element('span', { class: 'for-readers', text }));
    problems.title = text;
  } else if (call.problems === 0) problems.replaceChildren();
  problems.dataset['count'] = String(call.problems);
}

function renderBuffer(target: HTMLElement, buffer: BufferSummary | undefined): void {
  target.classList.toggle('absent', !buffer);
  setText(target, buffer ? visibleText(buffer.preview) : '–');
  target.title = buffer ? `${formatBytes(buffer.size)} at ${formatAddress(buffer.address)}` : '';
}
