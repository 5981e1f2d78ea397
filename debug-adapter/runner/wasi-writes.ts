import type { MemoryAccess } from '../../protocol/runner.ts';
import type { BufferPlace } from './frames.ts';

/**
 * What functions of WASI write to bytes that are watched. They are the engine's own and tell nobody: the bytes are compared
 * with what they were before.
 */
export class WasiWrites {
  readonly #read: (place: BufferPlace) => Uint8Array;
  #before: { place: BufferPlace; bytes: Uint8Array }[] = [];

  /** @param read what lies there now, as far as memory reaches */
  constructor(read: (place: BufferPlace) => Uint8Array) {
    this.#read = read;
  }

  /** The guest calls a function of WASI. */
  begin(watched: readonly BufferPlace[]): void {
    this.#before = watched.map((place) => ({ place, bytes: this.#read(place).slice() }));
  }

  /** It has returned: from the first to the last byte that it changed, of each piece that is watched. */
  end(): MemoryAccess[] {
    const before = this.#before;
    this.#before = [];
    return before.flatMap(({ place, bytes }): MemoryAccess[] => {
      const now = this.#read(place);
      const first = now.findIndex((byte, i) => byte !== bytes[i]);
      if (first < 0) return [];
      const last = now.findLastIndex((byte, i) => byte !== bytes[i]);
      return [{ kind: 'write', address: place.address + first, size: last - first + 1, by: 'host' }];
    });
  }
}
