import type { FromWebview, ToWebview, WebviewRequest } from '../protocol/webview.ts';

interface VsCodeApi {
  postMessage(message: FromWebview): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

type WithoutId<M> = M extends { id: number } ? Omit<M, 'id'> : never;
type Request = WithoutId<WebviewRequest>;
/** The answer that belongs to a request: `requestCalls` gets `answerCalls`. */
type AnswerTo<R extends { type: string }> = R['type'] extends `request${infer Name}`
  ? Extract<ToWebview, { type: `answer${Name}` }>
  : never;
type Notification = Exclude<ToWebview, { id: number }>;

/** The extension, as seen from the view. */
export class Host {
  private readonly api = acquireVsCodeApi();
  private readonly waiting = new Map<
    number,
    { resolve: (answer: ToWebview) => void; reject: (error: Error) => void }
  >();
  private nextId = 1;

  /** @param notified gets what the extension sends unasked */
  constructor(notified: (message: Notification) => void) {
    window.addEventListener('message', (event: MessageEvent<ToWebview>) => {
      const message = event.data;
      if (!('id' in message)) return notified(message);
      const waiting = this.waiting.get(message.id);
      this.waiting.delete(message.id);
      if (message.type === 'answerError') waiting?.reject(new Error(message.message));
      else waiting?.resolve(message);
    });
  }

  /** Rejects with the extension's sentence. */
  request<R extends Request>(request: R): Promise<AnswerTo<R>> {
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve: (answer) => resolve(answer as AnswerTo<R>), reject });
      this.api.postMessage({ ...request, id });
    });
  }

  post(message: Exclude<FromWebview, { id: number }>): void {
    this.api.postMessage(message);
  }

  /** What the view keeps while it is hidden or the window is reloaded. */
  readState(): unknown {
    return this.api.getState();
  }

  writeState(state: unknown): void {
    this.api.setState(state);
  }
}
