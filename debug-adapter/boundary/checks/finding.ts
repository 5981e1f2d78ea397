import type { Finding } from '../../../protocol/boundary.ts';
import type { FoundAt } from '../../../protocol/runner.ts';

/** What a check found, and on which function of the boundary it is to be shown. */
export interface Found extends Omit<Finding, 'location'> {
  at: FoundAt | null;
  /** Of the buffer that it is about. */
  address?: number;
  /** Bytes. */
  size?: number;
}

/** Bytes of linear memory. */
export interface Place {
  address: number;
  size: number;
}

export function hex(address: number): string {
  return `0x${address.toString(16)}`;
}

/** `5 bytes at 0x10`. */
export function placeText({ address, size }: Place): string {
  return `${size} ${size === 1 ? 'byte' : 'bytes'} at ${hex(address)}`;
}
