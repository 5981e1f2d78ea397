import type { DifferenceCount } from '../../protocol/comparing.ts';

/** Bytes that are read as they are needed. */
export interface ByteSource {
  /** Bytes. */
  readonly size: number;
  /** Rejects with a sentence. @returns fewer bytes where the source ends before */
  read(start: number, count: number): Promise<Uint8Array>;
}

/** Bytes of each side that are looked at before others get their turn. */
const PAGE = 1024 * 1024;
/** Bytes that are first compared at once: most of two buffers is mostly the same. */
const BLOCK = 4096;

/** `[start, end)` in bytes. */
type Range = [number, number];

/**
 * Where the bytes of two sources differ at the same offset; what only the longer one has differs too. Both are read in
 * pages, so their size costs no memory. Places are runs of such bytes.
 */
export class ByteDifferences {
  private readonly sides: readonly [ByteSource, ByteSource];

  constructor(sides: readonly [ByteSource, ByteSource]) {
    this.sides = sides;
  }

  /** Looks at all of both. */
  async count(): Promise<DifferenceCount> {
    const found = { bytes: 0, places: 0 };
    let before = -1;
    for (let at = 0; at < this.size; at += PAGE) {
      for (const [start, end] of runsOf(await this.page(at), at)) {
        found.bytes += end - start;
        if (start !== before) found.places++;
        before = end;
      }
    }
    return found;
  }

  /** The first place that begins after `from`, or else the first; null where nothing differs. */
  async next(from: number): Promise<Range | null> {
    // A place that began before `from` may still go on there: it is behind us.
    const isInside = from >= 0 && (await this.differs(from));
    const after = isInside ? await this.endOf(from) : Math.max(0, from);
    return (await this.firstIn(after, this.size)) ?? (await this.firstIn(0, after));
  }

  /** The last place that begins before `from`, or else the last; null where nothing differs. */
  async previous(from: number): Promise<Range | null> {
    const until = Math.min(Math.max(from, 0), this.size);
    return (await this.lastIn(0, until)) ?? (await this.lastIn(until, this.size));
  }

  /** Bytes of the longer one. */
  private get size(): number {
    return Math.max(this.sides[0].size, this.sides[1].size);
  }

  private async differs(at: number): Promise<boolean> {
    return runsOf(await this.page(at, at + 1), at).length > 0;
  }

  private async firstIn(from: number, to: number): Promise<Range | null> {
    for (let at = from; at < to; at += PAGE) {
      const first = runsOf(await this.page(at, Math.min(at + PAGE, to)), at)[0];
      if (first) return [first[0], await this.endOf(first[0])];
    }
    return null;
  }

  private async lastIn(from: number, to: number): Promise<Range | null> {
    for (let end = to; end > from; end -= PAGE) {
      const start = Math.max(from, end - PAGE);
      const last = runsOf(await this.page(start, end), start).at(-1);
      if (last) return [await this.startOf(last[0]), await this.endOf(last[0])];
    }
    return null;
  }

  /** End of the place that `at` belongs to. */
  private async endOf(at: number): Promise<number> {
    let end = at;
    while (end < this.size) {
      const [run] = runsOf(await this.page(end), end);
      if (run?.[0] !== end) break;
      const isCut = run[1] === end + PAGE;
      end = run[1];
      if (!isCut) break;
    }
    return end;
  }

  /** Beginning of the place that `at` belongs to. */
  private async startOf(at: number): Promise<number> {
    let start = at;
    while (start > 0) {
      const from = Math.max(0, start - PAGE);
      const run = runsOf(await this.page(from, start), from).at(-1);
      if (run?.[1] !== start) break;
      start = run[0];
      if (start > from) break;
    }
    return start;
  }

  private async page(start: number, end = start + PAGE): Promise<[Buffer, Buffer]> {
    await new Promise((resolve) => setImmediate(resolve));
    const [one, other] = await Promise.all(
      this.sides.map(async (side) => {
        const count = Math.min(end, side.size) - start;
        return count > 0 ? side.read(start, count) : new Uint8Array();
      }),
    );
    return [asBuffer(one ?? new Uint8Array()), asBuffer(other ?? new Uint8Array())];
  }
}

/** Runs of bytes that differ, in order. @param at offset of both pages' first bytes */
function runsOf([one, other]: readonly [Buffer, Buffer], at: number): Range[] {
  const runs: Range[] = [];
  const length = Math.max(one.length, other.length);
  for (let offset = 0; offset < length;) {
    const block = Math.min(offset + BLOCK, length);
    if (one.subarray(offset, block).equals(other.subarray(offset, block))) {
      offset = block;
      continue;
    }
    while (offset < block && one[offset] === other[offset]) offset++;
    const start = offset;
    while (offset < length && one[offset] !== other[offset]) offset++;
    if (offset > start) runs.push([at + start, at + offset]);
  }
  return runs;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
