import { closeSync, openSync, writeSync } from 'node:fs';
import type { Finding } from '../../../protocol/boundary.ts';
import type { FoundAt } from '../../../protocol/runner.ts';
import type { Found } from '../checks/finding.ts';
import { serialization } from '../decoders/on-demand.ts';
import type { LedgerJournal, RunNames } from '../ledger.ts';
import { FORMAT } from './format.ts';

/**
 * Writes what a ledger takes in to a file, as it comes: each item is with the operating system before the next one is
 * taken in, so that an adapter which dies loses nothing that it had. A disk that fills up ends the writing, not the
 * session.
 */
export class LedgerWriter implements LedgerJournal {
  readonly #failed: (why: string) => void;
  #file: number | null;

  /**
   * @param failed is told once, where writing fails
   * @throws Error where the file cannot be made; one that is there is replaced
   */
  constructor(file: string, failed: (why: string) => void) {
    this.#failed = failed;
    this.#file = openSync(file, 'w');
    this.#write({ ledger: FORMAT });
  }

  run(names: RunNames): void {
    // As JSON has it: what is undefined is left out.
    this.#write({ run: JSON.parse(JSON.stringify(names)) as object });
  }
  records(batch: Uint8Array): void {
    this.#write({ records: new Uint8Array(batch.buffer, batch.byteOffset, batch.byteLength) });
  }
  finding(sequence: number, { code, message, severity, at }: Found): void {
    this.#write({ finding: { sequence, code, message, severity, at } });
  }
  reason(sequence: number, text: string): void {
    this.#write({ reason: { sequence, text } });
  }
  declared(places: readonly (FoundAt & NonNullable<Finding['location']>)[]): void {
    if (places.length > 0) this.#write({ declared: places });
  }
  end(status: 'trapped' | 'cancelled', reason: string): void {
    this.#write({ end: { status, reason } });
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }

  #write(item: object): void {
    if (this.#file === null) return;
    try {
      const bytes = serialization().encodeCbor(item);
      for (let at = 0; at < bytes.length;) at += writeSync(this.#file, bytes, at);
    } catch (error) {
      this.close();
      this.#failed(error instanceof Error ? error.message : String(error));
    }
  }
}
