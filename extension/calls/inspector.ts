import type { Direction } from '../../protocol/boundary.ts';
import type { DecoderChoice, FromWebview, ToWebview, WebviewRequest } from '../../protocol/webview.ts';
import type { Answer } from './answers.ts';
import { editBuffer } from './buffer-edit.ts';
import { answerAboutHeldCall, isAboutHeldCall } from './call-answers.ts';
import { chromeTrace } from './chrome-trace.ts';
import { answerAboutComparison, isAboutComparison } from './comparison-answers.ts';
import { Comparisons } from './comparisons.ts';
import { checkCopied, formatBytesAs } from './copy-formats.ts';
import { HeldCalls } from './held-calls.ts';
import type { SearchOptions } from './ledger.ts';
import { LiveMemory, liveBuffers } from './live-memory.ts';
import { PickedValues } from './picked-values.ts';
import type { DebuggedSession, Sessions } from './sessions.ts';
import { Snapshot } from './snapshot.ts';
import type { StopConditions } from './stop-conditions.ts';
import { stoppedGuest } from './stopped-guest.ts';
import { hostTimes, timelinePart } from './timeline.ts';

/** What the inspector shows and changes. */
export interface InspectedModels {
  sessions: Sessions;
  conditions: StopConditions;
}

/** What the inspector needs of the editor. */
export interface InspectorActions {
  openMemory(session: DebuggedSession, memoryReference: string): void;
  copy(text: string): void;
  openLocation(path: string, line: number): void;
  /** Asks for a file and writes the bytes there. Rejects with a sentence. */
  save(name: string, bytes: Uint8Array): Promise<void>;
  /** What `rememberDecoders` was told last, in this workspace. */
  rememberedDecoders(): Record<string, DecoderChoice>;
  rememberDecoders(decoders: Record<string, DecoderChoice>): void;
  /** Asks for a saved ledger, and opens it. */
  openSaved(): void;
}

/** Bytes of a buffer that comes with its call, decoded; of a larger one only the beginning, and the others as they are seen. */
const AT_ONCE = { maxBytes: 256 * 1024, beginning: 16 * 1024 };

/**
 * The extension's half of the call inspector, without the editor: keeps the view told of the sessions, and answers each
 * of its requests, with a sentence where something is wrong.
 */
export class Inspector {
  private readonly sessions: Sessions;
  private readonly conditions: StopConditions;
  private readonly post: (message: ToWebview) => void;
  private readonly actions: InspectorActions;
  private readonly calls = new HeldCalls();
  private readonly comparisons: Comparisons;
  private readonly picked = new PickedValues();
  /** Session and decoders that `picked` is of. */
  private pickedBy = '';
  private memory = { session: '', live: new LiveMemory() };
  /** Which calls were asked for last; another wish gives the search up. */
  private searched = { wish: '', abort: new AbortController() };
  private nextView = 1;
  private ready = false;
  /** Session whose decoders the view knows. */
  private offered: string | null = null;
  private pendingReveal: { sequence: number; direction?: Direction } | null = null;

  constructor(
    { sessions, conditions }: InspectedModels,
    post: (message: ToWebview) => void,
    actions: InspectorActions,
  ) {
    this.sessions = sessions;
    this.conditions = conditions;
    this.post = post;
    this.actions = actions;
    this.comparisons = new Comparisons(sessions, (done, total) =>
      post({ type: 'comparingLedgers', done, total }),
    );
    sessions.onChange(() => this.refresh());
    conditions.onChange(() => this.tellConditions());
  }

  /** Tells the view what has changed; the view asks for what it shows. */
  refresh(): void {
    if (!this.ready) return;
    const shown = this.sessions.shown;
    this.post({
      type: 'sessions',
      sessions: this.sessions.list().map((session) => session.describe()),
      shown: shown?.id ?? null,
    });
    if (shown) this.post({ type: 'changed', ...shown.ledgerState });
  }

