/** Pages kept around the one that was asked for last. */
const KEPT_PAGES = 64;

/**
 * Items that are fetched in pages as they come into view. After `invalidate` the old items stay visible until newer ones
 * have come, so that a list which changes twenty times a second does not flicker.
 */
export class PagedSource<T> {
  /** Why the last page could not be loaded; null while all is well. */
  failure: string | null = null;
  private readonly pageSize: number;
  private readonly load: (start: number, count: number) => Promise<ArrayLike<T>>;
  private readonly loaded: () => void;
  private readonly pages = new Map<number, { items: ArrayLike<T>; version: number }>();
  private readonly underWay = new Set<number>();
  private version = 0;
  /** Counts `clear`: answers from before are ignored. */
  private epoch = 0;
  private wanted: [number, number] = [0, -1];

  /** @param loaded called after each page that came, and after each failure */
  constructor(
    pageSize: number,
    load: (start: number, count: number) => Promise<ArrayLike<T>>,
    loaded: () => void,
  ) {
    this.pageSize = pageSize;
    this.load = load;
    this.loaded = loaded;
  }

  /** Whether nothing was needed so far. */
  get isUnasked(): boolean {
    return this.wanted[1] < this.wanted[0];
  }

  get(index: number): T | undefined {
    return this.pages.get(Math.floor(index / this.pageSize))?.items[index % this.pageSize];
  }

  /** Among what is loaded. */
  find(matches: (item: T) => boolean): T | undefined {
    for (const { items } of this.pages.values())
      for (let index = 0; index < items.length; index++) {
        const item = items[index];
        if (item !== undefined && matches(item)) return item;
      }
    return undefined;
  }

  /** Sees to it that items `first` to `last` are there, or are on their way. */
  need(first: number, last: number): void {
    if (last < first) return;
    this.wanted = [Math.floor(first / this.pageSize), Math.floor(last / this.pageSize)];
    for (let page = this.wanted[0]; page <= this.wanted[1]; page++) this.fetch(page);
  }

  /** What is there is old: what is in view is fetched again. */
  invalidate(): void {
    this.version++;
    this.failure = null;
    for (let page = this.wanted[0]; page <= this.wanted[1]; page++) this.fetch(page);
  }

  /** Forgets everything; answers that are still on their way are ignored. */
  clear(): void {
    this.version++;
    this.epoch++;
    this.failure = null;
    this.pages.clear();
    this.underWay.clear();
    this.wanted = [0, -1];
  }

  private fetch(page: number): void {
    if (this.failure !== null || this.underWay.has(page)) return;
    if (this.pages.get(page)?.version === this.version) return;
    const { version, epoch } = this;
    this.underWay.add(page);
    this.load(page * this.pageSize, this.pageSize).then(
      (items) => {
        if (epoch === this.epoch) this.accept(page, version, items);
      },
      (error: unknown) => {
        if (epoch !== this.epoch) return;
        this.underWay.delete(page);
        if (version === this.version) this.failure = error instanceof Error ? error.message : String(error);
        this.loaded();
      },
    );
  }

  private accept(page: number, version: number, items: ArrayLike<T>): void {
    this.underWay.delete(page);
    this.pages.set(page, { items, version });
    this.forgetFarthest(page);
    const [first, last] = this.wanted;
    // Overtaken by `invalidate`: what is in view is asked for again.
    if (version !== this.version && page >= first && page <= last) this.fetch(page);
    this.loaded();
  }

  private forgetFarthest(from: number): void {
    if (this.pages.size <= KEPT_PAGES) return;
    const farthest = [...this.pages.keys()].reduce((one, other) =>
      Math.abs(one - from) >= Math.abs(other - from) ? one : other,
    );
    this.pages.delete(farthest);
  }
}
