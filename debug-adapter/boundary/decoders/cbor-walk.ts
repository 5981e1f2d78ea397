import { MalformedBytes } from './byte-cursor.ts';
import { halfFloat } from './half-float.ts';
import { numberText } from './numbers.ts';
import { StructuredWalk, type Walked } from './structured-walk.ts';

/** Additional information of an initial byte: the argument's width in bytes (RFC 8949, section 3). */
const WIDTHS: Partial<Record<number, 1 | 2 | 4 | 8>> = { 24: 1, 25: 2, 26: 4, 27: 8 };
const INDEFINITE = 31;
const BREAK = 0xff;

/** What the tags of RFC 8949, section 3.4, mean. */
const TAGS: Record<string, string> = {
  0: 'date and time',
  1: 'time in seconds',
  2: 'unsigned bignum',
  3: 'negative bignum',
  4: 'decimal fraction',
  5: 'bigfloat',
  21: 'to be Base64url',
  22: 'to be Base64',
  23: 'to be Base16',
  24: 'encoded CBOR',
  32: 'URI',
  33: 'Base64url',
  34: 'Base64',
  36: 'MIME message',
  37: 'UUID',
  55799: 'self-described CBOR',
};

/** The data item in `bytes`: its text is diagnostic notation (RFC 8949, section 8) on one line. */
export function walkCbor(bytes: Uint8Array): Walked {
  return new CborWalk('CBOR', bytes).walk();
}

class CborWalk extends StructuredWalk {
  protected override readItem(name: string, start: number): string | null {
    const { cursor } = this;
    const at = cursor.at;
    const initial = cursor.peek('an item');
    if (initial === BREAK) throw new MalformedBytes('a break (0xff) stands where an item should', at);
    cursor.at += 1;
    const major = initial >> 5;
    const info = initial & 0x1f;
    if (major === 7) {
      this.#simpleOrFloat(name, start, info, at);
      return null;
    }
    const length = this.#argument(info, at, major);
    switch (major) {
      case 0:
        this.leaf(name, 'unsigned', start, String(length));
        return null;
      case 1:
        this.leaf(name, 'negative', start, String(-1n - (length ?? 0n)));
        return null;
      case 2:
        if (length === null) this.#chunks(name, 'bytes', start, 2);
        else this.leaf(name, 'bytes', start, this.binary(cursor.size(length, at), 'a byte string'));
        return null;
      case 3:
        if (length !== null) return this.text(name, 'text', start, cursor.size(length, at));
        return this.#chunks(name, 'text', start, 3);
      case 4:
        this.array(name, start, this.#count(length, at), length === null ? ['[_ ', ']'] : ['[', ']']);
        return null;
      case 5:
        this.map(name, start, this.#count(length, at), length === null ? ['{_ ', '}'] : ['{', '}']);
        return null;
      default:
        this.#tagged(name, start, length ?? 0n);
        return null;
    }
  }

  protected override ended(): boolean {
    if (this.cursor.peek('an item or the break') !== BREAK) return false;
    this.cursor.at += 1;
    return true;
  }

  /** The argument of an initial byte; null for an indefinite length. */
  #argument(info: number, at: number, major: number): bigint | null {
    if (info < 24) return BigInt(info);
    const width = WIDTHS[info];
    if (width) return this.cursor.unsigned(width, 'the argument of an item');
    if (info === INDEFINITE && major >= 2 && major <= 5) return null;
    throw new MalformedBytes(`the initial byte ${initialByte(major, info)} has no meaning`, at);
  }

  #count(length: bigint | null, at: number): number | null {
    return length === null ? null : this.cursor.size(length, at);
  }

  /** A string of indefinite length: definite ones of the same major type up to a break. */
  #chunks(name: string, type: 'bytes' | 'text', start: number, major: number): string | null {
    const mark = this.notation.mark;
    this.tree.open(name, type, start, ['chunk', 'chunks']);
    this.notation.write('(_ ');
    let text = '';
    for (let index = 0; !this.ended(); index++) {
      const at = this.cursor.at;
      const initial = this.cursor.peek('a chunk');
      if (initial >> 5 !== major || (initial & 0x1f) === INDEFINITE) {
        throw new MalformedBytes(`a chunk of a string of ${type} is something else`, at);
      }
      if (index > 0) this.notation.write(', ');
      text += this.item(String(index), at) ?? '';
    }
    this.notation.write(')');
    this.tree.close(this.notation.since(mark), this.cursor.at);
    return type === 'text' ? text : null;
  }

  #tagged(name: string, start: number, tag: bigint): void {
    const mark = this.notation.mark;
    const meaning = TAGS[String(tag)];
    this.tree.open(name, `tag ${tag}${meaning === undefined ? '' : ` (${meaning})`}`, start);
    this.notation.write(`${tag}(`);
    const from = this.cursor.at;
    this.item('content', from);
    const content = this.cursor.bytes.subarray(from, this.cursor.at);
    this.notation.write(')');
    const reading = readTag(tag, content);
    const shown = this.notation.since(mark);
    this.tree.close(reading === null ? shown : `${shown} = ${reading}`, this.cursor.at);
  }

  #simpleOrFloat(name: string, start: number, info: number, at: number): void {
    const { cursor } = this;
    const named = ['false', 'true', 'null', 'undefined'][info - 20];
    if (named !== undefined) {
      this.leaf(name, info < 22 ? 'boolean' : named, start, named);
    } else if (info < 24) {
      this.leaf(name, 'simple', start, `simple(${info})`);
    } else if (info === 24) {
      const value = Number(cursor.unsigned(1, 'a simple value'));
      if (value < 32) throw new MalformedBytes(`the simple value ${value} takes one byte, not two`, at);
      this.leaf(name, 'simple', start, `simple(${value})`);
    } else if (info === 25) {
      const value = halfFloat(cursor.view.getUint16(cursor.skip(2, 'a 16-bit float')));
      this.leaf(name, 'float16', start, floatText(value, 'f64'));
    } else if (info === 26) {
      const value = cursor.view.getFloat32(cursor.skip(4, 'a 32-bit float'));
      this.leaf(name, 'float32', start, floatText(value, 'f32'));
    } else if (info === 27) {
      const value = cursor.view.getFloat64(cursor.skip(8, 'a 64-bit float'));
      this.leaf(name, 'float64', start, floatText(value, 'f64'));
    } else throw new MalformedBytes(`the initial byte ${initialByte(7, info)} has no meaning`, at);
  }
}

function initialByte(major: number, info: number): string {
  return `0x${((major << 5) | info).toString(16).padStart(2, '0')}`;
}

/** With a point or an exponent, so that it is told from an integer. */
export function floatText(value: number, type: 'f32' | 'f64'): string {
  const text = numberText(value, type);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

/** What a person wants to know of a tagged item: a time stamp's date, a bignum's digits; null of others. */
function readTag(tag: bigint, content: Uint8Array): string | null {
  const first = content[0] ?? 0;
  if (tag === 1n) {
    const seconds = Number(walkCbor(content).text);
    const date = new Date(seconds * 1000);
    return Number.isNaN(date.getTime()) ? null : date.toISOString();
  }
  if ((tag === 2n || tag === 3n) && first >= 0x40 && first <= 0x5b && content.length <= 300) {
    const digits = /^h'([0-9a-f]*)'$/.exec(walkCbor(content).text)?.[1];
    if (digits === undefined) return null;
    const magnitude = BigInt(`0x0${digits}`);
    return String(tag === 2n ? magnitude : -1n - magnitude);
  }
  return null;
}