  private tellConditions(): void {
    if (this.ready) this.post({ type: 'conditions', conditions: this.conditions.list() });
  }

  /** Shows a call; waits for a view that is just being opened. */
  reveal(sequence: number, direction?: Direction): void {
    const reveal = { sequence, ...(direction && { direction }) };
    if (this.ready) this.post({ type: 'reveal', ...reveal });
    else this.pendingReveal = reveal;
  }

  /** The view was closed or reloaded: nothing reaches it until it is ready again. */
  detach(): void {
    this.ready = false;
    this.calls.clear();
  }

  /** @param message what the view posted; its shape is the protocol's, as both sides come from one build */
  async handle(message: FromWebview): Promise<void> {
    switch (message.type) {
      case 'ready':
        this.ready = true;
        this.offered = null;
        this.post({ type: 'remembered', decoders: this.actions.rememberedDecoders() });
        this.tellConditions();
        this.refresh();
        if (this.pendingReveal) this.post({ type: 'reveal', ...this.pendingReveal });
        this.pendingReveal = null;
        return;
      case 'chooseSession':
        this.sessions.show(message.session);
        return;
      case 'closeSaved':
        this.sessions.closeSaved(message.session);
        return;
      case 'exportTrace': {
        const { ledger, name } = this.shown();
        await this.actions.save(`${name}.trace.json`, Buffer.from(await chromeTrace(ledger, name)));
        return;
      }
      case 'remember':
        this.actions.rememberDecoders(message.decoders);
        return;
      case 'removeCondition':
        this.conditions.remove(message.condition);
        return;
      case 'cancelDecoding':
        this.calls.find(message.view)?.snapshot.buffer(message.direction).cancel();
        return;
      case 'cancelComparing':
        this.comparisons.cancel();
        return;
      case 'openSaved':
        this.actions.openSaved();
        return;
      case 'openLocation':
        this.actions.openLocation(message.path, message.line);
        return;
      case 'openMemory': {
        const held = this.calls.find(message.view);
        if (held)
          this.actions.openMemory(held.session, held.snapshot.buffer(message.direction).memoryReference);
        return;
      }
      case 'copy': {
        const { view, direction, what, range } = message;
        const snapshot = this.calls.get(view);
        const buffer = snapshot.buffer(direction);
        if (what === 'text') {
          this.actions.copy(await buffer.text());
          return;
        }
        const [start, end] = range ?? [0, buffer.head().captured];
        checkCopied(end - start);
        const bytes = await buffer.part([start, end]);
        this.actions.copy(formatBytesAs(what, bytes, snapshot.nameOf(direction)));
        return;
      }
      case 'save': {
        const snapshot = this.calls.get(message.view);
        const bytes = await snapshot.buffer(message.direction).part(message.range);
        await this.actions.save(`${snapshot.nameOf(message.direction)}.bin`, bytes);
        return;
      }
      default:
        await this.answer(message);
    }
  }

  private async answer(request: WebviewRequest): Promise<void> {
    let answer: Answer;
    try {
      answer = await this.answerTo(request);
    } catch (error) {
      answer = { type: 'answerError', message: error instanceof Error ? error.message : String(error) };
    }
    this.post({ ...answer, id: request.id });
  }

