import type { SizePolicyName } from 'wasmedge-napi/records';

/** Bytes of a record's head (wasmedge-napi/records.d.ts). */
export const HEAD = 24;

/** How the length of a buffer was known, by the number that a buffer record has for it. */
export const SIZE_POLICIES: readonly SizePolicyName[] = [
  'host',
  'param',
  'u32le-prefix',
  'nul',
  'fixed',
  'unknown',
  'elements-i8',
  'elements-u8',
  'elements-i16',
  'elements-u16',
  'elements-i32',
  'elements-u32',
  'elements-i64',
  'elements-u64',
  'elements-f32',
  'elements-f64',
];
