import type { ElementType } from '../../protocol/boundary.ts';
import type { BoundaryConfiguration, PassedBuffersInput } from '../../protocol/launch.ts';
import type { HandleArray, TakenArrays } from '../../protocol/runner.ts';
import type { ValueType } from '../../protocol/values.ts';
import { findPassingExport, type PassingExport, signatureOf, wrongBoundary } from './allocator.ts';
import { carrierOf } from './elements.ts';
import { wordsOf } from './words.ts';

/** Arrays that the guest keeps behind handles, and the exports that take or return one. */
export interface GuestArrays {
  arrays: readonly HandleArray[];
  /** By index of the export. */
  takes: ReadonlyMap<number, TakenArrays>;
  notes: string[];
}

type Operation = 'new' | 'get' | 'set' | 'size' | 'free';
const OPERATIONS: readonly Operation[] = ['new', 'get', 'set', 'size', 'free'];
const VERBS: Record<Operation, ReadonlySet<string>> = {
  new: new Set(['new', 'create', 'make', 'alloc', 'allocate']),
  get: new Set(['get', 'at', 'load', 'read']),
  set: new Set(['set', 'put', 'store', 'write']),
  size: new Set(['size', 'length', 'len', 'count']),
  free: new Set(['free', 'delete', 'drop', 'release', 'dispose']),
};

const isInteger = (type: ValueType | undefined): boolean => type === 'i32' || type === 'i64';

/** Whether an export has the type of an operation: (array, index) → element, (array, index, element), … */
function suits({ type: { params, results } }: PassingExport, operation: Operation): boolean {
  const takes = (...wanted: boolean[]) =>
    params.length === wanted.length && wanted.every((needed, i) => !needed || isInteger(params[i]));
  switch (operation) {
    case 'new':
    case 'size':
      return takes(true) && results.length === 1 && isInteger(results[0]);
    case 'get':
      return takes(true, true) && results.length === 1;
    case 'set':
      return takes(true, true, false) && results.length === 0;
    case 'free':
      return takes(true) && results.length === 0;
  }
}

/** The verb of a name that speaks of an array, at either end, and the rest of it. */
function operationOf(name: string): { operation: Operation; what: string } | null {
  const words = wordsOf(name);
  if (!words.some((word) => word === 'array' || word === 'arrays')) return null;
  for (const at of [words.length - 1, 0]) {
    const operation = OPERATIONS.find((each) => VERBS[each].has(words[at] ?? ''));
    if (operation) return { operation, what: words.filter((_, i) => i !== at).join(' ') };
  }
  return null;
}

function deducedArrays(exports: readonly PassingExport[]): HandleArray[] {
  const groups = new Map<string, Partial<Record<Operation, number>>>();
  exports.forEach((each, index) => {
    const named = operationOf(each.name);
    if (!named || !suits(each, named.operation)) return;
    const group = groups.get(named.what) ?? {};
    group[named.operation] ??= index;
    groups.set(named.what, group);
  });
  return [...groups.values()].flatMap(({ get, set, ...more }) => {
    const carried = exports[get ?? -1]?.type.results[0];
    if (get === undefined || set === undefined || carried !== exports[set]?.type.params[2]) return [];
    const element = (['i32', 'i64', 'f32', 'f64'] as const).find((each) => each === carried);
    return element ? [{ get, set, element, ...more }] : [];
  });
}

type ConfiguredArray = Exclude<BoundaryConfiguration['arrays'], false | undefined>[number];

function configuredArray(
  configured: ConfiguredArray,
  where: string,
  exports: readonly PassingExport[],
): HandleArray {
  const indices: Partial<Record<Operation, number>> = {};
  for (const operation of OPERATIONS) {
    const name = configured[operation];
    if (name === undefined) continue;
    const index = findPassingExport(name, `${where}.${operation}`, exports);
    const each = exports[index] as PassingExport;
    if (!suits(each, operation)) {
      const forms = {
        new: '(size) → array',
        get: '(array, index) → element',
        set: '(array, index, element)',
        size: '(array) → size',
        free: '(array)',
      };
      throw wrongBoundary(
        `${where}.${operation}: ${signatureOf(each)} is not of the form ${forms[operation]}.`,
      );
    }
    indices[operation] = index;
  }
  const { get = -1, set = -1, ...more } = indices;
  const carried = exports[get]?.type.results[0];
  const element = configured.element ?? (carried as ElementType);
  if (carried !== exports[set]?.type.params[2] || carrierOf(element) !== carried) {
    throw wrongBoundary(
      `${where}: elements of type ${element} do not fit ${configured.get}, which returns ${carried ?? 'nothing'}, and ` +
        `${configured.set}, which takes ${exports[set]?.type.params[2] ?? 'nothing'}.`,
    );
  }
  return { get, set, element, ...more };
}

