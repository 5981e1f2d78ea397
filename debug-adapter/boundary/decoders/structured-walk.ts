import type { DecodedNode } from '../../../protocol/boundary.ts';
import { ByteCursor, MalformedBytes } from './byte-cursor.ts';
import { Notation } from './notation.ts';
import { firstInvalidUtf8, limited } from './text.ts';
import { TreeBuilder } from './tree-builder.ts';

/** Beyond this many bytes a walk stops: its tree is bounded, but its text and its time are not. */
export const STRUCTURED_LIMIT = 8 * 1024 * 1024;

/** Deeper than any real data, and far from the end of the program's stack. */
export const MAX_NESTING = 500;

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** What a walk over bytes found. Where they are malformed, all but `error` is of what precedes the fault. */
export interface Walked {
  text: string;
  tree?: DecodedNode;
  /** The first fault, with its byte offset. */
  error?: string;
  /** The keys of all maps: how many are text without control characters, and how many are anything else. */
  keys: { text: number; other: number };
}

/**
 * A walk over one data item and what it contains, which makes text and a tree with byte ranges. The libraries that decode
 * these formats give values, but not where in the bytes they are, nor what there is before a fault.
 */
export abstract class StructuredWalk {
  protected readonly cursor: ByteCursor;
  protected readonly notation = new Notation();
  protected tree = new TreeBuilder();
  readonly #format: string;
  readonly #keys = { text: 0, other: 0 };
  readonly #cut: string | undefined;
  #depth = 0;
  #problem: string | undefined;

  /** @param format its name, for errors */
  constructor(format: string, all: Uint8Array) {
    const { bytes, error } = limited(all, STRUCTURED_LIMIT);
    this.#format = format;
    this.#cut = error;
    this.cursor = new ByteCursor(bytes);
  }

  /** Never throws. */
  walk(): Walked {
    try {
      this.item('', 0);
      if (this.cursor.left > 0) {
        const bytes = this.cursor.left === 1 ? '1 byte is' : `${this.cursor.left} bytes are`;
        throw new MalformedBytes(`${bytes} left over after the first item`, this.cursor.at);
      }
    } catch (thrown) {
      if (!(thrown instanceof MalformedBytes)) throw thrown;
      while (this.tree.depth > 0) this.tree.close('…', this.cursor.at);
      // Where it ends is no fault of bytes of which only the beginning was walked.
      this.#problem = this.#cut ?? `Not ${this.#format}: ${thrown.message} at byte ${thrown.offset}.`;
    }
    const walked: Walked = { text: this.notation.toString(), keys: this.#keys };
    if (this.tree.root) walked.tree = this.tree.root;
    if (this.#problem !== undefined) walked.error = this.#problem;
    return walked;
  }

  /**
   * Reads the next item.
   *
   * @param start where its node begins: before its key, where it has one
   * @returns the characters where it is text
   * @throws MalformedBytes
   */
  protected abstract readItem(name: string, start: number): string | null;

  protected item(name: string, start: number): string | null {
    if (this.notation.full) throw new MalformedBytes('the text becomes too long', this.cursor.at);
    if (this.#depth >= MAX_NESTING) {
      throw new MalformedBytes(`items are nested more than ${MAX_NESTING} deep`, this.cursor.at);
    }
    this.#depth += 1;
    const text = this.readItem(name, start);
    this.#depth -= 1;
    return text;
  }

  /** A node without children, which ends here. `shown` is its value in the tree, where that says more than the text. */
  protected leaf(name: string, type: string, start: number, text: string, shown = text): void {
    this.notation.write(text);
    this.tree.leaf(name, type, shown.length > 1000 ? `${shown.slice(0, 999)}…` : shown, [
      start,
      this.cursor.at,
    ]);
  }

  /** A text string of `length` bytes that begins here; one that the bytes cut is written as far as it goes. */
  protected text(name: string, type: string, start: number, length: number): string {
    const from = this.cursor.at;
    const bytes = this.#whole(length, 'a text', (part) => {
      this.notation.write(JSON.stringify(utf8.decode(part, { stream: true })).slice(0, -1));
      utf8.decode();
    });
    const text = utf8.decode(bytes);
    const invalid = firstInvalidUtf8(bytes);
    if (invalid >= 0) this.problem(`A text is not UTF-8 at byte ${from + invalid}.`);
    this.leaf(name, type, start, JSON.stringify(text));
    return text;
  }

  /** Bytes of a byte string; `prefix` stands before their digits. */
  protected binary(length: number, what: string, prefix = "h'"): string {
    const bytes = this.#whole(length, what, (part) => this.notation.write(prefix + hexOf(part)));
    return `${prefix}${hexOf(bytes)}'`;
  }

  #whole(length: number, what: string, cut: (part: Uint8Array) => void): Uint8Array {
    if (length > this.cursor.left) cut(this.cursor.bytes.subarray(this.cursor.at));
    return this.cursor.take(length, what);
  }

  /** `count` elements, or as many as there are before `ended` says so. */
  protected array(name: string, start: number, count: number | null, brackets: [string, string]): void {
    this.#container(name, 'array', start, brackets, ['element', 'elements'], count, (index) => {
      this.item(String(index), this.cursor.at);
    });
  }

  /** Entries, each a key and a value; a node's range begins with its key. */
  protected map(name: string, start: number, count: number | null, brackets: [string, string]): void {
    this.#container(name, 'map', start, brackets, ['entry', 'entries'], count, () => {
      const from = this.cursor.at;
      const key = this.#key();
      this.notation.write(': ');
      this.item(key, from);
    });
  }

  /** True at the end of a container without a count; what ends it is then behind. */
  protected ended(): boolean {
    return false;
  }

  #container(
    name: string,
    type: string,
    start: number,
    [left, right]: [string, string],
    nouns: [string, string],
    count: number | null,
    read: (index: number) => void,
  ): void {
    const mark = this.notation.mark;
    this.tree.open(name, type, start, nouns);
    this.notation.write(left);
    for (let index = 0; count === null ? !this.ended() : index < count; index++) {
      if (index > 0) this.notation.write(', ');
      read(index);
    }
    this.notation.write(right);
    this.tree.close(this.tree.kept ? this.notation.since(mark) : '', this.cursor.at);
  }

  /** A key is the name of its value's node, and no node itself. */
  #key(): string {
    const mark = this.notation.mark;
    const tree = this.tree;
    this.tree = new TreeBuilder();
    try {
      const text = this.item('', this.cursor.at);
      if (text !== null && text !== '' && !/[\0-\x1f\x7f-\x9f\ufffd]/.test(text)) this.#keys.text += 1;
      else this.#keys.other += 1;
      return text !== null && text.length <= 100 ? text : this.notation.since(mark);
    } finally {
      this.tree = tree;
    }
  }

  /** Something that is wrong, but does not keep the rest from being read. The first one counts. */
  protected problem(message: string): void {
    this.#problem ??= message;
  }
}

export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
