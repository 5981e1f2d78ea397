import type { BufferSummary, CapturedSizePolicy } from '../../protocol/boundary.ts';
import type { TypedValue } from '../../protocol/values.ts';

const UNITS = ['KiB', 'MiB', 'GiB'];

/** `1 byte`, `512 bytes`, `1.5 KiB`, `64 MiB`. */
export function formatBytes(bytes: number): string {
  if (Math.abs(bytes) < 1024) return bytes === 1 ? '1 byte' : `${bytes} bytes`;
  let value = bytes;
  let unit = '';
  for (const next of UNITS) {
    if (Math.abs(value) < 1024) break;
    value /= 1024;
    unit = next;
  }
  return `${trimmed(value)} ${unit}`;
}

/** `61 µs`, `1.2 ms`, `3.5 s`. */
export function formatMicros(micros: number): string {
  if (micros < 1000) return `${Math.round(micros)} µs`;
  if (micros < 1_000_000) return `${trimmed(micros / 1000)} ms`;
  return `${trimmed(micros / 1_000_000)} s`;
}

/** Three digits, without trailing zeros. */
function trimmed(value: number): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toFixed(digits).replace(/\.0+$|(\.\d*[1-9])0+$/, '$1');
}

/** An address of linear memory, as compilers and the engine write them. */
export function formatAddress(address: number): string {
  return `0x${address.toString(16)}`;
}

/** `16 B at 0x10`, or `of array 3` for one behind a handle: where a buffer lies, after its size. */
export function formatPlace({
  address,
  behindHandle,
}: Pick<BufferSummary, 'address' | 'behindHandle'>): string {
  return behindHandle ? `of array ${address}` : `at ${formatAddress(address)}`;
}

export function formatByte(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

export function isPrintable(byte: number): boolean {
  return byte >= 0x20 && byte < 0x7f;
}

/** The character of the ASCII column: a dot for what cannot be printed. */
export function asciiOf(byte: number): string {
  return isPrintable(byte) ? String.fromCharCode(byte) : '.';
}

export function formatValues(values: TypedValue[]): string {
  return values.map(({ value }) => String(value)).join(', ');
}

/** `i32, i64` for a tooltip. */
export function formatTypes(values: TypedValue[]): string {
  return values.map(({ type }) => type).join(', ') || 'nothing';
}

/** How the length of a buffer is known, as the end of "N bytes, …". */
export function describeSizePolicy(policy: CapturedSizePolicy): string {
  switch (policy) {
    case 'host':
      return 'size known by the host';
    case 'param':
      return 'size from a parameter';
    case 'u32le-prefix':
      return 'size from the u32 before the bytes';
    case 'nul':
      return 'size up to the NUL byte';
    case 'unknown':
      return 'size unknown';
    default:
      return 'fixed' in policy
        ? `fixed size of ${formatBytes(policy.fixed)}`
        : `elements (${policy.elements}) of an array behind a handle`;
  }
}

/** What a person can do about a result whose size is unknown. */
export const UNKNOWN_SIZE_ADVICE =
  'The import has no parameter for the size. Say in launch.json how it is known: "boundary": {"returnResult": ' +
  '{"import": …, "size": …}} with "param", "u32le-prefix", "nul" or {"fixed": bytes}.';

const CONTROL_PICTURES = 0x2400;

/** Control characters are made visible: the decoded text itself stays as it is. */
export function visibleText(text: string): string {
  return text.replace(/[\u0000-\u0008\u000a-\u001f\u007f]/g, (character) => {
    const code = character.charCodeAt(0);
    return String.fromCharCode(code === 0x7f ? 0x2421 : CONTROL_PICTURES + code);
  });
}
