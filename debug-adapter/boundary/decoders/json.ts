import type { DecodedNode } from '../../../protocol/boundary.ts';
import { UserError } from '../../errors.ts';
import type { Decoded, Decoder } from '../decoder.ts';
import { JsonSyntaxError, parseJsonTree } from './json-tree.ts';
import { decodeUtf8 } from './text.ts';

/** Length in UTF-8 of `text[from, to)`; U+FFFD that stands for ill-formed bytes cannot be told from a real one. */
function utf8Length(text: string, from: number, to: number): number {
  return Buffer.byteLength(text.slice(from, to), 'utf8');
}

/** Turns ranges in UTF-16 code units of `text` into bytes. Nodes come in document order, so one pass is enough. */
function toByteRanges(root: DecodedNode, text: string): void {
  const ends: { offset: number; apply(bytes: number): void }[] = [];
  const pending: DecodedNode[] = [root];
  for (let node = pending.pop(); node; node = pending.pop()) {
    const { range, children } = node;
    if (range) {
      ends.push({ offset: range[0], apply: (bytes) => void (range[0] = bytes) });
      ends.push({ offset: range[1], apply: (bytes) => void (range[1] = bytes) });
    }
    if (children) pending.push(...children);
  }
  ends.sort((a, b) => a.offset - b.offset);
  let offset = 0;
  let bytes = 0;
  for (const end of ends) {
    bytes += utf8Length(text, offset, end.offset);
    offset = end.offset;
    end.apply(bytes);
  }
}

function decode(all: Uint8Array): Omit<Decoded, 'decoder' | 'reason'> {
  const { text, ...fault } = decodeUtf8(all);
  if (fault.error !== undefined) return { text, value: text, ...fault };
  const mark = text.startsWith('\ufeff') ? '\ufeff' : '';
  // The byte order mark stays one character, so that offsets do not shift.
  const json = mark === '' ? text : ` ${text.slice(1)}`;
  try {
    const tree = parseJsonTree(json);
    if (text.length !== all.length) toByteRanges(tree, text);
    return { text, value: JSON.parse(json) as unknown, tree };
  } catch (thrown) {
    if (!(thrown instanceof JsonSyntaxError)) throw thrown;
    return { text, value: text, error: syntaxError(thrown, text) };
  }
}

/** Why a text is no JSON, with the byte; undefined where it is. A byte order mark may stand before it. */
export function jsonError(text: string): string | undefined {
  try {
    parseJsonTree(text.startsWith('\ufeff') ? ` ${text.slice(1)}` : text);
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof JsonSyntaxError)) throw thrown;
    return syntaxError(thrown, text);
  }
}

function syntaxError({ message, offset }: JsonSyntaxError, text: string): string {
  return `Not JSON: ${message} at byte ${utf8Length(text, 0, offset)}.`;
}

/** With the whole of its type: undefined for `undefined` and functions. */
const stringify = JSON.stringify as (
  value: unknown,
  replacer: (key: string, part: unknown) => unknown,
) => string | undefined;

/** Compact JSON text. @throws UserError where JSON has no such value. */
export function jsonText(value: unknown): string {
  const refuse = (what: string): never => {
    throw new UserError('bad-argument', `JSON has no ${what}: use null, text or a finite number instead.`);
  };
  let text: string | undefined;
  try {
    text = stringify(value, (_key, part) => {
      if (typeof part === 'number' && !Number.isFinite(part)) return refuse(String(part));
      if (typeof part === 'bigint') {
        const number = Number(part);
        return BigInt(number) === part ? number : refuse(`integer as large as ${part} without loss`);
      }
      return part;
    });
  } catch (thrown) {
    if (thrown instanceof UserError) throw thrown;
    throw new UserError('bad-argument', 'This value cannot be written as JSON: it contains itself.');
  }
  return text ?? refuse(value === undefined ? 'undefined' : typeof value);
}

export const json: Decoder = {
  id: 'json',
  label: 'JSON',
  decode,
  encode(value) {
    return new TextEncoder().encode(jsonText(value));
  },
};
