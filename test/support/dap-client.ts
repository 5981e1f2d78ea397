import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { BoundaryCommand, BoundaryRequests } from '../../protocol/boundary.ts';
import { OpenRequests } from '../../protocol/open-requests.ts';
import { frame, MessageReader } from '../../debug-adapter/message-reader.ts';
import { root } from '../../scripts/paths.ts';

/** The built adapter, or another build of it that DEBUG_ADAPTER_SCRIPT names. */
export const ADAPTER = process.env.DEBUG_ADAPTER_SCRIPT ?? path.join(root, 'dist/debug-adapter.js');

/** A request was answered with an error. */
export class DapError extends Error {
  override readonly name = 'DapError';
  readonly response: DebugProtocol.ErrorResponse;

  constructor(response: DebugProtocol.ErrorResponse) {
    super(response.message ?? response.body.error?.format ?? 'an error without a message');
    this.response = response;
  }
  get error(): DebugProtocol.Message {
    const { error } = this.response.body;
    if (!error) throw new Error(`The answer to ${this.response.command} has no body.error.`);
    return error;
  }
}

/** What went over the wire, in order. */
export type Exchange =
  | { from: 'client'; message: DebugProtocol.Request }
  | { from: 'adapter'; message: DebugProtocol.Response | DebugProtocol.Event };

export interface ClientOptions {
  /** Environment beside this process's own; undefined takes a variable away. */
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** The adapter's own command line. */
  args?: string[];
}

interface Waiter {
  name: string;
  matches: (event: DebugProtocol.Event) => boolean;
  resolve: (event: DebugProtocol.Event) => void;
  reject: (error: Error) => void;
}

/**
 * A DAP client on the built adapter, as an editor is one: over standard input and output. With DEBUG_ADAPTER_PORT it
 * connects to an adapter that is already running (`debug-adapter.js listen PORT`), for instance in a debugger.
 */
export class DapClient {
  readonly exchanges: Exchange[] = [];
  /** Standard error of the adapter: it should stay empty. */
  stderr = '';
  readonly #child: ChildProcess | undefined;
  readonly #input: Writable;
  readonly #requests = new OpenRequests();
  /** Events that nobody has waited for yet. */
  readonly #events: DebugProtocol.Event[] = [];
  #waiters: Waiter[] = [];
  #ended: Error | undefined;
  readonly closed: Promise<void>;

  private constructor(input: Writable, output: Readable, child?: ChildProcess) {
    this.#input = input;
    this.#child = child;
    const reader = new MessageReader({
      message: (message) => this.#receive(message as DebugProtocol.ProtocolMessage),
      malformed: (problem) =>
        this.#fail(new Error(`The adapter wrote something that is not DAP: ${problem}`)),
    });
    output.on('data', (chunk: Buffer) => reader.push(chunk));
    // The adapter may be gone: what was sent to it then is answered by the rejections below.
    input.on('error', () => undefined);
    this.closed = once(output, 'close').then(() =>
      this.#fail(new Error(`The adapter has ended. ${this.stderr}`)),
    );
  }

