import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from './paths.ts';

/** A file that is no guest, or one that the debugger cannot debug. */
export interface MalformedFile {
  /** Path in the checkout. */
  file: string;
  bytes: Buffer;
}

const MAGIC = [0x00, 0x61, 0x73, 0x6d];
const CORE_VERSION = [1, 0, 0, 0];

/** What test/guests/malformed holds; README.md there says what each is for. */
export async function malformedFiles(): Promise<MalformedFile[]> {
  const greet = await readFile(path.join(root, 'examples/greeter/guest.wasm'));
  const files: Record<string, Buffer> = {
    'empty.wasm': Buffer.alloc(0),
    'text.wasm': Buffer.from('(module)\n'),
    'truncated.wasm': greet.subarray(0, Math.floor(greet.length / 2)),
    'component.wasm': Buffer.from([...MAGIC, 0x0d, 0, 1, 0, ...customSection('component-type')]),
    'version-2.wasm': Buffer.from([...MAGIC, 2, 0, 0, 0]),
    'no-imports.wasm': numbersOnly(),
    'no-memory.wasm': withoutMemory(),
    'no-names.wasm': withoutNames(greet),
    'invalid.wasm': invalidBody(),
  };
  return Object.entries(files).map(([name, bytes]) => ({ file: `test/guests/malformed/${name}`, bytes }));
}

/** `double(i32) -> i32`: no imports, no memory, no buffers. */
function numbersOnly(): Buffer {
  return core(
    section(1, [1, 0x60, 1, I32, 1, I32]),
    section(3, [1, 0]),
    section(7, [1, ...name('double'), 0, 0]),
    section(10, [1, ...body([0x20, 0, 0x20, 0, 0x6a])]),
  );
}

/** Imports both callbacks of the forum and exports `greet(i32, i32)`, but no memory. */
function withoutMemory(): Buffer {
  return core(
    section(1, [2, 0x60, 2, I32, I32, 0, 0x60, 3, I32, I32, I32, 0]),
    section(2, [
      2,
      ...importedFunction('host', 'callHostToStoreArgumentData', 0),
      ...importedFunction('host', 'callHostToReturnResultData', 1),
    ]),
    section(3, [1, 0]),
    section(7, [1, ...name('greet'), 0, 2]),
    section(10, [1, ...body([0x41, 0, 0x20, 1, 0x10, 0])]),
  );
}

/** Decodes, but does not validate: `answer() -> i32` leaves nothing on the stack. */
function invalidBody(): Buffer {
  return core(
    section(1, [1, 0x60, 0, 1, I32]),
    section(3, [1, 0]),
    section(7, [1, ...name('answer'), 0, 0]),
    section(10, [1, ...body([])]),
  );
}

/** A guest without its name section (custom sections have id 0): nothing tells its parameters' names. */
function withoutNames(guest: Buffer): Buffer {
  const parts = [guest.subarray(0, 8)];
  for (let at = 8; at < guest.length;) {
    const id = guest[at];
    const size = readUnsigned(guest, at + 1);
    if (id !== 0) parts.push(guest.subarray(at, size.end + size.value));
    at = size.end + size.value;
  }
  return Buffer.concat(parts);
}

const I32 = 0x7f;

function core(...sections: number[][]): Buffer {
  return Buffer.from([...MAGIC, ...CORE_VERSION, ...sections.flat()]);
}
function section(id: number, content: number[]): number[] {
  return [id, ...unsigned(content.length), ...content];
}
function customSection(title: string): number[] {
  return section(0, name(title));
}
function importedFunction(module: string, field: string, type: number): number[] {
  return [...name(module), ...name(field), 0, type];
}
function name(text: string): number[] {
  return [...unsigned(text.length), ...Buffer.from(text)];
}
/** Without locals. */
function body(instructions: number[]): number[] {
  return [...unsigned(instructions.length + 2), 0, ...instructions, 0x0b];
}
/** LEB128. */
function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];
}
function readUnsigned(bytes: Buffer, start: number): { value: number; end: number } {
  let value = 0;
  for (let at = start, shift = 0; ; at++, shift += 7) {
    const byte = bytes[at] ?? 0;
    value += (byte & 127) * 2 ** shift;
    if (byte < 128) return { value, end: at + 1 };
  }
}
