import type { Direction } from '../../protocol/boundary.ts';
import type { QueriedCall } from '../../protocol/call-query.ts';
import { decoderOf } from './calls.ts';
import { previewWith } from './decoders/index.ts';
import type { CallFacts, Ledger } from './ledger.ts';
import { searchableText } from './searchable-text.ts';

/** Decoders that read plain ASCII text as what it is. */
const READS_ASCII = new Set(['auto', 'utf-8', 'json', 'latin-1', 'ascii']);

/** What a query asks of the calls of a ledger: one object for all of them, as there may be a million. */
export class QueriedLedger implements QueriedCall {
  readonly #ledger: Ledger;
  #facts: CallFacts;
  #text = '';
  /** `#text` where it is ASCII, in lower case. */
  #word: Uint8Array | null = null;

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
    return this.#facts.export;
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
  lacks(direction: Direction, text: string): boolean {
    if (text !== this.#text) {
      this.#text = text;
      this.#word = /^[\x00-\x7f]+$/.test(text) ? Buffer.from(text) : null;
    }
    if (!this.#word || !READS_ASCII.has(this.#facts.decoders[direction])) return false;
    return this.#ledger.isTextWithout(this.sequence, direction, this.#word);
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
