import type { InspectedSession } from '../protocol/webview.ts';
import { element, setText } from './dom.ts';
import { icon } from './icons.ts';
import { formatBytes } from './model/format.ts';

interface ToolbarEvents {
  sessionChosen(id: string): void;
  /** The saved ledger that is shown is to be closed. */
  closed(id: string): void;
  followToggled(follow: boolean): void;
  filtered(query: string): void;
  /** The search that goes on is not wanted any more. */
  searchCancelled(): void;
  problemWanted(direction: 'next' | 'previous'): void;
}

const STATE_WORDS: Record<InspectedSession['state'], string> = {
  running: 'Running',
  stopped: 'Stopped',
  ended: 'Ended',
};
const MEMORY_TITLE =
  'Linear memory of the guest, and how much it has grown. WasmEdge has no garbage collector yet: what guest objects ' +
  'take, outside linear memory, is not given back before the session ends.';

const FILTER_HELP =
  'Words as they are (exports, callIds, previews), and terms: export:greet, status:trapped, callId:7, text:Ada, ' +
  'argument:…, result:…, size>100, argumentSize>1k, duration>2ms, problem, -status:returned. All of them must hold.';

/** The session, what it has done so far, the filter and the switch for following. */
export class Toolbar {
  readonly node: HTMLElement;
  private readonly sessions: HTMLSelectElement;
  private readonly name = element('span', { class: 'session-name' });
  private readonly state = element('span', { class: 'badge state', testId: 'state', role: 'status' });
  private readonly close: HTMLButtonElement;
  private readonly total = element('span', { class: 'fact', testId: 'total' });
  private readonly memory = element('span', { class: 'fact', testId: 'memory', title: MEMORY_TITLE });
  private readonly problems: HTMLElement;
  private readonly spring = element('span', { class: 'spring' });
  /** What came of the last wish, where nothing else shows it. */
  private readonly said = element('span', { class: 'fact', role: 'status', testId: 'said' });
  private readonly progress = element('progress', {
    attributes: { 'aria-label': 'Calls that were searched' },
  });
  private readonly searching: HTMLElement;
  private readonly follow: HTMLButtonElement;
  private readonly filter: HTMLInputElement;

  constructor(events: ToolbarEvents) {
    this.sessions = element('select', { testId: 'sessions', attributes: { 'aria-label': 'Debug session' } });
    this.sessions.addEventListener('change', () => events.sessionChosen(this.sessions.value));
    this.close = element('button', {
      class: 'tool',
      testId: 'close-saved',
      title: 'Close the Saved Ledger',
      attributes: { type: 'button', 'aria-label': 'Close the Saved Ledger' },
      children: [icon('trapped')],
    });
    this.close.addEventListener('click', () => events.closed(this.sessions.value));
    this.follow = element('button', {
      class: 'toggle',
      testId: 'follow',
      title: 'Follow the current stop',
      attributes: { type: 'button' },
      children: [icon('follow'), element('span', { text: 'Follow' })],
    });
    this.follow.addEventListener('click', () =>
      events.followToggled(this.follow.getAttribute('aria-pressed') !== 'true'),
    );
    this.filter = element('input', {
      class: 'filter',
      testId: 'filter',
      attributes: {
        type: 'search',
        placeholder: 'Filter: text, status:trapped, size>100 …',
        title: FILTER_HELP,
        'aria-label': 'Filter the calls',
        spellcheck: 'false',
      },
    });
    this.filter.addEventListener('input', () => events.filtered(this.filter.value.trim()));
    const cancel = element('button', {
      class: 'action',
      text: 'Cancel',
      testId: 'search-cancel',
      title: 'Cancel the search and list all calls',
      attributes: { type: 'button' },
    });
    cancel.addEventListener('click', () => events.searchCancelled());
    this.searching = element('span', {
      class: 'searching',
      testId: 'searching',
      children: [this.progress, cancel],
    });
    this.searching.hidden = true;
    this.problems = element('span', {
      class: 'problem-steps',
      children: (['previous', 'next'] as const).map((direction) => {
        const title = direction === 'next' ? 'Next Problem (F8)' : 'Previous Problem (Shift+F8)';
        const button = element('button', {
          class: 'tool',
          title,
          testId: `problem-${direction}`,
          attributes: { type: 'button', 'aria-label': title },
          children: [
            direction === 'next' ? icon('warning') : null,
            icon(direction),
            direction === 'previous' ? icon('warning') : null,
          ],
        });
        button.addEventListener('click', () => events.problemWanted(direction));
        return button;
      }),
    });
    this.node = element('div', {
      class: 'toolbar',
      role: 'toolbar',
      attributes: { 'aria-label': 'Session' },
      children: [
        this.sessions,
        this.name,
        this.state,
        this.close,
        this.total,
        this.memory,
        this.spring,
        this.said,
        this.searching,
        this.problems,
        this.filter,
        this.follow,
      ],
    });
  }

