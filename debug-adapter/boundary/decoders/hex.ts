import { UserError } from '../../errors.ts';
import type { Decoder } from '../decoder.ts';
import { limited, textOf } from './text.ts';

/** Three characters a byte: the text stays below 48 Mi characters. */
const LIMIT = 16 * 1024 * 1024;

/**
 * Bytes of hexadecimal digits; white space between them is ignored.
 * @throws UserError naming the character where they are malformed.
 */
export function parseHex(text: string): Uint8Array {
  const wrong = /[^0-9a-fA-F\s]/u.exec(text);
  if (wrong) {
    throw new UserError(
      'bad-argument',
      `“${wrong[0]}” at character ${wrong.index} is not a hexadecimal digit: use 0–9, a–f and white space.`,
    );
  }
  const digits = text.replace(/\s+/g, '');
  if (digits.length % 2 !== 0) {
    throw new UserError(
      'bad-argument',
      `${digits.length} hexadecimal digits are not whole bytes: two digits make a byte.`,
    );
  }
  return new Uint8Array(Buffer.from(digits, 'hex'));
}

/** `48 65 6c`: the value is the same text, so that it can be edited. */
export const hex: Decoder = {
  id: 'hex',
  label: 'Hexadecimal bytes',
  decode(all) {
    const { bytes, error } = limited(all, LIMIT);
    const digits = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
    const text = digits.replace(/..(?!$)/g, '$& ');
    return error === undefined ? { text, value: text } : { text, value: text, error };
  },
  encode(value) {
    return parseHex(textOf(value, 'hex'));
  },
};
