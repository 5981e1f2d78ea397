import type { CallOrder, CallSummary, Direction } from '../protocol/boundary.ts';
import type { InspectedSession, ToWebview } from '../protocol/webview.ts';
import { CallDetails } from './call-details.ts';
import { CallList } from './call-list.ts';
import { ChosenCall } from './chosen-call.ts';
import { ConditionsBar } from './conditions-bar.ts';
import { CompareView } from './compare-view.ts';
import { ComparedSessions } from './compared-sessions.ts';
import { Comparing } from './comparing.ts';
import { element } from './dom.ts';
import { EmptyState } from './empty-state.ts';
import { SharedSettings } from './hex-settings.ts';
import { Host } from './host.ts';
import { ListedCalls } from './listed-calls.ts';
import { MainViews, type MainView } from './main-views.ts';
import { MemoryView } from './memory-view.ts';
import { showMenu } from './menu.ts';
import { followed, type Selection } from './model/selection.ts';
import { PickedColumns } from './picked-columns.ts';
import { Pins, type PinnedCall } from './pins.ts';
import { Splitter } from './splitter.ts';
import { TimelineView } from './timeline-view.ts';
import { Toolbar } from './toolbar.ts';
import { readViewState } from './view-state.ts';

type Changed = Extract<ToWebview, { type: 'changed' }>;

/** The call inspector: puts the parts together and decides which call is shown. */
export class Inspector {
  private readonly root: HTMLElement;
  private readonly host = new Host((message) => this.notified(message));
  private readonly state = readViewState(this.host.readState());
  private readonly listed = new ListedCalls(this.host, {
    loaded: () => this.listChanged(),
    counted: () => this.updateCounts(),
  });
  private readonly toolbar = new Toolbar({
    sessionChosen: (session) => this.host.post({ type: 'chooseSession', session }),
    closed: (session) => this.host.post({ type: 'closeSaved', session }),
    followToggled: (follow) => this.setFollow(follow),
    filtered: (query) => this.setQuery(query),
    searchCancelled: () => this.clearQuery(),
    problemWanted: (direction) => void this.goToProblem(direction),
  });
  private readonly list = new CallList(this.listed.source, {
    chosen: (index, sequence) => this.choose(sequence ?? (this.listed.inOrder ? index : null)),
    entered: () => this.details.focusBuffer(),
    scrolled: () => this.setFollow(false),
    sorted: (order) => this.setOrder(order),
    menu: (call, at) => this.showCallMenu(call, at),
    columnMenu: (index, at) => this.columns.showMenu(index, at),
    shown: (first, last) => this.columns.shown(first, last),
  });
  private readonly pins = new Pins({
    chosen: (sequence) => this.reveal(sequence, undefined),
    removed: (sequence) => this.setPins(this.state.pins.filter((pin) => pin.sequence !== sequence)),
  });
  private readonly columns = new PickedColumns(this.host, this.list, this.listed.source, {
    decoders: () => this.state.decoders,
    changed: (columns) => this.save({ columns }),
  });
  private readonly settings = new SharedSettings(this.state.buffers, (buffers) => this.save({ buffers }));
  private readonly details = new CallDetails(this.host, this.settings, {
    decoderChosen: (direction, decoder) => this.chosen.chooseDecoder(direction, decoder),
    columnPicked: (column) => this.columns.add(column),
    conditionWanted: (call, direction, names) =>
      void this.ask({ type: 'requestCondition', view: call.view, direction, names }),
    bufferChosen: (direction, index) => this.chosen.chooseBuffer(direction, index),
    bufferMenu: (call, direction) => this.comparing.bufferMenu(call, direction),
    left: () => this.list.focus(),
  });
  private readonly chosen = new ChosenCall(this.host, this.details, this.state, {
    isAtStop: (sequence) => this.session?.state === 'stopped' && this.changed.current === sequence,
    listPainted: () => this.list.painted(),
    exportOf: (sequence) => this.listed.get(sequence)?.export,
    decodersChanged: (decoders) => {
      this.save({ decoders });
      this.host.post({ type: 'remember', decoders });
      this.columns.invalidate();
    },
  });
  private readonly conditions = new ConditionsBar((condition) =>
    this.host.post({ type: 'removeCondition', condition }),
  );
  private readonly empty = new EmptyState();
  private readonly panes = element('div', { class: 'panes' });
  private readonly callsPanel = element('div', {
    class: 'calls-panel',
    children: [this.conditions.node, this.pins.node, this.empty.node, this.panes],
  });
  private readonly memory = new MemoryView(this.host, this.settings);
  private readonly timeline = new TimelineView(this.host, {
    chosen: () => this.state.sequence,
    opened: (sequence) => this.show(sequence),
    total: () => this.changed.total,
  });
  private readonly compareView = new CompareView(this.settings);
  private readonly comparing = new Comparing(this.host, this.compareView, {
    session: () => this.session?.id,
    shown: () => this.views.show('compare'),
    failed: (message) => this.toolbar.say(message),
  });
  private readonly comparedSessions = new ComparedSessions(this.host, {
    compare: (left, right) => void this.comparing.compare(left, right),
    nothing: (why) => this.compareView.showNothing(why),
    show: (sequence) => this.show(sequence),
  });
  private readonly views = new MainViews(
    {
      calls: this.callsPanel,
      timeline: this.timeline.node,
      memory: this.memory.node,
      compare: element('div', {
        class: 'compare-panel',
        children: [this.comparedSessions.node, this.compareView.node],
      }),
    },
    (view) => this.opened(view),
  );
  private session: InspectedSession | undefined;
  private changed: Changed = { type: 'changed', total: 0, current: null };

