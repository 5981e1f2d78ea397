import { element, setText, uniqueId } from './dom.ts';
import type { SharedSettings } from './hex-settings.ts';
import { HexView } from './hex-view.ts';
import { icon } from './icons.ts';
import { diffBytes, isInRanges, nextRange, type ByteDiff } from './model/byte-diff.ts';
import { formatBytes } from './model/format.ts';

/** Bytes of each side that are compared: both are held whole. */
export const MOST_COMPARED = 1024 * 1024;

/** One of two buffers. */
export interface ComparedSide {
  title: string;
  /** Byte address in linear memory. */
  address: number;
  /** Bytes, of which the first MOST_COMPARED are in `bytes`. */
  size: number;
  bytes: Uint8Array;
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
      'call marks it, and compares another call with it.',
  });
  private readonly content: HTMLElement;
  private diff: ByteDiff = { ranges: [], count: 0 };
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

  show(sides: readonly [ComparedSide, ComparedSide]): void {
    this.hint.hidden = true;
    this.content.hidden = false;
    this.diff = diffBytes(sides[0].bytes, sides[1].bytes);
    setText(this.summary, describe(this.diff, sides));
    this.shown++;
    for (const [index, { title, address, bytes, size }] of sides.entries()) {
      const side = this.sides[index];
      if (!side) continue;
      setText(side.title, `${title}, ${formatBytes(size)}`);
      side.hex.show({
        key: `compared ${this.shown}`,
        address,
        size: bytes.length,
        load: (start, count) => Promise.resolve(bytes.subarray(start, start + count)),
      });
    }
    this.fit();
    const first = this.diff.ranges[0];
    if (first) this.goTo(first);
  }

  /** Both scroll and mark together. */
  private join(settings: SharedSettings): void {
    for (const [index, { hex, pane }] of this.sides.entries()) {
      const other = this.sides[1 - index]?.hex;
      hex.markOf = (offset) => (isInRanges(this.diff.ranges, offset) ? ' differs' : '');
      hex.onSelected = (range) => other?.setHighlight(range, false);
      hex.onScrolled = () => other?.scrollLike(hex);
      new ResizeObserver(() => this.fit()).observe(pane);
    }
    settings.subscribe(() => {
      for (const { hex } of this.sides) hex.setOptions(settings.current.hex);
    });
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
      const range = nextRange(this.diff.ranges, from, backwards);
      if (range) this.goTo(range);
    });
    return button;
  }
}

function describe({ ranges, count }: ByteDiff, sides: readonly [ComparedSide, ComparedSide]): string {
  const [one, other] = sides;
  const cut = [one, other].some(({ size, bytes }) => size > bytes.length)
    ? ` Only the first ${formatBytes(MOST_COMPARED)} are compared.`
    : '';
  if (count === 0) return `No byte differs.${cut}`;
  const places = ranges.length === 1 ? 'one place' : `${ranges.length} places`;
  return `${formatBytes(count)} differ${count === 1 ? 's' : ''}, in ${places}.${cut}`;
}
