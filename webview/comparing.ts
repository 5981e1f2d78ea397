import type { CallSummary, Direction } from '../protocol/boundary.ts';
import type { CompareTarget } from '../protocol/comparing.ts';
import type { CallView } from '../protocol/webview.ts';
import type { CompareView } from './compare-view.ts';
import type { Host } from './host.ts';
import type { MenuItem } from './menu.ts';

interface ComparingEvents {
  /** Id of the session that is shown. */
  session(): string | undefined;
  /** The comparison is to be seen. */
  shown(): void;
  failed(message: string): void;
}

/** Fetches what a person wants compared, and remembers the call that was marked for it. */
export class Comparing {
  private readonly host: Host;
  private readonly view: CompareView;
  private readonly events: ComparingEvents;
  private marked: (Pick<CallSummary, 'sequence' | 'callId' | 'export'> & { session: string }) | null = null;
  /** Counts what was asked for: only the newest is shown. */
  private wishes = 0;

  constructor(host: Host, view: CompareView, events: ComparingEvents) {
    this.host = host;
    this.view = view;
    this.events = events;
  }

  /** The session of the call that was marked may be gone. */
  keepMarkOf(sessions: readonly { id: string }[]): void {
    if (!sessions.some(({ id }) => id === this.marked?.session)) this.marked = null;
  }

  /** What the menu of a call offers. */
  callMenu(call: CallSummary): MenuItem[] {
    const { marked } = this;
    const session = this.events.session();
    const isSame = marked?.sequence === call.sequence && marked.session === session;
    const other = isSame ? null : marked;
    const against = (['argument', 'result'] satisfies Direction[]).map((direction) => ({
      label: `Compare the ${direction === 'argument' ? 'Arguments' : 'Results'}${other ? ` with ${other.export} (${other.callId})` : ''}`,
      disabled: !other || !call[direction],
      run: () => {
        if (other)
          void this.compare(
            { session: other.session, sequence: other.sequence, direction },
            { sequence: call.sequence, direction },
          );
      },
    }));
    return [
      {
        label: 'Mark for Comparing',
        run: () => {
          if (session !== undefined) this.marked = { ...call, session };
        },
      },
      ...against,
    ];
  }

  /** What the menu of a buffer offers. */
  bufferMenu(call: CallView, direction: Direction): MenuItem[] {
    const other = direction === 'argument' ? 'result' : 'argument';
    const { argument, result } = call;
    const shown = (shownDirection: Direction): CompareTarget => {
      const index = call[shownDirection]?.index;
      return { sequence: call.sequence, direction: shownDirection, ...(index !== undefined && { index }) };
    };
    return [
      {
        label: `Compare with the ${other === 'result' ? 'Result' : 'Argument'}`,
        disabled: !argument || !result,
        run: () => void this.compare(shown('argument'), shown('result')),
      },
      {
        label: 'Compare with Memory Now',
        run: () => void this.compare(shown(direction), { ...shown(direction), memoryNow: true }),
      },
    ];
  }

  async compare(left: CompareTarget, right: CompareTarget): Promise<void> {
    const wish = ++this.wishes;
    try {
      const targets: [CompareTarget, CompareTarget] = [left, right];
      const { comparison, sides } = await this.host.request({ type: 'requestCompared', targets });
      if (wish !== this.wishes) return;
      this.view.show({
        sides,
        load: async (side, start, count) =>
          (await this.host.request({ type: 'requestComparedBytes', comparison, side, start, count })).bytes,
        count: async () => (await this.host.request({ type: 'requestDifferenceCount', comparison })).count,
        difference: async (from, backwards) =>
          (await this.host.request({ type: 'requestDifference', comparison, from, backwards })).range,
      });
      this.events.shown();
    } catch (error) {
      if (wish === this.wishes) this.events.failed((error as Error).message);
    }
  }
}
