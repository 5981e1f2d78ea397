import type { CallSummary } from '../protocol/boundary.ts';
import type { Host } from './host.ts';

/** Calls that are asked about at once: the extension answers no more. */
const MOST = 200;

/** When calls were in the host: asked for once a call, as their bars come into view. */
export class HostTimes {
  private readonly host: Host;
  private readonly came: () => void;
  private known = new Map<number, [number, number][]>();
  private asked = new Set<number>();

  /** @param came called when more is known */
  constructor(host: Host, came: () => void) {
    this.host = host;
    this.came = came;
  }

  /** Another session's calls are shown. */
  clear(): void {
    this.known = new Map();
    this.asked = new Set();
  }

  /** `[start, duration]` of the call's crossings in µs; undefined while it is not known. */
  of(sequence: number): readonly (readonly [number, number])[] | undefined {
    return this.known.get(sequence);
  }

  /** These calls are in view. One that still runs is asked about when it has ended. */
  async need(calls: readonly CallSummary[]): Promise<void> {
    const { known, asked } = this;
    const sequences = calls
      .filter(({ sequence, durationMicros }) => durationMicros !== undefined && !asked.has(sequence))
      .slice(0, MOST)
      .map(({ sequence }) => sequence);
    if (sequences.length === 0) return;
    for (const sequence of sequences) asked.add(sequence);
    try {
      const { crossings } = await this.host.request({ type: 'requestHostTimes', sequences });
      for (const [index, sequence] of sequences.entries()) known.set(sequence, crossings[index] ?? []);
      if (known === this.known) this.came();
    } catch {
      // The bars stay as they are: what is wrong with a call is said where it is chosen.
    }
  }
}
