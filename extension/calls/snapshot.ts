import type {
  Call,
  CapturedBuffer,
  ConditionRequest,
  Crossing,
  DecodedNode,
  Direction,
  HandedOverBuffer,
} from '../../protocol/boundary.ts';
import type { BufferHead, CallView, FindRequest, Found, TreeNode } from '../../protocol/webview.ts';
import { findPattern, hexPattern, textPattern } from './byte-pattern.ts';
import type { Ledger, LedgerCall } from './ledger.ts';
import { CapturedBytes } from './captured-bytes.ts';
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

  /** @param ledger reads what the call was not given with */
  constructor(view: number, { call, notKept }: LedgerCall, ledger: Pick<Ledger, 'readCaptured'> = {}) {
    this.view = view;
    this.call = call;
    this.notKept = notKept;
    for (const buffer of [call.argument, call.result])
      if (buffer)
        this.contents.set(buffer.direction, new BufferContents(buffer, placeOf(buffer, call), ledger));
  }

  get sequence(): number {
    return this.call.sequence;
  }

  head(): CallView {
    const {
      argument: _argument,
      result: _result,
      problems: _problems,
      crossings,
      buffers,
      ...rest
    } = this.call;
    const argument = this.contents.get('argument')?.head();
    const result = this.contents.get('result')?.head();
    return {
      ...rest,
      view: this.view,
      crossingCount: crossings.length,
      bufferCount: buffers.length,
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

  /** What a copy or a file of a buffer is called: `greet-1-argument`, `greet-1-argument-2` where there are several. */
  nameOf(direction: Direction): string {
    const { index, count } = this.buffer(direction).head();
    return `${this.call.export}-${this.call.callId}-${direction}${count > 1 ? `-${index + 1}` : ''}`;
  }

  /** What a condition on a part of the decoded value is made from. @throws Error where conditions see another value */
  conditionRequest(direction: Direction, names: string[]): ConditionRequest {
    const buffer = this.buffer(direction);
    const { decoder, decoderReason } = buffer.head();
    if (decoderReason === 'chosen here')
      throw new Error(
        `Conditions see the ${direction} with the decoder of the launch configuration: write ` +
          `"decoders": { ${JSON.stringify(this.call.export)}: { "${direction}": ${JSON.stringify(decoder)} } } there.`,
      );
    const data = buffer.dataForCondition();
    return { data, decoder, direction, export: this.call.export, names };
  }

  crossings(start: number, count: number): Crossing[] {
    return this.call.crossings.slice(start, start + count);
  }

  /** In the order of their crossings. */
  buffers(start: number, count: number): HandedOverBuffer[] {
    return this.call.buffers.slice(start, start + count);
  }
}

/** Where a buffer stands among those of its call. */
type BufferPlace = Pick<BufferHead, 'index' | 'count' | 'isNewest'>;

function placeOf({ direction, memoryReference }: CapturedBuffer, { buffers }: Call): BufferPlace {
  const handed = buffers.find((buffer) => buffer.memoryReference === memoryReference);
  return {
    index: handed?.index ?? 0,
    count: Math.max(1, buffers.filter((buffer) => buffer.direction === direction).length),
    isNewest: handed === buffers.at(-1),
  };
}

/** A captured buffer's bytes, text and tree, each readable in parts. */
export class BufferContents {
  private readonly captured: CapturedBuffer;
  private readonly place: BufferPlace;
  private readonly data: CapturedBytes;
  /** The bytes before they were edited. */
  private readonly original: Buffer | undefined;
  private rows: TextRows | null = null;

  constructor(captured: CapturedBuffer, place: BufferPlace, ledger: Pick<Ledger, 'readCaptured'>) {
    this.captured = captured;
    this.place = place;
    this.data = new CapturedBytes(captured, ledger);
    if (captured.original !== undefined) this.original = Buffer.from(captured.original, 'base64');
  }

  head(): BufferHead {
    const { data: _data, original: _original, text, tree, ...rest } = this.captured;
    return {
      ...rest,
      ...this.place,
      textLength: text.length,
      tree: tree ? node(tree) : null,
      ...(this.original && { originalSize: this.original.length }),
      ...(this.original && !this.data.cameWhole && { isOriginalCut: true as const }),
    };
  }

  get text(): string {
    return this.captured.text;
  }

  get memoryReference(): string {
    return this.captured.memoryReference;
  }

  /** A copy: a view would carry the whole buffer along when it is posted. */
  async bytes(start: number, count: number): Promise<Uint8Array> {
    return Uint8Array.from(await this.data.read(start, count));
  }

  /** As `bytes`, before the buffer was edited. @throws Error where nobody did */
  originalBytes(start: number, count: number): Uint8Array {
    if (!this.original) throw new Error(`The ${this.captured.direction} has not been edited.`);
    return Uint8Array.from(this.original.subarray(start, start + count));
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
  async find({ kind, text, from, after, backwards }: FindRequest): Promise<Found | null> {
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
    const found = findPattern(await this.data.all(), pattern, from, backwards);
    return found && { range: [found.start, found.start + pattern.bytes.length], wrapped: found.wrapped };
  }

  /** Path of the innermost node that holds bytes; null where none does. */
  nodeAt([start, end]: [number, number]): number[] | null {
    return this.captured.tree ? innermostAt(this.captured.tree, start, end) : null;
  }

  /** The bytes themselves, not to be changed. */
  part([start, end]: [number, number] = [0, this.captured.captured]): Promise<Buffer> {
    return this.data.read(start, end - start);
  }

  /** All bytes, base64. @throws Error where they are too many to make a condition of */
  dataForCondition(): string {
    if (!this.data.cameWhole)
      throw new Error(`A buffer of ${this.captured.captured} bytes is too large to make a condition of.`);
    return this.captured.data;
  }
}

function node({ children, value, ...rest }: DecodedNode): TreeNode {
  const short = value.length > NODE_VALUE ? `${value.slice(0, NODE_VALUE)}…` : value;
  return { ...rest, value: short, childCount: children?.length ?? 0 };
}
