import type { DecodedNode } from '../../../protocol/boundary.ts';
import { UserError } from '../../errors.ts';
import type { Decoder } from '../decoder.ts';
import { halfFloat, halfFloatBits } from './half-float.ts';
import { limited } from './text.ts';
import { MAX_CHILDREN, oneLine, omitted } from './tree.ts';

/** Beyond this many elements a number decoder stops: 4 Mi numbers are 32 MiB as a JavaScript array. */
const ELEMENT_LIMIT = 4 * 1024 * 1024;

type Shape = { type: string; noun: string; bits: 8 | 16 | 32 | 64 } & (
  | { of: 'integer'; get: 'getInt8' | 'getUint8'; set: 'setInt8' | 'setUint8' }
  | { of: 'integer'; get: 'getInt16' | 'getUint16'; set: 'setInt16' | 'setUint16' }
  | { of: 'integer'; get: 'getInt32' | 'getUint32'; set: 'setInt32' | 'setUint32' }
  | { of: 'bigint'; get: 'getBigInt64' | 'getBigUint64'; set: 'setBigInt64' | 'setBigUint64' }
  | { of: 'half' }
  | { of: 'float'; get: 'getFloat32' | 'getFloat64'; set: 'setFloat32' | 'setFloat64' }
);

const SHAPES: Shape[] = [
  { type: 'i8', noun: 'Signed 8-bit integers', bits: 8, of: 'integer', get: 'getInt8', set: 'setInt8' },
  { type: 'u8', noun: 'Unsigned 8-bit integers', bits: 8, of: 'integer', get: 'getUint8', set: 'setUint8' },
  { type: 'i16', noun: 'Signed 16-bit integers', bits: 16, of: 'integer', get: 'getInt16', set: 'setInt16' },
  {
    type: 'u16',
    noun: 'Unsigned 16-bit integers',
    bits: 16,
    of: 'integer',
    get: 'getUint16',
    set: 'setUint16',
  },
  { type: 'i32', noun: 'Signed 32-bit integers', bits: 32, of: 'integer', get: 'getInt32', set: 'setInt32' },
  {
    type: 'u32',
    noun: 'Unsigned 32-bit integers',
    bits: 32,
    of: 'integer',
    get: 'getUint32',
    set: 'setUint32',
  },
  {
    type: 'i64',
    noun: 'Signed 64-bit integers',
    bits: 64,
    of: 'bigint',
    get: 'getBigInt64',
    set: 'setBigInt64',
  },
  {
    type: 'u64',
    noun: 'Unsigned 64-bit integers',
    bits: 64,
    of: 'bigint',
    get: 'getBigUint64',
    set: 'setBigUint64',
  },
  { type: 'f16', noun: '16-bit floats', bits: 16, of: 'half' },
  { type: 'f32', noun: '32-bit floats', bits: 32, of: 'float', get: 'getFloat32', set: 'setFloat32' },
  { type: 'f64', noun: '64-bit floats', bits: 64, of: 'float', get: 'getFloat64', set: 'setFloat64' },
];

/** The shortest digits that read back as the same number; an f32 is not spelled with an f64's digits. */
export function numberText(value: number | bigint, type: string): string {
  if (typeof value === 'bigint') return String(value);
  if (Object.is(value, -0)) return '-0';
  if (type === 'f32' && Number.isFinite(value)) {
    for (let digits = 6; digits < 9; digits++) {
      const shorter = Number(value.toPrecision(digits));
      if (Math.fround(shorter) === value) return String(shorter);
    }
  }
  return String(value);
}

