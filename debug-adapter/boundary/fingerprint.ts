import { createHash } from 'node:crypto';
import type { BufferFingerprint, CallFingerprint, Direction } from '../../protocol/boundary.ts';
import type { TypedValue } from '../../protocol/values.ts';
import { jsonCallId, typedValue } from './calls.ts';
import type { Ledger } from './ledger.ts';

/** What tells a call from one of another session; undefined where there is no call `sequence`. */
export function fingerprint(ledger: Ledger, sequence: number): CallFingerprint | undefined {
  const facts = ledger.facts(sequence);
  if (!facts) return undefined;
  const made: CallFingerprint = {
    sequence,
    callId: jsonCallId(facts.callId),
    export: facts.export,
    status: facts.status,
    findings: facts.problems > 0 ? ledger.findings(sequence).map(({ code }) => code) : [],
  };
  for (const record of ledger.records(sequence)) {
    if (record.kind === 'callBegin') made.params = textOf(record.params.map(typedValue));
    else if (record.kind === 'callEnd') made.returns = textOf(record.results.map(typedValue));
  }
  for (const direction of ['argument', 'result'] satisfies Direction[]) {
    const handed = ledger.handedOver(sequence, direction);
    if (handed.length > 0) made[direction] = buffersOf(handed.map(({ buffer }) => buffer));
  }
  return made;
}

function textOf(values: readonly TypedValue[]): string {
  return values.map(({ type, value }) => `${type} ${value}`).join(', ');
}

function buffersOf(buffers: readonly { size: number; bytes: Uint8Array }[]): BufferFingerprint {
  const hash = createHash('sha256');
  const length = Buffer.alloc(4);
  let size = 0;
  for (const buffer of buffers) {
    size += buffer.size;
    length.writeUInt32LE(buffer.bytes.length);
    hash.update(length).update(buffer.bytes);
  }
  return { size, digest: hash.digest('base64') };
}
