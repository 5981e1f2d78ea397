import type { SizePolicy as NativeSizePolicy, WasmValue } from 'wasmedge-napi';
import type { ElementType, SizePolicy } from '../../protocol/boundary.ts';
import type { RoleAssignment } from '../../protocol/inspection.ts';
import type { GuestMemory } from './guest-memory.ts';
import { unsigned } from './values.ts';

/** Bytes that are captured of a result whose length nobody knows. */
const UNKNOWN_CAPTURE = 256;
/** Bytes of a u32le prefix. */
const PREFIX = 4;

/** How a captured buffer's length was known: `host` for what the host stores. */
export type CapturedPolicy = NativeSizePolicy['kind'] | 'host' | `elements-${ElementType}`;

/** How a role's result length is known; with a size parameter and no policy, by that. */
function policyOf(role: RoleAssignment): SizePolicy {
  const policy = role.sizePolicy ?? (role.size === undefined ? 'unknown' : 'param');
  return policy === 'param' && role.size === undefined ? 'unknown' : policy;
}

/** The policy as the recorder wants it. */
export function nativeSizePolicy(role: RoleAssignment): NativeSizePolicy {
  const policy = policyOf(role);
  if (typeof policy === 'object') return { kind: 'fixed', bytes: policy.fixed };
  return policy === 'param' ? { kind: policy, param: role.size ?? 0 } : { kind: policy };
}

/** Where a result lies and how many bytes of it there are; or what is wrong with that. */
export type MeasuredResult =
  | { address: number; size: number; captured: number; policy: NativeSizePolicy['kind'] }
  /** Bytes that would have to be in memory; `bySelf`: by a prefix or NUL, as the pointer itself is in memory. */
  | { outside: { address: number; size: number; bySelf?: boolean } };

/** Finds a result's extent as the recorder does natively. Prefix and NUL are not part of it. */
export function measureResult(
  memory: GuestMemory,
  role: RoleAssignment,
  params: readonly WasmValue[],
): MeasuredResult {
  return measureAt(memory, unsigned(params[role.pointer]), policyOf(role), unsigned(params[role.size ?? -1]));
}

/** The same at an address. @param given bytes, for the policy `param` */
export function measureAt(
  memory: GuestMemory,
  pointer: number,
  policy: SizePolicy,
  given: number,
): MeasuredResult {
  const whole = (address: number, size: number, kind: NativeSizePolicy['kind']): MeasuredResult =>
    memory.holds(address, size)
      ? { address, size, captured: size, policy: kind }
      : { outside: { address, size } };
  if (typeof policy === 'object') return whole(pointer, policy.fixed, 'fixed');
  switch (policy) {
    case 'param':
      return whole(pointer, given, policy);
    case 'u32le-prefix': {
      if (!memory.holds(pointer, PREFIX)) return { outside: { address: pointer, size: PREFIX } };
      const [a = 0, b = 0, c = 0, d = 0] = memory.read(pointer, PREFIX);
      const address = pointer + PREFIX;
      const size = ((d << 24) | (c << 16) | (b << 8) | a) >>> 0;
      return memory.holds(address, size)
        ? { address, size, captured: size, policy }
        : { outside: { address, size, bySelf: true } };
    }
    case 'nul': {
      const end = memory.findNul(pointer);
      if (end < 0) {
        const size = Math.max(1, memory.size - pointer + 1);
        return { outside: { address: pointer, size, bySelf: memory.holds(pointer, 1) } };
      }
      return whole(pointer, end - pointer, policy);
    }
    case 'unknown': {
      if (!memory.holds(pointer, 1)) return { outside: { address: pointer, size: 1 } };
      const captured = Math.min(UNKNOWN_CAPTURE, memory.size - pointer);
      return { address: pointer, size: captured, captured, policy };
    }
  }
}

/**
 * What to write where, so that an edited result stands in the place of the captured one: a shorter one with a new prefix
 * or NUL. Null where the length cannot change so.
 */
export function fitResult(
  policy: CapturedPolicy,
  place: { address: number; size: number },
  bytes: Uint8Array,
): { address: number; bytes: Uint8Array } | null {
  if (bytes.length === place.size) return { address: place.address, bytes };
  if (bytes.length > place.size) return null;
  if (policy === 'nul') return { address: place.address, bytes: Buffer.concat([bytes, Buffer.alloc(1)]) };
  if (policy !== 'u32le-prefix') return null;
  const prefix = Buffer.alloc(PREFIX);
  prefix.writeUInt32LE(bytes.length);
  return { address: place.address - PREFIX, bytes: Buffer.concat([prefix, bytes]) };
}
