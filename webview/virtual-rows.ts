import { element } from './dom.ts';
import { RowWindow } from './model/row-window.ts';

/** Rows drawn beyond each edge, so that a slow frame shows no gap. */
const OVERSCAN = 4;

/** Pixels. A mistake in a style sheet must not draw millions of rows. */
const TALLEST_VIEWPORT = 8000;

export interface RowRenderer {
  /** An empty row; rows are reused for other indices. */
  create(): HTMLElement;
  /** Fills a row. Its `id`, position and `data-index` are set already. */
  render(row: HTMLElement, index: number): void;
  /** The rows between are in view, or about to be. */
  shown?(first: number, last: number): void;
}

/** Lists whose size has changed, by what scrolls them. */
const measured = new WeakMap<Element, VirtualRows>();
/** One for all lists: they are looked at together, and changed after that, so that the page is laid out once. */
const sizes = new ResizeObserver((entries) => {
  const changed = entries.flatMap(({ target }) => measured.get(target) ?? []);
  const probes = changed.map((rows) => rows.probe());
  const read = changed.map((rows, index) => rows.readSizes(probes[index]));
  for (const [index, rows] of changed.entries()) rows.setSizes(read[index], probes[index]);
});

/** Pixels; a row of no height is not seen. */
interface Sizes {
  row: number;
  viewport: number;
  scrollTop: number;
}

/**
 * A scrolled list that only has the elements of the rows in view, however many rows there are. The rows lie in a layer
 * that sticks to the viewport, because a buffer of 64 MiB has more rows than a browser can place.
 */
export class VirtualRows {
  readonly window = new RowWindow();
  /** Holds the rows; give it a role where the rows' own role asks for one. */
  readonly layer = element('div', { class: 'rows-layer', role: 'presentation' });
  private readonly scroller: HTMLElement;
  private readonly renderer: RowRenderer;
  private readonly idPrefix: string;
  private readonly spacer = element('div', { class: 'rows-spacer', role: 'presentation' });
  private readonly rows = new Map<number, HTMLElement>();
  private frame = 0;
  /** Wait until the rows that have changed are painted. */
  private waiting: (() => void)[] = [];
  /** Where the scroll bar stands: to ask for it would lay out the page. */
  private scrollTop = 0;
  /** The user scrolled: not this class, and not a change of size. */
  onUserScroll: () => void = () => undefined;
  /** Other rows are in view, whoever scrolled. */
  onScrolled: () => void = () => undefined;

  /**
   * @param scroller scrolls vertically
   * @param idPrefix makes the ids of rows, for aria-activedescendant
   */
  constructor(scroller: HTMLElement, idPrefix: string, renderer: RowRenderer) {
    this.scroller = scroller;
    this.renderer = renderer;
    this.idPrefix = idPrefix;
    scroller.classList.add('rows-scroller');
    this.spacer.append(this.layer);
    scroller.append(this.spacer);
    scroller.addEventListener('scroll', () => {
      this.scrollTop = scroller.scrollTop;
      this.window.scrolledTo(this.scrollTop);
      this.draw();
      this.onScrolled();
    });
    scroller.addEventListener('wheel', (event) => this.wheel(event), { passive: false });
    scroller.addEventListener('pointerdown', (event) => {
      // The scroll bar itself: it lies outside the content box.
      if (event.offsetX > scroller.clientWidth) this.onUserScroll();
    });
    measured.set(scroller, this);
    sizes.observe(scroller);
  }

  idOf(index: number): string {
    return `${this.idPrefix}-${index}`;
  }

  rowAt(index: number): HTMLElement | undefined {
    return this.rows.get(index);
  }

  setCount(count: number): void {
    if (this.window.count !== count) {
      this.window.count = count;
      this.place();
    }
    this.refresh();
  }

  /** Makes every row anew: what a row consists of has changed. */
  recreate(): void {
    for (const row of this.rows.values()) row.remove();
    this.rows.clear();
    this.refresh();
  }

