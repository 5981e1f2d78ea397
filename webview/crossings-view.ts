import type { Crossing } from '../protocol/boundary.ts';
import type { CallView } from '../protocol/webview.ts';
import { element, setText, uniqueId } from './dom.ts';
import type { Host } from './host.ts';
import { icon } from './icons.ts';
import { formatMicros, formatTypes, formatValues } from './model/format.ts';
import { PagedSource } from './model/paged-source.ts';
import { VirtualRows } from './virtual-rows.ts';

const PAGE = 100;
const COLUMNS = [
  ['at', 'At'],
  ['import', 'Import'],
  ['params', 'Parameters'],
  ['results', 'Results'],
  ['duration', 'Time'],
] as const;
const ROLE_WORDS = { storeArgument: 'stores the argument', returnResult: 'returns the result' } as const;

/** The crossings of a call, in order: a table that can be folded away. */
export class CrossingsView {
  readonly node: HTMLElement;
  /** Folded out or in by a person. */
  onToggle: (open: boolean) => void = () => undefined;
  private readonly host: Host;
  private readonly toggle: HTMLButtonElement;
  private readonly label = element('span');
  private readonly table: HTMLElement;
  private readonly scroller = element('div', { class: 'crossings-rows', role: 'rowgroup' });
  private readonly rows: VirtualRows;
  private source: PagedSource<Crossing> | null = null;
  private previous: PagedSource<Crossing> | null = null;
  private call: CallView | null = null;
  private open = false;

  constructor(host: Host) {
    this.host = host;
    const id = uniqueId('crossings');
    this.toggle = element('button', {
      class: 'section-toggle',
      testId: 'crossings-toggle',
      attributes: { type: 'button', 'aria-controls': id },
      children: [element('span', { class: 'twistie' }), this.label],
    });
    this.toggle.addEventListener('click', () => {
      this.setOpen(!this.open);
      this.onToggle(this.open);
    });
    this.table = element('div', {
      class: 'crossings-table',
      role: 'table',
      attributes: { id, 'aria-label': 'Crossings', tabindex: '0' },
      children: [
        element('div', {
          class: 'crossing-row crossings-header',
          role: 'row',
          children: COLUMNS.map(([name, title]) =>
            element('span', { class: `cell crossing-${name}`, role: 'columnheader', text: title }),
          ),
        }),
        this.scroller,
      ],
    });
    this.rows = new VirtualRows(this.scroller, uniqueId('crossing'), {
      create: () =>
        element('div', {
          class: 'crossing-row',
          role: 'row',
          children: COLUMNS.map(([name]) =>
            element('span', { class: `cell crossing-${name}`, role: 'cell' }),
          ),
        }),
      render: (row, index) => this.render(row, index),
      shown: (first, last) => this.source?.need(first, last),
    });
    this.node = element('section', {
      class: 'crossings',
      testId: 'crossings',
      children: [this.toggle, this.table],
    });
    this.setOpen(false);
  }

  setOpen(open: boolean): void {
    this.open = open;
    this.toggle.setAttribute('aria-expanded', String(open));
    this.toggle.firstElementChild?.replaceChildren(icon(open ? 'expanded' : 'collapsed'));
    this.table.hidden = !open;
  }

  show(call: CallView): void {
    const { view } = call;
    this.previous = this.call?.sequence === call.sequence ? this.source : null;
    this.call = call;
    this.node.hidden = call.crossingCount === 0;
    setText(this.label, call.crossingCount === 1 ? '1 Crossing' : `${call.crossingCount} Crossings`);
    this.source = new PagedSource(
      PAGE,
      async (start, count) =>
        (await this.host.request({ type: 'requestCrossings', view, start, count })).crossings,
      () => this.rows.refresh(),
    );
    this.table.style.setProperty('--rows', String(call.crossingCount));
    this.rows.setCount(call.crossingCount);
  }

  private render(row: HTMLElement, index: number): void {
    const crossing = this.source?.get(index) ?? this.previous?.get(index);
    const [at, name, params, results, duration] = row.children as unknown as HTMLElement[];
    if (!at || !name || !params || !results || !duration) return;
    const start = this.call?.startMicros ?? 0;
    setText(at, crossing ? `+${formatMicros(crossing.startMicros - start)}` : '…');
    setText(name, crossing?.import ?? '');
    name.title = crossing?.role
      ? `${crossing.import} ${ROLE_WORDS[crossing.role]}`
      : (crossing?.import ?? '');
    row.dataset['role'] = crossing?.role ?? '';
    setText(params, crossing ? formatValues(crossing.params) : '');
    params.title = crossing ? formatTypes(crossing.params) : '';
    setText(results, crossing ? formatValues(crossing.results) : '');
    setText(duration, crossing?.durationMicros === undefined ? '' : formatMicros(crossing.durationMicros));
  }
}