/** @throws UserError where `value`, element `index`, is no number of this shape. */
function element(value: unknown, index: number, id: string, shape: Shape): number | bigint {
  const shown = typeof value === 'string' ? JSON.stringify(value) : String(value);
  const fail = (why: string): never => {
    throw new UserError('bad-argument', `Element ${index} (${oneLine(shown, 40)}) ${why} ${id}.`);
  };
  if (shape.of === 'float' || shape.of === 'half') {
    if (typeof value === 'number') return value;
    if (typeof value === 'bigint') return Number(value);
    return fail('is not a number, so it cannot be written as');
  }
  let integer: bigint;
  if (typeof value === 'bigint') integer = value;
  else if (typeof value === 'number' && Number.isInteger(value)) integer = BigInt(value);
  else if (typeof value === 'string' && /^[+-]?\d{1,20}$/.test(value)) integer = BigInt(value);
  else return fail('is not an integer, so it cannot be written as');
  const fits = shape.type.startsWith('i')
    ? BigInt.asIntN(shape.bits, integer) === integer
    : BigInt.asUintN(shape.bits, integer) === integer;
  if (!fits) return fail('is outside the range of');
  return shape.of === 'bigint' ? integer : Number(integer);
}

function read(view: DataView, shape: Shape, offset: number, littleEndian: boolean): number | bigint {
  if (shape.of === 'half') return halfFloat(view.getUint16(offset, littleEndian));
  return view[shape.get](offset, littleEndian);
}

function numbers(shape: Shape, littleEndian: boolean): Decoder {
  const id = shape.bits === 8 ? shape.type : `${shape.type}${littleEndian ? 'le' : 'be'}`;
  const width = shape.bits / 8;
  return {
    id,
    label: shape.bits === 8 ? shape.noun : `${shape.noun}, ${littleEndian ? 'little' : 'big'}-endian`,
    group: 'Arrays of numbers',
    decode(all) {
      const { bytes, error: cut } = limited(all, ELEMENT_LIMIT * width);
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const count = Math.floor(bytes.length / width);
      const value: (number | bigint)[] = [];
      for (let i = 0; i < count; i++) value.push(read(view, shape, i * width, littleEndian));

      const texts = value.map((each) => numberText(each, shape.type));
      const text = texts.join(', ');
      const children = texts.slice(0, MAX_CHILDREN).map((each, i): DecodedNode => ({
        name: String(i),
        value: each,
        type: shape.type,
        range: [i * width, (i + 1) * width],
      }));
      if (count > MAX_CHILDREN) {
        const range: [number, number] = [MAX_CHILDREN * width, count * width];
        children.push(omitted(count - MAX_CHILDREN, range, 'element', 'elements'));
      }
      const tree: DecodedNode = {
        name: '',
        value: oneLine(
          `[${texts.slice(0, MAX_CHILDREN).join(', ')}${count > MAX_CHILDREN ? ', …' : ''}]`,
          100,
        ),
        type: `${id}[${count}]`,
        range: [0, count * width],
        children,
      };
      const rest = bytes.length - count * width;
      const error =
        rest > 0
          ? `${rest} ${rest === 1 ? 'byte' : 'bytes'} left over at byte ${count * width}: ` +
            `not a whole ${shape.bits}-bit number.`
          : cut;
      return error === undefined ? { text, value, tree } : { text, value, tree, error };
    },
    encode(value) {
      const list = ArrayBuffer.isView(value) && !(value instanceof DataView) ? value : [value].flat();
      const elements = Array.from(list as ArrayLike<unknown>);
      const bytes = new Uint8Array(elements.length * width);
      const view = new DataView(bytes.buffer);
      elements.forEach((each, i) => {
        const number = element(each, i, id, shape);
        if (shape.of === 'half') view.setUint16(i * width, halfFloatBits(Number(number)), littleEndian);
        else if (shape.of === 'bigint') view[shape.set](i * width, BigInt(number), littleEndian);
        else view[shape.set](i * width, Number(number), littleEndian);
      });
      return bytes;
    },
  };
}

/** `i8`, `u8`, `i16le`, `i16be`, … `f64be`: each an array of numbers (bigint for 64-bit integers). */
export const numberDecoders: readonly Decoder[] = SHAPES.flatMap((shape) =>
  shape.bits === 8 ? [numbers(shape, true)] : [numbers(shape, true), numbers(shape, false)],
);
