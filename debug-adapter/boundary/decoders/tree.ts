import type { DecodedNode } from '../../../protocol/boundary.ts';

/**
 * Bounds of a tree, so that any buffer makes one that a message can carry: children of one node, nodes of the whole
 * tree (the root's own children are always made, up to the first bound), and depth.
 */
export const MAX_CHILDREN = 1000;
export const MAX_NODES = 10_000;
export const MAX_DEPTH = 100;

/** Characters of one node's `value`. */
const MAX_VALUE = 1000;

/** `text` on one line, cut to `limit` characters (never through a surrogate pair) with an ellipsis where cut. */
export function oneLine(text: string, limit = MAX_VALUE): string {
  return cutText(text.slice(0, limit * 2 + 2), limit).replace(/\s*[\r\n]\s*/g, ' ');
}

/** At most `limit` characters of `text`, the last one an ellipsis where cut. */
export function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  let end = limit - 1;
  const last = text.charCodeAt(end - 1);
  if (last >= 0xd800 && last <= 0xdbff) end -= 1;
  return `${text.slice(0, end)}…`;
}

/** Stands for children that the bounds left out. */
export function omitted(
  count: number,
  range: [number, number],
  singular: string,
  plural: string,
): DecodedNode {
  return {
    name: '…',
    value: `${count} more ${count === 1 ? singular : plural}`,
    type: 'omitted',
    range,
  };
}
