import type { BoundaryConfiguration, PassedBuffersInput } from '../../protocol/launch.ts';
import type { AllocatorCall, PassedBuffers, PassedResult } from '../../protocol/runner.ts';
import {
  type Allocator,
  findAllocator,
  findPassingExport,
  freeCall,
  type PassingExport,
  signatureOf,
  wrongBoundary,
} from './allocator.ts';
import { UserError } from '../errors.ts';
import { meaningOfImportParameter } from './parameter-names.ts';
import { fits } from './parameters.ts';
import { wordsOf } from './words.ts';

/** What the exports of a guest pass, and how memory for it is had. */
export interface Passing {
  allocator: Allocator | null;
  /** By index of the export. */
  passes: ReadonlyMap<number, PassedBuffers>;
  /** Exports that are meant to have no result. */
  resultless: ReadonlySet<number>;
  notes: string[];
}

interface PassingInput {
  exports: readonly PassingExport[];
  configuration: BoundaryConfiguration;
  memory64: boolean;
}

/** Words that say of a pointer that the guest writes its result there, and names that say both in one word. */
const OUT = new Set(['result', 'out', 'output', 'ret', 'return']);
const OUT_POINTERS = new Set(['retptr', 'outptr', 'resultptr']);

function isOut(name: string): boolean {
  const words = wordsOf(name);
  if (words.length === 1) return OUT_POINTERS.has(words[0] ?? '');
  return words.some((word) => OUT.has(word)) && meaningOfImportParameter(name) === 'pointer';
}

/** Exports that are never work: the allocator's own, those that free, and what the engine calls. */
function isWork({ name }: PassingExport, index: number, { allocate, free }: Allocator): boolean {
  if (index === allocate.exportIndex || index === free?.exportIndex) return false;
  return !name.startsWith('_') && !name.startsWith('cabi_');
}

/** By the names of the parameters: each pointer with a size behind it, and an out-pointer; null where there is none. */
function deducedParams(
  { type, parameterNames }: PassingExport,
  memory64: boolean,
): Pick<PassedBuffers, 'arguments' | 'out'> | null {
  const meaningAt = (i: number) => {
    const name = parameterNames[i];
    const meaning = name ? meaningOfImportParameter(name) : null;
    return meaning && fits(type.params[i], meaning, memory64) ? meaning : null;
  };
  const found: Pick<PassedBuffers, 'arguments' | 'out'> = { arguments: [] };
  for (let i = 0; i < type.params.length; i++) {
    const meaning = meaningAt(i);
    // With a call id it takes part in the other protocol.
    if (meaning === 'callId') return null;
    const pointsOut = fits(type.params[i], 'pointer', memory64) && isOut(parameterNames[i] ?? '');
    if (pointsOut && found.out === undefined && type.results.length === 0) found.out = i;
    else if (meaning === 'pointer' && meaningAt(i + 1) === 'size') {
      found.arguments.push({ pointer: i, size: i + 1 });
      i += 1;
    }
  }
  return found.arguments.length > 0 || found.out !== undefined ? found : null;
}

/** The component model's function that takes back what `name` has returned. */
function postReturn(name: string, exports: readonly PassingExport[]): AllocatorCall | null {
  const exportIndex = exports.findIndex((each) => each.name === `cabi_post_${name}`);
  if (exportIndex < 0) return null;
  return { exportIndex, params: exports[exportIndex]?.type.params.map(() => 'returned' as const) ?? [] };
}

function deducePasses(
  each: PassingExport,
  { exports, memory64 }: PassingInput,
): { passes: PassedBuffers; note: string } | null {
  const params = deducedParams(each, memory64);
  if (!params) return null;
  const passes: PassedBuffers = { ...params, reason: "by its parameters' names" };
  const post = postReturn(each.name, exports);
  if (params.out !== undefined) passes.result = { as: 'out', sizePolicy: 'param', sizeFirst: false };
  else if (post && fits(each.type.results[0], 'pointer', memory64))
    passes.result = { as: 'pair', sizePolicy: 'param', sizeFirst: false, free: post };
  const unsaid = each.type.results.length > 0 && !passes.result;
  const hint = unsaid
    ? ` What it returns is taken for a number: "exports" of "boundary" in launch.json says otherwise.`
    : '';
  return { passes, note: `${noteOf(each, passes)}${hint}` };
}

