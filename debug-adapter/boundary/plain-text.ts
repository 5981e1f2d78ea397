import { isUtf8 } from 'node:buffer';

/** Longer buffers are not looked at: this is asked of everything that is recorded. */
const MOST = 64 * 1024;

const Kind = { ascii: 0, high: 1, other: 2 } as const;
/** What each byte is in a text: a character by itself, a part of one, or a control (but for tab and the ends of lines). */
const KINDS = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte >= 0x80) return Kind.high;
  const isText = (byte >= 0x20 && byte < 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0d;
  return isText ? Kind.ascii : Kind.other;
});

/**
 * Whether bytes are well-formed UTF-8 without controls, and so text to every decoder that reads text in UTF-8 and to
 * `auto`; and without letters that become ASCII in lower case, so that what of its lower case is ASCII is ASCII in the
 * bytes.
 */
export function isPlainText(bytes: Uint8Array): boolean {
  if (bytes.length > MOST) return false;
  let kinds = 0;
  for (let at = 0; at < bytes.length; at++) kinds |= KINDS[bytes[at] ?? 0] ?? Kind.other;
  if (kinds === Kind.ascii) return true;
  return kinds === Kind.high && isUtf8(bytes) && !hasExceptions(bytes);
}

/** C1 controls (C2 80 to C2 9F), and the letters İ (C4 B0) and K, the sign of the kelvin (E2 84 AA). */
function hasExceptions(bytes: Uint8Array): boolean {
  for (let at = 0; at + 1 < bytes.length; at++) {
    const next = bytes[at + 1] ?? 0;
    switch (bytes[at]) {
      case 0xc2:
        if (next < 0xa0) return true;
        break;
      case 0xc4:
        if (next === 0xb0) return true;
        break;
      case 0xe2:
        if (next === 0x84 && bytes[at + 2] === 0xaa) return true;
    }
  }
  return false;
}
