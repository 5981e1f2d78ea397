import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';
import { z } from 'zod';

const messageSchema = z.union([
  z.object({ id: z.number(), result: z.unknown() }),
  z.object({ id: z.number(), error: z.object({ message: z.string() }) }),
  z.object({ method: z.string(), params: z.unknown() }),
]);

/** A process under Node's inspector (the Chrome DevTools Protocol), and a client that is connected to it. */
export class InspectorClient {
  readonly #socket: WebSocket;
  readonly #answers = new Map<number, Pending<unknown>>();
  readonly #events = new Map<string, Pending<unknown>>();
  readonly #stop: () => Promise<void>;
  #lastId = 0;
  /**
   * Ids of requests that are sent only so that what came is acknowledged with them. Node holds back a small message until
   * the one before is acknowledged, which the system does some 40 ms later where there is nothing to send.
   */
  readonly #acknowledgements = new Set<number>();
  readonly #settled: (() => void)[] = [];

  private constructor(socket: WebSocket, stop: () => Promise<void>) {
    this.#socket = socket;
    this.#stop = stop;
    socket.on('message', (data: Buffer) => this.#receive(data.toString('utf8')));
    socket.on('close', () => this.#fail(new Error("Node's inspector closed the connection.")));
  }

  /**
   * Starts `node` with `args`; it waits until it is told to run (`Runtime.runIfWaitingForDebugger`).
   * @throws Error with what it printed, where it ends before it can be connected to.
   */
  static async launch(node: string, args: readonly string[]): Promise<InspectorClient> {
    const child = spawn(node, ['--inspect-wait=127.0.0.1:0', ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const exited = once(child, 'exit');
    const stop = async (): Promise<void> => {
      child.kill('SIGKILL');
      await exited;
    };
    try {
      const printed: string[] = [];
      const address = await new Promise<string>((resolve, reject) => {
        createInterface({ input: child.stderr }).on('line', (line) => {
          printed.push(line);
          const found = /^Debugger listening on (ws:\S+)/.exec(line)?.[1];
          if (found !== undefined) resolve(found);
        });
        child.on('exit', () => reject(new Error(`${node} ended:\n${printed.join('\n')}`)));
      });
      const socket = new WebSocket(address, { perMessageDeflate: false });
      await once(socket, 'open');
      return new InspectorClient(socket, stop);
    } catch (error) {
      await stop();
      throw error;
    }
  }

  /** @throws Error that the inspector answers. */
  async request(method: string, params: object = {}): Promise<unknown> {
    const answer = withResolver<unknown>();
    this.#answers.set(this.#send(method, params), answer);
    return answer.promise;
  }

  /** The next event of that name, which is to come after this is called. */
  event(method: string): Promise<unknown> {
    const event = withResolver<unknown>();
    this.#events.set(method, event);
    return event.promise;
  }

  /** Resolves when Node holds back nothing: the time of what is requested then is V8's own. */
  async settled(): Promise<void> {
    if (this.#acknowledgements.size > 0) await new Promise<void>((resolve) => this.#settled.push(resolve));
  }

  /** Ends the process. */
  async close(): Promise<void> {
    this.#socket.removeAllListeners('close');
    this.#socket.terminate();
    await this.#stop();
  }

  #send(method: string, params: object): number {
    const id = ++this.#lastId;
    this.#socket.send(JSON.stringify({ id, method, params }));
    return id;
  }

  #receive(text: string): void {
    const message = messageSchema.parse(JSON.parse(text));
    if ('id' in message && this.#acknowledgements.delete(message.id)) {
      if (this.#acknowledgements.size === 0) this.#settled.splice(0).forEach((resolve) => resolve());
      return;
    }
    this.#acknowledgements.add(this.#send('Runtime.getIsolateId', {}));
    if ('method' in message) {
      this.#events.get(message.method)?.resolve(message.params);
      this.#events.delete(message.method);
      return;
    }
    const answer = this.#answers.get(message.id);
    this.#answers.delete(message.id);
    if ('error' in message) answer?.reject(new Error(message.error.message));
    else answer?.resolve(message.result);
  }

  #fail(error: Error): void {
    for (const waiting of [...this.#answers.values(), ...this.#events.values()]) waiting.reject(error);
  }
}

interface Pending<T> {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (error: Error) => void;
}

function withResolver<T>(): Pending<T> {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((resolved, rejected) => {
    resolve = resolved;
    reject = rejected;
  });
  return { promise, resolve, reject };
}
