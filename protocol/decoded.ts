import type { Found, TextPage, TreeNode } from './webview.ts';

/** What a client asks of the whole decoded value of a buffer: it is read in pages, however large it is. */
export type DecodedAsk =
  | { kind: 'head' }
  /** Rows of the text at a width in characters. */
  | { kind: 'text'; columns: number; start: number; count: number }
  | { kind: 'wholeText' }
  /** Children `start` to `start + count` of a node, by indices of children from the root. */
  | { kind: 'tree'; path: number[]; start: number; count: number }
  /** The next node whose name or value contains a text; `after` is where the search begins. */
  | { kind: 'find'; text: string; after: number[] | null; backwards: boolean }
  /** The innermost node that holds the bytes `[start, end)`. */
  | { kind: 'nodeAt'; range: [number, number] };

/** What decoding all of a buffer found, without the text and the nodes. */
export interface DecodedHead {
  decoder: string;
  decoderReason: string;
  /** UTF-16 code units. */
  textLength: number;
  tree: TreeNode | null;
  decodeError?: string;
  invalid?: [number, number][];
}

/** The answer to each kind of `DecodedAsk`. */
export interface DecodedAnswers {
  head: DecodedHead;
  text: TextPage;
  wholeText: { text: string };
  tree: { nodes: TreeNode[] };
  find: { found: Found | null };
  /** Null where no node holds them. */
  nodeAt: { path: number[] | null };
}
