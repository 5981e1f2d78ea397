/**
 * Where a person wants to go in a buffer: `16` is an offset in bytes, `0x110` an address of linear memory, `+0x10` an
 * offset in hexadecimal.
 * @returns the offset, or a sentence that says why there is none
 */
export function parseGoTo(text: string, buffer: { address: number; size: number }): number | string {
  const match = /^(\+?)\s*(?:0x([0-9a-f]+)|(\d+))$/i.exec(text.trim());
  if (!match) return 'Type an offset (16, +0x10) or an address of linear memory (0x110).';
  const [, plus, hexadecimal, decimal] = match;
  const isAddress = hexadecimal !== undefined && plus === '';
  const number = hexadecimal === undefined ? Number(decimal) : parseInt(hexadecimal, 16);
  const offset = isAddress ? number - buffer.address : number;
  if (offset >= 0 && offset < buffer.size) return offset;
  const last = buffer.address + buffer.size - 1;
  return isAddress
    ? `0x${number.toString(16)} is not among these bytes: they lie at 0x${buffer.address.toString(16)} to 0x${last.toString(16)}.`
    : `There is no byte ${number}: the buffer has ${buffer.size} bytes.`;
}
