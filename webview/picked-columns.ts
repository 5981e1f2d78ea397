import type { CallSummary } from '../protocol/boundary.ts';
import type { DecoderChoice, PickedColumn } from '../protocol/webview.ts';
import type { CallList } from './call-list.ts';
import type { Host } from './host.ts';
import { showMenu } from './menu.ts';
import { columnTitle, MOST_COLUMNS, sameColumn } from './model/call-columns.ts';
import { ColumnValues } from './model/column-values.ts';
import type { PagedSource } from './model/paged-source.ts';

interface PickedColumnsEvents {
  decoders(): Record<string, DecoderChoice>;
  changed(columns: PickedColumn[]): void;
}

/** The columns that a person picked from decoded values, and their values for the rows in view. */
export class PickedColumns {
  private readonly host: Host;
  private readonly list: CallList;
  private readonly source: PagedSource<CallSummary>;
  private readonly events: PickedColumnsEvents;
  private columns: { column: PickedColumn; values: ColumnValues }[] = [];
  private inView: [number, number] = [0, -1];

  constructor(host: Host, list: CallList, source: PagedSource<CallSummary>, events: PickedColumnsEvents) {
    this.host = host;
    this.list = list;
    this.source = source;
    this.events = events;
    list.valueOf = (index, sequence) => this.columns[index]?.values.get(sequence);
  }

  set(columns: readonly PickedColumn[]): void {
    this.columns = columns.map((column) => ({ column, values: this.valuesOf(column) }));
    this.list.setColumns(columns);
    this.need();
  }

  /** The oldest gives way where there are too many. */
  add(column: PickedColumn): void {
    const others = this.columns.map((picked) => picked.column).filter((other) => !sameColumn(other, column));
    this.change([...others, column].slice(-MOST_COLUMNS));
  }

  showMenu(index: number, at: HTMLElement): void {
    const picked = this.columns[index];
    if (!picked) return;
    const rest = this.columns.filter((other) => other !== picked).map(({ column }) => column);
    showMenu([{ label: `Remove ${columnTitle(picked.column)}`, run: () => this.change(rest) }], at);
  }

  shown(first: number, last: number): void {
    this.inView = [first, last];
    this.need();
  }

  /** Buffers may have changed, or the way they are decoded. */
  invalidate(): void {
    for (const { values } of this.columns) values.invalidate();
    this.need();
  }

  /** Another session's calls are shown. */
  clear(): void {
    this.set(this.columns.map(({ column }) => column));
  }

  private change(columns: PickedColumn[]): void {
    this.set(columns);
    this.events.changed(columns);
  }

  private need(): void {
    if (this.columns.length === 0) return;
    const sequences: number[] = [];
    for (let index = this.inView[0]; index <= this.inView[1]; index++) {
      const call = this.source.get(index);
      if (call) sequences.push(call.sequence);
    }
    for (const { values } of this.columns) values.need(sequences);
  }

  private valuesOf(column: PickedColumn): ColumnValues {
    return new ColumnValues(
      async (sequences) => {
        const decoders = this.events.decoders();
        return (await this.host.request({ type: 'requestColumn', column, sequences, decoders })).values;
      },
      () => this.list.refresh(),
    );
  }
}