function noteOf(each: PassingExport, passes: PassedBuffers): string {
  const { arguments: taken, out, result, reason } = passes;
  const places = taken.map(({ pointer, size }) =>
    size === undefined ? `parameter ${pointer}` : `parameters ${pointer} and ${size}`,
  );
  const takes =
    places.length > 0 ? ` takes its argument in ${places.join(' and ')}` : ' takes no argument as a pointer';
  const returns = result
    ? ` and returns its result ${resultText(result, out)}${result.free ? ', which is freed' : ''}`
    : '';
  return `Boundary: ${signatureOf(each)}${takes}${returns}, ${reason}.`;
}

function resultText({ as, sizePolicy, sizeFirst }: PassedResult, out: number | undefined): string {
  const pair = sizeFirst ? '(size, pointer)' : '(pointer, size)';
  switch (as) {
    case 'pointer':
      return `as a pointer, its length by ${typeof sizePolicy === 'string' ? sizePolicy : `its fixed ${sizePolicy.fixed} bytes`}`;
    case 'packed':
      return `as ${pair} in an i64`;
    case 'pair':
      return `as the address of ${pair}`;
    case 'out':
      return `as ${pair} where parameter ${out ?? '?'} points to`;
  }
}

function explicitParams(
  params: readonly string[],
  where: string,
  each: PassingExport,
  memory64: boolean,
): Pick<PassedBuffers, 'arguments' | 'out'> {
  const { type } = each;
  if (params.length !== type.params.length) {
    throw wrongBoundary(
      `${where} names ${params.length} parameters, but the export is ${signatureOf(each)}: name each one.`,
    );
  }
  const byNumber = new Map<number, { pointer?: number; size?: number }>();
  let out: number | undefined;
  params.forEach((param, i) => {
    if (param === '_' || param === 'callId' || /^array\d?$/.test(param)) return;
    const match = /^(pointer|size)(\d?)$/.exec(param);
    if (!match && param !== 'out') {
      throw wrongBoundary(
        `${where}[${i}] is “${param}”: use "pointer", "size", "pointer2", "size2", …, "out", "array", "callId", or "_" for anything else.`,
      );
    }
    if (params.indexOf(param) !== i) throw wrongBoundary(`${where} names "${param}" twice.`);
    if (!fits(type.params[i], 'pointer', memory64)) {
      throw wrongBoundary(
        `${where}[${i}] is "${param}", but that parameter of ${signatureOf(each)} is of another type.`,
      );
    }
    if (!match) {
      out = i;
      return;
    }
    const number = match[2] === '' ? 1 : Number(match[2]);
    const entry = byNumber.get(number) ?? {};
    entry[match[1] as 'pointer' | 'size'] = i;
    byNumber.set(number, entry);
  });
  const taken = [...byNumber]
    .sort(([one], [other]) => one - other)
    .map(([number, { pointer, size }], i) => {
      if (pointer === undefined || number !== i + 1) {
        const missing = pointer === undefined ? number : i + 1;
        throw wrongBoundary(
          `${where} names no "pointer${missing === 1 ? '' : missing}": arguments are counted from the first.`,
        );
      }
      return size === undefined ? { pointer } : { pointer, size };
    });
  return out === undefined ? { arguments: taken } : { arguments: taken, out };
}

const RETURNED = { pointer: 'its address', pair: 'the address of a pair', packed: 'an i64' } as const;

function configuredResult(
  configured: NonNullable<PassedBuffersInput['result']>,
  where: string,
  each: PassingExport,
  out: number | undefined,
  { exports, memory64 }: PassingInput,
  allocator: Allocator | null,
): PassedResult | undefined {
  const { as, size, order, free } = configured;
  if (as === 'none' || as === 'array') return undefined;
  if (as === 'out' && out === undefined)
    throw wrongBoundary(`${where}.as is "out", but "params" names no "out".`);
  if (as !== 'out') {
    const [type, ...more] = each.type.results;
    const right = as === 'packed' ? type === 'i64' : fits(type, 'pointer', memory64);
    if (!right || more.length > 0) {
      throw wrongBoundary(
        `${where}.as is "${as}", but ${signatureOf(each)} does not return ${RETURNED[as]}.`,
      );
    }
  }
  if (size !== undefined && as !== 'pointer') {
    throw wrongBoundary(
      `${where}.size is for "as": "pointer": a result that is "${as}" has its size beside it.`,
    );
  }
  const result: PassedResult = {
    as,
    sizePolicy: as === 'pointer' ? (size ?? 'unknown') : 'param',
    sizeFirst: order === 'size-pointer',
  };
  const post = postReturn(each.name, exports);
  if (free === true) {
    if (!allocator?.free)
      throw wrongBoundary(
        `${where}.free is true, but no export that frees is known: name it in boundary.allocator.free.`,
      );
    result.free = allocator.free;
  } else if (typeof free === 'string') result.free = freeCall(free, `${where}.free`, exports);
  else if (free === undefined && post) result.free = post;
  return result;
}

