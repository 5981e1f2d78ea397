import { isDeepStrictEqual } from 'node:util';
import type { BoundaryRecord } from 'wasmedge-napi/records';
import { readRecords } from 'wasmedge-napi/records';
import type { Direction, Finding, FindingGroup } from '../../protocol/boundary.ts';
import type { FoundAt, PlannedExport, PlannedImport } from '../../protocol/runner.ts';
import { BoundaryWatch } from './checks/boundary-watch.ts';
import type { Found } from './checks/finding.ts';
import { BufferStore, type StoredBuffer } from './buffer-store.ts';
import { CallState, newColumns, withRoom, type CallColumns } from './call-columns.ts';
import { CallFacts } from './call-facts.ts';
import { FindingStore } from './finding-store.ts';
import { CrossingReader } from './crossing-reader.ts';
import { HEAD } from './record-layout.ts';
import { RecordStore } from './record-store.ts';
import type { SoughtText } from './sought-text.ts';

/** The names that the records' indices mean. */
export interface RunNames {
  imports: readonly PlannedImport[];
  exports: readonly PlannedExport[];
}

/** Who keeps what a ledger takes in, in its order: see saved-ledger/. */
export interface LedgerJournal {
  run(names: RunNames): void;
  records(batch: Uint8Array): void;
  finding(sequence: number, found: Found): void;
  reason(sequence: number, text: string): void;
  declared(places: readonly (FoundAt & NonNullable<Finding['location']>)[]): void;
  end(status: 'trapped' | 'cancelled', reason: string): void;
  close(): void;
}

/** Where a function of the boundary is declared in Kotlin; undefined where that is not known (yet). Line from 1. */
export type DeclaredAt = (at: FoundAt) => Finding['location'];

/** Crossings of one call, and their buffers, that are kept beside the newest; more are counted. A guest may call a host function without end. */
export const KEPT_CROSSINGS = 10_000;

const Kind = { callBegin: 1, callEnd: 2, importEnter: 3, importLeave: 4, crossing: 5, buffer: 6 } as const;
const NO_CALL = 0xffffffff;
const NOTHING = new Uint8Array();
const NO_WORDS = new Uint32Array();
const END_STATES = [CallState.returned, CallState.trapped, CallState.cancelled, CallState.exited] as const;

/**
 * Every call of a session, from the recorder's batches, with copies of its buffers. Sequences go on through restarts of
 * the guest; a run is the part of them that one runner made. 100,000 calls are typed columns and a few chunks of bytes.
 */
export class Ledger {
  #columns: CallColumns = newColumns();
  #count = 0;
  readonly #store = new RecordStore();
  readonly #buffers = new BufferStore();
  readonly #runs: { base: number; names: RunNames; declaredAt?: DeclaredAt; end?: string }[] = [];
  /** Running calls of this run, outermost first. */
  readonly #open: number[] = [];
  /** Session sequence of the run's first call. */
  #base = 0;
  /** What is being taken in. */
  #batch: Uint8Array = NOTHING;
  #view: DataView = new DataView(NOTHING.buffer);
  #words: Uint32Array = NO_WORDS;
  #lastMicros = 0;
  readonly #reasons = new Map<number, string>();
  readonly #findings = new FindingStore();
  #watch = new BoundaryWatch({ imports: [], exports: [] });
  #crossings = new CrossingReader([]);
  #version = 0;
  /** Told of everything that is taken in from then on. */
  journal: LedgerJournal | null = null;

  /** Calls of the session. */
  get total(): number {
    return this.#count;
  }

  /** Changes whenever any call changes. */
  get version(): number {
    return this.#version;
  }

