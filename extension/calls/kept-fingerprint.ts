import { createHash } from 'node:crypto';
import type { BufferFingerprint, CallFingerprint, CallSummary, Direction } from '../../protocol/boundary.ts';
import type { TypedValue } from '../../protocol/values.ts';
import type { KeptCall } from './kept-call.ts';

/**
 * As the adapter's `boundary/fingerprints`, of a call that was kept after its end.
 * @param whole absent where only the call's line in the list was kept
 */
export function keptFingerprint(summary: CallSummary, whole: KeptCall | undefined): CallFingerprint {
  const { sequence, callId, export: name, status } = summary;
  const made: CallFingerprint = { sequence, callId, export: name, status };
  if (whole) {
    const { params, returns, findings } = whole.call;
    made.params = textOf(params);
    if (status === 'returned') made.returns = textOf(returns);
    made.findings = findings.map(({ code }) => code);
  }
  for (const direction of ['argument', 'result'] satisfies Direction[]) {
    const buffer = summary[direction];
    if (buffer) made[direction] = (whole && buffersOf(whole, direction)) ?? { size: buffer.size };
  }
  return made;
}

function textOf(values: readonly TypedValue[]): string {
  return values.map(({ type, value }) => `${type} ${value}`).join(', ');
}

/** Undefined where not all of them were kept. */
function buffersOf(whole: KeptCall, direction: Direction): BufferFingerprint | undefined {
  const hash = createHash('sha256');
  const length = Buffer.alloc(4);
  let size = 0;
  for (const handed of whole.call.buffers.filter((buffer) => buffer.direction === direction)) {
    const bytes = whole.bytesOf(handed.memoryReference);
    if (!bytes) return undefined;
    size += handed.size;
    length.writeUInt32LE(bytes.length);
    hash.update(length).update(bytes);
  }
  return { size, digest: hash.digest('base64') };
}
