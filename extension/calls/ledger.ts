import type {
  BoundaryRequests,
  BoundarySearching,
  Call,
  CallFingerprint,
  CallOrder,
  CallSummary,
  FindingGroup,
} from '../../protocol/boundary.ts';
import type { DecodedAnswers, DecodedAsk } from '../../protocol/decoded.ts';
import type { BufferChoice, DecoderChoice } from '../../protocol/webview.ts';
import type { AdapterConnection } from '../adapter/connection.ts';
import { KeptCall } from './kept-call.ts';
import type { StoppedGuest } from './stopped-guest.ts';

export interface CallsPage {
  total: number;
  calls: CallSummary[];
}

/** Calls as they are compared with those of another session. */
export interface FingerprintsPage {
  total: number;
  calls: CallFingerprint[];
}

/** How a search for calls is followed and given up. */
export interface SearchOptions {
  signal: AbortSignal;
  /** Told now and then how many calls have been looked at. */
  progress: (searching: BoundarySearching) => void;
}

/** Where the inspector's calls come from: a session's adapter, or what was kept of a session that has ended. */
export interface Ledger {
  /**
   * @param query see protocol/call-query.ts; all calls when left out
   * @param sort by sequence when left out
   * @param search for a query that takes long
   */
  calls(
    start: number,
    count: number,
    query?: string,
    sort?: CallOrder,
    search?: SearchOptions,
  ): Promise<CallsPage>;
  /** Calls in the order of their sequence. */
  fingerprints(start: number, count: number, signal?: AbortSignal): Promise<FingerprintsPage>;
  /** Sequence of the next call with findings after `from` (-1 for the first), or of the one before it. */
  findProblem(from: number, direction: 'next' | 'previous'): Promise<number | null>;
  /** @throws Error with a sentence where the call is not there. */
  call(sequence: number, wanted?: WantedCall): Promise<LedgerCall>;
  /**
   * Reads captured bytes beyond those that a call was given with. Absent where calls always have all.
   * @param memoryReference of the buffer. @returns fewer bytes where the buffer ends before
   */
  readCaptured?(memoryReference: string, start: number, count: number): Promise<Buffer>;
  /** Reads a part of what all of a buffer decodes to. Absent where calls always have all. */
  decoded?<A extends DecodedAsk>(
    buffer: DecodedBuffer,
    ask: A,
    signal?: AbortSignal,
  ): Promise<DecodedAnswers[A['kind']]>;
  decoders(): Promise<OfferedDecoders>;
  /** Sequence of the call that a stack frame of the current stop belongs to. */
  locate(frameId: number): Promise<number | null>;
  /** Absent where the guest is gone. */
  readonly guest?: StoppedGuest;
}

/** A captured buffer, and how it is to be decoded. */
export interface DecodedBuffer {
  memoryReference: string;
  /** The call's own where absent. */
  decoder?: string;
}

/** How a call is wanted. */
export interface WantedCall {
  decoders?: DecoderChoice;
  buffers?: BufferChoice;
  /** Bytes of each buffer; all when left out. */
  maxBytes?: number;
  /** Bytes of a buffer that has more than `maxBytes`; so many when left out. */
  beginning?: number;
}

export interface LedgerCall {
  call: Call;
  /** Why its buffers are not there, where they are not. */
  notKept?: string;
}

type OfferedDecoders = BoundaryRequests['boundary/decoders']['body']['decoders'];

/** What is left of a ledger whose adapter has died. */
export interface RememberedCalls {
  /** From the session's first call on, without gaps. */
  summaries: CallSummary[];
  whole: ReadonlyMap<number, KeptCall>;
  offered: OfferedDecoders;
}

const ADAPTER_DIED = 'The debug adapter ended before this call did.';
/** Whole calls that are remembered for the case that the adapter dies. */
const REMEMBERED_CALLS = 100;