  /** Bytes that the ledger takes. */
  get byteLength(): number {
    const columns = Object.values(this.#columns).reduce((sum, column) => sum + column.byteLength, 0);
    return this.#store.byteLength + this.#buffers.byteLength + columns;
  }

  /** Bytes of payloads that may stay in memory: beyond it the oldest move to a file. */
  set maxBytes(bytes: number) {
    this.#buffers.maxBytes = bytes;
  }

  /** The ledger is not asked any more. */
  dispose(): void {
    this.journal?.close();
    this.#buffers.dispose();
  }

  /** Sequence of the innermost running call, or null. */
  get innermostRunning(): number | null {
    return this.#open.at(-1) ?? null;
  }

  /** Ids of the decoders that the launches of this session named, each once. */
  get namedDecoders(): string[] {
    const pairs = this.#runs.flatMap(({ names }) => names.exports.map((planned) => planned.decoders));
    return [...new Set(pairs.flatMap(({ argument, result }) => [argument, result]))];
  }

  /** Begins a run: the recorder's sequence 0 becomes the session's next one, which is returned. */
  beginRun({ imports, exports }: RunNames, declaredAt?: DeclaredAt): number {
    const names = { imports, exports };
    this.#base = this.#count;
    const before = this.#runs.at(-1)?.names;
    // Restarting a guest a thousand times keeps its names once.
    const kept = before && isDeepStrictEqual(before, names) ? before : names;
    this.#runs.push({ base: this.#base, names: kept, ...(declaredAt && { declaredAt }) });
    this.journal?.run(names);
    this.#watch = new BoundaryWatch(kept);
    this.#crossings = new CrossingReader(kept.imports);
    return this.#base;
  }

  /**
   * Takes in whole records of the current run.
   *
   * @throws RangeError on a malformed batch, naming the byte offset.
   */
  ingest(batch: Uint8Array): void {
    this.journal?.records(batch);
    // A copy whose words are aligned, and no Buffer: views of a Buffer take several times as long to make.
    this.#batch = new Uint8Array(batch);
    this.#view = new DataView(this.#batch.buffer);
    this.#words = new Uint32Array(this.#batch.buffer, 0, batch.length >> 2);
    let at = 0;
    while (at < batch.length) {
      const length = at + HEAD <= batch.length ? this.#view.getUint32(at, true) : 0;
      if (length < HEAD || length % 8 !== 0 || at + length > batch.length) {
        throw new RangeError(`The recorder's batch is malformed at byte ${at} of ${batch.length}.`);
      }
      this.#record(at, at + length);
      at += length;
    }
    this.#batch = NOTHING;
    this.#words = NO_WORDS;
    this.#version += 1;
  }

  /** The record at `[at, end)` of the batch. */
  #record(at: number, end: number): void {
    const view = this.#view;
    const kind = view.getUint8(at + 4);
    const relative = view.getUint32(at + 8, true);
    this.#lastMicros = view.getFloat64(at + 16, true);
    // What _start or _initialize does is in no call.
    if (relative === NO_CALL) return;
    const sequence = relative + this.#base;
    if (kind === Kind.callBegin) this.#begin(sequence, at, end);
    else if (sequence >= this.#count) {
      throw new RangeError(`The recorder names call ${relative} before it began.`);
    } else if (kind === Kind.callEnd) this.#end(sequence, at, end);
    else if (kind === Kind.buffer) this.#buffer(sequence, at);
    else this.#crossing(sequence, kind, at, end);
  }

