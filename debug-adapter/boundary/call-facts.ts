import type { CallStatus, Direction } from '../../protocol/boundary.ts';
import type { PlannedExport } from '../../protocol/runner.ts';
import { CallState, type CallColumns } from './call-columns.ts';

const STATUSES: readonly CallStatus[] = ['running', 'returned', 'trapped', 'cancelled', 'cancelled'];
const AUTOMATIC: Record<Direction, string> = { argument: 'auto', result: 'auto' };

/** The part of the session that a call belongs to. */
interface RunOfCall {
  /** Sequence of its first call. */
  base: number;
  names: { exports: readonly PlannedExport[] };
}

/**
 * What a ledger's columns say of a call: read from them as it is asked for, as a search asks little of a million calls.
 * To be used at once; what the ledger takes in later may not show.
 */
export class CallFacts {
  #sequence: number;
  readonly #columns: CallColumns;
  readonly #run: RunOfCall | undefined;

  constructor(columns: CallColumns, run: RunOfCall | undefined, sequence: number) {
    this.#sequence = sequence;
    this.#columns = columns;
    this.#run = run;
  }

  /** Makes these the facts of another call of the same run; false where they cannot be. */
  moveTo(columns: CallColumns, run: RunOfCall | undefined, sequence: number): boolean {
    if (columns !== this.#columns || run !== this.#run) return false;
    this.#sequence = sequence;
    return true;
  }

  get sequence(): number {
    return this.#sequence;
  }
  get callId(): bigint {
    return this.#columns.callId[this.#sequence] ?? 0n;
  }
  get export(): string {
    return this.#planned?.name ?? `export ${this.#columns.exportIndex[this.#sequence] ?? 0}`;
  }
  /** Decoder ids from the launch configuration, or `auto`. */
  get decoders(): Record<Direction, string> {
    return this.#planned?.decoders ?? AUTOMATIC;
  }
  get status(): CallStatus {
    return STATUSES[this.#state] ?? 'trapped';
  }
  /** It left through proc_exit. */
  get exited(): boolean {
    return this.#state === CallState.exited;
  }
  /** Since the run's first call began. */
  get startMicros(): number {
    const { startMicros } = this.#columns;
    return (startMicros[this.#sequence] ?? 0) - (startMicros[this.#run?.base ?? 0] ?? 0);
  }
  /** Undefined while it runs. */
  get durationMicros(): number | undefined {
    const duration = this.#columns.durationMicros[this.#sequence] ?? NaN;
    return Number.isNaN(duration) ? undefined : duration;
  }
  /** Sequence of the call that it is nested in. */
  get parent(): number | undefined {
    const parent = this.#columns.parent[this.#sequence] ?? 0;
    return parent === 0 ? undefined : parent - 1;
  }
  /** All of them, kept or not. */
  get crossings(): number {
    return this.#columns.crossings[this.#sequence] ?? 0;
  }
  /** Number of findings. */
  get problems(): number {
    return this.#columns.problems[this.#sequence] ?? 0;
  }

  get #state(): number {
    return this.#columns.state[this.#sequence] ?? 0;
  }
  get #planned(): PlannedExport | undefined {
    return this.#run?.names.exports[this.#columns.exportIndex[this.#sequence] ?? 0];
  }
}
