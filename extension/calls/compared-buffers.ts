import type { ComparedSide, CompareTarget, DifferenceCount } from '../../protocol/comparing.ts';
import { ByteDifferences, type ByteSource } from './byte-differences.ts';
import { CapturedBytes } from './captured-bytes.ts';
import type { DebuggedSession, Sessions } from './sessions.ts';
import { stoppedGuest } from './stopped-guest.ts';

/** Bytes of a buffer that come with its call: the others are read as they are looked at. */
const AT_ONCE = 64 * 1024;
/** Bytes of linear memory that are read at once. */
const MEMORY_PAGE = 8 * 1024 * 1024;

interface Side extends ComparedSide {
  source: ByteSource;
}

/** Two buffers beside each other, of one session or of two. */
export class ComparedBuffers {
  readonly id: number;
  private readonly pair: [Side, Side];
  private readonly differences: ByteDifferences;

  private constructor(id: number, pair: [Side, Side]) {
    this.id = id;
    this.pair = pair;
    this.differences = new ByteDifferences([pair[0].source, pair[1].source]);
  }

  /** Rejects with a sentence where one of them cannot be had. */
  static async of(
    id: number,
    sessions: Sessions,
    [left, right]: readonly [CompareTarget, CompareTarget],
  ): Promise<ComparedBuffers> {
    const [one, other] = [sessionOf(sessions, left), sessionOf(sessions, right)];
    const named = one !== other;
    return new ComparedBuffers(id, [await sideOf(one, left, named), await sideOf(other, right, named)]);
  }

  get sides(): [ComparedSide, ComparedSide] {
    const [left, right] = this.pair;
    return [withoutBytes(left), withoutBytes(right)];
  }

  /** A copy: a view would carry the whole buffer along when it is posted. */
  async bytes(side: 0 | 1, start: number, count: number): Promise<Uint8Array> {
    return Uint8Array.from(await this.pair[side].source.read(start, count));
  }

  count(): Promise<DifferenceCount> {
    return this.differences.count();
  }

  difference(from: number, backwards: boolean): Promise<[number, number] | null> {
    return backwards ? this.differences.previous(from) : this.differences.next(from);
  }
}

function withoutBytes({ title, address, size }: Side): ComparedSide {
  return { title, address, size };
}

function sessionOf(sessions: Sessions, { session }: CompareTarget): DebuggedSession {
  const found = session === undefined ? sessions.shown : sessions.get(session);
  if (!found) throw new Error('The session that was compared with is not there any more.');
  return found;
}

/** @param named the title says which session it is */
async function sideOf(session: DebuggedSession, target: CompareTarget, named: boolean): Promise<Side> {
  const { sequence, direction, index, memoryNow } = target;
  const wanted = { maxBytes: AT_ONCE, ...(index !== undefined && { buffers: { [direction]: index } }) };
  const { call, notKept } = await session.ledger.call(sequence, wanted);
  const buffer = call[direction];
  const name = `${call.export} (${call.callId})${named ? ` in ${session.name}` : ''}`;
  if (!buffer) throw new Error(notKept ?? `${name} has no ${direction}.`);
  const { captured: size, behindHandle } = buffer;
  if (memoryNow !== true) {
    const source = new CapturedBytes(buffer, session.ledger);
    return { title: `The ${direction} of ${name}`, address: behindHandle ? 0 : buffer.address, size, source };
  }
  if (behindHandle)
    throw new Error(`The ${direction} of ${name} is an array behind a handle: it does not lie in memory.`);
  const { address } = buffer;
  const title = `Memory now, where the ${direction} of ${name} was`;
  return { title, address, size, source: await memoryOf(session, address, size) };
}

/** A copy: what is compared stays as it is when the guest goes on. */
async function memoryOf(session: DebuggedSession, address: number, size: number): Promise<ByteSource> {
  const guest = stoppedGuest(session);
  const parts: Buffer[] = [];
  for (let at = 0; at < size; at += MEMORY_PAGE)
    parts.push(await guest.read(address + at, Math.min(MEMORY_PAGE, size - at)));
  const copy = Buffer.concat(parts);
  return {
    size,
    read: (start, count) => Promise.resolve(copy.subarray(start, start + count)),
  };
}
