import type { Walked } from '../boundary/decoders/structured-walk.ts';
import { cutText } from '../boundary/decoders/tree.ts';
import type { Shown } from './structured-format.ts';

/** Bytes of a value that are walked to show it. */
const WALKED = 4096;
/** Characters of what is shown. */
const LONGEST = 1000;

/**
 * A value as the decoder that makes whole trees shows it.
 *
 * @param type of what is so long that only its beginning is walked, and has no node therefore
 */
export function shownBy(
  walk: (bytes: Uint8Array) => Walked,
  bytes: Buffer,
  at: number,
  end: number,
  type: string,
): Shown {
  const { tree, text } = walk(bytes.subarray(at, Math.min(end, at + WALKED)));
  if (!tree) return { type, value: cutText(`${text}…`, LONGEST) };
  const isCut = tree.children !== undefined && end > at + WALKED;
  return { type: tree.type, value: isCut ? cutText(`${text}…`, 100) : tree.value };
}
