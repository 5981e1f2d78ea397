import type { InspectedSession } from '../protocol/webview.ts';
import { element, setText } from './dom.ts';

/** What the view says while there is no call to list. */
export class EmptyState {
  private readonly title = element('p', { class: 'empty-title' });
  private readonly hint = element('p', { class: 'empty-hint' });
  readonly node = element('div', { class: 'empty', testId: 'empty', children: [this.title, this.hint] });

  /** @param session the shown session; undefined where there is none */
  show(session: InspectedSession | undefined, query: string): void {
    const [title, hint] = wordsFor(session, query);
    setText(this.title, title);
    setText(this.hint, hint);
  }
}

function wordsFor(session: InspectedSession | undefined, query: string): [string, string] {
  if (!session)
    return [
      'No boundary calls yet',
      'Press F5 on a Kotlin/Wasm guest. Each call between the guest and its host is listed here, with its argument and its result.',
    ];
  if (query !== '')
    return [`No call matches “${query}”`, 'The filter looks at exports, callIds and the beginning of texts.'];
  if (session.saved !== undefined)
    return ['The saved ledger has no call', `${session.saved} was written by a session that made none.`];
  if (session.state === 'ended')
    return [
      'The session ended without a call',
      'Add "calls" to the launch configuration, e.g. [{"export": "greet", "argument": "World"}].',
    ];
  return ['No call yet', 'Calls are listed as the host makes them.'];
}
