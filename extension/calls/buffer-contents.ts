import type { CapturedBuffer, DecodedNode } from '../../protocol/boundary.ts';
import type { DecodedAnswers, DecodedAsk, DecodedHead } from '../../protocol/decoded.ts';
import { ReplacedCharacters } from '../../protocol/replaced-characters.ts';
import { textPage, TextRows } from '../../protocol/text-rows.ts';
import { findNode, innermostAt } from '../../protocol/tree-search.ts';
import type { BufferHead, FindRequest, Found, TextPage, TreeNode } from '../../protocol/webview.ts';
import { findInPages, hexPattern, textPattern } from './byte-pattern.ts';
import { CapturedBytes } from './captured-bytes.ts';
import type { DecodedBuffer, Ledger } from './ledger.ts';

/** Longest value of a tree's node, in UTF-16 code units: the text pane shows the whole. */
const NODE_VALUE = 1000;

/** Which of a call's buffers it is. */
export type BufferPlace = Pick<BufferHead, 'index' | 'count' | 'isNewest'>;

/** What reads the parts of a buffer that did not come with its call. */
export type BufferReader = Pick<Ledger, 'readCaptured' | 'decoded'>;

/**
 * A captured buffer's bytes, text and tree, each readable in parts. Of a large buffer the beginning is decoded; once
 * `decodeWhole` has been asked for, text and tree are read from the ledger, which decodes all of it.
 */
export class BufferContents {
  private readonly captured: CapturedBuffer;
  private readonly place: BufferPlace;
  private readonly reader: BufferReader;
  private readonly named: DecodedBuffer;
  private readonly data: CapturedBytes;
  /** The bytes before they were edited. */
  private readonly original: Buffer | undefined;
  private rows: TextRows | null = null;
  private replaced: ReplacedCharacters | null = null;
  private whole: DecodedHead | null = null;
  private underWay: AbortController | null = null;
  private search: AbortController | null = null;

  /** @param decoder the one that was asked for; the call's own where undefined */
  constructor(
    captured: CapturedBuffer,
    place: BufferPlace,
    reader: BufferReader,
    decoder: string | undefined,
  ) {
    this.captured = captured;
    this.place = place;
    this.reader = reader;
    const { memoryReference } = captured;
    this.named = { memoryReference, ...(decoder !== undefined && { decoder }) };
    this.data = new CapturedBytes(captured, reader);
    if (captured.original !== undefined) this.original = Buffer.from(captured.original, 'base64');
  }

  head(): BufferHead {
    const { data: _data, original: _original, isBeginning, text, tree, ...rest } = this.captured;
    const { decodeError: _error, invalid: _invalid, ...ofAll } = rest;
    const decoded = this.whole
      ? { ...ofAll, ...this.whole }
      : { ...rest, textLength: text.length, tree: tree ? node(tree) : null };
    return {
      ...decoded,
      ...this.place,
      ...(isBeginning && !this.whole && this.reader.decoded && { isBeginning }),
      ...(this.original && { originalSize: this.original.length }),
      ...(this.original && !this.data.cameWhole && { isOriginalCut: true as const }),
    };
  }

  /** Decodes all of a buffer of which only the beginning was. Rejects with a sentence, and where it is cancelled. */
  async decodeWhole(): Promise<BufferHead> {
    this.cancel();
    this.underWay = new AbortController();
    const { signal } = this.underWay;
    this.whole = await this.ask({ kind: 'head' }, signal);
    return this.head();
  }

  /** Gives up decoding all of it, and searching in it. */
  cancel(): void {
    this.underWay?.abort();
    this.search?.abort();
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

  /** UTF-16 code units of the text as far as it is decoded. */
  get textLength(): number {
    return this.whole?.textLength ?? this.captured.text.length;
  }

  /** The text, as far as it is decoded. */
  async text(): Promise<string> {
    return this.whole ? (await this.ask({ kind: 'wholeText' })).text : this.captured.text;
  }

  /** Rows of the text at a width in characters; the rows of the last width are kept. */
  async textRows(columns: number, start: number, count: number): Promise<TextPage> {
    if (this.whole) return this.ask({ kind: 'text', columns, start, count });
    if (this.rows?.columns !== columns) this.rows = new TextRows(this.captured.text, columns);
    const { decoder, data, invalid } = this.captured;
    this.replaced ??= new ReplacedCharacters(decoder, Buffer.from(invalid ? data : '', 'base64'), invalid);
    return textPage(this.rows, this.replaced, start, count);
  }

  /** Children of the node at `path`. Rejects with a sentence where there is none. */
  async children(path: number[], start: number, count: number): Promise<TreeNode[]> {
    if (this.whole) return (await this.ask({ kind: 'tree', path, start, count })).nodes;
    let parent: DecodedNode | undefined = this.captured.tree;
    for (const index of path) parent = parent?.children?.[index];
    if (!parent) throw new Error(`The decoded ${this.captured.direction} has no part at ${path.join('.')}.`);
    return (parent.children ?? []).slice(start, start + count).map(node);
  }

  /** Rejects with a sentence where it cannot be searched for. */
  async find(request: FindRequest): Promise<Found | null> {
    const { kind, text, from, backwards } = request;
    if (kind === 'value') return this.findValue(request);
    const pattern = kind === 'hex' ? hexPattern(text) : textPattern(text);
    const found = await findInPages(this.data, pattern, from, backwards);
    return found && { range: [found.start, found.start + pattern.bytes.length], wrapped: found.wrapped };
  }

  private async findValue({ text, after, backwards }: FindRequest): Promise<Found | null> {
    if (text === '') throw new Error('Type a name or value to find.');
    if (this.whole) {
      // Who searches for something else does not wait for the search before.
      this.search?.abort();
      this.search = new AbortController();
      return (await this.ask({ kind: 'find', text, after, backwards }, this.search.signal)).found;
    }
    const { tree } = this.captured;
    if (!tree) throw new Error('The decoded value has no parts to search: choose another decoder.');
    const found = findNode(tree, text, after, backwards);
    if (!found) return null;
    const { path, node: at, wrapped } = found;
    return { path, wrapped, ...(at.range && { range: at.range }) };
  }

  /** Path of the innermost node that holds bytes; null where none does. */
  async nodeAt(range: [number, number]): Promise<number[] | null> {
    if (this.whole) return (await this.ask({ kind: 'nodeAt', range })).path;
    return this.captured.tree ? innermostAt(this.captured.tree, ...range) : null;
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

  private ask<A extends DecodedAsk>(ask: A, signal?: AbortSignal): Promise<DecodedAnswers[A['kind']]> {
    if (!this.reader.decoded) return Promise.reject(new Error('The session has ended.'));
    return this.reader.decoded(this.named, ask, signal);
  }
}

function node({ children, value, ...rest }: DecodedNode): TreeNode {
  const short = value.length > NODE_VALUE ? `${value.slice(0, NODE_VALUE)}…` : value;
  return { ...rest, value: short, childCount: children?.length ?? 0 };
}