  /** Puts the tabs of the views behind the session's facts. */
  addTabs(tabs: HTMLElement): void {
    this.spring.before(tabs);
  }

  showSessions(sessions: InspectedSession[], shown: string | null): void {
    const current = sessions.find(({ id }) => id === shown);
    this.node.hidden = !current;
    if (!current) return;
    const several = sessions.length > 1;
    this.sessions.hidden = !several;
    this.name.hidden = several;
    setText(this.name, current.name);
    this.sessions.replaceChildren(
      ...sessions.map(({ id, name, state, saved }) =>
        element('option', {
          text: saved !== undefined ? `${name} (saved)` : state === 'ended' ? `${name} (ended)` : name,
          attributes: { value: id },
        }),
      ),
    );
    this.sessions.value = current.id;
    this.follow.disabled = current.state === 'ended';
    setText(this.state, current.saved === undefined ? STATE_WORDS[current.state] : 'Saved');
    this.state.dataset['state'] = current.state;
    this.state.title = stateTitle(current);
    this.close.hidden = current.saved === undefined;
  }

  /** @param found calls that match the filter; undefined where none is set */
  showCounts(
    total: number,
    found: number | undefined,
    memoryBytes?: number,
    firstMemoryBytes?: number,
  ): void {
    const calls = total === 1 ? '1 call' : `${total} calls`;
    setText(this.total, found === undefined ? calls : `${found} of ${calls}`);
    const growth = memoryBytes === undefined ? 0 : memoryBytes - (firstMemoryBytes ?? memoryBytes);
    setText(
      this.memory,
      memoryBytes === undefined
        ? ''
        : `Memory ${formatBytes(memoryBytes)}${growth > 0 ? `, grown by ${formatBytes(growth)}` : ''}`,
    );
  }

  /** How far a search that takes long is; null where none does. */
  showSearching(searching: { done: number; total: number } | null): void {
    this.searching.hidden = searching === null;
    if (!searching) return;
    this.progress.max = Math.max(1, searching.total);
    this.progress.value = searching.done;
    this.progress.title = `${searching.done} of ${searching.total} calls searched`;
  }

  showFollow(follow: boolean): void {
    this.follow.setAttribute('aria-pressed', String(follow));
  }

  /** Tells what came of a wish; empty takes it back. */
  say(text: string): void {
    setText(this.said, text);
  }

  get query(): string {
    return this.filter.value.trim();
  }

  setFilter(query: string): void {
    this.filter.value = query;
  }

  focusFilter(): void {
    this.filter.focus();
    this.filter.select();
  }
}

function stateTitle({ state, kept, saved }: InspectedSession): string {
  if (saved !== undefined) return `The saved ledger ${saved}`;
  if (kept) return `${kept.whole} of ${kept.calls} calls were kept whole.`;
  return state === 'ended' ? 'The session has ended; its calls are kept until the window is closed.' : '';
}
