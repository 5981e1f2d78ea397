import type { LiveBuffer } from '../../protocol/webview.ts';
import type { Ledger } from './ledger.ts';
import type { StoppedGuest } from './stopped-guest.ts';

/** Memory beyond so many bytes is read in parts as it is looked at, and not compared with what it was. */
const MOST_COPIED = 64 * 1024 * 1024;
/** Callers of the stop's call that are looked at: deeper ones are as good as never. */
const DEEPEST = 100;

/** Linear memory at the current stop and at the one before, copied while somebody looks at it. */
export class LiveMemory {
  private stop = -1;
  private now: Buffer | null = null;
  private before: Buffer | null = null;

  /**
   * Reads memory as it is.
   * @param stop counts the session's stops: at another one, what was read last is what bytes are compared with
   * @param size bytes of linear memory
   */
  async refresh(guest: StoppedGuest, stop: number, size: number): Promise<void> {
    const now = size > MOST_COPIED ? null : await guest.read(0, size);
    if (stop !== this.stop) this.before = this.now;
    this.now = now;
    this.stop = stop;
  }

  /** Whether bytes are compared with those of the stop before. */
  get compared(): boolean {
    return this.now !== null && this.before !== null;
  }

  /** @returns the bytes, and the indices of those that were others at the stop before */
  async read(
    guest: StoppedGuest,
    address: number,
    count: number,
  ): Promise<{ bytes: Buffer; changed: number[] }> {
    const { now, before } = this;
    if (!now) return { bytes: await guest.read(address, count), changed: [] };
    const bytes = now.subarray(address, address + count);
    const changed: number[] = [];
    if (before)
      for (let at = 0; at < bytes.length; at++)
        // What has grown since was not there before.
        if (address + at >= before.length || bytes[at] !== before[address + at]) changed.push(at);
    return { bytes, changed };
  }
}

/** The buffers of the stop's call and of its callers: only these can still lie in memory. */
export async function liveBuffers(ledger: Ledger, current: number | null): Promise<LiveBuffer[]> {
  const found: LiveBuffer[] = [];
  for (let sequence = current, depth = 0; sequence !== null && depth < DEEPEST; depth++) {
    const [call] = (await ledger.calls(sequence, 1)).calls;
    if (call?.sequence !== sequence) break;
    for (const direction of ['argument', 'result'] as const) {
      const buffer = call[direction];
      const { callId, export: name } = call;
      if (buffer && !buffer.behindHandle)
        found.push({ sequence, callId, export: name, direction, address: buffer.address, size: buffer.size });
    }
    sequence = call.parent ?? null;
  }
  return found;
}