/** One line for each export that `configuration` describes, and what it passes. */
function configuredPasses(
  name: string,
  entry: PassedBuffersInput,
  input: PassingInput,
  allocator: Allocator | null,
): { index: number; passes: PassedBuffers | null } {
  const where = `boundary.exports[${JSON.stringify(name)}]`;
  const index = findPassingExport(name, where, input.exports);
  const each = input.exports[index] as PassingExport;
  const params = entry.params
    ? explicitParams(entry.params, `${where}.params`, each, input.memory64)
    : deducedParams(each, input.memory64);
  const isOther = entry.result?.as === 'none' || entry.result?.as === 'array';
  if (!params && !isOther && each.type.params.length > 0) {
    throw wrongBoundary(
      `${where}.params is needed: what the parameters of ${signatureOf(each)} mean is not clear. For example:\n` +
        exportsBlock(each),
    );
  }
  const found = params ?? { arguments: [] };
  const result = entry.result
    ? configuredResult(entry.result, `${where}.result`, each, found.out, input, allocator)
    : found.out === undefined
      ? deducePasses(each, input)?.passes.result
      : ({ as: 'out', sizePolicy: 'param', sizeFirst: false } satisfies PassedResult);
  if (found.arguments.length === 0 && !result) return { index, passes: null };
  if (!allocator && (found.arguments.length > 0 || result?.as === 'out')) {
    throw wrongBoundary(
      `${where}: the guest exports no allocator that is known, and ${signatureOf(each)} is to be passed a pointer. Name ` +
        'it: "allocator": { "allocate": "…", "free": "…" } in "boundary".',
    );
  }
  const how = entry.params ? '' : ', its parameters by their names';
  const passes: PassedBuffers = { ...found, reason: `from the launch configuration${how}` };
  if (result) passes.result = result;
  return { index, passes };
}

/**
 * Finds which exports take arguments, or return results, as pointers: as `configuration` says; else, where the guest
 * exports an allocator, by the names of their parameters.
 *
 * @throws UserError `bad-configuration` where `configuration` names what the guest has not, or what does not fit
 */
export function findPassing(input: PassingInput): Passing {
  const { exports, configuration } = input;
  const { allocator, notes: allocatorNotes } = findAllocator(exports, configuration);
  const passes = new Map<number, PassedBuffers>();
  const resultless = new Set<number>();
  const notes: string[] = [];
  for (const [name, entry] of Object.entries(configuration.exports ?? {})) {
    const { index, passes: found } = configuredPasses(name, entry, input, allocator);
    if (entry.result?.as === 'none') resultless.add(index);
    if (!found) continue;
    passes.set(index, found);
    notes.push(noteOf(exports[index] as PassingExport, found));
  }
  const configured = new Set(Object.keys(configuration.exports ?? {}));
  exports.forEach((each, index) => {
    if (!allocator || configured.has(each.name) || !isWork(each, index, allocator)) return;
    const found = deducePasses(each, input);
    if (!found) return;
    passes.set(index, found.passes);
    notes.push(found.note);
  });
  return { allocator, passes, resultless, notes: [...allocatorNotes, ...notes] };
}

/** Says that nothing tells how an export takes its argument, and shows the `boundary` block to paste. */
export function undescribedExportError(each: PassingExport, where: string): UserError {
  const block = exportsBlock(each);
  return new UserError(
    'no-boundary-imports',
    `${where} has an argument, and nothing tells how ${signatureOf(each)} takes it. Say in launch.json which of its ` +
      `parameters are its pointer and size, for example:\n${block}`,
    { kind: 'paste-boundary', title: 'Paste a "boundary" Block', text: block },
  );
}

/** The `boundary` block to paste for an export whose parameters are to be described, with a guess at them. */
function exportsBlock({ name, type }: PassingExport): string {
  const params = type.params.map((param, i) =>
    param === 'i32' && i < 2 ? (['pointer', 'size'] as const)[i] : '_',
  );
  const result =
    type.results[0] === 'i64'
      ? ', "result": { "as": "packed" }'
      : type.results[0] === 'i32'
        ? ', "result": { "as": "pointer", "size": "nul" }'
        : '';
  const list = params.map((param) => JSON.stringify(param)).join(', ');
  return `"boundary": {\n  "exports": {\n    ${JSON.stringify(name)}: { "params": [${list}]${result} }\n  }\n}`;
}
