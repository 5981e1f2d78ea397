import { UserError } from '../../errors.ts';
import type { Decoder } from '../decoder.ts';
import { walkCbor } from './cbor-walk.ts';
import { serialization } from './on-demand.ts';
import type { DecodeOptions } from './on-demand/serialization.ts';

/** Tag 55799, which means only that CBOR follows (RFC 8949, section 3.4.6). */
export const CBOR_MARK = Uint8Array.of(0xd9, 0xd9, 0xf7);

export function startsWithCborMark(bytes: Uint8Array): boolean {
  return CBOR_MARK.every((byte, i) => bytes[i] === byte);
}

/** The bytes without their mark, which is no part of the value. */
function withoutMark(bytes: Uint8Array): Uint8Array {
  return startsWithCborMark(bytes) ? bytes.subarray(CBOR_MARK.length) : bytes;
}

/**
 * What expressions see: maps with text keys are plain objects, others Map; integers beyond 2^53 and bignums are bigint;
 * other tagged items stay `Tag { tag, contents }`, so that they are written back as they were.
 */
function decodeOptions(): DecodeOptions {
  const { CborTag } = serialization();
  const bignum = (negative: boolean) => (tag: { contents: unknown }) => {
    if (!(tag.contents instanceof Uint8Array)) return tag;
    const magnitude = BigInt(`0x0${Buffer.from(tag.contents).toString('hex')}`);
    return negative ? -1n - magnitude : magnitude;
  };
  const keep = (tag: { tag: unknown; contents: unknown }) => new CborTag(Number(tag.tag), tag.contents);
  const tags = new Map<number, (tag: { tag: unknown; contents: unknown }) => unknown>([
    [2, bignum(false)],
    [3, bignum(true)],
    [55799, keep],
  ]);
  return { ignoreGlobalTags: true, tags };
}

export const cbor: Decoder = {
  id: 'cbor',
  label: 'CBOR',
  decode(bytes) {
    const { text, tree, error } = walkCbor(bytes);
    const shown = tree ? { text, tree } : { text };
    if (error !== undefined) return { ...shown, value: text, error };
    try {
      return { ...shown, value: serialization().decodeCbor(withoutMark(bytes), decodeOptions()) };
    } catch (thrown) {
      // Well-formed, but for example nested deeper than the library goes.
      return { ...shown, value: text, error: `CBOR without a value for expressions: ${messageOf(thrown)}.` };
    }
  },
  preview(bytes) {
    return walkCbor(bytes).text;
  },
  encode(value, present) {
    let encoded: Uint8Array;
    try {
      encoded = serialization().encodeCbor(value);
    } catch (thrown) {
      throw new UserError('bad-argument', `This value cannot be written as CBOR: ${messageOf(thrown)}.`);
    }
    return present && startsWithCborMark(present) ? new Uint8Array([...CBOR_MARK, ...encoded]) : encoded;
  },
};

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message.replace(/\.$/, '') : String(thrown);
}