  static async start(options: ClientOptions = {}): Promise<DapClient> {
    const port = process.env.DEBUG_ADAPTER_PORT;
    if (port !== undefined) {
      const socket = net.connect(Number(port), '127.0.0.1');
      await once(socket, 'connect');
      return new DapClient(socket, socket);
    }
    const child = spawn(process.execPath, [ADAPTER, ...(options.args ?? [])], {
      cwd: options.cwd ?? root,
      env: { ...process.env, ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const client = new DapClient(child.stdin, child.stdout, child);
    child.stderr.setEncoding('utf8').on('data', (text: string) => (client.stderr += text));
    return client;
  }

  /** Process id of the adapter; undefined where it was not started by this client. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Sends a request. Rejects with DapError where the answer is an error. */
  request<R extends DebugProtocol.Response['body'] = unknown>(command: string, args?: unknown): Promise<R> {
    return this.requestWithSeq<R>(command, args).answer;
  }

  /** As `request`, with the number that a `cancel` names it by. */
  requestWithSeq<R = unknown>(command: string, args?: unknown): { seq: number; answer: Promise<R> } {
    const seq = this.#requests.nextNumber();
    const request: DebugProtocol.Request = { seq, type: 'request', command };
    if (args !== undefined) request.arguments = args;
    const answer = this.#ended
      ? Promise.reject(this.#ended)
      : this.#requests.answerTo(seq, (response) => {
          if (!response.success) throw new DapError(response as DebugProtocol.ErrorResponse);
          return response.body as R;
        });
    this.exchanges.push({ from: 'client', message: request });
    this.#input.write(frame(request));
    return { seq, answer };
  }

  /** A custom request of the boundary. */
  boundary<C extends BoundaryCommand>(
    command: C,
    args: BoundaryRequests[C]['arguments'],
  ): Promise<BoundaryRequests[C]['body']> {
    return this.request(command, args);
  }

  /** Bytes as they are, for what no well-behaved client sends. */
  sendRaw(bytes: string | Buffer): void {
    this.#input.write(bytes);
  }

  /** The answer to a request that `sendRaw` sent with this number. */
  answerTo(seq: number): Promise<DebugProtocol.Response> {
    return this.#requests.answerTo(seq, (response) => response);
  }

  /** Ends the adapter's input, as an editor that goes away does. */
  endInput(): void {
    this.#input.end();
  }

  /**
   * The next event of this name that satisfies `condition` and that nobody has waited for yet. It may have come already;
   * earlier ones of the name that do not satisfy it are skipped for good.
   */
  async event<B = unknown>(name: string, condition: (body: B) => boolean = () => true): Promise<B> {
    const matches = (event: DebugProtocol.Event): boolean =>
      event.event === name && condition(event.body as B);
    const at = this.#events.findIndex(matches);
    if (at >= 0) {
      const [event] = this.#events.splice(at, 1);
      return event?.body as B;
    }
    if (this.#ended) throw this.#ended;
    const event = await new Promise<DebugProtocol.Event>((resolve, reject) => {
      this.#waiters.push({ name, matches, resolve, reject });
    });
    return event.body as B;
  }

  /** Events of this name so far, waited for or not. */
  eventsSoFar(name: string): DebugProtocol.Event[] {
    return this.exchanges.flatMap(({ from, message }) =>
      from === 'adapter' && message.type === 'event' && (message as DebugProtocol.Event).event === name
        ? [message as DebugProtocol.Event]
        : [],
    );
  }

  /** All output of a category so far. */
  output(category: string): string {
    return this.eventsSoFar('output')
      .map(({ body }) => body as DebugProtocol.OutputEvent['body'])
      .filter((body) => (body.category ?? 'console') === category)
      .map(({ output }) => output)
      .join('');
  }

  /** Ends the adapter's process at once. */
  kill(): void {
    this.#child?.kill('SIGKILL');
  }

  /** Exit code of the adapter, once it has ended. */
  async exit(): Promise<number | NodeJS.Signals | null> {
    const child = this.#child;
    if (!child) return null;
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    return child.exitCode ?? child.signalCode;
  }

  #receive(message: DebugProtocol.ProtocolMessage): void {
    this.exchanges.push({
      from: 'adapter',
      message: message as DebugProtocol.Response | DebugProtocol.Event,
    });
    if (message.type === 'response') {
      const response = message as DebugProtocol.Response;
      if (!this.#requests.answer(response))
        this.#fail(new Error(`A second answer to request ${response.request_seq} (${response.command}).`));
    } else if (message.type === 'event') this.#event(message as DebugProtocol.Event);
  }

  #event(event: DebugProtocol.Event): void {
    if (event.event === 'terminated') this.#noMoreStops();
    const at = this.#waiters.findIndex((waiter) => waiter.matches(event));
    if (at < 0) this.#events.push(event);
    else this.#waiters.splice(at, 1)[0]?.resolve(event);
  }

  /** Whoever waits for a stop would wait for ever. */
  #noMoreStops(): void {
    const said = this.output('stderr') + this.output('console') + this.output('important');
    for (const { reject } of this.#waiters.filter(({ name }) => name === 'stopped')) {
      reject(new Error(`The guest ended instead of stopping. What was said:\n${said}`));
    }
    this.#waiters = this.#waiters.filter(({ name }) => name !== 'stopped');
  }

  #fail(error: Error): void {
    this.#ended ??= error;
    this.#requests.failAll(error);
    for (const { reject } of this.#waiters) reject(error);
    this.#waiters = [];
  }
}
