import type { CallSummary } from '../protocol/boundary.ts';
import { element, setText, uniqueId } from './dom.ts';
import { HostTimes } from './host-times.ts';
import type { Host } from './host.ts';
import { formatMicros } from './model/format.ts';
import { hostMicros, hostParts, layOut, moved, ticks, zoomed, type TimeRange } from './model/timeline.ts';

/** Crossings of the chosen call that its times are made from. */
const MOST_CROSSINGS = 1000;
/** Pixels between two times of the axis, at least. */
const TICK_PIXELS = 110;
/** Pixels of a bar in which time in the host is told from time in the guest, at least. */
const LEAST_DIVIDED = 12;

interface TimelineEvents {
  /** Sequence of the call that the inspector shows. */
  chosen(): number | null;
  /** A call is to be shown with its buffers. */
  opened(sequence: number): void;
  total(): number;
}

/** Calls as bars over time, a row for each level of nesting. */
export class TimelineView {
  readonly node: HTMLElement;
  private readonly host: Host;
  private readonly events: TimelineEvents;
  private readonly axis = element('div', { class: 'time-axis', attributes: { 'aria-hidden': 'true' } });
  private readonly bars: HTMLElement;
  private readonly facts = element('span', {
    class: 'buffer-facts',
    role: 'status',
    testId: 'timeline-facts',
  });
  private readonly id = uniqueId('bar');
  private readonly times: HostTimes;
  private range: TimeRange | null = null;
  private end = 0;
  private calls: CallSummary[] = [];
  private chosen: number | null = null;
  private loading = false;
  private wanted = false;
  /** Only the newest call's times are told. */
  private described = 0;

  constructor(host: Host, events: TimelineEvents) {
    this.host = host;
    this.events = events;
    this.times = new HostTimes(host, () => this.draw());
    this.bars = element('div', {
      class: 'time-bars',
      role: 'listbox',
      testId: 'timeline',
      attributes: { tabindex: '0', 'aria-label': 'Calls over time' },
    });
    this.node = element('section', {
      class: 'timeline-view',
      testId: 'timeline-view',
      attributes: { 'aria-label': 'Timeline' },
      children: [
        element('div', {
          class: 'buffer-head',
          children: [
            this.button('Zoom In', () => this.zoom(0.5)),
            this.button('Zoom Out', () => this.zoom(2)),
            this.button('Whole Session', () => this.setRange(null)),
            this.button('Export as Chrome Trace…', () => host.post({ type: 'exportTrace' })),
            element('span', {
              class: 'host-key',
              children: [element('span', { class: 'bar-host' }), element('span', { text: 'in the host' })],
            }),
            this.facts,
          ],
        }),
        this.axis,
        this.bars,
      ],
    });
    this.bars.addEventListener('click', (event) => this.choose(sequenceOf(event)));
    this.bars.addEventListener('dblclick', (event) => {
      const sequence = sequenceOf(event);
      if (sequence !== null) events.opened(sequence);
    });
    this.bars.addEventListener('wheel', (event) => this.wheel(event), { passive: false });
    this.bars.addEventListener('keydown', (event) => this.keydown(event));
    new ResizeObserver(() => this.draw()).observe(this.bars);
  }

  /** Fetches the calls of the range again where the view is open. */
  refresh(): void {
    this.wanted = true;
    if (!this.loading && !this.node.hidden) void this.load();
  }

  /** Another session's calls are shown. */
  clear(): void {
    this.range = null;
    this.chosen = null;
    this.calls = [];
    this.times.clear();
  }

  private get whole(): TimeRange {
    return [0, Math.max(1, this.end)];
  }

  private async load(): Promise<void> {
    this.loading = true;
    try {
      while (this.wanted) {
        this.wanted = false;
        const [from, to] = this.range ?? [0, Number.MAX_SAFE_INTEGER];
        const { part } = await this.host.request({ type: 'requestTimeline', from, to });
        this.calls = part.calls;
        this.end = part.end;
        this.chosen ??= this.events.chosen();
        this.draw();
        const more = part.omitted > 0 ? ` ${part.omitted} more calls follow: zoom in to see them.` : '';
        setText(this.facts, `${this.calls.length} calls in ${formatMicros(this.span)}.${more}`);
      }
    } catch (error) {
      setText(this.facts, (error as Error).message);
    } finally {
      this.loading = false;
    }
  }

  private get span(): number {
    const [from, to] = this.range ?? this.whole;
    return to - from;
  }

