import type { CopyFormat } from '../../protocol/webview.ts';

/** Bytes that can be copied as source text: each takes up to six characters of the clipboard. */
export const MOST_COPIED = 16 * 1024 * 1024;
/** Bytes on a line of source text. */
const LINE = 16;

const SPACE = 0x20;
const DIGITS = Buffer.from('0123456789abcdef');

/**
 * Bytes as text for the clipboard.
 * @param name what a declaration is called, e.g. `greet argument`; made an identifier here
 * @throws Error with a sentence where the bytes are too many, or no UTF-8
 */
export function formatBytesAs(format: CopyFormat, data: Buffer, name: string): string {
  checkCopied(data.length);
  switch (format) {
    case 'hex':
      return hex(data);
    case 'c':
      return `const uint8_t ${snakeCase(name)}[${data.length}] = {${lines(data, cByte, '    ')}};`;
    case 'rust':
      return `const ${snakeCase(name).toUpperCase()}: [u8; ${data.length}] = [${lines(data, cByte, '    ')}];`;
    case 'kotlin':
      // Byte is signed in Kotlin: a literal above 0x7f would not compile.
      return `val ${camelCase(name)} = byteArrayOf(${lines(data, (byte) => String((byte << 24) >> 24), '    ')})`;
    case 'json':
      return JSON.stringify([...data]);
    case 'base64':
      return data.toString('base64');
    case 'utf-8':
      return utf8(data);
  }
}

/** @throws Error with a sentence where so many bytes are too many for the clipboard */
export function checkCopied(bytes: number): void {
  if (bytes > MOST_COPIED)
    throw new Error(`${bytes} bytes are too many for the clipboard. Select a part, or save them to a file.`);
}

/** Hexadecimal digits in pairs; written byte by byte, as a buffer may have many millions. */
function hex(data: Buffer): string {
  const text = new Uint8Array(Math.max(0, data.length * 3 - 1)).fill(SPACE);
  for (let at = 0; at < data.length; at++) {
    const byte = data[at] ?? 0;
    text[at * 3] = DIGITS[byte >> 4] ?? 0;
    text[at * 3 + 1] = DIGITS[byte & 15] ?? 0;
  }
  return Buffer.from(text.buffer).toString('latin1');
}

const cByte = (byte: number): string => `0x${byte.toString(16).padStart(2, '0')}`;

/** Elements on lines of their own where there are many. */
function lines(data: Buffer, print: (byte: number) => string, indent: string): string {
  const elements = Array.from(data, print);
  if (elements.length <= LINE) return elements.join(', ');
  const rows: string[] = [];
  for (let at = 0; at < elements.length; at += LINE)
    rows.push(`${indent}${elements.slice(at, at + LINE).join(', ')},`);
  return `\n${rows.join('\n')}\n`;
}

function utf8(data: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data);
  } catch {
    throw new Error('These bytes are no UTF-8 text. Copy them as hexadecimal digits or Base64.');
  }
}

function words(name: string): string[] {
  const found = name.split(/[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])/).filter((word) => word !== '');
  if (found.length === 0) return ['bytes'];
  return /^\d/.test(found[0] ?? '') ? ['bytes', ...found] : found;
}

const snakeCase = (name: string): string =>
  words(name)
    .map((word) => word.toLowerCase())
    .join('_');

const camelCase = (name: string): string =>
  words(name)
    .map((word, index) => {
      const lower = word.toLowerCase();
      return index === 0 ? lower : lower.charAt(0).toUpperCase() + lower.slice(1);
    })
    .join('');
