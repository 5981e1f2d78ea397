/** The number that the 16 bits of an IEEE 754 binary16 mean. (Node 20 has no DataView.getFloat16.) */
export function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** The bits of the nearest binary16, ties to even. */
export function halfFloatBits(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const magnitude = Math.abs(value);
  // Beyond the middle between the largest finite number (65504) and what would follow it.
  if (magnitude >= 65520) return sign | 0x7c00;
  // Multiples of the spacing of numbers of this size; a carry into the exponent comes out right by itself.
  const exponent = Math.max(-14, magnitude === 0 ? -14 : Math.floor(Math.log2(magnitude)));
  const units = roundTiesToEven(magnitude / 2 ** (exponent - 10));
  return sign | (units + ((exponent + 14) << 10));
}

function roundTiesToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest < 0.5) return floor;
  return rest > 0.5 || floor % 2 === 1 ? floor + 1 : floor;
}
