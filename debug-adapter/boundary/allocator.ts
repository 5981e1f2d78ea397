import type { BoundaryConfiguration } from '../../protocol/launch.ts';
import type { AllocatorCall, PlannedExport, RunnerPlan } from '../../protocol/runner.ts';
import type { ValueType } from '../../protocol/values.ts';
import { UserError } from '../errors.ts';
import { didYouMean } from '../near-names.ts';
import { signatureText } from './signature.ts';
import { wordsOf } from './words.ts';

/** A function that the guest exports, as far as passing buffers depends on it. */
export type PassingExport = Pick<PlannedExport, 'name' | 'type' | 'parameterNames'>;
export type Allocator = NonNullable<RunnerPlan['allocator']>;
type Meaning = AllocatorCall['params'][number];

const openLaunch = { kind: 'open-launch-json', title: 'Open launch.json' } as const;

export function wrongBoundary(message: string): UserError {
  return new UserError('bad-configuration', message, openLaunch);
}

export function signatureOf({ name, type, parameterNames }: PassingExport): string {
  return signatureText(name, type, parameterNames);
}

/** Index of the export that the launch configuration names at `where`. @throws UserError with names that are near */
export function findPassingExport(name: string, where: string, exports: readonly PassingExport[]): number {
  const found = exports.findIndex((each) => each.name === name);
  if (found >= 0) return found;
  const names = exports.map((each) => each.name);
  throw wrongBoundary(`${where}: the guest exports no function “${name}”.${didYouMean(name, names)}`);
}

/** The last word of an allocator's name, and words that may come behind it. */
const ALLOCATE = new Set(['malloc', 'alloc', 'allocate']);
const FREE = new Set(['free', 'dealloc', 'deallocate']);
const BEHIND = new Set(['memory', 'mem', 'bytes', 'buffer']);
/** The component model's own name, and the one it had before. */
const CABI_REALLOC = ['cabi_realloc', 'canonical_abi_realloc'];

function endsIn(name: string, words: ReadonlySet<string>): boolean {
  const [last, ...before] = wordsOf(name).reverse();
  if (last === undefined) return false;
  return words.has(last) || (BEHIND.has(last) && before[0] !== undefined && words.has(before[0]));
}

function isInteger(type: ValueType): boolean {
  return type === 'i32' || type === 'i64';
}

/** What an allocator's parameters are given, by their number; for two, their names say which is the alignment. */
function allocateParams({ name, type, parameterNames }: PassingExport): Meaning[] | null {
  const { params, results } = type;
  if (results.length !== 1 || ![...params, ...results].every(isInteger)) return null;
  if (params.length === 4 && CABI_REALLOC.includes(name)) return ['zero', 'zero', 'align', 'size'];
  if (params.length === 1) return ['size'];
  if (params.length !== 2) return null;
  const alignFirst = wordsOf(parameterNames[0] ?? '').some((word) => word.startsWith('align'));
  return alignFirst ? ['align', 'size'] : ['size', 'align'];
}

/** What an export that frees is given, by the number of its parameters. */
export function freeParams({ type: { params } }: PassingExport): Meaning[] | null {
  if (!params.every(isInteger)) return null;
  if (params.length === 4) return ['pointer', 'size', 'align', 'zero'];
  return params.length >= 1 && params.length <= 3
    ? (['pointer', 'size', 'align'] as const).slice(0, params.length)
    : null;
}

/** What is told of it at launch. */
export interface FoundAllocator {
  allocator: Allocator | null;
  notes: string[];
}

function note(exports: readonly PassingExport[], { allocate, free }: Allocator, how: string): string {
  const named = (call: AllocatorCall) => {
    const found = exports[call.exportIndex];
    return found ? signatureOf(found) : '';
  };
  const frees = free ? ` and frees with ${named(free)}` : '; the guest frees what it is passed';
  return `Boundary: the host allocates with ${named(allocate)}${frees}, ${how}.`;
}

