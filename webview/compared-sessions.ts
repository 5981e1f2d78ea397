import type { CallAspect, Direction } from '../protocol/boundary.ts';
import type { CallDifference, ComparedCall, CompareTarget, LedgerComparison } from '../protocol/comparing.ts';
import type { InspectedSession } from '../protocol/webview.ts';
import { DifferenceList } from './difference-list.ts';
import { element, setText } from './dom.ts';
import type { Host } from './host.ts';
import { showMenu, type MenuItem } from './menu.ts';

interface ComparedSessionsEvents {
  /** These buffers are to be seen beside each other. */
  compare(left: CompareTarget, right: CompareTarget): void;
  /** There are no two buffers to be seen. */
  nothing(why: string): void;
  /** A call of the shown session is to be seen. */
  show(sequence: number): void;
}

const ASPECT_WORDS: Record<CallAspect, string> = {
  callId: 'callId',
  status: 'status',
  parameters: 'parameters',
  argument: 'argument',
  result: 'result',
  returns: 'returned values',
  findings: 'findings',
};
/** Value of the select's line that asks for a file. */
const OPEN_SAVED = 'open a saved ledger';

/** Compares the calls of the shown session with those of another, and lists the calls that differ. */
export class ComparedSessions {
  readonly node: HTMLElement;
  private readonly host: Host;
  private readonly events: ComparedSessionsEvents;
  private readonly select = element('select', {
    testId: 'compare-session',
    attributes: { 'aria-label': 'Session to compare with' },
  });
  private readonly button = element('button', {
    class: 'action',
    text: 'Compare Sessions',
    testId: 'compare-sessions',
    attributes: { type: 'button' },
  });
  private readonly bar = element('progress', { attributes: { 'aria-label': 'Calls that were compared' } });
  private readonly underWay: HTMLElement;
  private readonly summary = element('span', {
    class: 'buffer-facts',
    role: 'status',
    testId: 'sessions-summary',
  });
  private readonly list: DifferenceList;
  private shown: InspectedSession | undefined;
  private others: InspectedSession[] = [];
  /** The session that the listed differences are against. */
  private comparedWith: InspectedSession | undefined;
  /** Counts what was asked for: only the newest answer counts. */
  private wishes = 0;

  constructor(host: Host, events: ComparedSessionsEvents) {
    this.host = host;
    this.events = events;
    this.list = new DifferenceList(
      async (start, count) =>
        (await host.request({ type: 'requestLedgerDifferences', start, count })).differences,
      {
        chosen: (difference) => this.choose(difference),
        opened: ({ left }) => left && events.show(left.sequence),
        menu: (difference, at) => showMenu(this.menuOf(difference), at),
        describe: (difference) => this.describe(difference),
      },
    );
    const cancel = element('button', {
      class: 'action',
      text: 'Cancel',
      testId: 'compare-cancel',
      title: 'Cancel comparing the sessions',
      attributes: { type: 'button' },
    });
    cancel.addEventListener('click', () => host.post({ type: 'cancelComparing' }));
    this.underWay = element('span', { class: 'searching', children: [this.bar, cancel] });
    this.underWay.hidden = true;
    this.select.addEventListener('change', () => this.selected());
    this.button.addEventListener('click', () => void this.run());
    this.node = element('div', {
      class: 'compared-sessions',
      children: [
        element('div', {
          class: 'buffer-head',
          children: [this.select, this.button, this.underWay, this.summary],
        }),
        this.list.node,
      ],
    });
  }

  /** @param shown id of the session that is shown */
  show(sessions: readonly InspectedSession[], shown: string | null): void {
    if (shown !== this.shown?.id) this.forget();
    this.shown = sessions.find(({ id }) => id === shown);
    this.others = sessions.filter(({ id }) => id !== shown).reverse();
    if (this.comparedWith && !this.others.some(({ id }) => id === this.comparedWith?.id)) this.forget();
    const before = this.select.value;
    this.select.replaceChildren(
      ...(this.others.length > 0 ? [] : [new Option('No other session is there', '')]),
      ...this.others.map(({ id, name }) => new Option(`Compare with ${name}`, id)),
      new Option('Open a Saved Ledger…', OPEN_SAVED),
    );
    if (this.others.some(({ id }) => id === before)) this.select.value = before;
    this.button.disabled = this.others.length === 0;
  }

