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
];
