import type { CapturedBuffer, DecodedNode } from '../../protocol/boundary.ts';
import type { DecoderChoice, PickedColumn } from '../../protocol/webview.ts';
import type { Ledger } from './ledger.ts';

/** A buffer of more bytes is not decoded for a column: the list must stay quick. */
const MOST_BYTES = 1024 * 1024;
/** Calls that are asked for at once. */
const AT_ONCE = 8;
/** Values that are kept, so that scrolling back asks nothing. */
const MOST_KEPT = 20_000;

/** The values of columns that a person picked from the decoded tree, found call by call as rows come into view. */
export class PickedValues {
  private readonly kept = new Map<string, string>();

  /**
   * @param decoders chosen in the view, by export: the column shows what the tree would
   * @returns for each sequence the value; null where the call has none
   */
  async of(
    ledger: Ledger,
    column: PickedColumn,
    sequences: readonly number[],
    decoders: Record<string, DecoderChoice>,
  ): Promise<(string | null)[]> {
    const values = new Map<number, string | null>();
    let next = 0;
    const work = async (): Promise<void> => {
      while (next < sequences.length) {
        const sequence = sequences[next++] ?? -1;
        values.set(sequence, await this.valueOf(ledger, column, sequence, decoders));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return sequences.map((sequence) => values.get(sequence) ?? null);
  }

  clear(): void {
    this.kept.clear();
  }

  private async valueOf(
    ledger: Ledger,
    { direction, names }: PickedColumn,
    sequence: number,
    decoders: Record<string, DecoderChoice>,
  ): Promise<string | null> {
    const key = JSON.stringify([sequence, direction, names]);
    const kept = this.kept.get(key);
    if (kept !== undefined) return kept;
    const [summary] = (await ledger.calls(sequence, 1)).calls;
    if (summary?.sequence !== sequence) return null;
    const size = summary[direction]?.size;
    if (size === undefined) return null;
    if (size > MOST_BYTES) return '(large)';
    const { call } = await ledger.call(sequence, { decoders: decoders[summary.export] ?? {} });
    const value = valueAt(call[direction], names);
    // A call that runs may still get its buffer, or another one.
    if (call.status !== 'running' && value !== null) this.keep(key, value);
    return value;
  }

  private keep(key: string, value: string): void {
    this.kept.set(key, value);
    const [oldest] = this.kept.keys();
    if (this.kept.size > MOST_KEPT && oldest !== undefined) this.kept.delete(oldest);
  }
}

function valueAt(buffer: CapturedBuffer | undefined, names: readonly string[]): string | null {
  let node: DecodedNode | undefined = buffer?.tree;
  for (const name of names) node = node?.children?.find((child) => child.name === name);
  return node?.value ?? null;
}
