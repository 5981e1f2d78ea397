import type { Memory } from 'wasmedge-napi';

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();

/** Told of bytes before they are reached, and of what was done to them after. */
export type MemoryObserver = (address: number, size: number, done: 'read' | 'write' | null) => void;

/**
 * The guest's linear memory, as expressions (`memory`) and host functions (`this.memory`) see it. Addresses are bytes
 * from 0. It works on the real memory where the binding can only give copies of it, too (Electron).
 */
export class GuestMemory {
  readonly #memory: Memory;
  #view = new ArrayBuffer(0);
  readonly #accessed: MemoryObserver | null;

  /** @param accessed is told of what is reached through `read`, `write`, `text` and `findNul` */
  constructor(memory: Memory, accessed: MemoryObserver | null = null) {
    this.#memory = memory;
    this.#accessed = accessed;
  }

  /** The same memory, with somebody who is told of accesses through it. */
  watched(accessed: MemoryObserver): GuestMemory {
    return new GuestMemory(this.#memory, accessed);
  }

  /**
   * Bytes. Asked at each call: a view that is still attached knows without asking the engine, as the binding detaches
   * views of a memory that has grown.
   */
  get size(): number {
    if (this.#view.byteLength > 0) return this.#view.byteLength;
    if (this.#memory.isCopy) return this.#memory.byteLength;
    this.#view = this.#memory.buffer;
    return this.#view.byteLength;
  }
  /** 64 KiB each. */
  get pages(): number {
    return this.#memory.pages;
  }
  /** All bytes, live: valid until the guest runs again. */
  get u8(): Uint8Array {
    return this.#memory.isCopy ? liveBytes(this.#memory) : new Uint8Array(this.#memory.buffer);
  }

  /** A copy. @throws RangeError outside memory. */
  read(address: number, size: number): Uint8Array {
    this.#accessed?.(address, size, null);
    const bytes = this.#memory.read(address, size);
    this.#accessed?.(address, size, 'read');
    return bytes;
  }
  /** Text is written as UTF-8. @throws RangeError outside memory. */
  write(address: number, bytes: Uint8Array | string): void {
    const data = typeof bytes === 'string' ? encoder.encode(bytes) : bytes;
    this.#accessed?.(address, data.length, null);
    this.#memory.write(address, data);
    this.#accessed?.(address, data.length, 'write');
  }
  /** `size` bytes as UTF-8. @throws RangeError outside memory. */
  text(address: number, size: number): string {
    return decoder.decode(this.read(address, size));
  }

  /** Whether all of `[address, address + size)` lies in memory. Both are unsigned and do not wrap. */
  holds(address: number, size: number): boolean {
    return address + size <= this.#memory.byteLength;
  }

  /** Address of the first zero byte from `address` on; -1 where there is none. */
  findNul(address: number): number {
    this.#accessed?.(address, 1, null);
    const size = this.#memory.byteLength;
    for (let at = address, chunk = 256; at < size; at += chunk, chunk = Math.min(chunk * 4, 1 << 16)) {
      chunk = Math.min(chunk, size - at);
      const found = this.#memory.read(at, chunk).indexOf(0);
      if (found >= 0) return at + found;
    }
    return -1;
  }
}

/**
 * Bytes of a memory that the binding can only copy: reading and writing an element reaches the real memory; methods of
 * Uint8Array work on a copy of all of it.
 */
function liveBytes(memory: Memory): Uint8Array {
  const index = (key: string | symbol): number =>
    typeof key === 'string' && /^\d+$/.test(key) ? Number(key) : -1;
  return new Proxy(new Uint8Array(), {
    get(_target, key) {
      const at = index(key);
      if (at >= 0) return at < memory.byteLength ? memory.read(at, 1)[0] : undefined;
      if (key === 'length' || key === 'byteLength') return memory.byteLength;
      const copy = new Uint8Array(memory.buffer);
      const member: unknown = Reflect.get(copy, key);
      return typeof member === 'function' ? (member.bind(copy) as unknown) : member;
    },
    set(_target, key, value) {
      const at = index(key);
      if (at < 0) return false;
      if (at < memory.byteLength) memory.write(at, Uint8Array.of(Number(value)));
      return true;
    },
    has(_target, key) {
      const at = index(key);
      return at >= 0 ? at < memory.byteLength : key in Uint8Array.prototype;
    },
  });
}
