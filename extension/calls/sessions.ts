import type { BoundaryChanged, BoundaryRequests, CallSummary } from '../../protocol/boundary.ts';
import type { InspectedSession, SessionState } from '../../protocol/webview.ts';
import type { CallsPage, FingerprintsPage, Ledger, LedgerCall } from './ledger.ts';
import type { KeptLedger } from './kept-ledger.ts';

/** Ended sessions whose calls are kept, the newest last. */
const ENDED_SESSIONS = 3;

/** A ledger that was read from a file. */
export interface SavedFile {
  /** Absolute path. */
  path: string;
  /** The ledger is not shown any more: frees what reads it. */
  close(): void;
}

/** A session as the call inspector knows it. */
export class DebuggedSession {
  readonly id: string;
  readonly name: string;
  private current: { state: SessionState; ledger: Ledger; kept?: InspectedSession['kept'] };
  private changed: BoundaryChanged = { total: 0, current: null };
  private firstMemoryBytes: number | undefined;
  /** How often the guest has stopped. */
  stops = 0;
  /** Of a saved ledger. */
  readonly saved: SavedFile | undefined;

  constructor(id: string, name: string, ledger: Ledger, saved?: SavedFile) {
    this.id = id;
    this.name = name;
    this.saved = saved;
    this.current = { state: saved ? 'ended' : 'running', ledger };
  }

  get state(): SessionState {
    return this.current.state;
  }

  get ledger(): Ledger {
    return this.current.ledger;
  }

  /** What the view's `changed` message says. */
  get ledgerState(): BoundaryChanged & { firstMemoryBytes?: number } {
    return {
      ...this.changed,
      ...(this.firstMemoryBytes !== undefined && { firstMemoryBytes: this.firstMemoryBytes }),
    };
  }

  describe(): InspectedSession {
    const { state, kept } = this.current;
    const saved = this.saved?.path;
    return {
      id: this.id,
      name: this.name,
      state,
      ...(kept && { kept }),
      ...(saved !== undefined && { saved }),
    };
  }

  /** @returns whether this is news */
  setState(state: SessionState): boolean {
    if (this.state === 'ended' || this.state === state) return false;
    this.current = { ...this.current, state };
    if (state === 'stopped') this.stops++;
    if (state === 'running') this.changed = { ...this.changed, current: null };
    return true;
  }

  acceptChanged(changed: BoundaryChanged): void {
    this.changed = { ...this.changed, ...changed };
    if (changed.memoryBytes !== undefined) this.firstMemoryBytes ??= changed.memoryBytes;
  }

  /** Ends the session; `kept` is null where its calls could not be copied. */
  end(kept: KeptLedger | null): void {
    if (this.state === 'ended') return;
    this.changed = { ...this.changed, current: null, total: kept?.size.calls ?? 0 };
    const partial = kept && kept.size.whole < kept.size.calls;
    this.current = {
      state: 'ended',
      ledger: kept ?? new LostLedger(),
      ...(partial && { kept: kept.size }),
    };
  }
}

/** A session whose adapter died before its calls could be copied. */
class LostLedger implements Ledger {
  calls(): Promise<CallsPage> {
    return Promise.resolve({ total: 0, calls: [] satisfies CallSummary[] });
  }
  fingerprints(): Promise<FingerprintsPage> {
    return Promise.resolve({ total: 0, calls: [] });
  }
  findProblem(): Promise<null> {
    return Promise.resolve(null);
  }
  call(): Promise<LedgerCall> {
    return Promise.reject(new Error('The debug adapter ended before its calls could be kept.'));
  }
  decoders(): Promise<BoundaryRequests['boundary/decoders']['body']['decoders']> {
    return Promise.resolve([]);
  }
  locate(): Promise<null> {
    return Promise.resolve(null);
  }
}

/** The sessions that the inspector can show: those that run, the last that ended, and the saved ones that are open. */
export class Sessions {
  private readonly sessions: DebuggedSession[] = [];
  private shownId: string | null = null;
  private readonly listeners = new Set<() => void>();

  /** @param listener called when another session is shown, or something about one has changed */
  onChange(listener: () => void): void {
    this.listeners.add(listener);
  }

  list(): DebuggedSession[] {
    return [...this.sessions];
  }

  get(id: string): DebuggedSession | undefined {
    return this.sessions.find((session) => session.id === id);
  }

  get shown(): DebuggedSession | null {
    return (this.shownId !== null && this.get(this.shownId)) || null;
  }

  /** A new session is shown: it is the one that the user has just started. */
  add(session: DebuggedSession): void {
    this.sessions.push(session);
    this.forgetOldest();
    this.shownId = session.id;
    this.notify();
  }

  /** Shows a session, e.g. the one that the editor's debug views have turned to. Unknown ids are ignored. */
  show(id: string): void {
    if (!this.get(id) || this.shownId === id) return;
    this.shownId = id;
    this.notify();
  }

  /** Takes a saved ledger out; the newest of the others takes its place. Unknown ids are ignored. */
  closeSaved(id: string): void {
    const session = this.get(id);
    if (!session?.saved) return;
    this.sessions.splice(this.sessions.indexOf(session), 1);
    if (this.shownId === id) this.shownId = this.sessions.at(-1)?.id ?? null;
    session.saved.close();
    this.notify();
  }

  /** Something about a session has changed. */
  touch(): void {
    this.forgetOldest();
    this.notify();
  }

  private forgetOldest(): void {
    const ended = this.sessions.filter(
      ({ id, state, saved }) => state === 'ended' && !saved && id !== this.shownId,
    );
    for (const session of ended.slice(0, Math.max(0, ended.length - (ENDED_SESSIONS - 1))))
      this.sessions.splice(this.sessions.indexOf(session), 1);
  }

  private notify(): void {
    for (const listener of this.listeners) listener();
  }
}
