import type { BoundaryRequests, Call, CallSummary } from '../../protocol/boundary.ts';
import type { DecoderChoice } from '../../protocol/webview.ts';
import type { AdapterConnection } from '../adapter/connection.ts';

export interface CallsPage {
  total: number;
  calls: CallSummary[];
}

/** Where the inspector's calls come from: a session's adapter, or what was kept of a session that has ended. */
export interface Ledger {
  /**
   * Summaries in order.
   * @param query part of an export's name, a callId or a preview; all calls when left out
   */
  calls(start: number, count: number, query?: string): Promise<CallsPage>;
  /** @throws Error with a sentence where the call is not there. */
  call(sequence: number, decoders?: DecoderChoice): Promise<LedgerCall>;
  decoders(): Promise<BoundaryRequests['boundary/decoders']['body']['decoders']>;
  /** Sequence of the call that a stack frame of the current stop belongs to. */
  locate(frameId: number): Promise<number | null>;
}

export interface LedgerCall {
  call: Call;
  /** Why its buffers are not there, where they are not. */
  notKept?: string;
}

/** The ledger of a session whose adapter is there. */
export class LiveLedger implements Ledger {
  private readonly connection: AdapterConnection;

  constructor(connection: AdapterConnection) {
    this.connection = connection;
  }

  calls(start: number, count: number, query?: string): Promise<CallsPage> {
    return this.connection.request('boundary/calls', { start, count, ...(query && { query }) });
  }

  async call(sequence: number, decoders?: DecoderChoice): Promise<LedgerCall> {
    return this.connection.request('boundary/call', { sequence, ...(decoders && { decoders }) });
  }

  async decoders(): Promise<{ id: string; label: string }[]> {
    return (await this.connection.request('boundary/decoders', {})).decoders;
  }

  async locate(frameId: number): Promise<number | null> {
    return (await this.connection.request('boundary/locate', { frameId })).sequence;
  }
}
