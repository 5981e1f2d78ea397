import type { FunctionType } from '../../protocol/values.ts';

/** A function as messages show it: `env.fill_args(pointer: i32, callId: i32)`; results follow an arrow. */
export function signatureText(
  name: string,
  type: FunctionType,
  parameterNames: readonly (string | null)[] = [],
): string {
  const params = type.params.map((param, i) => {
    const named = parameterNames[i];
    return named ? `${named}: ${param}` : param;
  });
  const results = type.results.length === 0 ? '' : ` → ${type.results.join(', ')}`;
  return `${name}(${params.join(', ')})${results}`;
}
