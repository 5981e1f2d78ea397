import type { ProblemFix } from '../../protocol/inspection.ts';

/** A notification has no line breaks; what its button pastes need not be in it. */
export function notificationText(message: string, fix: ProblemFix | undefined): string {
  const paste = fix && 'text' in fix ? fix.text.trim() : '';
  const at = paste === '' ? -1 : message.indexOf(paste);
  const kept =
    at < 0
      ? message
      : `${message.slice(0, at).replace(/[,;]?\s*(for example|e\.g\.)?[\s:]*$/, '')}.${rest(message, at + paste.length)}`;
  return kept.replace(/\s*\n\s*/g, ' ').trim();
}

function rest(message: string, from: number): string {
  const text = message.slice(from).trim();
  return text === '' ? '' : ` ${text}`;
}
