import type { WasmValue } from 'wasmedge-napi';
import type { FunctionType, ValueType } from '../../protocol/values.ts';
import { HostTrap } from './failures.ts';
import { kindOf } from './host-module.ts';
import { asWasm } from './values.ts';

const WANTED: Partial<Record<ValueType, string>> = {
  i32: 'a whole number of 32 bits',
  i64: 'a bigint of 64 bits, such as 5n',
  f32: 'a number',
  f64: 'a number',
};

function wrongReturn(title: string, wanted: string, value: unknown): HostTrap {
  const given = typeof value === 'number' ? String(value) : kindOf(value);
  const hint =
    value instanceof Promise
      ? ' The guest waits for the answer, so host functions cannot be asynchronous.'
      : '';
  const message = `The host function ${title} must return ${wanted}, but returned ${given}.${hint}`;
  return new HostTrap('host-return', message);
}

/**
 * What a host function returned, as its type wants it.
 * @throws HostTrap where it returned something else.
 */
export function checkReturn(
  title: string,
  { results }: FunctionType,
  value: unknown,
): WasmValue | WasmValue[] | undefined {
  const [type] = results;
  if (type === undefined) {
    if (value instanceof Promise) throw wrongReturn(title, 'nothing', value);
    return undefined;
  }
  if (results.length === 1) {
    const returned = asWasm(type, value);
    if (returned === undefined) throw wrongReturn(title, WANTED[type] ?? type, value);
    return returned;
  }
  const list: unknown[] = Array.isArray(value) ? value : [];
  const returned = results.map((each, i) => asWasm(each, list[i]));
  if (list.length === results.length && returned.every((each) => each !== undefined)) return returned;
  throw wrongReturn(title, `an array of ${results.join(', ')}`, value);
}
