import type { ComparedSide, DifferenceCount } from '../protocol/comparing.ts';
import { element, setText, uniqueId } from './dom.ts';
import type { SharedSettings } from './hex-settings.ts';
import { HexView } from './hex-view.ts';
import { icon } from './icons.ts';
import type { ByteRange } from './model/byte-selection.ts';
import { formatBytes } from './model/format.ts';

/** Two buffers, whose bytes are read as they are seen. What is asked rejects with a sentence. */
export interface ComparedPair {
  sides: readonly [ComparedSide, ComparedSide];
  load(side: 0 | 1, start: number, count: number): Promise<Uint8Array>;
  count(): Promise<DifferenceCount>;
  /** The place after `from` or before it, going round; null where nothing differs. */
  difference(from: number, backwards: boolean): Promise<ByteRange | null>;
}

/** Two buffers beside each other, with the bytes marked that differ. */
export class CompareView {
  readonly node: HTMLElement;
  private readonly sides: { hex: HexView; title: HTMLElement; pane: HTMLElement }[];
  private readonly summary = element('span', {
    class: 'buffer-facts',
    role: 'status',
    testId: 'compare-summary',
  });
  private readonly hint = element('p', {
    class: 'details-message',
    text:
      'Nothing is compared yet. The menu of a buffer compares it with the other one or with memory now; the menu of a ' +
      'call marks it, and compares another call with it. Above, the calls of two sessions are compared.',
  });
  private readonly content: HTMLElement;
  private pair: ComparedPair | null = null;
  private shown = 0;

  constructor(settings: SharedSettings) {
    this.sides = ['Left', 'Right'].map((side) => {
      const titleId = uniqueId('compared');
      const hex = new HexView(`${side} bytes`);
      const title = element('h3', { attributes: { id: titleId } });
      const pane = element('section', {
        class: 'compared',
        attributes: { 'aria-labelledby': titleId },
        children: [title, element('div', { class: 'hex-pane', children: [hex.node] })],
      });
      return { hex, title, pane };
    });
    this.content = element('div', {
      class: 'compare-content',
      children: [
        element('div', {
          class: 'buffer-head',
          children: [this.step('previous', true), this.step('next', false), this.summary],
        }),
        element('div', { class: 'compare-panes', children: this.sides.map(({ pane }) => pane) }),
      ],
    });
    this.node = element('div', {
      class: 'compare-view',
      testId: 'compare-view',
      children: [this.hint, this.content],
    });
    this.content.hidden = true;
    this.join(settings);
  }

  show(pair: ComparedPair): void {
    this.hint.hidden = true;
    this.content.hidden = false;
    this.pair = pair;
    this.shown++;
    setText(this.summary, 'Looking for differences…');
    for (const [index, { title, address, size }] of pair.sides.entries()) {
      const side = this.sides[index];
      if (!side) continue;
      setText(side.title, `${title}, ${formatBytes(size)}`);
      side.title.title = title;
      side.hex.show({
        key: `compared ${this.shown}`,
        address,
        size,
        load: (start, count) => pair.load(index as 0 | 1, start, count),
      });
    }
    this.fit();
    void this.describe(pair);
    void this.goToDifference(pair, -1, false);
  }

  /** Says why there is nothing to compare. */
  showNothing(why: string): void {
    this.pair = null;
    this.content.hidden = true;
    this.hint.hidden = false;
    setText(this.hint, why);
  }

  private async describe(pair: ComparedPair): Promise<void> {
    let said: string;
    try {
      said = describeCount(await pair.count());
    } catch (error) {
      said = (error as Error).message;
    }
    if (pair === this.pair) setText(this.summary, said);
  }

  private async goToDifference(pair: ComparedPair, from: number, backwards: boolean): Promise<void> {
    try {
      const range = await pair.difference(from, backwards);
      if (pair === this.pair && range) this.goTo(range);
    } catch (error) {
      if (pair === this.pair) setText(this.summary, (error as Error).message);
    }
  }

  /** Both scroll and mark together. */
  private join(settings: SharedSettings): void {
    for (const [index, { hex, pane }] of this.sides.entries()) {
      const other = this.sides[1 - index]?.hex;
      hex.markOf = (offset) => (this.differs(offset) ? ' differs' : '');
      hex.onSelected = (range) => other?.setHighlight(range, false);
      hex.onScrolled = () => other?.scrollLike(hex);
      hex.onBytes = () => other?.refresh();
      new ResizeObserver(() => this.fit()).observe(pane);
    }
    settings.subscribe(() => {
      for (const { hex } of this.sides) hex.setOptions(settings.current.hex);
    });
  }

  /** Whether the byte is another in the other buffer, or not there; false while one is on its way. */
  private differs(offset: number): boolean {
    const [left, right] = this.sides.map(({ hex }) => hex.valueAt(offset));
    const [one, other] = this.pair?.sides ?? [];
    if (!one || !other) return false;
    if (offset >= one.size || offset >= other.size) return true;
    return left !== undefined && right !== undefined && left !== right;
  }

  private fit(): void {
    // Rows of both must hold the same bytes: the narrower decides.
    const width = Math.min(...this.sides.map(({ pane }) => pane.clientWidth));
    for (const { hex } of this.sides) hex.fitTo(width);
  }

  private goTo(range: readonly [number, number]): void {
    for (const { hex } of this.sides) hex.setHighlight(range, true);
    this.sides[0]?.hex.select(range);
  }

  private step(name: 'previous' | 'next', backwards: boolean): HTMLButtonElement {
    const title = backwards ? 'Previous Difference' : 'Next Difference';
    const button = element('button', {
      class: 'tool',
      title,
      testId: `difference-${name}`,
      attributes: { type: 'button', 'aria-label': title },
      children: [icon(name)],
    });
    button.addEventListener('click', () => {
      const from = this.sides[0]?.hex.selected?.[0] ?? -1;
      if (this.pair) void this.goToDifference(this.pair, from, backwards);
    });
    return button;
  }
}

function describeCount({ bytes, places }: DifferenceCount): string {
  if (bytes === 0) return 'No byte differs.';
  const where = places === 1 ? 'one place' : `${places} places`;
  return `${formatBytes(bytes)} differ${bytes === 1 ? 's' : ''}, in ${where}.`;
}