/** The ledger of a session whose adapter is there. What the view was shown of it outlives an adapter that dies. */
export class LiveLedger implements Ledger {
  readonly guest?: StoppedGuest;
  private readonly connection: Pick<AdapterConnection, 'request' | 'requestStandard'>;
  private readonly seen = new Map<number, CallSummary>();
  private readonly seenWhole = new Map<number, KeptCall>();
  private offered: OfferedDecoders = [];
  /** Of the search that was begun last. */
  private progress: SearchOptions['progress'] = () => undefined;

  /** @param guest for what shows or changes its memory */
  constructor(connection: Pick<AdapterConnection, 'request' | 'requestStandard'>, guest?: StoppedGuest) {
    this.connection = connection;
    if (guest) this.guest = guest;
  }

  async calls(
    start: number,
    count: number,
    query?: string,
    sort?: CallOrder,
    search?: SearchOptions,
  ): Promise<CallsPage> {
    if (search) this.progress = search.progress;
    const page = await this.connection.request(
      'boundary/calls',
      { start, count, ...(query && { query }), ...(sort && { sort }) },
      search?.signal,
    );
    for (const call of page.calls) this.seen.set(call.sequence, call);
    return page;
  }

  /** The adapter tells how far its search is. */
  searching(searching: BoundarySearching): void {
    this.progress(searching);
  }

  fingerprints(start: number, count: number, signal?: AbortSignal): Promise<FingerprintsPage> {
    return this.connection.request('boundary/fingerprints', { start, count }, signal);
  }

  async findProblem(from: number, direction: 'next' | 'previous'): Promise<number | null> {
    return (await this.connection.request('boundary/findProblem', { from, direction })).sequence;
  }

  async call(sequence: number, wanted: WantedCall = {}): Promise<LedgerCall> {
    const answer = await this.connection.request('boundary/call', { sequence, ...wanted });
    // Without its buffers it is no copy of what the view has shown.
    if (wanted.maxBytes === 0) return answer;
    const before = this.seenWhole.get(sequence);
    this.seenWhole.delete(sequence);
    this.seenWhole.set(sequence, new KeptCall(answer.call, before));
    for (const oldest of this.seenWhole.keys()) {
      if (this.seenWhole.size <= REMEMBERED_CALLS) break;
      this.seenWhole.delete(oldest);
    }
    return answer;
  }

  async readCaptured(memoryReference: string, start: number, count: number): Promise<Buffer> {
    const parameters = { memoryReference, offset: start, count };
    const body = (await this.connection.requestStandard('readMemory', parameters)) as { data?: string };
    return Buffer.from(body.data ?? '', 'base64');
  }

  async decoded<A extends DecodedAsk>(
    buffer: DecodedBuffer,
    ask: A,
    signal?: AbortSignal,
  ): Promise<DecodedAnswers[A['kind']]> {
    const body = await this.connection.request('boundary/decoded', { ...buffer, ask }, signal);
    return body as DecodedAnswers[A['kind']];
  }

  async decoders(): Promise<OfferedDecoders> {
    this.offered = (await this.connection.request('boundary/decoders', {})).decoders;
    return this.offered;
  }

  /** One entry a code and function, for Problems. */
  async findings(): Promise<FindingGroup[]> {
    return (await this.connection.request('boundary/problems', {})).groups;
  }

  /** What the view has been shown, up to the first call that it has not. */
  remembered(): RememberedCalls {
    const summaries: CallSummary[] = [];
    for (let call = this.seen.get(0); call; call = this.seen.get(summaries.length))
      summaries.push(call.status === 'running' ? { ...call, status: 'cancelled' } : call);
    const whole = [...this.seenWhole].map(([sequence, kept]): [number, KeptCall] => {
      const ended: Call = { ...kept.call, status: 'cancelled', reason: ADAPTER_DIED };
      return [sequence, kept.call.status === 'running' ? new KeptCall(ended, kept) : kept];
    });
    return { summaries, whole: new Map(whole), offered: this.offered };
  }

  async locate(frameId: number): Promise<number | null> {
    return (await this.connection.request('boundary/locate', { frameId })).sequence;
  }
}