/**
 * The guest's allocator: as `configuration` says, else by the names and types of its exports.
 *
 * @throws UserError `bad-configuration` where `configuration` names what the guest does not export, or what cannot be one
 */
export function findAllocator(
  exports: readonly PassingExport[],
  { allocator: configured }: BoundaryConfiguration,
): FoundAllocator {
  if (configured === false) return { allocator: null, notes: [] };
  if (configured) {
    const allocator = configuredAllocator(exports, configured);
    return { allocator, notes: [note(exports, allocator, 'from the launch configuration')] };
  }
  return deducedAllocator(exports);
}

function deducedAllocator(exports: readonly PassingExport[]): FoundAllocator {
  const named = exports.flatMap((each, exportIndex) => {
    const isCabi = CABI_REALLOC.includes(each.name);
    const params = isCabi || endsIn(each.name, ALLOCATE) ? allocateParams(each) : null;
    return params ? [{ exportIndex, params, isCabi, name: each.name }] : [];
  });
  const candidates = named.some(({ isCabi }) => isCabi) ? named.filter(({ isCabi }) => isCabi) : named;
  const [chosen, ...others] = candidates;
  if (!chosen) return { allocator: null, notes: [] };
  if (others.length > 0) {
    const names = candidates.map(({ name }) => name).join(' and ');
    return {
      allocator: null,
      notes: [
        `Boundary: ${names} may each be the allocator: "allocator" of "boundary" in launch.json decides.`,
      ],
    };
  }
  const { exportIndex, params, isCabi } = chosen;
  const allocator: Allocator = { allocate: { exportIndex, params } };
  const frees = exports.flatMap((each, index) => {
    const given = endsIn(each.name, FREE) ? freeParams(each) : null;
    return given ? [{ exportIndex: index, params: given }] : [];
  });
  // In the component model the guest owns what it is passed.
  if (!isCabi && frees[0] && frees.length === 1) allocator.free = frees[0];
  return {
    allocator,
    notes: [note(exports, allocator, frees.length > 0 ? 'by their names' : 'by its name')],
  };
}

type ConfiguredAllocator = Exclude<BoundaryConfiguration['allocator'], false | undefined>;

function configuredAllocator(
  exports: readonly PassingExport[],
  { allocate, params, free }: ConfiguredAllocator,
): Allocator {
  const where = 'boundary.allocator';
  const exportIndex = findPassingExport(allocate, `${where}.allocate`, exports);
  const found = exports[exportIndex] as PassingExport;
  const given = params?.map((each): Meaning => (each === '_' ? 'zero' : each)) ?? allocateParams(found);
  if (!given?.includes('size') || given.length !== found.type.params.length) {
    throw wrongBoundary(
      `${where}.params: say what each parameter of ${signatureOf(found)} is given, for example ["size"].`,
    );
  }
  if (found.type.results.length !== 1 || ![...found.type.params, ...found.type.results].every(isInteger)) {
    throw wrongBoundary(`${where}.allocate: ${signatureOf(found)} returns no address.`);
  }
  const allocator: Allocator = { allocate: { exportIndex, params: given } };
  const freeing = free === false ? null : free === undefined ? deducedFree(exports) : free;
  if (freeing !== null) allocator.free = freeCall(freeing, `${where}.free`, exports);
  return allocator;
}

/** The one export that frees by its name; null where there is none, or several. */
function deducedFree(exports: readonly PassingExport[]): string | null {
  const [name, ...others] = exports.filter((each) => endsIn(each.name, FREE) && freeParams(each) !== null);
  return name && others.length === 0 ? name.name : null;
}

/** The call of the export `name`, which frees. @throws UserError `bad-configuration` */
export function freeCall(name: string, where: string, exports: readonly PassingExport[]): AllocatorCall {
  const exportIndex = findPassingExport(name, where, exports);
  const found = exports[exportIndex] as PassingExport;
  const params = freeParams(found);
  if (params) return { exportIndex, params };
  throw wrongBoundary(`${where}: ${signatureOf(found)} cannot free: it must take a pointer, at least.`);
}
