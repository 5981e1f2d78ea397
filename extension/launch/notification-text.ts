import type { ProblemFix } from '../../protocol/inspection.ts';

/** What a notification says of a problem; `shortened` where the log has more. */
export interface NotificationText {
  text: string;
  shortened: boolean;
}

/**
 * A notification has one line: what its button pastes need not be in it, and neither need a list (`- …`) of what was
 * looked at.
 */
export function notificationText(message: string, fix: ProblemFix | undefined): NotificationText {
  const paste = fix && 'text' in fix ? fix.text.trim() : '';
  const at = paste === '' ? -1 : message.indexOf(paste);
  const kept =
    at < 0
      ? message
      : `${message.slice(0, at).replace(/[,;]?\s*(for example|e\.g\.)?[\s:]*$/, '')}.\n${message.slice(at + paste.length)}`;
  const list = kept.search(/\n\s*- /);
  if (list < 0) return { text: oneLine(kept), shortened: false };
  const rest = kept.slice(list).replace(/\n\s*- .*/g, '');
  return { text: oneLine(`${kept.slice(0, list).replace(/\s*[^.:]*:\s*$/, '')}${rest}`), shortened: true };
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').trim();
}
