import type { PassingExport } from '../../debug-adapter/boundary/allocator.ts';
import type { ValueType } from '../../protocol/values.ts';

const TYPES: Record<string, ValueType> = { i: 'i32', l: 'i64', f: 'f32', d: 'f64' };

/** An export from `upper(pointer:i, size:i)->l`: parameters are named or only typed. */
export function exported(signature: string): PassingExport {
  const [, name = '', list = '', result] = /^([^(]+)\(([^)]*)\)(?:->(\w))?$/.exec(signature) ?? [];
  const params = list === '' ? [] : list.split(',').map((each) => each.trim().split(':'));
  return {
    name,
    type: {
      params: params.map((each) => TYPES[each.at(-1) ?? ''] ?? 'ref'),
      results: result === undefined ? [] : [TYPES[result] ?? 'ref'],
    },
    parameterNames: params.map((each) => (each.length > 1 ? (each[0] ?? null) : null)),
  };
}
