import { UserError } from '../../errors.ts';
import type { Decoded, Decoder } from '../decoder.ts';
import { hexOf } from './structured-walk.ts';
import { limited } from './text.ts';
import { TreeBuilder } from './tree-builder.ts';

// Own code: the libraries for this format give memory, not records, and stop at the first wrong checksum.

const LIMIT = 16 * 1024 * 1024;
const TYPES = [
  'data',
  'end of file',
  'extended segment address',
  'start segment address',
  'extended linear address',
  'start linear address',
];

/** One line: its bytes behind the colon, and where it stands in the buffer. */
interface IntelHexRecord {
  range: [number, number];
  bytes: Uint8Array;
}

const END = 1;
const SEGMENT = 2;
const LINEAR = 4;

function hex(value: number, digits: number): string {
  return `0x${value.toString(16).padStart(digits, '0')}`;
}

/** What is wrong with a line, as the end of `Record N at byte M …`; null where nothing is. */
function faultOf(line: string): string | null {
  if (!line.startsWith(':')) return 'does not begin with a colon';
  const wrong = /[^0-9a-fA-F]/.exec(line.slice(1));
  if (wrong)
    return `has ${JSON.stringify(wrong[0])} at column ${wrong.index + 2}, which is no hexadecimal digit`;
  if (line.length % 2 === 0) return 'has half a byte at its end';
  const bytes = Buffer.from(line.slice(1), 'hex');
  if (bytes.length < 5) return `has ${bytes.length} bytes, and the shortest record has 5`;
  const stated = bytes[0] ?? 0;
  if (stated !== bytes.length - 5) return `states ${stated} bytes of data and has ${bytes.length - 5}`;
  const sum = bytes.reduce((total, byte) => (total + byte) & 0xff, 0);
  if (sum === 0) return null;
  const written = bytes.at(-1) ?? 0;
  return `has the checksum ${hex(written, 2)}, and its bytes make ${hex((written - sum) & 0xff, 2)}`;
}

/** The records of well-formed lines, in order; `fault` is told of every other line. */
function recordsOf(
  text: string,
  fault: (line: number, range: [number, number], what: string) => void,
): IntelHexRecord[] {
  const records: IntelHexRecord[] = [];
  let number = 0;
  for (const match of text.matchAll(/[^\r\n]+/g)) {
    const line = match[0].trim();
    if (line === '') continue;
    number += 1;
    const start = match.index + match[0].indexOf(line);
    const range: [number, number] = [start, start + line.length];
    const what = faultOf(line);
    if (what === null) records.push({ range, bytes: new Uint8Array(Buffer.from(line.slice(1), 'hex')) });
    else fault(number, range, what);
  }
  return records;
}

/** Data by address, as expressions see it: what follows without a gap is one block. */
interface Block {
  address: number;
  data: Uint8Array;
}

