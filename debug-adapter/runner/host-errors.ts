import { fileURLToPath } from 'node:url';
import { errorText, HostTrap } from './failures.ts';

/** Places in a stack: `file:///a/b.mjs:3:7`, `/a/b.js:3`, `C:\a\b.js:3:7`; not `node:internal/…`. */
const PLACE = /(?<=^|[\s(])((?:file:\/\/|\/|[A-Za-z]:\\)[^\n()]*?):(\d+)(?::\d+)?(?=\)?$)/gm;

/** `file:line` of the user's code that an error comes from; null where its stack names none. */
export function locationOf(thrown: unknown): string | null {
  if (!(thrown instanceof Error) || thrown.stack === undefined) return null;
  for (const [, place = '', line = ''] of thrown.stack.matchAll(PLACE)) {
    const file = place.startsWith('file:') ? fileURLToPath(place) : place;
    if (file !== __filename) return `${file}:${line}`;
  }
  return null;
}

/** The stack without the frames of the runner itself and of Node. */
function hostStack(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || thrown.stack === undefined) return undefined;
  const isInternal = (line: string): boolean =>
    /^\s+at /.test(line) && (line.includes(__filename) || /\(?node:/.test(line));
  return thrown.stack
    .split('\n')
    .filter((line) => !isInternal(line))
    .join('\n');
}

/** The trap that a host function causes by throwing. */
export function hostException(title: string, thrown: unknown): HostTrap {
  const at = locationOf(thrown);
  const what = errorText(thrown).replace(/\.$/, '');
  const message = `The host function ${title} threw ${what}${at === null ? '' : ` (${at})`}.`;
  return new HostTrap('host-exception', message, hostStack(thrown));
}
