import type { Call, CapturedBuffer, Crossing, DecodedNode, Direction } from '../../protocol/boundary.ts';
import type { BufferHead, CallView, FindRequest, Found, TreeNode } from '../../protocol/webview.ts';
import { findPattern, hexPattern, textPattern } from './byte-pattern.ts';
import type { LedgerCall } from './ledger.ts';
import { TextRows } from './text-rows.ts';
import { findNode, innermostAt } from './tree-search.ts';

/** Longest value of a tree's node, in UTF-16 code units: the text pane shows the whole. */
const NODE_VALUE = 1000;

/** One answer of the ledger about a call, held so that its contents can be asked for in pages. */
export class Snapshot {
  readonly view: number;
  private readonly call: Call;
  private readonly notKept: string | undefined;
  private readonly contents = new Map<Direction, BufferContents>();

  constructor(view: number, { call, notKept }: LedgerCall) {
    this.view = view;
    this.call = call;
    this.notKept = notKept;
    if (call.argument) this.contents.set('argument', new BufferContents(call.argument));
    if (call.result) this.contents.set('result', new BufferContents(call.result));
  }

  get sequence(): number {
    return this.call.sequence;
  }

  head(): CallView {
    const { argument: _argument, result: _result, problems: _problems, crossings, ...rest } = this.call;
    const argument = this.contents.get('argument')?.head();
    const result = this.contents.get('result')?.head();
    return {
      ...rest,
      view: this.view,
      crossingCount: crossings.length,
      ...(argument && { argument }),
      ...(result && { result }),
      ...(this.notKept !== undefined && { notKept: this.notKept }),
    };
  }

  /** @throws Error where the call has no such buffer. */
  buffer(direction: Direction): BufferContents {
    const contents = this.contents.get(direction);
    if (!contents) throw new Error(`Call ${this.call.callId} of ${this.call.export} has no ${direction}.`);
    return contents;
  }

  /** What a copy or a file of a buffer is called: `greet-1-argument`. */
  nameOf(direction: Direction): string {
    return `${this.call.export}-${this.call.callId}-${direction}`;
  }

  crossings(start: number, count: number): Crossing[] {
    return this.call.crossings.slice(start, start + count);
  }
}

/** A captured buffer's bytes, text and tree, each readable in parts. */
export class BufferContents {
  private readonly captured: CapturedBuffer;
  private readonly data: Buffer;
  private rows: TextRows | null = null;

  constructor(captured: CapturedBuffer) {
    this.captured = captured;
    this.data = Buffer.from(captured.data, 'base64');
  }

  head(): BufferHead {
    const { data: _data, text, tree, ...rest } = this.captured;
    return {
      ...rest,
      textLength: text.length,
      tree: tree ? node(tree) : null,
    };
  }

  get text(): string {
    return this.captured.text;
  }

  get memoryReference(): string {
    return this.captured.memoryReference;
  }

  /** A copy: a view would carry the whole buffer along when it is posted. */
  bytes(start: number, count: number): Uint8Array {
    return Uint8Array.from(this.data.subarray(start, start + count));
  }

  /** Rows of the text at a width in characters; the rows of the last width are kept. */
  textRows(columns: number): TextRows {
    if (this.rows?.columns !== columns) this.rows = new TextRows(this.captured.text, columns);
    return this.rows;
  }

  /** Children of the node at `path`. @throws Error where there is none. */
  children(path: number[], start: number, count: number): TreeNode[] {
    let parent: DecodedNode | undefined = this.captured.tree;
    for (const index of path) parent = parent?.children?.[index];
    if (!parent) throw new Error(`The decoded ${this.captured.direction} has no part at ${path.join('.')}.`);
    return (parent.children ?? []).slice(start, start + count).map(node);
  }

  /** @throws Error with a sentence where it cannot be searched for. */
  find({ kind, text, from, after, backwards }: FindRequest): Found | null {
    if (kind === 'value') {
      const { tree } = this.captured;
      if (!tree) throw new Error('The decoded value has no parts to search: choose another decoder.');
      if (text === '') throw new Error('Type a name or value to find.');
      const found = findNode(tree, text, after, backwards);
      if (!found) return null;
      const { path, node, wrapped } = found;
      return { path, wrapped, ...(node.range && { range: node.range }) };
    }
    const pattern = kind === 'hex' ? hexPattern(text) : textPattern(text);
    const found = findPattern(this.data, pattern, from, backwards);
    return found && { range: [found.start, found.start + pattern.bytes.length], wrapped: found.wrapped };
  }

  /** Path of the innermost node that holds bytes; null where none does. */
  nodeAt([start, end]: [number, number]): number[] | null {
    return this.captured.tree ? innermostAt(this.captured.tree, start, end) : null;
  }

  /** The bytes themselves, not to be changed. */
  part(range?: [number, number]): Buffer {
    return range ? this.data.subarray(...range) : this.data;
  }
}

function node({ children, value, ...rest }: DecodedNode): TreeNode {
  const short = value.length > NODE_VALUE ? `${value.slice(0, NODE_VALUE)}…` : value;
  return { ...rest, value: short, childCount: children?.length ?? 0 };
}