function decode(all: Uint8Array): Omit<Decoded, 'decoder' | 'reason'> {
  const { bytes, error: cut } = limited(all, LIMIT);
  // Every byte is one character, so offsets in the text are offsets of bytes.
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  const faults: { range: [number, number]; what: string }[] = [];
  const records = recordsOf(text, (line, range, what) => {
    faults.push({ range, what: `Record ${line} at byte ${range[0]} ${what}.` });
  });
  const tree = new TreeBuilder();
  tree.open('', 'Intel HEX', 0, ['record', 'records']);
  const blocks: { address: number; parts: Uint8Array[]; size: number }[] = [];
  let base = 0;
  let ended = false;
  const lines = [...records, ...faults].sort((a, b) => a.range[0] - b.range[0]);
  for (const [index, line] of lines.entries()) {
    const name = String(index);
    if ('what' in line) {
      tree.leaf(name, 'fault', line.what, line.range);
      continue;
    }
    const [start, end] = line.range;
    const type = line.bytes[3] ?? 0;
    const offset = ((line.bytes[1] ?? 0) << 8) | (line.bytes[2] ?? 0);
    const data = line.bytes.subarray(4, -1);
    const number = data.length >= 2 && data.length <= 4 ? Number(`0x${hexOf(data)}`) : 0;
    tree.open(name, TYPES[type] ?? `type ${type}`, start);
    const field = (title: string, value: string, from: number, to: number) =>
      tree.leaf(title, 'field', value, [start + 1 + from * 2, start + 1 + to * 2]);
    field('length', String(data.length), 0, 1);
    field('offset', hex(offset, 4), 1, 3);
    field('type', `${type} (${TYPES[type] ?? 'unknown'})`, 3, 4);
    if (data.length > 0) field('data', hexOf(data).replace(/..(?!$)/g, '$& '), 4, 4 + data.length);
    field('checksum', hex(line.bytes.at(-1) ?? 0, 2), 4 + data.length, 5 + data.length);
    let shown = TYPES[type] ?? `unknown type ${type}`;
    if (type === 0) {
      const address = base + offset;
      shown = `${hex(address, 8)}: ${hexOf(data).replace(/..(?!$)/g, '$& ')}`;
      const last = blocks.at(-1);
      if (last && last.address + last.size === address) {
        last.parts.push(data);
        last.size += data.length;
      } else blocks.push({ address, parts: [data], size: data.length });
    } else if (type === SEGMENT || type === LINEAR) {
      base = type === SEGMENT ? number * 16 : number * 65536;
      shown += `: addresses begin at ${hex(base, 8)}`;
    } else if (type === END) ended = true;
    else if (data.length > 0) shown += `: ${hex(number, data.length * 2)}`;
    tree.close(shown, end);
  }
  const count = lines.length === 1 ? '1 record' : `${lines.length} records`;
  tree.close(`${count}, ${blocks.reduce((sum, { size }) => sum + size, 0)} bytes of data`, bytes.length);

  const value: Block[] = blocks.map(({ address, parts }) => ({
    address,
    data: new Uint8Array(Buffer.concat(parts)),
  }));
  const more =
    faults.length > 1
      ? ` ${faults.length - 1} more ${faults.length === 2 ? 'record has' : 'records have'} faults.`
      : '';
  let error = faults[0] ? faults[0].what + more : cut;
  if (records.length === 0 && faults.length === 0) error = 'Not Intel HEX: there is no record at byte 0.';
  else if (!ended) error ??= `The record that ends the file is missing at byte ${bytes.length}.`;
  const decoded = { text, value, ...(tree.root ? { tree: tree.root } : {}) };
  if (error === undefined) return decoded;
  return faults.length > 0
    ? { ...decoded, error, invalid: faults.slice(0, 1000).map(({ range }) => range) }
    : { ...decoded, error };
}

function record(type: number, offset: number, data: Uint8Array): string {
  const bytes = [data.length, offset >> 8, offset & 0xff, type, ...data];
  const checksum = -bytes.reduce((sum, byte) => sum + byte, 0) & 0xff;
  return `:${Buffer.from([...bytes, checksum])
    .toString('hex')
    .toUpperCase()}\n`;
}

/** Records of 16 bytes of data each. @throws UserError where `value` is no list of blocks. */
function encode(value: unknown): Uint8Array {
  let text = '';
  let base = 0;
  for (const [index, block] of (Array.isArray(value) ? (value as unknown[]) : [value]).entries()) {
    const { address, data } = checkedBlock(block, index);
    for (let at = 0; at < data.length;) {
      const here = address + at;
      const high = Math.floor(here / 65536);
      if (high !== base) {
        text += record(LINEAR, 0, Uint8Array.of(high >> 8, high & 0xff));
        base = high;
      }
      const size = Math.min(16, data.length - at, 65536 - (here & 0xffff));
      text += record(0, here & 0xffff, data.subarray(at, at + size));
      at += size;
    }
  }
  return new TextEncoder().encode(text + record(END, 0, new Uint8Array()));
}

function checkedBlock(block: unknown, index: number): Block {
  if (typeof block === 'object' && block !== null && 'address' in block && 'data' in block) {
    const { address, data } = block;
    const list =
      data instanceof Uint8Array ? data : Array.isArray(data) ? Uint8Array.from(data as number[]) : null;
    const end = 2 ** 32 - (list?.length ?? 0);
    if (list && typeof address === 'number' && Number.isInteger(address) && address >= 0 && address <= end) {
      return { address, data: list };
    }
  }
  throw new UserError(
    'bad-argument',
    `Block ${index} is no { address, data }: address is a number below 2^32, data the bytes that lie there.`,
  );
}

/** Text of records; the value is a list of blocks of data by address. */
export const intelHex: Decoder = {
  id: 'intel-hex',
  label: 'Intel HEX',
  decode,
  preview(bytes) {
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  },
  encode,
};
