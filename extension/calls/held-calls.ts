import type { DebuggedSession } from './sessions.ts';
import type { Snapshot } from './snapshot.ts';

/** How many answers about calls stay available for paging: the shown one and those that are just being replaced. */
const SNAPSHOTS = 4;

interface HeldCall {
  snapshot: Snapshot;
  session: DebuggedSession;
}

/** The calls that the view was answered with last, by the number of the answer: their contents are asked for in pages. */
export class HeldCalls {
  private readonly held = new Map<number, HeldCall>();

  hold(snapshot: Snapshot, session: DebuggedSession): void {
    this.held.set(snapshot.view, { snapshot, session });
    for (const view of this.held.keys()) {
      if (this.held.size <= SNAPSHOTS) break;
      this.held.delete(view);
    }
  }

  /** Undefined where it was given up for newer ones. */
  find(view: number): HeldCall | undefined {
    return this.held.get(view);
  }

  /** @throws Error with a sentence where it was given up for newer ones */
  get(view: number): Snapshot {
    const held = this.held.get(view);
    if (!held) throw new Error('The call was loaded anew in the meantime. Select it again.');
    return held.snapshot;
  }

  /** Another call is looked at: decoding the others is given up. */
  cancelOthers(sequence: number): void {
    for (const { snapshot } of this.held.values()) if (snapshot.sequence !== sequence) snapshot.cancel();
  }

  clear(): void {
    this.held.clear();
  }
}
