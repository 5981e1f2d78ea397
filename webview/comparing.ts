import type { CallSummary, Direction } from '../protocol/boundary.ts';
import { MOST_COMPARED, type CompareView, type ComparedSide } from './compare-view.ts';
import type { CallView } from '../protocol/webview.ts';
import type { Host } from './host.ts';
import type { MenuItem } from './menu.ts';

/** Which bytes are meant: a buffer of a call, or what lies in memory where it was. */
export interface CompareTarget {
  sequence: number;
  direction: Direction;
  /** Which of the call's buffers of this direction; the latest where absent. */
  index?: number;
  memoryNow?: boolean;
}

interface ComparingEvents {
  /** The comparison is to be seen. */
  shown(): void;
  failed(message: string): void;
}

/** Fetches what a person wants compared, and remembers the call that was marked for it. */
export class Comparing {
  private readonly host: Host;
  private readonly view: CompareView;
  private readonly events: ComparingEvents;
  private marked: Pick<CallSummary, 'sequence' | 'callId' | 'export'> | null = null;

  constructor(host: Host, view: CompareView, events: ComparingEvents) {
    this.host = host;
    this.view = view;
    this.events = events;
  }

  /** Another session's calls are shown. */
  clear(): void {
    this.marked = null;
  }

  /** What the menu of a call offers. */
  callMenu(call: CallSummary): MenuItem[] {
    const { marked } = this;
    const other = marked !== null && marked.sequence !== call.sequence ? marked : null;
    const against = (['argument', 'result'] satisfies Direction[]).map((direction) => ({
      label: `Compare the ${direction === 'argument' ? 'Arguments' : 'Results'}${other ? ` with ${other.export} (${other.callId})` : ''}`,
      disabled: !other || !call[direction],
      run: () => {
        if (other)
          void this.compare({ sequence: other.sequence, direction }, { sequence: call.sequence, direction });
      },
    }));
    return [
      {
        label: 'Mark for Comparing',
        run: () => {
          this.marked = call;
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
    try {
      this.view.show([await this.side(left), await this.side(right)]);
      this.events.shown();
    } catch (error) {
      this.events.failed((error as Error).message);
    }
  }

  /** Rejects with a sentence. */
  private async side({ sequence, direction, index, memoryNow }: CompareTarget): Promise<ComparedSide> {
    const buffers = index === undefined ? {} : { [direction]: index };
    const { call } = await this.host.request({ type: 'requestCall', sequence, buffers });
    const buffer = call[direction];
    const name = `${call.export} (${call.callId})`;
    if (!buffer) throw new Error(`${name} has no ${direction}.`);
    const address = buffer.behindHandle ? 0 : buffer.address;
    if (memoryNow === true && buffer.behindHandle)
      throw new Error(`The ${direction} of ${name} is an array behind a handle: it does not lie in memory.`);
    const count = Math.min(buffer.captured, MOST_COMPARED);
    if (memoryNow === true) {
      await this.host.request({ type: 'requestMemoryState' });
      const { bytes } = await this.host.request({ type: 'requestMemory', address, count });
      return {
        title: `Memory now, where the ${direction} of ${name} was`,
        address,
        size: buffer.captured,
        bytes,
      };
    }
    const { view } = call;
    const { bytes } = await this.host.request({ type: 'requestBytes', view, direction, start: 0, count });
    return { title: `The ${direction} of ${name}`, address, size: buffer.captured, bytes };
  }
}