/** Which of the arrays a parameter of this name is a handle of; -1 where it is none. */
function arrayNamed(name: string, arrays: readonly HandleArray[], exports: readonly PassingExport[]): number {
  const lower = name.toLowerCase();
  const own = arrays.findIndex(({ get, set }) =>
    [get, set].some((index) => exports[index]?.parameterNames[0]?.toLowerCase() === lower),
  );
  if (own >= 0) return own;
  return wordsOf(name).some((word) => word === 'array' || word === 'handle') ? 0 : -1;
}

function takenBy(
  each: PassingExport,
  entry: PassedBuffersInput | undefined,
  where: string,
  arrays: readonly HandleArray[],
  exports: readonly PassingExport[],
): TakenArrays | null {
  const parameters: TakenArrays['parameters'] = [];
  each.type.params.forEach((type, parameter) => {
    const named = isInteger(type) ? arrayNamed(each.parameterNames[parameter] ?? '', arrays, exports) : -1;
    if (entry?.params) {
      if (!/^array\d?$/.test(entry.params[parameter] ?? '')) return;
      if (arrays.length === 0)
        throw wrongBoundary(
          `${where}.params[${parameter}] is an array, but "arrays" of "boundary" describes none.`,
        );
      parameters.push({ parameter, array: Math.max(0, named) });
    } else if (named >= 0) parameters.push({ parameter, array: named });
  });
  if (entry?.result?.as !== 'array') return parameters.length > 0 ? { parameters } : null;
  const array = parameters[0]?.array ?? 0;
  const described = arrays[array];
  const isReturned = each.type.results.length > 0;
  if (!described || (isReturned && (!isInteger(each.type.results[0]) || described.size === undefined))) {
    throw wrongBoundary(
      `${where}.result.as is "array": for that, “arrays” of “boundary” needs an array with "size", and ${signatureOf(each)} ` +
        'must return its handle.',
    );
  }
  if (!isReturned && parameters.length === 0)
    throw wrongBoundary(
      `${where}.result.as is "array", but ${signatureOf(each)} neither returns nor takes one.`,
    );
  return { parameters, result: { array } };
}

function noteOf(
  { get, set, element, ...more }: HandleArray,
  exports: readonly PassingExport[],
  how: string,
): string {
  const others = [more.new, more.size, more.free].flatMap((index) => exports[index ?? -1]?.name ?? []);
  const with_ = others.length > 0 ? ` (with ${others.join(', ')})` : '';
  return (
    `Boundary: ${exports[get]?.name} and ${exports[set]?.name}${with_} reach the ${element} elements of arrays by a handle, ` +
    `${how}: runs of their calls are shown as one buffer.`
  );
}

/**
 * Finds exports that give the host arrays by a handle: as `configuration` says, else by names such as `array_get` and
 * `array_set`; and which exports take such a handle, by the names of their parameters.
 *
 * @throws UserError `bad-configuration` where `configuration` names what the guest has not, or what does not fit
 */
export function findArrays(
  exports: readonly PassingExport[],
  { arrays: configured, exports: entries }: BoundaryConfiguration,
): GuestArrays {
  const arrays =
    configured === false
      ? []
      : (configured?.map((each, i) => configuredArray(each, `boundary.arrays[${i}]`, exports)) ??
        deducedArrays(exports));
  const own = new Set(arrays.flatMap((each) => OPERATIONS.map((operation) => each[operation])));
  const takes = new Map<number, TakenArrays>();
  exports.forEach((each, index) => {
    if (own.has(index)) return;
    const where = `boundary.exports[${JSON.stringify(each.name)}]`;
    const entry = entries?.[each.name];
    const taken = arrays.length > 0 || entry ? takenBy(each, entry, where, arrays, exports) : null;
    if (taken) takes.set(index, taken);
  });
  const how = configured ? 'from the launch configuration' : 'by their names';
  return { arrays, takes, notes: arrays.map((each) => noteOf(each, exports, how)) };
}
