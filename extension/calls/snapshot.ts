import type { Call, CapturedBuffer, Crossing, DecodedNode, Direction } from '../../protocol/boundary.ts';
import type { BufferHead, CallView, TreeNode } from '../../protocol/webview.ts';
import type { LedgerCall } from './ledger.ts';
import { TextRows } from './text-rows.ts';

/** Longest value of a tree's node, in UTF-16 code units: the text pane shows the whole. */
const NODE_VALUE = 1000;

const SPACE = 0x20;
const DIGITS = Buffer.from('0123456789abcdef');

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

  /** Hexadecimal digits in pairs; written byte by byte, as a buffer may have many millions. */
  hex(): string {
    const { data } = this;
    const text = new Uint8Array(Math.max(0, data.length * 3 - 1)).fill(SPACE);
    for (let at = 0; at < data.length; at++) {
      const byte = data[at] ?? 0;
      text[at * 3] = DIGITS[byte >> 4] ?? 0;
      text[at * 3 + 1] = DIGITS[byte & 15] ?? 0;
    }
    return Buffer.from(text.buffer).toString('latin1');
  }
}

function node({ children, value, ...rest }: DecodedNode): TreeNode {
  const short = value.length > NODE_VALUE ? `${value.slice(0, NODE_VALUE)}…` : value;
  return { ...rest, value: short, childCount: children?.length ?? 0 };
}
