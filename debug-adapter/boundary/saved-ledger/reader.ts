import { readFileSync } from 'node:fs';
import type { Finding } from '../../../protocol/boundary.ts';
import { UserError } from '../../errors.ts';
import { isConfigured, ownDecoderOf } from '../decoders/configured.ts';
import { decoderById } from '../decoders/index.ts';
import { serialization } from '../decoders/on-demand.ts';
import { Ledger, type RunNames } from '../ledger.ts';
import { FORMAT, itemSchema, type SavedItem } from './format.ts';

type Place = NonNullable<Finding['location']>;

/**
 * Reads a saved ledger. What was cut off by a crash is left out; calls that were running then are cancelled.
 *
 * @throws UserError where the file cannot be read or is no saved ledger.
 */
export function readSavedLedger(file: string): Ledger {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw unusable(file, `cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  const ledger = new Ledger();
  const replay = new Replay(ledger);
  let isFirst = true;
  for (const item of itemsOf(bytes)) {
    const head = isFirst && 'ledger' in item ? item.ledger : null;
    if (isFirst && head?.format !== FORMAT.format) break;
    if (head && head.version !== FORMAT.version) {
      throw unusable(
        file,
        `has version ${head.version} of the format; this debugger reads ${FORMAT.version}`,
      );
    }
    isFirst = false;
    try {
      replay.take(item);
    } catch (error) {
      throw unusable(file, `is damaged: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (isFirst) throw unusable(file, 'is no saved ledger of this debugger');
  if (ledger.innermostRunning !== null) {
    ledger.endRun('cancelled', 'The saved ledger ends while this call runs.');
  }
  return ledger;
}

/** The items that can be read, up to one that is cut off or is none. */
function* itemsOf(bytes: Uint8Array): Generator<SavedItem> {
  const items = serialization().decodeCborSequence(bytes);
  for (;;) {
    let next: IteratorResult<unknown>;
    try {
      next = items.next();
    } catch {
      return;
    }
    if (next.done === true) return;
    const item = itemSchema.safeParse(next.value);
    if (item.success) yield item.data;
  }
}

/** Makes a ledger go through what it went through when it was saved. */
class Replay {
  readonly #ledger: Ledger;
  #declared = new Map<string, Place>();

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  take(item: SavedItem): void {
    const ledger = this.#ledger;
    if ('run' in item) {
      const declared = (this.#declared = new Map<string, Place>());
      for (const { decoders } of item.run.exports) {
        decoders.argument = usableDecoder(decoders.argument);
        decoders.result = usableDecoder(decoders.result);
      }
      ledger.beginRun(item.run as unknown as RunNames, ({ kind, index }) => declared.get(`${kind} ${index}`));
    } else if ('records' in item) ledger.ingest(item.records);
    else if ('finding' in item) ledger.addFinding(item.finding.sequence, item.finding);
    else if ('reason' in item) ledger.setReason(item.reason.sequence, item.reason.text);
    else if ('declared' in item) {
      for (const { kind, index, path, line } of item.declared)
        this.#declared.set(`${kind} ${index}`, { path, line });
    } else if ('end' in item) ledger.endRun(item.end.status, item.end.reason);
  }
}

/**
 * The decoder, where it is there: a saved ledger may name files of another machine. Else `auto`. A file that comes from
 * anywhere must neither run what it names, nor have files read that are no .proto files.
 */
function usableDecoder(id: string): string {
  if (ownDecoderOf(id) !== null) return 'auto';
  const files = id.slice(id.indexOf('@') + 1).split('|');
  if (isConfigured(id) && !files.every((file) => file.endsWith('.proto'))) return 'auto';
  try {
    return decoderById(id) ? id : 'auto';
  } catch {
    return 'auto';
  }
}

function unusable(file: string, what: string): UserError {
  return new UserError('bad-argument', `The ledger ${file} ${what}. Choose a file that “ledger.save” made.`);
}