  /** Draws every row in view again, with the next frame. */
  refresh(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw(true);
      const waiting = this.waiting.splice(0);
      if (waiting.length > 0) setTimeout(() => waiting.forEach((painted) => painted()));
    });
  }

  /** Until all that has changed so far is seen. */
  async painted(): Promise<void> {
    if (this.frame !== 0) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  /** Scrolls as little as needed to show a row. */
  reveal(index: number): void {
    if (this.window.viewport === 0) this.measure();
    if (this.window.reveal(index)) this.place();
    this.draw();
  }

  /** @param top pixels of the whole list, as `window.top` */
  scrollTo(top: number): void {
    if (this.window.top === top) return;
    this.window.top = top;
    this.place();
    this.draw();
  }

  scrollToTop(): void {
    this.window.top = 0;
    this.place();
    this.refresh();
  }

  /** Takes the sizes from the page: the font and the view's size can change at any time. */
  private measure(): void {
    const probe = this.probe();
    this.setSizes(this.readSizes(probe), probe);
  }

  /** A row to measure, where there is none yet. */
  probe(): HTMLElement | undefined {
    return this.rows.size === 0 ? this.newRow() : undefined;
  }

  /** Changes nothing. */
  readSizes(probe: HTMLElement | undefined): Sizes {
    const [row = probe] = this.rows.values();
    const { clientHeight: viewport, scrollTop } = this.scroller;
    return { row: row?.getBoundingClientRect().height ?? 0, viewport, scrollTop };
  }

  setSizes(sizes: Sizes | undefined, probe: HTMLElement | undefined): void {
    probe?.remove();
    if (!sizes || sizes.row === 0) return;
    const { row: height, viewport } = sizes;
    // What was hidden has forgotten it.
    this.scrollTop = sizes.scrollTop;
    const { top } = this.window;
    const firstRow = top / this.window.rowHeight;
    if (height !== this.window.rowHeight) this.window.top = firstRow * height;
    this.window.rowHeight = height;
    this.window.viewport = Math.min(viewport, TALLEST_VIEWPORT);
    this.place();
    this.draw(true);
  }

  private place(): void {
    this.spacer.style.height = `${this.window.scrollHeight}px`;
    this.layer.style.height = `${Math.min(this.window.viewport, this.window.height)}px`;
    if (Math.abs(this.scrollTop - this.window.scrollTop) < 1) return;
    this.scrollTop = this.window.scrollTop;
    this.scroller.scrollTop = this.scrollTop;
  }

  /** A scaled scroll bar would make the wheel jump over rows. */
  private wheel(event: WheelEvent): void {
    if (event.deltaY !== 0) this.onUserScroll();
    if (!this.window.scaled || event.ctrlKey || event.deltaY === 0) return;
    event.preventDefault();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? this.window.rowHeight : 1;
    this.window.top += event.deltaY * unit;
    this.place();
    this.draw();
  }

  private draw(all = false): void {
    const [firstVisible, lastVisible] = this.window.visible;
    if (this.window.viewport === 0) return;
    const first = Math.max(0, firstVisible - OVERSCAN);
    const last = Math.min(this.window.count - 1, lastVisible + OVERSCAN);
    const spare: HTMLElement[] = [];
    for (const [index, row] of this.rows)
      if (index < first || index > last) {
        this.rows.delete(index);
        spare.push(row);
      }
    if (last >= first) this.renderer.shown?.(first, last);
    for (let index = first; index <= last; index++) {
      let row = this.rows.get(index);
      const fresh = !row;
      row ??= spare.pop() ?? this.newRow();
      if (fresh) {
        row.id = this.idOf(index);
        row.dataset['index'] = String(index);
        this.rows.set(index, row);
      }
      row.style.transform = `translateY(${index * this.window.rowHeight - this.window.top}px)`;
      if (fresh || all) this.renderer.render(row, index);
    }
    for (const row of spare) row.remove();
  }

  private newRow(): HTMLElement {
    const row = this.renderer.create();
    row.classList.add('rows-row');
    this.layer.append(row);
    return row;
  }
}