  constructor(root: HTMLElement) {
    this.root = root;
  }

  start(): void {
    const splitter = new Splitter(this.panes, this.state.split, (split) => this.save({ split }));
    this.panes.append(this.list.node, splitter.node, this.details.node);
    this.toolbar.addTabs(this.views.bar);
    this.root.append(element('header', { children: [this.toolbar.node] }), this.views.node);
    this.memory.onCall = (sequence) => this.show(sequence);
    this.columns.set(this.state.columns);
    this.details.crossings.setOpen(this.state.crossingsOpen);
    this.details.crossings.onToggle = (crossingsOpen) => this.save({ crossingsOpen });
    this.root.addEventListener('keydown', (event) => {
      if (event.key === 'F8') void this.goToProblem(event.shiftKey ? 'previous' : 'next');
      else if (event.key === 'f' && (event.ctrlKey || event.metaKey)) {
        this.views.show('calls');
        this.toolbar.focusFilter();
      } else return;
      event.preventDefault();
    });
    this.toolbar.showFollow(this.state.follow);
    this.showSession([], null);
    this.host.post({ type: 'ready' });
    this.listed.preload();
  }

  private notified(message: Exclude<ToWebview, { id: number }>): void {
    switch (message.type) {
      case 'sessions':
        this.showSession(message.sessions, message.shown);
        return;
      case 'changed':
        this.acceptChanged(message);
        return;
      case 'decoders':
        this.details.offerDecoders(message.decoders);
        return;
      case 'searching':
        if (this.listed.isSearching && message.query === this.listed.query)
          this.toolbar.showSearching(message);
        return;
      case 'comparingLedgers':
        this.comparedSessions.progress(message.done, message.total);
        return;
      case 'conditions':
        this.conditions.show(message.conditions);
        return;
      case 'remembered':
        this.save({ decoders: { ...message.decoders, ...this.state.decoders } });
        return;
      case 'reveal':
        this.reveal(message.sequence, message.direction);
    }
  }

  private showSession(sessions: InspectedSession[], shown: string | null): void {
    const session = sessions.find(({ id }) => id === shown);
    if (session && session.id !== this.state.session) {
      this.save({ session: session.id, sequence: null, follow: true, pins: [] });
      this.toolbar.showFollow(true);
    }
    if (session?.id !== this.session?.id) {
      this.changed = { type: 'changed', total: 0, current: null };
      this.listed.clear();
      this.list.setOrder(undefined);
      this.toolbar.setFilter('');
      this.chosen.clear();
      this.columns.clear();
      this.timeline.clear();
    }
    this.session = session;
    this.root.dataset['state'] = session?.state ?? 'none';
    this.views.bar.hidden = !session;
    this.toolbar.showSessions(sessions, shown);
    this.comparing.keepMarkOf(sessions);
    this.comparedSessions.show(sessions, shown);
    this.pins.show(this.state.pins);
    this.updateCounts();
  }

  private acceptChanged(changed: Changed): void {
    this.changed = changed;
    this.list.setCurrent(changed.current);
    this.listed.refresh();
    this.columns.invalidate();
    this.updateCounts();
    if (this.session?.state !== 'running') this.memory.refresh();
    this.timeline.refresh();
    const before = this.state.sequence;
    this.follow();
    const moved = this.state.sequence !== before;
    if (moved || this.chosen.isStale || this.session?.state === 'stopped') void this.chosen.load();
  }

  /** Chooses the call of the current stop, unless the user looks at another. */
  private follow(): void {
    const selection: Selection = { sequence: this.state.sequence, follow: this.state.follow };
    const { current, total } = this.changed;
    const next = followed(selection, { current, total, ended: this.session?.state === 'ended' });
    if (next.sequence === selection.sequence) return;
    this.save({ sequence: next.sequence });
    this.markChosen(true);
  }