  #begin(sequence: number, at: number, end: number): void {
    if (sequence !== this.#count) {
      throw new RangeError(`The recorder began call ${sequence}, but ${this.#count} is next.`);
    }
    const view = this.#view;
    const parent = view.getUint32(at + HEAD + 8, true);
    this.#columns = withRoom(this.#columns, sequence + 1);
    this.#count = sequence + 1;
    const columns = this.#columns;
    columns.callId[sequence] = view.getBigInt64(at + HEAD, true);
    columns.startMicros[sequence] = this.#lastMicros;
    columns.durationMicros[sequence] = NaN;
    columns.exportIndex[sequence] = view.getUint16(at + 6, true);
    columns.parent[sequence] = parent === NO_CALL ? 0 : parent + this.#base + 1;
    // The runner may have told what it found before the record came.
    columns.problems[sequence] = this.#findings.of(sequence).length;
    this.#chain(sequence, at, end);
    this.#open.push(sequence);
    const found = this.#watch.begin(
      sequence,
      columns.callId[sequence] ?? 0n,
      columns.exportIndex[sequence] ?? 0,
    );
    this.#addAll(sequence, found);
  }

  #end(sequence: number, at: number, end: number): void {
    this.#chain(sequence, at, end);
    this.#close(sequence, END_STATES[this.#view.getUint8(at + 5)] ?? CallState.trapped);
    const open = this.#open.lastIndexOf(sequence);
    if (open >= 0) this.#open.splice(open, 1);
    const returned = this.#columns.state[sequence] === CallState.returned;
    this.#addAll(sequence, this.#watch.end(sequence, returned));
  }

  #close(sequence: number, state: number): void {
    this.#columns.state[sequence] = state;
    this.#columns.durationMicros[sequence] = this.#lastMicros - (this.#columns.startMicros[sequence] ?? 0);
  }

  #crossing(sequence: number, kind: number, at: number, end: number): void {
    const columns = this.#columns;
    if (kind !== Kind.importLeave) this.#crossings.read(this.#view, at);
    const crossings = columns.crossings[sequence] ?? 0;
    // Within a call an importLeave follows its importEnter: both are kept, or neither.
    const number = kind === Kind.importLeave ? crossings : crossings + 1;
    columns.crossings[sequence] = number;
    if (number <= KEPT_CROSSINGS) this.#chain(sequence, at, end);
  }

  #chain(sequence: number, at: number, end: number): void {
    const { lastRecord } = this.#columns;
    lastRecord[sequence] = this.#store.append(lastRecord[sequence] ?? 0, this.#words, at, end);
  }

  #buffer(sequence: number, at: number): void {
    const columns = this.#columns;
    const view = this.#view;
    const seen = this.#crossings.buffer(view, at, sequence);
    const captured = view.getUint32(at + HEAD + 8, true);
    const column = columns[seen.direction];
    column[sequence] = this.#buffers.append(
      {
        direction: seen.direction,
        edited: seen.edited,
        policy: seen.policy,
        micros: this.#lastMicros,
        address: seen.address,
        size: seen.size,
        bytes: this.#batch.subarray(at + HEAD + 16, at + HEAD + 16 + captured),
      },
      this.#before(sequence, column[sequence] ?? 0, seen.edited),
    );
    const running = this.#watch.running;
    if (running !== null) this.#addAll(running, this.#watch.buffer(seen));
  }

  /**
   * The copy that a new one follows: the newest there is. Beyond the crossings that are kept of a call, a copy that no
   * edit belongs to takes the place of the one before, or else showing the call would take ever longer.
   */
  #before(sequence: number, newest: number, edited: boolean): number {
    if (edited || newest === 0 || (this.#columns.crossings[sequence] ?? 0) <= KEPT_CROSSINGS + 1)
      return newest;
    let handed = this.#buffers.read(newest);
    while (handed.edited && handed.previous !== 0) handed = this.#buffers.read(handed.previous);
    return handed.previous;
  }

  /** Ends the run: what still runs becomes `status`, with `reason` as its sentence. */
  endRun(status: 'trapped' | 'cancelled', reason: string): void {
    this.journal?.end(status, reason);
    for (const sequence of this.#open.splice(0)) {
      this.#close(sequence, status === 'trapped' ? CallState.trapped : CallState.cancelled);
      if (!this.#reasons.has(sequence)) this.#reasons.set(sequence, reason);
    }
    const run = this.#runs.at(-1);
    if (run) run.end = reason;
    this.#version += 1;
  }

  /** Says why a call ended badly. */
  setReason(sequence: number, reason: string): void {
    this.journal?.reason(sequence, reason);
    this.#reasons.set(sequence, reason);
    this.#version += 1;
  }

  /** Adds something that was found elsewhere than in the records; the same code and message twice are one. */
  addFinding(sequence: number, found: Found): void {
    this.journal?.finding(sequence, found);
    this.#addAll(sequence, [found]);
    this.#version += 1;
  }

  #addAll(sequence: number, found: readonly Found[]): void {
    if (found.length === 0) return;
    for (const each of found) this.#findings.add(sequence, each, this.#runOf(sequence)?.base ?? 0);
    this.#columns.problems[sequence] = this.#findings.of(sequence).length;
  }

  /**
   * What the columns say of call `sequence`; undefined where there is none.
   *
   * @param reused may be made what is returned: for a search that looks at one call after the other
   */
  facts(sequence: number, reused?: CallFacts): CallFacts | undefined {
    if (!Number.isInteger(sequence) || sequence < 0 || sequence >= this.#count) return undefined;
    const run = this.#runOf(sequence);
    if (reused?.moveTo(this.#columns, run, sequence)) return reused;
    return new CallFacts(this.#columns, run, sequence);
  }

  /** Why a call ended badly, where that is known; one that was cancelled ended with its run. */
  reason(sequence: number): string | undefined {
    const known = this.#reasons.get(sequence);
    const isCancelled = this.#columns.state[sequence] === CallState.cancelled;
    return known ?? (isCancelled ? this.#runOf(sequence)?.end : undefined);
  }

  findings(sequence: number): Finding[] {
    return this.#findings.of(sequence).map((found) => this.#located(sequence, found));
  }

  /** Calls with findings. */
  get problems(): number {
    return this.#findings.calls;
  }

  /** All findings, one entry a code and function. */
  findingGroups(): FindingGroup[] {
    return this.#findings
      .groups()
      .map(({ first, sequence, count }) => ({ finding: this.#located(sequence, first), sequence, count }));
  }

  #located(sequence: number, { code, message, severity, at }: Found): Finding {
    const location = at ? this.#runOf(sequence)?.declaredAt?.(at) : undefined;
    return { code, message, severity, ...(location && { location }) };
  }

  #runOf(sequence: number) {
    const last = this.#runs.at(-1);
    return last && last.base <= sequence ? last : this.#runs.findLast(({ base }) => base <= sequence);
  }

  /** Whether the call has findings. */
  hasProblems(sequence: number): boolean {
    return (this.#columns.problems[sequence] ?? 0) > 0;
  }

  /** Bytes that a buffer has in the guest; undefined where nothing was handed over. */
  bufferSize(sequence: number, direction: Direction): number | undefined {
    const reference = sequence >= 0 && sequence < this.#count ? (this.#columns[direction][sequence] ?? 0) : 0;
    return reference === 0 ? undefined : this.#buffers.size(reference);
  }

  /** Changes whenever the call hands something over in this direction, or an edit changes it. */
  bufferVersion(sequence: number, direction: Direction): number {
    return this.#columns[direction][sequence] ?? 0;
  }

  /** The newest copy of a buffer, its bytes a view into the ledger; undefined where nothing was handed over. */
  buffer(sequence: number, direction: Direction): StoredBuffer | undefined {
    if (sequence < 0 || sequence >= this.#count) return undefined;
    const reference = this.#columns[direction][sequence] ?? 0;
    if (reference === 0) return undefined;
    return this.#buffers.read(reference);
  }

  /** Everything that was handed over in one direction, in order; a corrected or edited buffer once, as it was last. */
  handedOver(sequence: number, direction: Direction): HandedOver[] {
    const list: HandedOver[] = [];
    let edit: StoredBuffer | undefined;
    let reference = sequence >= 0 && sequence < this.#count ? (this.#columns[direction][sequence] ?? 0) : 0;
    while (reference !== 0) {
      const { previous, ...buffer } = this.#buffers.read(reference);
      reference = previous;
      if (buffer.edited && reference !== 0) {
        edit ??= buffer;
        continue;
      }
      list.push(edit ? { buffer: { ...edit, micros: buffer.micros }, original: buffer } : { buffer });
      edit = undefined;
    }
    return list.reverse();
  }

  /**
   * Whether a buffer, read as UTF-8, has a text in its first bytes; undefined where it has to be decoded to know. Cheaper
   * than decoding. False where there is no such buffer.
   */
  contains(sequence: number, direction: Direction, sought: SoughtText, within: number): boolean | undefined {
    const reference = this.#columns[direction][sequence] ?? 0;
    return reference === 0 ? false : this.#buffers.contains(reference, sought, within);
  }

  /** The call's records in order, buffers left out: its begin, its crossings, its end. */
  records(sequence: number): BoundaryRecord[] {
    const records: BoundaryRecord[] = [];
    let reference = sequence >= 0 && sequence < this.#count ? (this.#columns.lastRecord[sequence] ?? 0) : 0;
    while (reference !== 0) {
      const { record, previous } = this.#store.read(reference);
      records.push(...readRecords(record));
      reference = previous;
    }
    return records.reverse();
  }

  /** The import that index `index` means in the run of call `sequence`. */
  importOf(sequence: number, index: number): PlannedImport | undefined {
    return this.#runOf(sequence)?.names.imports[index];
  }
}

/** A buffer of a call as it was last, and as the guest or the host passed it if a person has changed it. */
export interface HandedOver {
  buffer: StoredBuffer;
  original?: StoredBuffer;
}
