import { type Found, placeText } from '../boundary/checks/finding.ts';
import type { FoundAt } from '../../protocol/runner.ts';
import type { BufferPlace, CallFrame } from './frames.ts';
import type { GuestMemory } from './guest-memory.ts';
import { workOf } from './memory-growth.ts';

/** Results that are remembered, by their address: the latest. */
const REMEMBERED = 256;

/** The last result that lay at an address. */
interface EarlierResult {
  title: string;
  exportIndex: number;
  /** What the call was given. */
  work: string;
  argument: Uint8Array | undefined;
  bytes: Uint8Array;
  /** It had not been written either. */
  wasUnchanged: boolean;
}

/**
 * Copies of linear memory from when the open calls began, for a result that is there unwritten: its bytes lay there
 * already. Each call costs a copy of all memory, so this is made only where the configuration asks for it.
 */
export class MemorySnapshots {
  readonly #memory: () => GuestMemory | null;
  readonly #taken = new Map<CallFrame, { bytes: Uint8Array; size: number }>();
  /** Of calls that have ended, to be used again. */
  readonly #spare: Uint8Array[] = [];
  readonly #earlier = new Map<number, EarlierResult>();

  constructor(memory: () => GuestMemory | null) {
    this.#memory = memory;
  }

  begins(call: CallFrame): void {
    const now = this.#memory()?.u8;
    if (!now) return;
    const spare = this.#spare.pop();
    const bytes = spare && spare.length >= now.length ? spare : new Uint8Array(now.length);
    bytes.set(now);
    this.#taken.set(call, { bytes, size: now.length });
  }

  ended(call: CallFrame): void {
    const taken = this.#taken.get(call);
    if (taken) this.#spare.push(taken.bytes);
    this.#taken.delete(call);
  }

  /** A result has crossed: what is wrong where its bytes were there before the call. */
  returned(call: CallFrame, place: BufferPlace, at: FoundAt): Found | null {
    const taken = this.#taken.get(call);
    const { address, size } = place;
    const bytes = call.result;
    if (!taken || !bytes || size === 0) return null;
    const isUnchanged = layThere(taken.bytes.subarray(0, taken.size), address, bytes);
    const earlier = this.#earlier.get(address);
    this.#remember(call, address, bytes, isUnchanged);
    if (!isUnchanged) return null;
    const isSame = earlier !== undefined && Buffer.compare(earlier.bytes, bytes) === 0;
    // The same call again has the same result, at the same place: there is nothing to see in that.
    if (isSame && !earlier.wasUnchanged && isSameWork(earlier, call)) return null;
    return unchanged(call, place, at, isSame && !earlier.wasUnchanged ? earlier.title : null);
  }

  #remember(call: CallFrame, address: number, bytes: Uint8Array, isUnchanged: boolean): void {
    const earlier = this.#earlier.get(address);
    const stays = isUnchanged && earlier !== undefined && Buffer.compare(earlier.bytes, bytes) === 0;
    this.#earlier.delete(address);
    this.#earlier.set(address, {
      title: call.title,
      exportIndex: call.index,
      work: workOf(call),
      argument: call.argument,
      bytes,
      wasUnchanged: isUnchanged && !(stays && !earlier.wasUnchanged),
    });
    for (const oldest of this.#earlier.keys()) {
      if (this.#earlier.size <= REMEMBERED) break;
      this.#earlier.delete(oldest);
    }
  }
}

/** Whether `bytes` lay at `address` in the memory of a snapshot. What memory has grown by since then was zero. */
function layThere(snapshot: Uint8Array, address: number, bytes: Uint8Array): boolean {
  const before = snapshot.subarray(address, address + bytes.length);
  if (Buffer.compare(bytes.subarray(0, before.length), before) !== 0) return false;
  return bytes.subarray(before.length).every((byte) => byte === 0);
}

function isSameWork(earlier: EarlierResult, call: CallFrame): boolean {
  if (earlier.exportIndex !== call.index || earlier.work !== workOf(call)) return false;
  return Buffer.compare(earlier.argument ?? new Uint8Array(), call.argument ?? new Uint8Array()) === 0;
}

/** @param by the call whose result the bytes were, where one is known that wrote them */
function unchanged(call: CallFrame, place: BufferPlace, at: FoundAt, by: string | null): Found {
  const before = by === null ? '' : `, as the result of ${by}`;
  const advice =
    by === null
      ? 'Nothing seems to have been written there: write the result before it is returned, and pass the pointer to it.'
      : 'This is right only if both have the same result; else it was not written.';
  return {
    code: 'result-unchanged',
    severity: by === null ? 'warning' : 'info',
    message:
      `The result of ${call.title}, ${placeText(place)}, is byte for byte what lay there when the call began${before}. ` +
      advice,
    at,
    address: place.address,
    size: place.size,
  };
}
