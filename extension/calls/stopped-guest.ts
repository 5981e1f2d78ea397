import { LINEAR_MEMORY_REFERENCE } from '../../protocol/dap.ts';
import type { DebuggedSession } from './sessions.ts';

/** The guest of a session whose adapter is there, as it can be read and changed at a stop. All reject with a sentence. */
export interface StoppedGuest {
  /** @returns fewer bytes where memory ends before */
  read(address: number, count: number): Promise<Buffer>;
  /** Writes all or nothing. */
  write(address: number, bytes: Uint8Array): Promise<void>;
  /** Assigns to `argument` or `result` of the stop's call; `value` is an expression (design.md §6). */
  assign(target: 'argument' | 'result', value: string): Promise<void>;
}

/** Sends a standard request. Rejects with the adapter's sentence. */
export type SendRequest = (command: string, parameters: object) => Promise<unknown>;

export class AdapterGuest implements StoppedGuest {
  private readonly send: SendRequest;

  constructor(send: SendRequest) {
    this.send = send;
  }

  async read(address: number, count: number): Promise<Buffer> {
    const parameters = { memoryReference: LINEAR_MEMORY_REFERENCE, offset: address, count };
    const body = (await this.send('readMemory', parameters)) as { data?: string } | undefined;
    return Buffer.from(body?.data ?? '', 'base64');
  }

  async write(address: number, bytes: Uint8Array): Promise<void> {
    const data = Buffer.from(bytes).toString('base64');
    await this.send('writeMemory', { memoryReference: LINEAR_MEMORY_REFERENCE, offset: address, data });
  }

  async assign(target: 'argument' | 'result', value: string): Promise<void> {
    await this.send('setExpression', { expression: target, value });
  }
}

/** @throws Error with a sentence where the guest does not stand still. */
export function stoppedGuest(session: DebuggedSession): StoppedGuest {
  const { guest } = session.ledger;
  if (session.state === 'ended' || !guest)
    throw new Error(
      'The session has ended, and linear memory with it. The buffers of each call are still here.',
    );
  if (session.state === 'running') throw new Error('The guest runs. Its memory is shown when it stops.');
  return guest;
}
