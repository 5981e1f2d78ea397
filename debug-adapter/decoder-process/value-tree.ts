import type { DecodedNode } from '../../protocol/boundary.ts';
import { MAX_CHILDREN, MAX_DEPTH, MAX_NODES, cutText } from '../boundary/decoders/tree.ts';

/** A JavaScript value as a tree, within the bounds of decoders/tree.ts; nobody knows its bytes. */
export function treeOfValue(value: unknown): DecodedNode {
  let nodes = 0;
  const build = (name: string, each: unknown, depth: number, above: readonly object[]): DecodedNode => {
    nodes += 1;
    if (typeof each !== 'object' || each === null || each instanceof Date) return leaf(name, each);
    const type = Array.isArray(each) ? 'array' : each instanceof Uint8Array ? 'bytes' : 'object';
    if (above.includes(each)) return { name, value: 'contains itself', type };
    const node: DecodedNode = { name, value: shortText(each), type };
    if (each instanceof Uint8Array || depth >= MAX_DEPTH) return node;
    const entries = each instanceof Map ? [...(each as Map<unknown, unknown>)] : Object.entries(each);
    node.children = [];
    for (const [key, part] of entries) {
      if (node.children.length === MAX_CHILDREN || nodes >= MAX_NODES) {
        const more = entries.length - node.children.length;
        node.children.push({ name: '…', value: `${more} more`, type: 'omitted' });
        break;
      }
      node.children.push(build(String(key), part, depth + 1, [...above, each]));
    }
    return node;
  };
  return build('', value, 0, []);
}

function leaf(name: string, value: unknown): DecodedNode {
  const text =
    typeof value === 'string'
      ? JSON.stringify(value)
      : value instanceof Date
        ? value.toISOString()
        : String(value);
  return {
    name,
    value: cutText(text, 1000),
    type: value === null ? 'null' : value instanceof Date ? 'date' : typeof value,
  };
}

function shortText(value: object): string {
  return cutText(textOfValue(value).slice(0, 200), 100);
}

/** JSON, with what JSON does not have spelled as text. */
export function textOfValue(value: unknown): string {
  if (value instanceof Uint8Array)
    return Buffer.from(value)
      .toString('hex')
      .replace(/..(?!$)/g, '$& ');
  if (value === undefined || typeof value === 'function' || typeof value === 'symbol') return String(value);
  const above: object[] = [];
  const replacer = function (this: unknown, _key: string, part: unknown): unknown {
    if (typeof part === 'bigint' || typeof part === 'function' || typeof part === 'symbol')
      return String(part);
    if (typeof part !== 'object' || part === null) return part;
    while (above.length > 0 && above.at(-1) !== this) above.pop();
    if (above.includes(part)) return 'contains itself';
    above.push(part);
    if (part instanceof Uint8Array) return Buffer.from(part).toString('hex');
    return part instanceof Map ? Object.fromEntries(part as Map<string, unknown>) : part;
  };
  return JSON.stringify(value, replacer);
}
