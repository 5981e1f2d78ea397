import type { ElementType } from '../../protocol/boundary.ts';
import type { ValueType } from '../../protocol/values.ts';

/** Bytes of an element. */
export const ELEMENT_BYTES: Readonly<Record<ElementType, number>> = {
  i8: 1,
  u8: 1,
  i16: 2,
  u16: 2,
  i32: 4,
  u32: 4,
  i64: 8,
  u64: 8,
  f32: 4,
  f64: 8,
};

export const ELEMENT_TYPES = Object.keys(ELEMENT_BYTES) as ElementType[];

/** Type of the WebAssembly value that carries an element across the boundary. */
export function carrierOf(element: ElementType): ValueType {
  if (element === 'f32' || element === 'f64') return element;
  return element === 'i64' || element === 'u64' ? 'i64' : 'i32';
}

/** Decoder that shows elements, little-endian as they are recorded. */
export function elementDecoder(element: ElementType): string {
  return ELEMENT_BYTES[element] === 1 ? element : `${element}le`;
}

/** Writes an element, little-endian, at byte `at`. An integer is cut to its width. */
export function writeElement(view: DataView, at: number, element: ElementType, value: number | bigint): void {
  if (element === 'f32') view.setFloat32(at, Number(value), true);
  else if (element === 'f64') view.setFloat64(at, Number(value), true);
  else if (element === 'i64' || element === 'u64') view.setBigInt64(at, BigInt(value), true);
  else {
    const bits = ELEMENT_BYTES[element] * 8;
    const integer = Number(value);
    if (bits === 8) view.setInt8(at, integer);
    else if (bits === 16) view.setInt16(at, integer, true);
    else view.setInt32(at, integer, true);
  }
}

/** The element at byte `at`, as the guest's functions take it: an i64 is a bigint. */
export function readElement(view: DataView, at: number, element: ElementType): number | bigint {
  switch (element) {
    case 'i8':
      return view.getInt8(at);
    case 'u8':
      return view.getUint8(at);
    case 'i16':
      return view.getInt16(at, true);
    case 'u16':
      return view.getUint16(at, true);
    case 'i32':
      return view.getInt32(at, true);
    // As an i32: the same 32 bits.
    case 'u32':
      return view.getInt32(at, true);
    case 'i64':
    case 'u64':
      return view.getBigInt64(at, true);
    case 'f32':
      return view.getFloat32(at, true);
    case 'f64':
      return view.getFloat64(at, true);
  }
}

/** Elements as bytes. @throws RangeError naming the element that is none of the type, by its index */
export function encodeElements(element: ElementType, values: readonly (number | string)[]): Uint8Array {
  const width = ELEMENT_BYTES[element];
  const bytes = new Uint8Array(values.length * width);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => {
    const number = elementValue(element, value);
    if (number === null) throw new RangeError(`element ${i}, ${JSON.stringify(value)}, is no ${element}`);
    writeElement(view, i * width, element, number);
  });
  return bytes;
}

function elementValue(element: ElementType, value: number | string): number | bigint | null {
  if (element === 'f32' || element === 'f64') {
    const number = Number(value);
    return Number.isNaN(number) && value !== 'NaN' ? null : number;
  }
  if (typeof value === 'number' ? !Number.isSafeInteger(value) : !/^[+-]?\d{1,20}$/.test(value.trim()))
    return null;
  const integer = BigInt(value);
  const bits = ELEMENT_BYTES[element] * 8;
  const fits =
    element[0] === 'u' ? BigInt.asUintN(bits, integer) === integer : BigInt.asIntN(bits, integer) === integer;
  return fits ? integer : null;
}
