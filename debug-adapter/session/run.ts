import type {
  FromRunner,
  Loaded,
  RunnerCommand,
  RunnerFrame,
  RunnerRequests,
  StepKind,
  StepTarget,
  Stop,
  StopPlan,
} from '../../protocol/runner.ts';
import type { Ledger } from '../boundary/ledger.ts';
import type { PreparedLaunch } from './prepare.ts';
import { Declarations } from './declarations.ts';
import { explainEnd, type RunEnd } from './end.ts';
import { exceptionLines, placeOfFailure, type PlacedLine, stackLines } from './guest-stack.ts';
import { linkedParts } from './output-links.ts';
import { forwardOutput, outputTurns } from './output.ts';
import { ErrorId, RequestError } from './request-error.ts';
import type { RunnerExit, RunnerProcess } from './runner-process.ts';
import { kotlinSource } from './sources.ts';

export type OutputCategory = 'console' | 'important' | 'stdout' | 'stderr';

/** What a run tells its session. */
export interface RunListener {
  output(category: OutputCategory, text: string, place?: PlacedLine['place']): void;
  ledgerChanged(): void;
  stopped(stop: Stop): void;
  /** It goes on although nothing was asked of it. */
  continued(): void;
  /** A pause found no crossing within a second. */
  pauseUnanswered(): void;
  ended(end: RunEnd): void;
  client: { isCongested(): boolean; onceDrained(listener: () => void): void };
}

/** `configuring`: loaded or loading, not started. */
export type RunState = 'configuring' | 'running' | 'stopped' | 'ended';

/** ms after which a pause that has found no crossing is reported. */
const PAUSE_PATIENCE_MS = 1000;
/** Characters of stderr that are kept for the sentence on a runner's death. */
const TAIL = 2000;

/** One execution of the guest: its runner, whether it runs, and where it is stopped. A restart makes a new one. */
export class Run {
  readonly prepared: PreparedLaunch;
  readonly declarations: Declarations;
  /** Session sequence of this run's first call: the runner counts from 0. */
  readonly base: number;
  /** Rejects with RunnerRequestError or RunnerGoneError where the guest cannot be loaded. */
  readonly loaded: Promise<Loaded>;
  state: RunState = 'configuring';
  /** Where it is stopped; its sequences are the session's. */
  stop: Stop | null = null;
  /** Bytes of linear memory as last heard. */
  memoryBytes: number | null = null;

  readonly #listener: RunListener;
  readonly #ledger: Ledger;
  readonly #runner: RunnerProcess;
  /** What has to happen in order: stops wait for the guest's output. */
  #queue: Promise<void> = Promise.resolve();
  #pauseTimer: NodeJS.Timeout | undefined;
  #finished: Extract<FromRunner, { type: 'finished' }> | undefined;
  #limit: Extract<FromRunner, { type: 'limitExceeded' }> | undefined;
  #asked = false;
  #isMuted = false;
  #stderrTail = '';
  #end: RunEnd | null = null;

