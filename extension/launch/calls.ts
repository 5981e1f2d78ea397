import type { InspectedExport, Inspection } from '../../protocol/inspection.ts';
import type { PlannedCallInput } from '../../protocol/launch.ts';
import type { ValueType } from '../../protocol/values.ts';

/** Exports that can be called with what a person types: numbers, or a size and a callId with a text. */
export interface CallableExports {
  /** Take a size and a callId: the host passes them text. */
  withArgument: InspectedExport[];
  /** Take numbers only. */
  numeric: InspectedExport[];
}

/** Run by the runner itself, before any call. */
const ENTRIES = new Set(['_start', '_initialize']);
const NUMBERS = new Set<ValueType>(['i32', 'i64', 'f32', 'f64']);

export function callableExports(inspection: Inspection): CallableExports {
  const callable = inspection.exports.filter((candidate) => !ENTRIES.has(candidate.name));
  return {
    withArgument: callable.filter((candidate) => candidate.takesArgument),
    numeric: callable.filter(
      (candidate) =>
        !candidate.takesArgument && candidate.type.params.every((parameter) => NUMBERS.has(parameter)),
    ),
  };
}

/** `greet(stringSize: i32, callId: i32)`, the way Kotlin writes parameters. */
export function signatureOf({ name, type, parameterNames }: InspectedExport): string {
  const parameters = type.params.map((parameter, index) => {
    const parameterName = parameterNames[index];
    return parameterName ? `${parameterName}: ${parameter}` : parameter;
  });
  const results = type.results.length > 0 ? `: ${type.results.join(', ')}` : '';
  return `${name}(${parameters.join(', ')})${results}`;
}

const INTEGER_RANGES: Partial<Record<ValueType, [bigint, bigint]>> = {
  i32: [-(2n ** 31n), 2n ** 32n - 1n],
  i64: [-(2n ** 63n), 2n ** 64n - 1n],
};

/**
 * Reads numbers separated by commas or spaces, one for each parameter.
 * @returns the numbers (an i64 as decimal text), or a sentence that says what is wrong
 */
export function parseNumbers(
  text: string,
  target: InspectedExport,
): { params: (number | string)[] } | { problem: string } {
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  const wanted = target.type.params;
  if (words.length !== wanted.length)
    return { problem: `${signatureOf(target)} takes ${wanted.length} numbers; there are ${words.length}.` };
  const params: (number | string)[] = [];
  for (const [index, word] of words.entries()) {
    const type = wanted[index] ?? 'i32';
    const range = INTEGER_RANGES[type];
    if (range) {
      if (!/^[+-]?\d+$/.test(word)) return { problem: `“${word}” is no whole number (${type}).` };
      const value = BigInt(word);
      if (value < range[0] || value > range[1]) return { problem: `${word} does not fit into ${type}.` };
      params.push(type === 'i64' ? value.toString() : Number(value));
    } else {
      const value = Number(word);
      if (Number.isNaN(value)) return { problem: `“${word}” is no number (${type}).` };
      params.push(value);
    }
  }
  return { params };
}

/** Configurations to offer for a guest: one for each export that takes text, else one that only starts the guest. */
export function offeredCalls(inspection: Inspection | null, argument: string): PlannedCallInput[] {
  if (!inspection) return [];
  return callableExports(inspection).withArgument.map(({ name }) => ({ export: name, argument }));
}