  private listChanged(): void {
    this.list.refresh();
    if (!this.listed.inOrder) this.markChosen(false);
    const { failure } = this.listed.source;
    if (failure !== null) this.chosen.failed(failure);
  }

  private updateCounts(): void {
    const { total, memoryBytes, firstMemoryBytes } = this.changed;
    const { found, query } = this.listed;
    this.toolbar.showCounts(total, found, memoryBytes, firstMemoryBytes);
    if (!this.listed.isSearching) this.toolbar.showSearching(null);
    const count = found ?? total;
    this.list.setCount(count);
    this.empty.node.hidden = count > 0;
    this.panes.hidden = count === 0;
    if (count === 0) this.empty.show(this.session, query);
  }

  private choose(sequence: number | null): void {
    if (sequence === null) return;
    this.save({ sequence });
    this.lookAway(sequence);
    void this.chosen.load();
  }

  /** Who looks at another call than the current one does not want to be taken back to it at the next stop. */
  private lookAway(sequence: number): void {
    if (this.session?.state !== 'ended' && sequence !== this.changed.current) this.setFollow(false);
  }

  private reveal(sequence: number, direction: Direction | undefined): void {
    this.show(sequence, () => this.details.focusBuffer(direction));
  }

  /** Chooses a call wherever it is: a filter and an order that may hide it are taken away. */
  private show(sequence: number, shown: () => void = () => undefined): void {
    this.views.show('calls');
    if (this.listed.order) this.setOrder(undefined);
    this.clearQuery();
    this.updateCounts();
    this.save({ sequence });
    this.lookAway(sequence);
    this.markChosen(true);
    void this.chosen.load().then(shown);
  }

  private setFollow(follow: boolean): void {
    if (this.state.follow === follow) return;
    this.save({ follow });
    this.toolbar.showFollow(follow);
    if (!follow || this.changed.current === null) return;
    this.save({ sequence: this.changed.current });
    this.markChosen(true);
    void this.chosen.load();
  }

  private markChosen(reveal: boolean): void {
    const { sequence } = this.state;
    const index = sequence === null ? -1 : this.listed.indexOf(sequence, this.list.count);
    this.list.mark(index);
    if (reveal && index >= 0) this.list.reveal(index);
  }

  private setQuery(query: string): void {
    this.listed.setQuery(query);
    this.toolbar.showSearching(null);
    if (query === '') this.updateCounts();
    this.markChosen(query === '');
  }

  private setOrder(order: CallOrder | undefined): void {
    this.list.setOrder(order);
    this.listed.setOrder(order);
    this.markChosen(this.listed.inOrder);
  }

  private async goToProblem(direction: 'next' | 'previous'): Promise<void> {
    const from = this.state.sequence ?? (direction === 'next' ? -1 : this.changed.total);
    const answer = await this.ask({ type: 'requestProblem', from, direction });
    if (!answer) return;
    if (answer.sequence === null) this.toolbar.say(`No ${direction} problem`);
    else this.show(answer.sequence);
  }

  /** @returns null where it was refused, which is told */
  private async ask<R extends Parameters<Host['request']>[0]>(request: R) {
    try {
      const answer = await this.host.request(request);
      this.toolbar.say('');
      return answer;
    } catch (error) {
      this.toolbar.say((error as Error).message);
      return null;
    }
  }

  private opened(view: MainView): void {
    if (view === 'memory') this.memory.refresh();
    if (view === 'timeline') this.timeline.refresh();
  }

  private showCallMenu(call: CallSummary, at: HTMLElement | MouseEvent): void {
    const { sequence, callId, export: name } = call;
    const pinned = this.state.pins.some((pin) => pin.sequence === sequence);
    const rest = this.state.pins.filter((pin) => pin.sequence !== sequence);
    const only = `export:${/\s/.test(name) ? JSON.stringify(name) : name}`;
    showMenu(
      [
        {
          label: pinned ? 'Unpin' : 'Pin',
          run: () => this.setPins(pinned ? rest : [...rest, { sequence, callId, export: name }]),
        },
        { label: `Show Only Calls of ${name}`, run: () => this.filterBy(only) },
        null,
        ...this.comparing.callMenu(call),
      ],
      at,
    );
  }

  private setPins(pins: PinnedCall[]): void {
    this.save({ pins });
    this.pins.show(pins);
  }

  private filterBy(query: string): void {
    this.toolbar.setFilter(query);
    this.setQuery(query);
  }

  private clearQuery(): void {
    this.toolbar.setFilter('');
    if (this.listed.query !== '') this.setQuery('');
  }

  private save(change: Partial<typeof this.state>): void {
    Object.assign(this.state, change);
    this.host.writeState(this.state);
  }
}