  private draw(): void {
    const range = this.range ?? this.whole;
    const width = this.bars.clientWidth;
    if (width === 0) return;
    this.axis.replaceChildren(
      ...ticks(range, width / TICK_PIXELS).map((at) => {
        const tick = element('span', { class: 'tick', text: formatMicros(at) });
        tick.style.left = `${((at - range[0]) / (range[1] - range[0])) * 100}%`;
        return tick;
      }),
    );
    const bySequence = new Map(this.calls.map((call) => [call.sequence, call]));
    this.bars.replaceChildren(
      ...layOut(this.calls, range, width).map(({ sequence, count, left, width: share, depth, trapped }) => {
        const call = bySequence.get(sequence);
        const name = call ? `${call.export} (${call.callId})` : '';
        const time = call?.durationMicros === undefined ? 'running' : formatMicros(call.durationMicros);
        const label = count === 1 ? `${name}, ${time}` : `${count} calls from ${name} on`;
        const parts = call && count === 1 ? this.partsOf(call, range) : [];
        const bar = element('div', {
          class: `bar${trapped ? ' trapped' : ''}${sequence === this.chosen ? ' chosen' : ''}`,
          role: 'option',
          title: label,
          attributes: {
            id: `${this.id}-${sequence}`,
            'aria-label': label,
            'aria-selected': String(sequence === this.chosen),
            'data-sequence': String(sequence),
          },
          children: [
            element('span', { class: 'bar-name', text: count === 1 ? (call?.export ?? '') : String(count) }),
            ...parts,
          ],
        });
        bar.style.left = `${left * 100}%`;
        bar.style.width = `${share * 100}%`;
        bar.style.setProperty('--depth', String(depth));
        return bar;
      }),
    );
    void this.times.need(this.calls.filter((call) => this.isWide(call, range, width)));
    const active = this.chosen === null ? null : document.getElementById(`${this.id}-${this.chosen}`);
    if (active) this.bars.setAttribute('aria-activedescendant', active.id);
    else this.bars.removeAttribute('aria-activedescendant');
  }

  /** Whether its bar has room for more than its edges. */
  private isWide({ durationMicros = 0 }: CallSummary, range: TimeRange, width: number): boolean {
    return (durationMicros / (range[1] - range[0])) * width >= LEAST_DIVIDED;
  }

  /** When the call was in the host, inside its bar. */
  private partsOf(call: CallSummary, range: TimeRange): HTMLElement[] {
    const crossings = this.times.of(call.sequence);
    if (!crossings) return [];
    const nested = this.calls.filter(({ parent }) => parent === call.sequence);
    return hostParts(call, crossings, nested, range).map(({ left, width }) => {
      const part = element('span', { class: 'bar-host', attributes: { 'aria-hidden': 'true' } });
      part.style.left = `${left * 100}%`;
      part.style.width = `${width * 100}%`;
      return part;
    });
  }

  private choose(sequence: number | null): void {
    if (sequence === null) return;
    this.chosen = sequence;
    this.draw();
    void this.describe(sequence);
  }

  /** Time in the guest against time in the host. */
  private async describe(sequence: number): Promise<void> {
    const described = ++this.described;
    try {
      const { call } = await this.host.request({ type: 'requestCall', sequence });
      const { crossings } = await this.host.request({
        type: 'requestCrossings',
        view: call.view,
        start: 0,
        count: MOST_CROSSINGS,
      });
      if (described !== this.described) return;
      const name = `${call.export} (${call.callId})`;
      if (call.durationMicros === undefined) return setText(this.facts, `${name} still runs.`);
      const nested = this.calls.filter(({ parent }) => parent === sequence);
      const host = hostMicros(crossings, nested);
      const guest = Math.max(0, call.durationMicros - host);
      setText(
        this.facts,
        `${name}: ${formatMicros(call.durationMicros)}, of it ${formatMicros(guest)} in the guest and ` +
          `${formatMicros(host)} in the host. Enter shows its buffers.`,
      );
    } catch (error) {
      if (described === this.described) setText(this.facts, (error as Error).message);
    }
  }

  private setRange(range: TimeRange | null): void {
    this.range = range;
    this.draw();
    this.refresh();
  }

  private zoom(factor: number, at?: number): void {
    const range = this.range ?? this.whole;
    const call = this.calls.find(({ sequence }) => sequence === this.chosen);
    const inView = call && call.startMicros >= range[0] && call.startMicros <= range[1];
    const middle = at ?? (inView ? call.startMicros : (range[0] + range[1]) / 2);
    this.setRange(zoomed(range, factor, middle, this.whole));
  }

  /** The wheel zooms at the pointer, with Shift it moves. */
  private wheel(event: WheelEvent): void {
    event.preventDefault();
    const range = this.range ?? this.whole;
    if (event.shiftKey || event.deltaX !== 0)
      return this.setRange(moved(range, Math.sign(event.deltaX || event.deltaY) * 0.1, this.whole));
    const box = this.bars.getBoundingClientRect();
    const at = range[0] + ((event.clientX - box.left) / box.width) * (range[1] - range[0]);
    this.zoom(event.deltaY > 0 ? 1.25 : 0.8, at);
  }

  private keydown(event: KeyboardEvent): void {
    const { chosen } = this;
    const last = this.events.total() - 1;
    const range = this.range ?? this.whole;
    if (event.key === 'ArrowRight') this.choose(Math.min(last, (chosen ?? -1) + 1));
    else if (event.key === 'ArrowLeft') this.choose(Math.max(0, (chosen ?? 1) - 1));
    else if (event.key === 'PageDown') this.setRange(moved(range, 0.5, this.whole));
    else if (event.key === 'PageUp') this.setRange(moved(range, -0.5, this.whole));
    else if (event.key === '+') this.zoom(0.5);
    else if (event.key === '-') this.zoom(2);
    else if (event.key === 'Home') this.setRange(null);
    else if (event.key === 'Enter' && chosen !== null) this.events.opened(chosen);
    else return;
    event.preventDefault();
  }

  private button(text: string, run: () => void): HTMLButtonElement {
    const button = element('button', { text, attributes: { type: 'button' } });
    button.addEventListener('click', run);
    return button;
  }
}

function sequenceOf(event: MouseEvent): number | null {
  const bar = (event.target as Element).closest<HTMLElement>('[data-sequence]');
  return bar ? Number(bar.dataset['sequence']) : null;
}
