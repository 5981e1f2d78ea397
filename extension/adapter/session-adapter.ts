import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Problem } from '../../protocol/inspection.ts';
import type { StopConditions } from '../calls/stop-conditions.ts';
import { sentenceOf, type AdapterConnection, type ConnectionListener } from './connection.ts';
import { ExceptionFilters } from './exception-filters.ts';

/** What the extension does with a session beside passing its messages on. */
export interface SessionObserver {
  /** Each event of the adapter, before the editor gets it. */
  event(event: DebugProtocol.Event): void;
  /** Each answer to a request of the editor. */
  answered(request: DebugProtocol.Request, response: DebugProtocol.Response): void;
  /**
   * The session is about to end and the adapter still answers: what is needed of it must be copied now.
   * @param stopped becomes true when there is no more time
   */
  ending(stopped: () => boolean): Promise<void>;
  /** The launch was refused: shown by the extension, with the button that does the fix. */
  launchFailed(problem: Pick<Problem, 'message'> & Partial<Problem>): void;
  /** The adapter died; `reason` ends a sentence. */
  died(reason: string, stderr: string): void;
  ended(): void;
  log(text: string): void;
}

/** The boxes under Breakpoints. */
const SET_FILTERS = 'setExceptionBreakpoints';
/** Longest time that copying may hold back the end of a session, in milliseconds. */
const KEEP_MILLISECONDS = 3000;

/**
 * Passes DAP messages between the editor and the adapter. Two things are its own: the end of a session (`terminated`, or
 * a `disconnect` that comes first) is held back until the calls have been copied, because the adapter answers nothing
 * after that; and a refused launch is shown once, with the button for its fix, instead of in the editor's own dialog.
 */
export class SessionAdapter {
  private readonly connection: AdapterConnection;
  private readonly toEditor: (message: DebugProtocol.ProtocolMessage) => void;
  private readonly observer: SessionObserver;
  private readonly filters: ExceptionFilters;
  private readonly unsubscribe: () => void;
  private readonly requests = new Map<number, DebugProtocol.Request>();
  /** Resolves when the calls have been copied. */
  private kept: Promise<void> | null = null;
  /** Messages to the editor wait here behind a `terminated`. */
  private heldBack: DebugProtocol.ProtocolMessage[] | null = null;
  private terminatedSent = false;
  private launchRefused = false;
  private over = false;

  /** @param connect starts the adapter with the listener given */
  constructor(
    connect: (listener: ConnectionListener) => AdapterConnection,
    toEditor: (message: DebugProtocol.ProtocolMessage) => void,
    observer: SessionObserver,
    conditions: StopConditions,
  ) {
    this.toEditor = toEditor;
    this.observer = observer;
    this.filters = new ExceptionFilters(conditions);
    this.unsubscribe = conditions.onChange(() => this.conditionsChanged());
    this.connection = connect({
      message: (message) => this.fromAdapter(message),
      ended: (reason, stderr) => this.adapterEnded(reason, stderr),
      log: (text) => observer.log(text),
    });
  }

  /** From the editor. */
  handleMessage(message: DebugProtocol.ProtocolMessage): void {
    if (message.type === 'request') {
      const request = message as DebugProtocol.Request;
      this.requests.set(request.seq, request);
      if (request.command === 'disconnect') {
        void this.keep().then(() => this.connection.send(message));
        return;
      }
      if (request.command === SET_FILTERS) {
        const asked = request.arguments as DebugProtocol.SetExceptionBreakpointsArguments;
        this.connection.send({
          ...request,
          arguments: this.filters.fromEditor(asked),
        } as DebugProtocol.Request);
        return;
      }
    }
    this.connection.send(message);
  }

  dispose(): void {
    this.finish();
    this.connection.dispose();
  }

  private fromAdapter(message: DebugProtocol.ProtocolMessage): void {
    if (message.type === 'event') {
      this.observer.event(message as DebugProtocol.Event);
      if ((message as DebugProtocol.Event).event === 'terminated') this.terminated();
    }
    this.deliver(message.type === 'response' ? this.answered(message as DebugProtocol.Response) : message);
  }

  private deliver(message: DebugProtocol.ProtocolMessage): void {
    if (this.heldBack) this.heldBack.push(message);
    else this.toEditor(message);
  }

  private answered(response: DebugProtocol.Response): DebugProtocol.Response {
    const request = this.requests.get(response.request_seq);
    this.requests.delete(response.request_seq);
    if (!request) return response;
    this.observer.answered(request, response);
    if (request.command === 'disconnect') this.finish();
    if (response.success)
      return request.command === SET_FILTERS
        ? this.filters.toEditor(response, request.arguments as DebugProtocol.SetExceptionBreakpointsArguments)
        : response;
    const message = sentenceOf(response);
    if (request.command === 'launch') {
      this.launchRefused = true;
      this.observer.launchFailed(problemOf(response) ?? { message });
    }
    // What the editor still asks of a session that has not begun is refused too: one sentence is enough.
    return this.launchRefused ? hiddenFromEditor(response, message) : response;
  }

  /** A session that runs takes new conditions in at once. */
  private conditionsChanged(): void {
    const again = this.filters.again();
    if (!again) return;
    this.connection
      .requestStandard(SET_FILTERS, again)
      .catch((error: unknown) => this.observer.log((error as Error).message));
  }

  private terminated(): void {
    this.terminatedSent = true;
    if (this.heldBack) return;
    this.heldBack = [];
    void this.keep().then(() => {
      const messages = this.heldBack ?? [];
      this.heldBack = null;
      for (const message of messages) this.toEditor(message);
    });
  }

  private keep(): Promise<void> {
    this.kept ??= this.copyCalls();
    return this.kept;
  }

  private async copyCalls(): Promise<void> {
    let stopped = false;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        stopped = true;
        resolve();
      }, KEEP_MILLISECONDS);
    });
    await Promise.race([this.observer.ending(() => stopped), late]);
    stopped = true;
    clearTimeout(timer);
  }

  private adapterEnded(reason: string, stderr: string): void {
    if (!this.over && !this.terminatedSent) {
      this.observer.died(reason, stderr);
      this.deliver({ seq: 0, type: 'event', event: 'terminated' } as DebugProtocol.Event);
    }
    this.finish();
  }

  private finish(): void {
    if (this.over) return;
    this.over = true;
    this.unsubscribe();
    this.observer.ended();
  }
}

/** The `Problem` that the adapter sends along with an error response, in the error's variables. */
function problemOf(response: DebugProtocol.Response): Problem | null {
  const error = (response.body as DebugProtocol.ErrorResponse['body'] | undefined)?.error;
  const text: unknown = error?.variables?.['problem'];
  if (typeof text !== 'string') return null;
  try {
    return JSON.parse(text) as Problem;
  } catch {
    return null;
  }
}

/** `showUser: false` keeps the editor from showing what the extension shows with a button. */
function hiddenFromEditor(response: DebugProtocol.Response, message: string): DebugProtocol.Response {
  return {
    ...response,
    body: { error: { id: 1, format: message, showUser: false } },
  };
}
