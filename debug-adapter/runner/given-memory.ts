import { type Found, hex, type Place } from '../boundary/checks/finding.ts';
import { meaningOfImportParameter } from '../boundary/parameter-names.ts';
import type { CallFrame, ImportFrame } from './frames.ts';
import { unsigned } from './values.ts';

/** Places of ended calls that are remembered: the latest. */
const REMEMBERED = 256;
/** Values that exports returned and that are remembered. */
const RETURNED = 10_000;
/** Bytes behind a pointer of the running import that may be reached through it (a struct, an array). */
const REACH = 1 << 16;

interface GivenPlace extends Place {
  /** What the pointer was given to, e.g. `audit.note in audited (callId 3)`. */
  to: string;
}

/** A parameter that points to memory, and the one behind it that says how much; null where none does. */
interface Pointer {
  parameter: number;
  size: number | null;
}

/**
 * Which memory the guest has shown to host functions, by the pointers that it passed them. Memory that a call has shown
 * is the host's to use until the call ends: its scope ends then, and the next one reuses the addresses.
 */
export class GivenMemory {
  readonly #open = new Map<CallFrame, GivenPlace[]>();
  #ended: GivenPlace[] = [];
  /** By index of the import. */
  readonly #pointers = new Map<number, readonly Pointer[]>();
  /** What exports returned: an allocator's pointer outlives the call that returns it. */
  readonly #returned = new Set<number>();

  /** A host function is about to run. */
  given(frame: ImportFrame): void {
    const { call } = frame;
    if (!call || this.#pointersOf(frame).length === 0) return;
    let places = this.#open.get(call);
    if (!places) this.#open.set(call, (places = []));
    places.push(...this.#placesIn(frame, `${frame.title} in ${call.title}`));
    if (places.length > REMEMBERED) places.splice(0, places.length - REMEMBERED);
  }

  /** The parameters of an import that point to memory: what they mean is worked out once. */
  #pointersOf({ index, planned }: ImportFrame): readonly Pointer[] {
    let pointers = this.#pointers.get(index);
    if (!pointers) this.#pointers.set(index, (pointers = pointersIn(planned)));
    return pointers;
  }

  #placesIn(frame: ImportFrame, to: string): GivenPlace[] {
    return this.#pointersOf(frame).map(({ parameter, size }) => ({
      address: unsigned(frame.params[parameter]),
      size: size === null ? 1 : unsigned(frame.params[size]),
      to,
    }));
  }

  ended(call: CallFrame): void {
    for (const value of call.returns ?? []) {
      if (typeof value === 'number' && this.#returned.size < RETURNED) this.#returned.add(value >>> 0);
    }
    const places = this.#open.get(call);
    if (!places) return;
    this.#open.delete(call);
    this.#ended = [...this.#ended, ...places].slice(-REMEMBERED);
  }

  /** What is wrong with a host function's access to memory; null where nothing is known to be. */
  accessed(frame: ImportFrame, address: number, size: number): Found | null {
    const stale = this.#ended.findLast((place) => holds(place, address));
    if (!stale || this.#returned.has(stale.address)) return null;
    for (const places of this.#open.values()) if (places.some((place) => holds(place, address))) return null;
    const pointers = this.#placesIn(frame, '');
    if (pointers.some((place) => address >= place.address && address < place.address + REACH)) return null;
    return {
      code: 'use-after-scope',
      severity: 'error',
      message:
        `The host function ${frame.title} reached ${size} bytes at ${hex(address)}, memory that the guest had passed to ` +
        `${stale.to}. That call has ended, and its memory with it. Copy what is needed later while the call runs.`,
      at: { kind: 'import', index: frame.index },
      address,
      size,
    };
  }
}

function holds({ address, size }: Place, at: number): boolean {
  return at >= address && at < address + Math.max(1, size);
}

/** The parameters that are named as pointers, or not named. */
function pointersIn({ type, parameterNames }: ImportFrame['planned']): Pointer[] {
  const meaning = (index: number) => {
    const name = parameterNames?.[index] ?? null;
    return name === null ? 'unknown' : meaningOfImportParameter(name);
  };
  return type.params.flatMap((param, i) => {
    if (param !== 'i32' || !['pointer', 'unknown'].includes(meaning(i) ?? '')) return [];
    return [{ parameter: i, size: i + 1 < type.params.length && meaning(i + 1) === 'size' ? i + 1 : null }];
  });
}
