import type { WasmValue } from 'wasmedge-napi';
import type { TypedValue, ValueType } from '../../protocol/values.ts';

/** A value as JSON can carry it (protocol/values.ts). */
export function toTyped(type: ValueType, value: WasmValue | undefined): TypedValue {
  if (typeof value === 'number') return { type, value: Number.isFinite(value) ? value : String(value) };
  return { type, value: wasmText(value) };
}

/** A value as one line of text. */
export function wasmText(value: WasmValue | undefined): string {
  if (value === undefined) return 'undefined';
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array) return `0x${Buffer.from(value).reverse().toString('hex')}`;
  return value.isNull ? `null ${value.type}` : value.type;
}

/** What JSON carries, as a value of `type`. An i32 may be given as signed or unsigned. */
export function fromJson(type: ValueType, value: number | string): WasmValue {
  switch (type) {
    case 'i64':
      return BigInt.asIntN(64, BigInt(value));
    case 'i32':
      return Number(value) | 0;
    default:
      return Number(value);
  }
}

/** A call id as an export's parameter of `type`. */
export function callIdParam(type: ValueType, callId: number | bigint): WasmValue {
  if (type === 'i64') return BigInt.asIntN(64, BigInt(callId));
  if (type === 'i32') return typeof callId === 'number' ? callId | 0 : Number(BigInt.asIntN(32, callId));
  return Number(callId);
}

/**
 * An address or size as the guest means it: i32 and i64 are reinterpreted as unsigned. What lies beyond 2^53 loses
 * precision, which only matters for being outside memory.
 */
export function unsigned(value: WasmValue | undefined): number {
  if (typeof value === 'bigint') return Number(BigInt.asUintN(64, value));
  return typeof value === 'number' ? value >>> 0 : NaN;
}

/** Whether import parameter `param` names the call that the host opened as `callId`: equal in the parameter's width. */
export function sameCallId(callId: number | bigint, param: WasmValue | undefined): boolean {
  if (typeof param === 'number') return callIdParam('i32', callId) === (param | 0);
  if (typeof param === 'bigint') return callIdParam('i64', callId) === BigInt.asIntN(64, param);
  return false;
}

/** What a callback returns that has nothing to say: zeros, as the recorder does natively. */
export function zeros(types: readonly ValueType[]): WasmValue | WasmValue[] | undefined {
  const values = types.map((type) => (type === 'i64' ? 0n : 0));
  return values.length > 1 ? values : values[0];
}

/** Call ids are numbers in expressions, bigints only where a number would lose digits. */
export function plainCallId(callId: number | bigint): number | bigint {
  return typeof callId === 'bigint' && BigInt(Number(callId)) === callId ? Number(callId) : callId;
}

/**
 * A JavaScript value as a WebAssembly one: an i32 may be given as signed or unsigned, an i64 as a bigint or a whole
 * number. Undefined where it is none of that type.
 */
export function asWasm(type: ValueType, value: unknown): WasmValue | undefined {
  switch (type) {
    case 'i32':
      if (typeof value !== 'number' || !Number.isInteger(value)) return undefined;
      return value >= -(2 ** 31) && value < 2 ** 32 ? value | 0 : undefined;
    case 'i64':
      if (typeof value === 'bigint')
        return value >= -(2n ** 63n) && value < 2n ** 64n ? BigInt.asIntN(64, value) : undefined;
      return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : undefined;
    case 'f32':
    case 'f64':
      return typeof value === 'number' ? value : undefined;
    default:
      return typeof value === 'object' && value !== null ? (value as WasmValue) : undefined;
  }
}
