import type { Direction } from '../../protocol/boundary.ts';
import type { QueriedCall } from '../../protocol/call-query.ts';
import { decoderOf } from './calls.ts';
import { PREVIEW_CHARACTERS, previewWith } from './decoders/index.ts';
import type { CallFacts } from './call-facts.ts';
import type { Ledger } from './ledger.ts';
import { SEARCHED_BYTES, searchableText } from './searchable-text.ts';
import { SoughtText } from './sought-text.ts';

/** Decoders that read text in UTF-8 as what it is, and those that do so with its ASCII. */
const READS_UTF8 = new Set(['auto', 'utf-8', 'json']);
const READS_ASCII = new Set([...READS_UTF8, 'latin-1', 'ascii']);

/** What a query asks of the calls of a ledger: one object for all of them, as there may be a million. */
export class QueriedLedger implements QueriedCall {
  readonly #ledger: Ledger;
  #facts: CallFacts;
  #text = '';
  /** `#text`. */
  #sought: SoughtText | null = null;
  #export = { written: '', lower: '' };

  constructor(ledger: Ledger, first: CallFacts) {
    this.#ledger = ledger;
    this.#facts = first;
  }

  at(facts: CallFacts): this {
    this.#facts = facts;
    return this;
  }

  get sequence(): number {
    return this.#facts.sequence;
  }
  get callId(): bigint {
    return this.#facts.callId;
  }
  get export(): string {
    const written = this.#facts.export;
    if (written !== this.#export.written) this.#export = { written, lower: written.toLowerCase() };
    return this.#export.lower;
  }
  get status(): string {
    return this.#facts.status;
  }
  get durationMicros(): number | undefined {
    return this.#facts.durationMicros;
  }
  get problems(): number {
    return this.#facts.problems;
  }
  size(direction: Direction): number | undefined {
    return this.#ledger.bufferSize(this.sequence, direction);
  }
  contains(direction: Direction, text: string, part: 'preview' | 'text'): boolean | undefined {
    if (text !== this.#text || !this.#sought) {
      this.#text = text;
      this.#sought = new SoughtText(text);
    }
    const sought = this.#sought;
    const reads = sought.ascii ? READS_ASCII : READS_UTF8;
    if (!reads.has(this.#facts.decoders[direction])) return undefined;
    // A character has at least a byte; what a preview ends with where it is cut is not the text's.
    const within = part === 'preview' ? PREVIEW_CHARACTERS - 1 : SEARCHED_BYTES;
    return this.#ledger.contains(this.sequence, direction, sought, within);
  }
  preview(direction: Direction): string {
    return this.#decoded(direction, previewWith);
  }
  text(direction: Direction): string {
    return this.#decoded(direction, searchableText);
  }
  problemCodes(): readonly string[] {
    return this.#ledger.findings(this.sequence).map(({ code }) => code);
  }

  #decoded(direction: Direction, decode: (id: string, bytes: Uint8Array) => string): string {
    const buffer = this.#ledger.buffer(this.sequence, direction);
    return buffer ? decode(decoderOf(this.#facts, direction, buffer.policy), buffer.bytes) : '';
  }
}
