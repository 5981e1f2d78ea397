import type { Direction } from '../protocol/boundary.ts';
import type { BufferChoice, CallView, DecoderChoice } from '../protocol/webview.ts';
import type { CallDetails } from './call-details.ts';
import type { Host } from './host.ts';
import type { ViewState } from './view-state.ts';

interface ChosenCallEvents {
  /** Whether the session stands still in this call. */
  isAtStop(sequence: number): boolean;
  /** The export of a call, where it is known without asking. */
  exportOf(sequence: number): string | undefined;
  /** The list has drawn what has changed in it: that is seen before the call that was chosen there. */
  listPainted(): Promise<void>;
  /** Decoders were chosen, by export. */
  decodersChanged(decoders: Record<string, DecoderChoice>): void;
}

/** Loads the call that is chosen in the list and shows it, with the decoders and the buffers that were chosen for it. */
export class ChosenCall {
  private readonly host: Host;
  private readonly details: CallDetails;
  /** What is chosen: read at each load. */
  private readonly state: Readonly<ViewState>;
  private readonly events: ChosenCallEvents;
  private shown: { sequence: number; export: string; running: boolean; bufferCount: number } | null = null;
  /** Buffers that were chosen among those that the call had then. */
  private chosen: { sequence: number; bufferCount: number; buffers: BufferChoice } | null = null;
  private loading = false;
  /** How often the chosen call was asked for. */
  private wishes = 0;

  constructor(host: Host, details: CallDetails, state: Readonly<ViewState>, events: ChosenCallEvents) {
    this.host = host;
    this.details = details;
    this.state = state;
    this.events = events;
  }

  /** Whether the chosen call is not shown yet, or may have gone on since. */
  get isStale(): boolean {
    return this.shown?.sequence !== this.state.sequence || this.shown.running;
  }

  /** Another session is shown: no call of it is chosen yet. */
  clear(): void {
    this.shown = null;
    this.chosen = null;
    this.details.showMessage('Select a call to see its buffers.');
  }

  /** Says why there is no call, unless one is shown. */
  failed(message: string): void {
    if (this.shown === null) this.details.showMessage(message);
  }

  /** @param decoder undefined gives the choice back to the call */
  chooseDecoder(direction: Direction, decoder: string | undefined): void {
    if (!this.shown) return;
    const { [direction]: _before, ...rest } = this.state.decoders[this.shown.export] ?? {};
    const choice: DecoderChoice = decoder === undefined ? rest : { ...rest, [direction]: decoder };
    this.events.decodersChanged({ ...this.state.decoders, [this.shown.export]: choice });
    void this.load();
  }

  /** Shows another of the call's buffers, until another call is chosen or this one hands over the next. */
  chooseBuffer(direction: Direction, index: number): void {
    if (!this.shown) return;
    const { sequence, bufferCount } = this.shown;
    const before = this.chosen?.sequence === sequence ? this.chosen.buffers : {};
    this.chosen = { sequence, bufferCount, buffers: { ...before, [direction]: index } };
    void this.load();
  }

  /** Loads the chosen call; while one is on its way, only the newest wish is kept. */
  async load(): Promise<void> {
    this.wishes++;
    if (this.loading) return;
    this.loading = true;
    try {
      for (let served = 0; served < this.wishes;) {
        served = this.wishes;
        await this.request(this.state.sequence);
      }
    } finally {
      this.loading = false;
    }
  }

  private async request(sequence: number | null): Promise<void> {
    if (sequence === null) {
      this.details.showMessage('Select a call to see its buffers.');
      return;
    }
    const name =
      this.events.exportOf(sequence) ?? (this.shown?.sequence === sequence ? this.shown.export : undefined);
    const { session } = this.state;
    const isOvertaken = (): boolean => this.state.sequence !== sequence || this.state.session !== session;
    try {
      const { call, decoders } = await this.decoded(sequence, name);
      await this.events.listPainted();
      if (isOvertaken()) return;
      const { status, bufferCount } = call;
      this.shown = { sequence, export: call.export, running: status === 'running', bufferCount };
      this.details.show(call, decoders, { session: session ?? '', atStop: this.events.isAtStop(sequence) });
    } catch (error) {
      if (isOvertaken()) return;
      this.shown = null;
      this.details.showMessage((error as Error).message);
    }
  }

  /** The call in the decoders that are chosen for its export, with the buffers that are chosen of it. */
  private async decoded(
    sequence: number,
    name: string | undefined,
  ): Promise<{ call: CallView; decoders: DecoderChoice }> {
    if (this.chosen?.sequence !== sequence) this.chosen = null;
    const decoders = (name !== undefined && this.state.decoders[name]) || {};
    const call = await this.ask(sequence, decoders);
    const wanted = name === undefined ? (this.state.decoders[call.export] ?? decoders) : decoders;
    // What was handed over since is what a person wants to see; and the export was not known before, nor its decoders.
    const hasMore = this.chosen !== null && call.bufferCount > this.chosen.bufferCount;
    if (hasMore) this.chosen = null;
    return {
      call: hasMore || wanted !== decoders ? await this.ask(sequence, wanted) : call,
      decoders: wanted,
    };
  }

  private async ask(sequence: number, decoders: DecoderChoice): Promise<CallView> {
    const buffers = this.chosen?.buffers;
    const { call } = await this.host.request({
      type: 'requestCall',
      sequence,
      decoders,
      ...(buffers && { buffers }),
    });
    return call;
  }
}
