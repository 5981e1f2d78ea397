import type { ToWebview, WebviewRequest } from '../../protocol/webview.ts';

/** What a request of the view is answered with; its number is added when it is sent. */
export type Answer = ToWebview extends infer M ? (M extends { id: number } ? Omit<M, 'id'> : never) : never;

/** The requests of these names. */
export type RequestNamed<T extends WebviewRequest['type']> = Extract<WebviewRequest, { type: T }>;

/** Whether a request is one of these names. */
export function isNamed<T extends WebviewRequest['type']>(
  names: readonly T[],
  request: WebviewRequest,
): request is RequestNamed<T> {
  return (names as readonly string[]).includes(request.type);
}
