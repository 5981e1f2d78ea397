import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { BoundaryCommand, BoundaryRequests } from '../../protocol/boundary.ts';
import { OpenRequests } from '../../protocol/open-requests.ts';
import { encodeMessage, MessageReader } from './framing.ts';
import type { AdapterProgram } from './program.ts';

export interface ConnectionListener {
  /** A message for the editor: every event, and the answers to the editor's own requests. */
  message(message: DebugProtocol.ProtocolMessage): void;
  /** The adapter is gone. `reason` ends a sentence: "with exit code 1". */
  ended(reason: string, stderr: string): void;
  /** What the adapter wrote to its standard error: not for users, for the log. */
  log(text: string): void;
}

/** How long an adapter may take to leave by itself after its input was closed, in milliseconds. */
const LEAVE_MILLISECONDS = 3000;

/**
 * The debug adapter as a child process that two clients share: the editor, whose messages pass through, and the call
 * inspector, whose requests need not travel through the editor's window (a buffer can have many megabytes). Requests
 * are numbered anew on their way to the adapter, and their answers are given the editor's numbers back.
 */
export class AdapterConnection {
  private readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  private readonly reader = new MessageReader();
  /** Numbers every message to the adapter, and keeps the extension's own requests. */
  private readonly requests = new OpenRequests();
  /** The adapter's number of a request → the editor's. */
  private readonly editorRequests = new Map<number, DebugProtocol.Request>();
  private stderr = '';
  private over = false;
  private readonly listener: ConnectionListener;

  /** @param parameters of its command line: none for a session with a guest */
  constructor(
    program: AdapterProgram,
    cwd: string | undefined,
    listener: ConnectionListener,
    parameters: readonly string[] = [],
  ) {
    this.listener = listener;
    this.child = spawn(program.command, [program.script, ...parameters], {
      env: program.env,
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
      ...(cwd !== undefined && { cwd }),
    });
    this.child.stdout.on('data', (chunk: Buffer) => this.receive(chunk));
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr = (this.stderr + text).slice(-4000);
      listener.log(text);
    });
    // A write to an adapter that has just died: its end is reported by 'close'.
    this.child.stdin.on('error', () => undefined);
    this.child.on('error', (error) => this.end(`: it could not be started (${error.message})`));
    this.child.on('close', (code, signal) =>
      this.end(signal === null ? `with exit code ${code ?? 'unknown'}` : `by the signal ${signal}`),
    );
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Passes on what the editor sends. */
  send(message: DebugProtocol.ProtocolMessage): void {
    const seq = this.requests.nextNumber();
    if (message.type !== 'request') return this.write({ ...message, seq });
    const request = message as DebugProtocol.Request;
    if (this.over) return this.refuse(request, 'The debug adapter has ended.');
    this.editorRequests.set(seq, request);
    this.write({ ...this.withRequestId(request), seq });
  }

  /**
   * A request of the extension's own. Rejects with the adapter's sentence.
   * @param signal asks the adapter to give it up
   */
  request<C extends BoundaryCommand>(
    command: C,
    parameters: BoundaryRequests[C]['arguments'],
    signal?: AbortSignal,
  ): Promise<BoundaryRequests[C]['body']> {
    return this.requestStandard(command, parameters, signal) as Promise<BoundaryRequests[C]['body']>;
  }

  /** A standard request of the extension's own. Rejects with the adapter's sentence. @returns the response's body */
  requestStandard(command: string, parameters: object, signal?: AbortSignal): Promise<unknown> {
    if (this.over) return Promise.reject(new Error('The debug session has ended.'));
    const seq = this.requests.nextNumber();
    const cancel = (): void => void this.requestStandard('cancel', { requestId: seq }).catch(() => undefined);
    const answer = this.requests.answerTo(seq, bodyOf);
    this.write({ seq, type: 'request', command, arguments: parameters } as DebugProtocol.Request);
    signal?.addEventListener('abort', cancel);
    return answer.finally(() => signal?.removeEventListener('abort', cancel));
  }

  /** Ends the adapter: it leaves when its input ends, and is killed if it does not. */
  dispose(): void {
    this.child.stdin.end();
    const kill = setTimeout(() => this.child.kill('SIGKILL'), LEAVE_MILLISECONDS);
    this.child.once('close', () => clearTimeout(kill));
  }

  /** Ends the adapter at once: it may be busy and not see that its input has ended. */
  kill(): void {
    this.child.kill('SIGKILL');
  }

  /** `cancel` names the request by number: the adapter's. */
  private withRequestId(request: DebugProtocol.Request): DebugProtocol.Request {
    if (request.command !== 'cancel') return request;
    const parameters = request.arguments as DebugProtocol.CancelArguments | undefined;
    for (const [seq, open] of this.editorRequests)
      if (open.seq === parameters?.requestId)
        return { ...request, arguments: { ...parameters, requestId: seq } };
    return request;
  }

  private write(message: DebugProtocol.ProtocolMessage): void {
    this.child.stdin.write(encodeMessage(message));
  }

  private receive(chunk: Buffer): void {
    let messages: DebugProtocol.ProtocolMessage[];
    try {
      messages = this.reader.push(chunk);
    } catch (error) {
      this.listener.log(`${(error as Error).message}\n`);
      this.child.kill('SIGKILL');
      return;
    }
    for (const message of messages) this.dispatch(message);
  }

  private dispatch(message: DebugProtocol.ProtocolMessage): void {
    if (message.type !== 'response') return this.listener.message(message);
    const response = message as DebugProtocol.Response;
    if (this.requests.answer(response)) return;
    const request = this.editorRequests.get(response.request_seq);
    this.editorRequests.delete(response.request_seq);
    if (!request) return;
    const answer: DebugProtocol.Response = { ...response, request_seq: request.seq };
    this.listener.message(answer);
  }

  private refuse(request: DebugProtocol.Request, message: string): void {
    const response: DebugProtocol.Response = {
      seq: 0,
      type: 'response',
      request_seq: request.seq,
      command: request.command,
      success: request.command === 'disconnect' || request.command === 'terminate',
      message,
    };
    this.listener.message(response);
  }

  private end(reason: string): void {
    if (this.over) return;
    this.over = true;
    this.requests.failAll(new Error('The debug session has ended.'));
    const open = [...this.editorRequests.values()];
    this.editorRequests.clear();
    for (const request of open) this.refuse(request, `The debug adapter ended ${reason}.`);
    this.listener.ended(reason, this.stderr);
  }
}

/** @throws Error with the adapter's sentence where it refused. */
function bodyOf(response: DebugProtocol.Response): unknown {
  if (!response.success) throw new Error(sentenceOf(response));
  return response.body;
}

/** The user's sentence of an error response: DAP's `format` with its `{name}` variables, else `message`. */
export function sentenceOf(response: DebugProtocol.Response): string {
  const error = (response.body as DebugProtocol.ErrorResponse['body'] | undefined)?.error;
  if (!error) return response.message ?? `${response.command} failed.`;
  return error.format.replace(/\{([^}]+)\}/g, (whole, name: string) => {
    const value: unknown = error.variables?.[name];
    return typeof value === 'string' ? value : whole;
  });
}