  constructor(prepared: PreparedLaunch, ledger: Ledger, listener: RunListener) {
    this.prepared = prepared;
    this.#listener = listener;
    this.#ledger = ledger;
    this.declarations = new Declarations(prepared);
    this.base = ledger.beginRun(prepared.plan, (at) => this.declarations.at(at));
    this.#runner = prepared.runner;
    this.#runner.connect({
      records: (batch) => {
        ledger.ingest(batch);
        listener.ledgerChanged();
      },
      message: (message) => this.#message(message),
      broken: (problem) => this.#broken(problem),
    });
    void this.#runner.exited.then((exit) => this.#enqueue(() => this.#exited(exit)));
    forwardOutput(this.#runner.stdout, (text) => this.#linked('stdout', text), listener.client);
    forwardOutput(this.#runner.stderr, (text) => this.#stderr(text), listener.client);
    this.loaded = this.#load();
  }

  get pid(): number | undefined {
    return this.#runner.pid;
  }

  async #load(): Promise<Loaded> {
    try {
      const loaded = await this.#runner.request('load', { plan: this.prepared.plan });
      this.memoryBytes = loaded.memoryBytes;
      return loaded;
    } finally {
      this.prepared.kotlin?.release();
    }
  }

  /** Asks the runner; the answer may come while the guest runs. */
  request<C extends RunnerCommand>(
    command: C,
    args: RunnerRequests[C]['arguments'],
  ): Promise<RunnerRequests[C]['body']> {
    return this.#runner.request(command, args);
  }

  /** Asks the runner about this stop. @throws RequestError where the guest is not stopped. */
  requestStopped<C extends RunnerCommand>(
    command: C,
    args: RunnerRequests[C]['arguments'],
  ): Promise<RunnerRequests[C]['body']> {
    this.requireStop();
    return this.#runner.request(command, args);
  }

  /** @throws RequestError where the guest is not stopped, saying what it does instead. */
  requireStop(): Stop {
    if (this.state === 'stopped' && this.stop) return this.stop;
    if (this.state === 'ended') {
      throw new RequestError(ErrorId.ended, 'The guest has ended.', { showUser: false });
    }
    const doing = this.state === 'running' ? 'is running' : 'has not started';
    throw new RequestError(ErrorId.notStopped, `The guest ${doing}: this can be done where it is stopped.`, {
      showUser: false,
    });
  }

  /** Tells what to stop at, before and while the guest runs. Returns what the runner could not use, by id. */
  async setStops(stops: StopPlan): Promise<Map<number | string, string>> {
    const { errors } = await this.#runner.request('setStops', { stops });
    return new Map(errors.map(({ id, message }) => [id, message]));
  }

  /** Lets the loaded guest begin. */
  start(): void {
    this.state = 'running';
    this.#runner.request('start', {}).catch((error: unknown) => this.#unexpected('start', error));
  }

  /** Goes on from the stop. Ids of the stop are void from here on. */
  resume(step: StepKind, byInstruction = false, target?: StepTarget): void {
    this.requireStop();
    this.#setRunning();
    const resume = { step, ...(byInstruction && { byInstruction }), ...(target && { target }) };
    this.#runner.request('resume', resume).catch((error: unknown) => this.#unexpected('resume', error));
  }

  #setRunning(): void {
    this.state = 'running';
    this.stop = null;
  }

  /** Stops at the next crossing; says so where none comes. */
  async pause(): Promise<void> {
    await this.#runner.request('pause', {});
    clearTimeout(this.#pauseTimer);
    if (this.state !== 'running') return;
    this.#pauseTimer = setTimeout(() => {
      if (this.state === 'running') this.#listener.pauseUnanswered();
    }, PAUSE_PATIENCE_MS);
  }

  /** Ends the guest, within 100 ms whatever it does. Resolves when its process is gone and its end was announced. */
  async terminate(): Promise<void> {
    this.#asked = true;
    if (this.state !== 'ended') this.#runner.terminate();
    await this.#runner.exited;
    await this.#queue;
  }

  /** Ends the guest for another run to take its place: the end is not announced. */
  async replace(): Promise<void> {
    this.#asked = true;
    await this.abandon();
  }

  /** After `loaded` has failed: ends what is left, unannounced, as the launch's answer says it. Returns how it ended. */
  async abandon(): Promise<RunEnd | null> {
    this.#isMuted = true;
    this.#runner.kill();
    await this.#runner.exited;
    await this.#queue;
    return this.#end;
  }

  #message(message: Exclude<FromRunner, { type: 'answer' | 'failed' }>): void {
    switch (message.type) {
      case 'stopped':
        return this.#enqueue(() => this.#stopped(message.stop));
      case 'finished':
        this.#finished = message;
        return;
      case 'limitExceeded':
        this.#limit = message;
        return;
      case 'continued':
        return this.#enqueue(() => this.#continued());
      case 'logpoint':
        return this.#enqueue(() => this.#listener.output('console', `${message.text}\n`));
      case 'notice':
        return this.#enqueue(() => this.#listener.output(message.category, `${message.message}\n`));
      case 'found':
        return this.#enqueue(() => this.#found(message));
      case 'callFailed':
        return this.#enqueue(() => this.#callFailed(message));
    }
  }

  #enqueue(task: () => void | Promise<void>): void {
    this.#queue = this.#queue.then(task).catch((error: unknown) => this.#unexpected('the run', error));
  }

  async #stopped(stop: Stop): Promise<void> {
    await outputTurns();
    clearTimeout(this.#pauseTimer);
    this.state = 'stopped';
    this.stop = this.#placed(this.#rebased(stop));
    this.memoryBytes = stop.memoryBytes ?? this.memoryBytes;
    this.#listener.stopped(this.stop);
  }

  #rebased(stop: Stop): Stop {
    if (this.base === 0) return stop;
    const frames = stop.frames.map((frame) =>
      frame.kind === 'entry' || frame.sequence === null
        ? frame
        : { ...frame, sequence: frame.sequence + this.base },
    );
    return { ...stop, frames };
  }

  /** The engine's offsets are those of the file that it has loaded, which may be a rewritten one. */
  #originalOffset(byteOffset: number): number {
    return this.prepared.kotlin?.toOriginal(byteOffset) ?? byteOffset;
  }

  #placed(stop: Stop): Stop {
    const { problem } = stop;
    if (problem?.byteOffset === undefined) return stop;
    const byteOffset = this.#originalOffset(problem.byteOffset);
    return { ...stop, frames: this.#framesAt(stop.frames, byteOffset), problem: { ...problem, byteOffset } };
  }

  /**
   * A trap says where it was; the innermost frame knows only its last site. In a function that has no frame, such as one of
   * the library's, it was called from there.
   */
  #framesAt(frames: readonly RunnerFrame[], byteOffset: number): RunnerFrame[] {
    const trapped = this.prepared.guest.functionAt(byteOffset)?.index;
    return frames.map((frame, i) =>
      i === 0 && frame.kind === 'function' && frame.functionIndex === trapped
        ? { ...frame, offset: byteOffset }
        : frame,
    );
  }

  #continued(): void {
    if (this.state !== 'stopped') return;
    this.#setRunning();
    this.#listener.continued();
  }

  #callFailed(failed: Extract<FromRunner, { type: 'callFailed' }>): void {
    const { sequence, message, exception } = failed;
    const byteOffset = failed.byteOffset === undefined ? null : this.#originalOffset(failed.byteOffset);
    const frames =
      byteOffset === null ? (failed.frames ?? []) : this.#framesAt(failed.frames ?? [], byteOffset);
    const isPlaced = exception !== undefined || byteOffset !== null;
    const place = isPlaced ? placeOfFailure(this, frames, byteOffset, message) : null;
    const text = place ? `${message} ${place}` : message;
    if (sequence !== null) {
      this.#ledger.setReason(sequence + this.base, text);
      this.#listener.ledgerChanged();
    }
    this.#listener.output('stderr', `${text}\n`);
    const lines = exception ? exceptionLines(this, exception, frames) : stackLines(this, frames);
    for (const line of lines) this.#listener.output('stderr', `${line.text}\n`, line.place);
  }

  #found({ sequence, found }: Extract<FromRunner, { type: 'found' }>): void {
    this.#ledger.addFinding(sequence + this.base, found);
    this.#listener.ledgerChanged();
  }

  #stderr(text: string): void {
    this.#stderrTail = (this.#stderrTail + text).slice(-TAIL);
    this.#linked('stderr', text);
  }

  /** What the guest prints; lines that name a place in its sources lead there. */
  #linked(category: OutputCategory, text: string): void {
    for (const part of linkedParts(text, this.prepared.kotlin)) {
      const { place } = part;
      if (!place) this.#listener.output(category, part.text);
      else {
        const { file, line, column } = place;
        this.#listener.output(category, part.text, { source: kotlinSource(this, file), line, column });
      }
    }
  }

  #broken(problem: string): void {
    if (this.state === 'ended') return;
    this.#stderrTail = `The control channel broke: ${problem}.`;
    this.#runner.kill();
  }

  async #exited(exit: RunnerExit): Promise<void> {
    await outputTurns();
    clearTimeout(this.#pauseTimer);
    const end = explainEnd({
      exit,
      finished: this.#finished,
      limit: this.#limit,
      asked: this.#asked,
      stderrTail: this.#stderrTail,
      running: this.#runningCall(),
    });
    this.state = 'ended';
    this.stop = null;
    if (this.#ledger.journal && this.#ledger.problems > 0) {
      await this.declarations.load();
      this.#ledger.journal.declared(this.declarations.places);
    }
    this.#ledger.endRun(end.status, end.reason);
    this.#listener.ledgerChanged();
    this.#end = end;
    if (!this.#isMuted) this.#listener.ended(end);
  }

  /** What ran at the end, or when the limit was exceeded. */
  #runningCall(): string | undefined {
    const limited = this.#limit?.sequence;
    const sequence =
      limited === undefined || limited === null ? this.#ledger.innermostRunning : limited + this.base;
    const facts = sequence === null ? undefined : this.#ledger.facts(sequence);
    return facts && `${facts.export} (callId ${facts.callId})`;
  }

  #unexpected(what: string, error: unknown): void {
    if (this.state === 'ended') return;
    const message = error instanceof Error ? error.message : String(error);
    this.#listener.output('important', `The debugger failed at ${what}: ${message}\n`);
  }
}
