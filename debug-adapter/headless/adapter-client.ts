import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { BoundaryCommand, BoundaryRequests } from '../../protocol/boundary.ts';
import { UserError } from '../errors.ts';
import { frame, MessageReader } from '../message-reader.ts';

interface Waiting {
  resolve: (body: unknown) => void;
  reject: (error: Error) => void;
}

/** A DAP client of the debug adapter, which runs as a process of its own as it does for an editor. */
export class AdapterClient {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  readonly #events = new EventEmitter();
  #nextSeq = 1;
  #stderr = '';

  /**
   * @param command debug-adapter.js and its arguments
   * @param folder what relative paths in the configuration start from
   */
  constructor(command: readonly string[], folder: string) {
    this.#child = spawn(process.execPath, command, { cwd: folder, stdio: ['pipe', 'pipe', 'pipe'] });
    const reader = new MessageReader({
      message: (message) => this.#received(message as DebugProtocol.ProtocolMessage),
      malformed: (problem) => this.#failAll(`The debug adapter sent something else than DAP: ${problem}.`),
    });
    this.#child.stdout?.on('data', (chunk: Buffer) => reader.push(chunk));
    this.#child.stderr?.on('data', (chunk: Buffer) => (this.#stderr += chunk.toString()));
    // Requests to a process that has gone are answered by its end.
    this.#child.stdin?.on('error', () => undefined);
    this.#child.on('error', (error) =>
      this.#failAll(`The debug adapter cannot be started: ${error.message}.`),
    );
    this.#child.on('close', () => this.#failAll(this.#stderr.trim() || 'The debug adapter ended.'));
  }

  /** @throws UserError with the adapter's sentence where it refuses. */
  request(command: string, args: object = {}): Promise<unknown> {
    const seq = this.#nextSeq++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(seq, { resolve, reject });
      this.#child.stdin?.write(frame({ seq, type: 'request', command, arguments: args }));
    });
  }

  async boundary<C extends BoundaryCommand>(
    command: C,
    args: BoundaryRequests[C]['arguments'],
  ): Promise<BoundaryRequests[C]['body']> {
    return (await this.request(command, args)) as BoundaryRequests[C]['body'];
  }

  /** Calls `listener` with the body of each event of this name. */
  on(event: string, listener: (body: unknown) => void): void {
    this.#events.on(event, listener);
  }

  /** Ends the session and waits until nothing of it is left. */
  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const closed = once(this.#child, 'close');
    await this.request('disconnect', { terminateDebuggee: true }).catch(() => undefined);
    this.#child.stdin?.end();
    await closed;
  }

  #received(message: DebugProtocol.ProtocolMessage): void {
    if (message.type === 'event') {
      const { event, body } = message as Omit<DebugProtocol.Event, 'body'> & { body: unknown };
      this.#events.emit(event, body);
    } else if (message.type === 'response') {
      const response = message as DebugProtocol.Response;
      const waiting = this.#waiting.get(response.request_seq);
      this.#waiting.delete(response.request_seq);
      if (response.success) waiting?.resolve(response.body);
      else waiting?.reject(new UserError('bad-configuration', response.message ?? 'The request failed.'));
    }
  }

  #failAll(why: string): void {
    for (const { reject } of this.#waiting.values()) reject(new UserError('runner-died', why));
    this.#waiting.clear();
    this.#events.emit('closed', why);
  }
}
