import { formatAddress, formatBytes } from './format.ts';
import type { ByteRange } from './byte-selection.ts';

/** Bytes that the inspector reads from the selection's start: a LEB128 of 64 bits takes ten. */
export const INSPECTED_BYTES = 16;

/** A buffer that addresses are compared with. */
export interface NamedBuffer {
  /** `argument`, `result`. */
  name: string;
  /** Byte address in linear memory. */
  address: number;
  /** Bytes. */
  size: number;
}

/** One reading of the selected bytes. */
export interface Reading {
  name: string;
  /** Bytes that it takes, from the selection's start. */
  length: number;
  littleEndian: string;
  /** The same bytes the other way round; absent where there is one reading only. */
  bigEndian?: string;
}

type Read = (view: DataView, littleEndian: boolean) => string;

const NUMBERS: readonly [name: string, length: number, read: Read][] = [
  ['u16', 2, (view, little) => String(view.getUint16(0, little))],
  ['i16', 2, (view, little) => String(view.getInt16(0, little))],
  ['u32', 4, (view, little) => String(view.getUint32(0, little))],
  ['i32', 4, (view, little) => String(view.getInt32(0, little))],
  ['u64', 8, (view, little) => String(view.getBigUint64(0, little))],
  ['i64', 8, (view, little) => String(view.getBigInt64(0, little))],
  ['f16', 2, (view, little) => formatFloat(halfOf(view.getUint16(0, little)), 5)],
  ['f32', 4, (view, little) => formatFloat(view.getFloat32(0, little), 9)],
  ['f64', 8, (view, little) => formatFloat(view.getFloat64(0, little), 17)],
  ['UTF-16', 2, (view, little) => utf16At(view, little)],
  ['Unix time, s', 4, (view, little) => formatTime(view.getUint32(0, little) * 1000)],
  ['Unix time, s (64)', 8, (view, little) => formatTime(Number(view.getBigInt64(0, little)) * 1000)],
  ['Unix time, ms', 8, (view, little) => formatTime(Number(view.getBigInt64(0, little)))],
];

/**
 * What the bytes at the selection's start can mean. Readings that need more bytes than there are are left out.
 * @param bytes from the selection's start on, at most INSPECTED_BYTES
 * @param buffers those of the call, for pointers
 */
export function inspect(bytes: Uint8Array, buffers: readonly NamedBuffer[]): Reading[] {
  const [first] = bytes;
  if (first === undefined) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const readings: Reading[] = [
    { name: 'u8', length: 1, littleEndian: String(first) },
    { name: 'i8', length: 1, littleEndian: String(view.getInt8(0)) },
    { name: 'bits', length: 1, littleEndian: first.toString(2).padStart(8, '0') },
  ];
  for (const [name, length, read] of NUMBERS)
    if (bytes.length >= length)
      readings.push({ name, length, littleEndian: read(view, true), bigEndian: read(view, false) });
  for (const [name, signed] of [
    ['LEB128, unsigned', false],
    ['LEB128, signed', true],
  ] as const) {
    const read = leb128(bytes, signed);
    if (read) readings.push({ name, length: read.length, littleEndian: String(read.value) });
  }
  const character = utf8At(bytes);
  if (character) readings.push(character);
  if (bytes.length >= 4)
    readings.push({
      name: 'pointer',
      length: 4,
      littleEndian: describePointer(view.getUint32(0, true), buffers),
    });
  return readings;
}

/** Where an address leads: into which buffer, and how far. */
export function describePointer(address: number, buffers: readonly NamedBuffer[]): string {
  const target = buffers.find(
    (buffer) => address >= buffer.address && address < buffer.address + buffer.size,
  );
  if (!target) return `${formatAddress(address)}, in no buffer of this call`;
  return `${formatAddress(address)}, ${target.name} + ${formatBytes(address - target.address)}`;
}

/**
 * The bytes that are read where a person has selected some: fewer where they have not come yet.
 * @param valueAt undefined where the byte is not there
 */
export function inspectedBytes(
  [start, end]: ByteRange,
  valueAt: (offset: number) => number | undefined,
): Uint8Array {
  // A single byte is where a number begins; a longer selection is the number itself.
  const length = end - start === 1 ? INSPECTED_BYTES : Math.min(end - start, INSPECTED_BYTES);
  const bytes: number[] = [];
  for (let at = start; at < start + length; at++) {
    const byte = valueAt(at);
    if (byte === undefined) break;
    bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}

/** Where the selection begins and how long it is, in words. */
export function describeSelection([start, end]: ByteRange, address: number): string {
  const length = end - start;
  const at = `offset ${start} at ${formatAddress(address + start)}`;
  return length === 1 ? at : `${formatBytes(length)} from ${at}`;
}

/**
 * Little-endian base 128 (WebAssembly core spec §5.2.2) of at most 64 bits; null where the bytes end before the number
 * does or it is longer.
 */
export function leb128(bytes: Uint8Array, signed: boolean): { value: bigint; length: number } | null {
  let value = 0n;
  for (const [index, byte] of bytes.entries()) {
    if (index === 10) return null;
    value |= BigInt(byte & 0x7f) << BigInt(7 * index);
    if ((byte & 0x80) !== 0) continue;
    const length = index + 1;
    const isNegative = signed && (byte & 0x40) !== 0;
    const number = isNegative ? value - (1n << BigInt(7 * length)) : value;
    const fits = signed ? BigInt.asIntN(64, number) === number : BigInt.asUintN(64, number) === number;
    return fits ? { value: number, length } : null;
  }
  return null;
}

/** IEEE 754 binary16. */
export function halfOf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** A number of lower precision as people write it: `0.1`, not `0.10000000149011612`. @param digits that tell any two apart */
function formatFloat(value: number, digits: number): string {
  if (!Number.isFinite(value) || value === 0) return Object.is(value, -0) ? '-0' : String(value);
  if (digits >= 17) return String(value);
  for (let fewer = 1; fewer < digits; fewer++) {
    const short = Number(value.toPrecision(fewer));
    if (digits === 9 && Math.fround(short) === value) return String(short);
  }
  return String(Number(value.toPrecision(digits)));
}

function formatTime(milliseconds: number): string {
  const time = new Date(milliseconds);
  return Number.isNaN(time.getTime()) ? 'beyond all dates' : time.toISOString().replace('.000Z', 'Z');
}

function utf8At(bytes: Uint8Array): Reading | null {
  const [first = 0] = bytes;
  const length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  if (length === 0 || bytes.length < length) return null;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(0, length));
    return { name: 'UTF-8', length, littleEndian: describeCharacter(text.codePointAt(0) ?? 0) };
  } catch {
    return null;
  }
}

/** A surrogate pair is read whole where it is there. */
function utf16At(view: DataView, little: boolean): string {
  const unit = view.getUint16(0, little);
  if (unit < 0xd800 || unit > 0xdfff) return describeCharacter(unit);
  const next = view.byteLength >= 4 ? view.getUint16(2, little) : 0;
  if (unit > 0xdbff || next < 0xdc00 || next > 0xdfff) return `U+${hex(unit)}, half of a pair`;
  return describeCharacter(0x10000 + ((unit - 0xd800) << 10) + (next - 0xdc00));
}

function describeCharacter(code: number): string {
  const isControl = code < 0x20 || (code >= 0x7f && code < 0xa0);
  return isControl ? `U+${hex(code)}` : `${String.fromCodePoint(code)}  U+${hex(code)}`;
}

const hex = (code: number): string => code.toString(16).toUpperCase().padStart(4, '0');
