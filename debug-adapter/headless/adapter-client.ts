import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { BoundaryCommand, BoundaryRequests } from '../../protocol/boundary.ts';
import { OpenRequests } from '../../protocol/open-requests.ts';
import { UserError } from '../errors.ts';
import { frame, MessageReader } from '../message-reader.ts';

/** A DAP client of the debug adapter, which runs as a process of its own as it does for an editor. */
export class AdapterClient {
  readonly #child: ChildProcess;
  readonly #requests = new OpenRequests();
  readonly #events = new EventEmitter();
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
    const seq = this.#requests.nextNumber();
    const answer = this.#requests.answerTo(seq, bodyOf);
    this.#child.stdin?.write(frame({ seq, type: 'request', command, arguments: args }));
    return answer;
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
    } else if (message.type === 'response') this.#requests.answer(message as DebugProtocol.Response);
  }

  #failAll(why: string): void {
    this.#requests.failAll(new UserError('runner-died', why));
    this.#events.emit('closed', why);
  }
}

/** @throws UserError with the adapter's sentence where it refused. */
function bodyOf({ success, body, message }: DebugProtocol.Response): unknown {
  if (!success) throw new UserError('bad-configuration', message ?? 'The request failed.');
  return body;
}