  private async answerTo(request: WebviewRequest): Promise<Answer> {
    if (isAboutHeldCall(request)) return answerAboutHeldCall(this.calls.get(request.view), request);
    if (isAboutComparison(request)) return answerAboutComparison(this.comparisons, request);
    switch (request.type) {
      case 'requestCalls': {
        const { start, count, query, sort } = request;
        const { ledger } = this.shown();
        const page = await ledger.calls(
          start,
          count,
          query,
          sort,
          this.search(JSON.stringify([query, sort])),
        );
        return { type: 'answerCalls', start, ...page };
      }
      case 'requestProblem': {
        const sequence = await this.shown().ledger.findProblem(request.from, request.direction);
        return { type: 'answerProblem', sequence };
      }
      case 'requestColumn':
        return { type: 'answerColumn', values: await this.columnValues(request) };
      case 'requestCall': {
        const session = this.shown();
        await this.offerDecoders(session);
        const { sequence, decoders, buffers } = request;
        const wanted = { ...(decoders && { decoders }), ...(buffers && { buffers }), ...AT_ONCE };
        const { ledger } = session;
        this.calls.cancelOthers(sequence);
        const snapshot = new Snapshot(
          this.nextView++,
          await ledger.call(sequence, wanted),
          ledger,
          decoders ?? {},
        );
        this.calls.hold(snapshot, session);
        return { type: 'answerCall', call: snapshot.head() };
      }
      case 'requestMemoryState': {
        const session = this.shown();
        const guest = stoppedGuest(session);
        const { memoryBytes = 0, current } = session.ledgerState;
        if (this.memory.session !== session.id) this.memory = { session: session.id, live: new LiveMemory() };
        const { live } = this.memory;
        await live.refresh(guest, session.stops, memoryBytes);
        const buffers = await liveBuffers(session.ledger, current);
        return { type: 'answerMemoryState', size: memoryBytes, compared: live.compared, buffers };
      }
      case 'requestMemory': {
        const { address, count } = request;
        const { bytes, changed } = await this.memory.live.read(stoppedGuest(this.shown()), address, count);
        return { type: 'answerMemory', bytes: Uint8Array.from(bytes), changed };
      }
      case 'requestEdit': {
        const { view, direction, edit } = request;
        const snapshot = this.calls.get(view);
        await editBuffer(this.shown(), snapshot, direction, edit);
        // The editor knows of the change by the adapter's own events; the view is told here.
        this.sessions.touch();
        return { type: 'answerEdit' };
      }
      case 'requestCondition': {
        const { view, direction, names } = request;
        await this.conditions.add(this.calls.get(view).conditionRequest(direction, names));
        return { type: 'answerCondition' };
      }
      case 'requestTimeline': {
        const { ledger, ledgerState } = this.shown();
        const part = await timelinePart(ledger, ledgerState.total, request.from, request.to);
        return { type: 'answerTimeline', part };
      }
      case 'requestHostTimes': {
        const crossings = await hostTimes(this.shown().ledger, request.sequences);
        return { type: 'answerHostTimes', crossings };
      }
      default:
        throw new Error(`The call inspector asked for something unknown: ${JSON.stringify(request)}`);
    }
  }

  private search(wish: string): SearchOptions {
    if (this.searched.wish !== wish) {
      this.searched.abort.abort();
      this.searched = { wish, abort: new AbortController() };
    }
    const { signal } = this.searched.abort;
    return {
      signal,
      progress: (searching) => {
        if (!signal.aborted) this.post({ type: 'searching', ...searching });
      },
    };
  }

  private async columnValues({
    column,
    sequences,
    decoders,
  }: Extract<WebviewRequest, { type: 'requestColumn' }>): Promise<(string | null)[]> {
    const session = this.shown();
    const decodedBy = `${session.id} ${JSON.stringify(decoders)}`;
    if (this.pickedBy !== decodedBy) this.picked.clear();
    this.pickedBy = decodedBy;
    return this.picked.of(session.ledger, column, sequences, decoders);
  }

  /** The view learns which decoders there are with the first call of a session that it shows. */
  private async offerDecoders(session: DebuggedSession): Promise<void> {
    if (this.offered === session.id) return;
    this.offered = session.id;
    this.post({ type: 'decoders', decoders: await session.ledger.decoders() });
  }

  private shown(): DebuggedSession {
    const shown = this.sessions.shown;
    if (!shown) throw new Error('There is no debug session yet. Start one with F5.');
    return shown;
  }
}
