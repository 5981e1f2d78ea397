import type { CallOrder, CallSummary } from '../protocol/boundary.ts';
import type { Host } from './host.ts';
import { PagedSource } from './model/paged-source.ts';

/** Summaries fetched at once. */
const PAGE = 100;
/** Rows of a filtered or sorted list among which a call is looked for. */
const MOST_SEARCHED = 1000;

interface ListedCallsEvents {
  /** Rows have come, or could not be loaded. */
  loaded(): void;
  /** It is known how many calls match the filter, or it is not searched for any more. */
  counted(): void;
}

/** The calls that the list shows: which of them, in which order, in pages. */
export class ListedCalls {
  readonly source = new PagedSource<CallSummary>(
    PAGE,
    (start, count) => this.load(start, count),
    () => this.events.loaded(),
  );
  private readonly host: Host;
  private readonly events: ListedCallsEvents;
  private wanted: { query: string; order: CallOrder | undefined } = { query: '', order: undefined };
  private matching: number | undefined;
  /** The first calls of the session that is shown when the view opens; null where they were not asked for, or are used. */
  private first: Promise<CallSummary[] | null> | null = null;
  /** The filter's first answer is on its way. */
  isSearching = false;

  constructor(host: Host, events: ListedCallsEvents) {
    this.host = host;
    this.events = events;
  }

  get query(): string {
    return this.wanted.query;
  }

  /** Undefined for the order of the calls. */
  get order(): CallOrder | undefined {
    return this.wanted.order;
  }

  /** Calls that match the filter; undefined where there is none. */
  get found(): number | undefined {
    return this.matching;
  }

  /** Without a filter or an order of its own, a call's index is its sequence. */
  get inOrder(): boolean {
    return this.query === '' && !this.order;
  }

  /** Calls of another session are listed: as they come. */
  clear(): void {
    this.wanted = { query: '', order: undefined };
    this.matching = undefined;
    this.isSearching = false;
    this.source.clear();
  }

  setQuery(query: string): void {
    this.isSearching = query !== '';
    this.wanted = { ...this.wanted, query };
    this.matching = query === '' ? undefined : 0;
    this.loadAnew();
  }

  setOrder(order: CallOrder | undefined): void {
    this.wanted = { ...this.wanted, order };
    this.loadAnew();
  }

  /** Among what is loaded. */
  get(sequence: number): CallSummary | undefined {
    return this.inOrder ? this.source.get(sequence) : this.source.find((call) => call.sequence === sequence);
  }

  /** @param count rows of the list. @returns -1 where the call is not among the first rows, or not loaded */
  indexOf(sequence: number, count: number): number {
    if (this.inOrder) return sequence;
    for (let index = 0; index < Math.min(count, MOST_SEARCHED); index++)
      if (this.source.get(index)?.sequence === sequence) return index;
    return -1;
  }

  /** Asks for the first calls before it is known which there are: they come with what tells that. */
  preload(): void {
    this.first = this.host.request({ type: 'requestCalls', start: 0, count: PAGE }).then(
      ({ calls }) => calls,
      // There is no session yet.
      () => null,
    );
  }

  /** The calls have changed. The first are asked for before the list has drawn that it has rows. */
  refresh(): void {
    this.source.invalidate();
    if (this.source.isUnasked) this.source.need(0, PAGE - 1);
    // What changes from now on it does not have.
    this.first = null;
  }

  private loadAnew(): void {
    this.source.clear();
    this.source.need(0, PAGE - 1);
  }

  private async load(start: number, count: number): Promise<CallSummary[]> {
    const first = start === 0 && this.inOrder ? await this.first : null;
    if (first) return first;
    const { query, order } = this.wanted;
    const answer = await this.host.request({
      type: 'requestCalls',
      start,
      count,
      ...(query !== '' && { query }),
      ...(order && { sort: order }),
    });
    if (query === this.query) {
      this.matching = query === '' ? undefined : answer.total;
      this.isSearching = false;
      this.events.counted();
    }
    return answer.calls;
  }
}
