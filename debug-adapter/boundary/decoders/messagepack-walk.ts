import { MalformedBytes } from './byte-cursor.ts';
import { floatText } from './cbor-walk.ts';
import { hexOf, StructuredWalk, type Walked } from './structured-walk.ts';

/**
 * The object in `bytes`, by the MessagePack specification. Its text is JSON's, with `h'00ff'` for binary and
 * `ext(5, h'00ff')` for extensions.
 */
export function walkMessagePack(bytes: Uint8Array): Walked {
  return new MessagePackWalk('MessagePack', bytes).walk();
}

/** Extension type of time stamps, the one that the specification itself defines. */
const TIMESTAMP = -1;

class MessagePackWalk extends StructuredWalk {
  protected override readItem(name: string, start: number): string | null {
    const { cursor } = this;
    const at = cursor.at;
    const first = cursor.peek('an object');
    cursor.at += 1;
    const size = (width: 1 | 2 | 4) => Number(cursor.unsigned(width, 'the size of an object'));

    if (first < 0x80) this.leaf(name, 'integer', start, String(first));
    else if (first < 0x90) this.map(name, start, first & 0x0f, ['{', '}']);
    else if (first < 0xa0) this.array(name, start, first & 0x0f, ['[', ']']);
    else if (first < 0xc0) return this.text(name, 'string', start, first & 0x1f);
    else if (first >= 0xe0) this.leaf(name, 'integer', start, String(first - 0x100));
    else if (first === 0xc0) this.leaf(name, 'nil', start, 'null');
    else if (first === 0xc1) throw new MalformedBytes('the byte 0xc1, which is never used, stands', at);
    else if (first <= 0xc3) this.leaf(name, 'boolean', start, String(first === 0xc3));
    else if (first <= 0xc6)
      this.leaf(name, 'binary', start, this.binary(size(WIDTH[first - 0xc4] ?? 1), 'a binary'));
    else if (first <= 0xc9) this.#extension(name, start, size(WIDTH[first - 0xc7] ?? 1));
    else if (first <= 0xcb) this.#float(name, start, first === 0xca);
    else if (first <= 0xd3) this.#integer(name, start, first);
    else if (first <= 0xd8) this.#extension(name, start, 1 << (first - 0xd4));
    else if (first <= 0xdb) return this.text(name, 'string', start, size(WIDTH[first - 0xd9] ?? 1));
    else if (first <= 0xdd) this.array(name, start, size(first === 0xdc ? 2 : 4), ['[', ']']);
    else this.map(name, start, size(first === 0xde ? 2 : 4), ['{', '}']);
    return null;
  }

  #float(name: string, start: number, single: boolean): void {
    const { cursor } = this;
    const value = single
      ? cursor.view.getFloat32(cursor.skip(4, 'a 32-bit float'))
      : cursor.view.getFloat64(cursor.skip(8, 'a 64-bit float'));
    this.leaf(name, single ? 'float32' : 'float64', start, floatText(value, single ? 'f32' : 'f64'));
  }

  #integer(name: string, start: number, first: number): void {
    const signed = first >= 0xd0;
    const width = ([1, 2, 4, 8] as const)[(first - 0xcc) & 3] ?? 8;
    const value = this.cursor.unsigned(width, 'an integer');
    this.leaf(name, 'integer', start, String(signed ? BigInt.asIntN(width * 8, value) : value));
  }

  #extension(name: string, start: number, size: number): void {
    const { cursor } = this;
    const type = cursor.view.getInt8(cursor.skip(1, 'the type of an extension'));
    const from = cursor.at;
    const text = `${this.binary(size, 'an extension', `ext(${type}, h'`)})`;
    const time = type === TIMESTAMP ? timestamp(cursor.bytes.subarray(from, cursor.at)) : null;
    const shown = time === null ? text : `${text} = ${time}`;
    this.leaf(name, time === null ? `extension ${type}` : 'timestamp', start, text, shown);
  }
}

const WIDTH = [1, 2, 4] as const;

/** ISO 8601 of the 32, 64 or 96 bits of a time stamp; null where they are none. */
function timestamp(bytes: Uint8Array): string | null {
  const bits = BigInt(`0x0${hexOf(bytes)}`);
  let nanoseconds = 0n;
  let seconds: bigint;
  if (bytes.length === 4) seconds = bits;
  else if (bytes.length === 8) {
    nanoseconds = bits >> 34n;
    seconds = bits & 0x3_ffff_ffffn;
  } else if (bytes.length === 12) {
    nanoseconds = bits >> 64n;
    seconds = BigInt.asIntN(64, bits);
  } else return null;
  const date = new Date(Number(seconds) * 1000);
  if (nanoseconds >= 1_000_000_000n || Number.isNaN(date.getTime())) return null;
  const fraction = nanoseconds === 0n ? '' : `.${String(nanoseconds).padStart(9, '0').replace(/0+$/, '')}`;
  return date.toISOString().replace('.000Z', `${fraction}Z`);
}
