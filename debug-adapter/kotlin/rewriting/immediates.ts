import { ByteReader } from '../../wasm/byte-reader.ts';

/** What follows an operator's opcode, where wasmparser reads too little: `m` a memory argument, `i` an index, `b` a byte. */
function shortImmediates(code: number): string | null {
  if (code >= 0x28 && code <= 0x3e) return 'm'; // loads and stores
  switch (code) {
    case 0x11: // call_indirect
    case 0x13: // return_call_indirect
    case 0xfc08: // memory.init
    case 0xfc0a: // memory.copy
      return 'ii';
    case 0x3f: // memory.size
    case 0x40: // memory.grow
    case 0xfc0b: // memory.fill
      return 'i';
  }
  const vector = code - 0xfd000;
  if ((vector >= 0x00 && vector <= 0x0b) || vector === 0x5c || vector === 0x5d) return 'm';
  if (vector >= 0x54 && vector <= 0x5b) return 'mb';
  if ((code >= 0xfe00 && code <= 0xfe02) || (code >= 0xfe10 && code <= 0xfe4e)) return 'm';
  return null;
}

/**
 * Where an operator ends that wasmparser says ends at `end`. wasmparser (5.11) knows no memory index in the argument of a
 * load or store (multi-memory), and takes the index of a memory or of `call_indirect`'s table for one byte.
 *
 * @param code wasmparser's number of the operator at `start`.
 */
export function operatorEnd(bytes: Uint8Array, code: number, start: number, end: number): number {
  const immediates = shortImmediates(code);
  if (immediates === null) return end;
  const reader = new ByteReader(bytes, start + 1);
  if (code > 0xff) reader.skipLeb(); // the second part of a prefixed opcode
  for (const immediate of immediates) {
    if (immediate === 'b') reader.skip(1);
    else if (immediate === 'i') reader.skipLeb();
    else {
      // Bit 6 of the alignment says that a memory index follows.
      const hasMemory = (reader.u32() & 0x40) !== 0;
      if (hasMemory) reader.skipLeb();
      reader.skipLeb(); // the offset
    }
  }
  return reader.at;
}
