import type { Direction } from '../../protocol/boundary.ts';
import type { BufferEdit } from '../../protocol/webview.ts';
import type { DebuggedSession } from './sessions.ts';
import type { Snapshot } from './snapshot.ts';
import { stoppedGuest } from './stopped-guest.ts';

/** Changes a buffer of the call in which the session stands still. Rejects with a sentence where that cannot be. */
export async function editBuffer(
  session: DebuggedSession,
  snapshot: Snapshot,
  direction: Direction,
  edit: BufferEdit,
): Promise<void> {
  const { address, behindHandle, captured, index, count } = snapshot.buffer(direction).head();
  const guest = stoppedGuest(session);
  if (session.ledgerState.current !== snapshot.sequence)
    throw new Error('Only the call of the current stop can be changed.');
  if (index !== count - 1) throw new Error(`Only the newest ${direction} of a call can be changed.`);
  if (edit.kind === 'value') {
    await guest.assign(direction, edit.expression);
    return;
  }
  if (behindHandle)
    throw new Error('Elements of an array behind a handle do not lie in memory: change the value instead.');
  if (edit.start < 0 || edit.start + edit.bytes.length > captured)
    throw new Error(`The buffer has ${captured} bytes: nothing beyond can be changed.`);
  await guest.write(address + edit.start, Uint8Array.from(edit.bytes));
}