  progress(done: number, total: number): void {
    this.bar.max = Math.max(1, total);
    this.bar.value = done;
  }

  /** Other sessions: what was found is about none of them. */
  private forget(): void {
    this.wishes++;
    this.comparedWith = undefined;
    this.underWay.hidden = true;
    setText(this.summary, '');
    this.list.setCount(0);
  }

  private selected(): void {
    if (this.select.value !== OPEN_SAVED) return;
    this.host.post({ type: 'openSaved' });
    this.select.selectedIndex = 0;
  }

  private async run(): Promise<void> {
    const other = this.others.find(({ id }) => id === this.select.value);
    if (!other) return;
    this.forget();
    const wish = this.wishes;
    this.bar.removeAttribute('value');
    this.underWay.hidden = false;
    try {
      const { comparison } = await this.host.request({ type: 'requestLedgerComparison', session: other.id });
      if (wish !== this.wishes) return;
      this.comparedWith = other;
      setText(this.summary, describe(comparison, other.name));
      this.list.setCount(comparison.listed);
    } catch (error) {
      if (wish === this.wishes) setText(this.summary, (error as Error).message);
    } finally {
      if (wish === this.wishes) this.underWay.hidden = true;
    }
  }

  /** The first buffers that differ stand beside each other. */
  private choose(difference: CallDifference): void {
    const { left, right, differs } = difference;
    const shared = directionsOf(difference);
    const direction = shared.find((each) => differs.includes(each)) ?? shared[0];
    if (direction) return this.compare(difference, direction);
    const name = nameOf(left ?? right);
    if (left && right) this.events.nothing(`${name}: there are no two buffers to compare.`);
    else this.events.nothing(`${name} is only in ${this.nameOfSide(left !== null)}.`);
  }

  private compare({ left, right }: CallDifference, direction: Direction): void {
    const session = this.comparedWith?.id;
    if (!left || !right || session === undefined) return;
    this.events.compare(
      { sequence: left.sequence, direction },
      { session, sequence: right.sequence, direction },
    );
  }

  private menuOf(difference: CallDifference): MenuItem[] {
    const shared = directionsOf(difference);
    return [
      ...(['argument', 'result'] satisfies Direction[]).map((direction) => ({
        label: direction === 'argument' ? 'Compare the Arguments' : 'Compare the Results',
        disabled: !shared.includes(direction),
        run: () => this.compare(difference, direction),
      })),
      null,
      {
        label: 'Show the Call',
        disabled: difference.left === null,
        run: () => difference.left && this.events.show(difference.left.sequence),
      },
    ];
  }

  private describe({ left, right, differs }: CallDifference): string {
    if (left && right) return differs.map((aspect) => ASPECT_WORDS[aspect]).join(', ');
    return `only in ${this.nameOfSide(left !== null)}`;
  }

  private nameOfSide(isLeft: boolean): string {
    return (isLeft ? this.shown : this.comparedWith)?.name ?? '';
  }
}

/** Directions in which both calls have a buffer. */
function directionsOf({ left, right }: CallDifference): Direction[] {
  return left?.buffers.filter((each) => right?.buffers.includes(each)) ?? [];
}

function nameOf(call: ComparedCall | null): string {
  return call ? `${call.export} (${call.callId})` : '';
}

function describe(comparison: LedgerComparison, other: string): string {
  const { leftCalls, rightCalls, same, differing, onlyLeft, onlyRight, bySizeOnly, listed } = comparison;
  const all = differing + onlyLeft + onlyRight;
  const parts = [
    differing > 0 ? `${differing} differ` : '',
    onlyLeft > 0 ? `${onlyLeft} only here` : '',
    onlyRight > 0 ? `${onlyRight} only in ${other}` : '',
  ].filter((part) => part !== '');
  const found = all === 0 ? 'no call differs' : `${same} the same, ${parts.join(', ')}`;
  const unsure = bySizeOnly > 0 ? ` Of ${bySizeOnly} only sizes are known: their bytes were not kept.` : '';
  const cut = listed < all ? ` The first ${listed} are listed.` : '';
  return `${leftCalls} against ${rightCalls} calls: ${found}.${unsure}${cut}`;
}
