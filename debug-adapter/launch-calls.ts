import type { ConfiguredCall } from '../protocol/launch.ts';
import type { PassedBuffers, PlannedCall, PlannedExport } from '../protocol/runner.ts';
import type { ValueType } from '../protocol/values.ts';
import { meaningOfExportParameter, meaningOfImportParameter } from './boundary/parameter-names.ts';
import { signatureText } from './boundary/signature.ts';
import { UserError } from './errors.ts';
import type { ExportedFunction } from './guest-functions.ts';
import { didYouMean } from './near-names.ts';
import type { GuestModule } from './wasm/module.ts';

const openLaunch = { kind: 'open-launch-json', title: 'Open launch.json' } as const;

function mismatch(message: string): UserError {
  return new UserError('export-type-mismatch', message, openLaunch);
}

function signature({ name, type, parameterNames }: ExportedFunction): string {
  return signatureText(name, type, parameterNames);
}

/** Index of the export that call `index` names. @throws UserError `no-such-export` with names that are near. */
export function findExport(
  { export: name }: ConfiguredCall,
  where: string,
  exports: readonly PlannedExport[],
  guest: GuestModule,
): number {
  const found = exports.findIndex((each) => each.name === name);
  if (found >= 0) return found;
  const other = guest.exports.find((each) => each.name === name);
  if (other) {
    throw new UserError(
      'no-such-export',
      `${where}: the guest exports “${name}” as a ${other.kind}, not as a function: name a function.`,
      openLaunch,
    );
  }
  const names = exports.map((each) => each.name).filter((each) => !each.startsWith('_'));
  const hint =
    didYouMean(name, names) ||
    (names.length > 0
      ? ` It exports ${names.slice(0, 10).join(', ')}.`
      : ' It exports no function that could be called: mark one with @WasmExport.');
  throw new UserError(
    'no-such-export',
    `${where}: the guest exports no function “${name}”.${hint}`,
    openLaunch,
  );
}

function exportMeaning({ type, parameterNames }: ExportedFunction, i: number): 'size' | 'callId' | null {
  const name = parameterNames[i] ?? null;
  const integer = type.params[i] === 'i32' || type.params[i] === 'i64';
  return name !== null && integer ? meaningOfExportParameter(name) : null;
}

/** Whether an export can be offered with a text box: it takes a size and a call id by their names, and nothing else. */
export function takesArgument(taker: ExportedFunction): boolean {
  const meanings = taker.type.params.map((_, i) => exportMeaning(taker, i));
  return meanings.includes('size') && meanings.includes('callId') && !meanings.includes(null);
}

/** Whether an export is passed one argument as a pointer, and nothing else that a person would have to give. */
export function isPassedOneArgument({ type }: ExportedFunction, passes: PassedBuffers | undefined): boolean {
  const [only, ...more] = passes?.arguments ?? [];
  if (!only || more.length > 0) return false;
  const known = 1 + (only.size === undefined ? 0 : 1) + (passes?.out === undefined ? 0 : 1);
  return type.params.length === known;
}

const INTEGER_RANGES: Partial<Record<ValueType, [bigint, bigint]>> = {
  i32: [-(2n ** 31n), 2n ** 32n - 1n],
  i64: [-(2n ** 63n), 2n ** 64n - 1n],
};

/** A parameter as it is sent: i64 as decimal text, everything else as a number or a float's name. */
function numberFor(
  value: number | string,
  type: ValueType,
  where: string,
  taker: ExportedFunction,
): number | string {
  const refuse = (what: string): never => {
    const shown = typeof value === 'string' ? JSON.stringify(value) : String(value);
    throw mismatch(`${where} is ${shown}, but ${signature(taker)} takes ${what} there.`);
  };
  const range = INTEGER_RANGES[type];
  if (range) {
    const article = `an integer (${type})`;
    const integral =
      typeof value === 'number' ? Number.isSafeInteger(value) : /^[+-]?\d{1,20}$/.test(value.trim());
    if (!integral)
      return refuse(typeof value === 'number' && Number.isInteger(value) ? `${article} in quotes` : article);
    const integer = BigInt(value);
    if (integer < range[0] || integer > range[1])
      return refuse(`an integer from ${range[0]} to ${range[1]} (${type})`);
    return type === 'i32' ? Number(BigInt.asIntN(32, integer)) : String(BigInt.asIntN(64, integer));
  }
  if (type === 'f32' || type === 'f64') {
    if (typeof value === 'number') return value;
    const number = value.trim() === '' ? NaN : Number(value);
    if (value === 'NaN' || !Number.isNaN(number)) return Number.isFinite(number) ? number : value;
    return refuse(`a number (${type})`);
  }
  throw mismatch(
    `${where}: ${signature(taker)} takes a reference or a vector there, which no configuration can give.`,
  );
}

/** The same for an export that is passed pointers. */
function passedParams(
  { where }: CallContext,
  taker: ExportedFunction,
  { arguments: passed, out }: PassedBuffers,
): string[] {
  const params = taker.type.params.map((_, i): string | null =>
    exportMeaning(taker, i) === 'callId' ? '$callId' : null,
  );
  passed.forEach(({ pointer, size }, i) => {
    const number = i === 0 ? '' : String(i + 1);
    params[pointer] = `$pointer${number}`;
    if (size !== undefined) params[size] = `$size${number}`;
  });
  if (out !== undefined) params[out] = '$out';
  const unknown = params.indexOf(null);
  if (unknown < 0) return params.filter((each) => each !== null);
  const example = params.map((each, i) => JSON.stringify(each ?? (taker.type.params[i] === 'i64' ? '0' : 0)));
  throw mismatch(
    `${where}: nothing says what ${signature(taker)} takes as ${taker.parameterNames[unknown] ?? `parameter ${unknown}`}. ` +
      `Give "params", for example [${example.join(', ')}].`,
  );
}

/** The same for an export that is given arrays by their handles. */
function arrayParams({ where }: CallContext, taker: CallContext['taker']): string[] {
  const handles = taker.takes?.parameters ?? [];
  return taker.type.params.map((_, i) => {
    const number = handles.findIndex(({ parameter }) => parameter === i);
    if (number >= 0) return `$array${number === 0 ? '' : number + 1}`;
    if (exportMeaning(taker, i) === 'callId') return '$callId';
    const name = taker.parameterNames[i] ?? `parameter ${i}`;
    throw mismatch(
      `${where}: ${name} of ${signature(taker)} is not known to be a handle of an array. Give "params", with "$array" where ` +
        'the handle goes.',
    );
  });
}

/** What each parameter is given where the configuration leaves `params` out. */
function deducedParams({ where, arguments: given }: CallContext, taker: ExportedFunction): string[] {
  const { type, parameterNames } = taker;
  const hasArgument = given.length > 0;
  if (parameterNames.every((name) => name === null) && type.params.every((param) => param === 'i32')) {
    if (type.params.length === 2) return ['$size', '$callId'];
    if (type.params.length === 1 && hasArgument) return ['$size'];
  }
  const meanings = type.params.map((param, i) => {
    const name = parameterNames[i] ?? null;
    const relaxed = name !== null && hasArgument ? meaningOfImportParameter(name) : null;
    const found = exportMeaning(taker, i) ?? (param === 'i32' || param === 'i64' ? relaxed : null);
    return found === 'size' ? '$size' : found === 'callId' ? '$callId' : null;
  });
  const unknown = meanings.indexOf(null);
  if (unknown >= 0) {
    const example = meanings.map((meaning, i) => meaning ?? (type.params[i] === 'i64' ? '0' : 0));
    throw mismatch(
      `${where}: ${signature(taker)} takes ${parameterNames[unknown] ?? `parameter ${unknown}`}, which is named neither ` +
        `like a size nor like a call id. Give "params", for example [${example.map((each) => JSON.stringify(each)).join(', ')}].`,
    );
  }
  let sizes = 0;
  return meanings
    .filter((meaning) => meaning !== null)
    .map((meaning) => {
      if (meaning !== '$size' || given.length < 2) return meaning;
      return sizes++ === 0 ? meaning : `$size${sizes}`;
    });
}

/** An i32 that is not negative when taken for one: call ids of imports are compared as they are passed. */
function callIdFor(call: ConfiguredCall, position: number, where: string, wide: boolean): string {
  const given = call.callId ?? position;
  const text = String(given).trim();
  if (!/^-?\d{1,20}$/.test(text) || (typeof given === 'number' && !Number.isSafeInteger(given))) {
    throw new UserError(
      'bad-configuration',
      `${where}.callId is “${text}”: give an integer, in quotes beyond 2^53.`,
      openLaunch,
    );
  }
  const first = BigInt(text);
  const last = first + BigInt(call.repeat - 1);
  const bits = wide ? 64 : 32;
  if (BigInt.asIntN(bits, first) !== first || BigInt.asIntN(bits, last) !== last) {
    const range = call.repeat > 1 ? `${first} to ${last}` : String(first);
    throw new UserError(
      'bad-configuration',
      `${where}.callId: ${range} does not fit the guest's call ids, which are i${bits}. Choose a smaller one.`,
      openLaunch,
    );
  }
  return String(first);
}

/** @throws UserError where the parameter is not passed what its placeholder stands for. */
function checkPlaceholder(value: string, index: number, place: string, context: CallContext): void {
  const { taker } = context;
  const number = Number(/\d$/.exec(value)?.[0] ?? 1);
  const { passes, takes } = taker;
  const parameter =
    value === '$out'
      ? passes?.out
      : value.startsWith('$array')
        ? takes?.parameters[number - 1]?.parameter
        : passes?.arguments[number - 1]?.pointer;
  if (parameter !== index) {
    throw mismatch(
      `${place} is ${JSON.stringify(value)}, but nothing says that ${signature(taker)} is passed it there: describe the ` +
        'export in "exports" of "boundary".',
    );
  }
  const isOptional = value === '$out' || value === '$pointer';
  if (isOptional || context.arguments[number - 1]) return;
  throw mismatch(
    `${place} is ${JSON.stringify(value)}, argument ${number} of the call, which has ` +
      `${context.arguments.length}: list them in "arguments".`,
  );
}

export interface CallContext {
  /** e.g. `calls[0]`. */
  where: string;
  /** The call id where none is given. */
  position: number;
  exportIndex: number;
  taker: ExportedFunction & Pick<PlannedExport, 'passes' | 'takes'>;
  /** What the guest gets when it asks the first, the second, … time; none where the call has no buffers. */
  arguments: readonly Uint8Array[];
  /** They are elements of arrays, which the export takes by their handles. */
  givesArrays: boolean;
  /** The imports with a role take an i64 call id, or none at all. */
  wideImports: boolean;
}

/**
 * One call as the runner makes it.
 *
 * @throws UserError `export-type-mismatch` where the parameters do not fit, `bad-configuration` for a call id that does
 *   not.
 */
export function planCall(call: ConfiguredCall, context: CallContext): PlannedCall {
  const { where, taker, exportIndex } = context;
  const { params: types } = taker.type;
  const { passes } = taker;
  const deduced = context.givesArrays ? arrayParams(context, taker) : null;
  const given =
    call.params ?? deduced ?? (passes ? passedParams(context, taker, passes) : deducedParams(context, taker));
  if (given.length !== types.length) {
    const count = (n: number) => `${n} ${n === 1 ? 'parameter' : 'parameters'}`;
    throw mismatch(
      `${where}.params gives ${count(given.length)}, but ${signature(taker)} takes ${count(types.length)}.`,
    );
  }
  const narrowId = given.some((value, i) => value === '$callId' && types[i] !== 'i64');
  // An export that takes a size is asked with an argument, which is empty where none is given.
  const isAsked = given.includes('$size') || given.includes('$pointer');
  const [argument = isAsked ? new Uint8Array() : undefined, ...more] = context.arguments;
  const params = given.map((value, i): number | string => {
    const type = types[i] ?? 'ref';
    const place = call.params ? `${where}.params[${i}]` : where;
    if (value === '$size') return numberFor(argument?.length ?? 0, type, place, taker);
    const later = typeof value === 'string' ? /^\$size(\d{1,3})$/.exec(value) : null;
    if (later) {
      const buffer = context.arguments[Number(later[1]) - 1];
      if (buffer) return numberFor(buffer.length, type, place, taker);
      const has = `the call has ${context.arguments.length}: list them in "arguments"`;
      throw mismatch(
        `${place} is ${JSON.stringify(value)}, the length of argument ${later[1] ?? ''}, but ${has}.`,
      );
    }
    if (typeof value === 'string' && /^\$(?:pointer\d?|array\d?|out)$/.test(value)) {
      checkPlaceholder(value, i, place, context);
      return value;
    }
    if (value !== '$callId') return numberFor(value, type, place, taker);
    if (type !== 'i32' && type !== 'i64') {
      throw mismatch(`${place} is "$callId", but ${signature(taker)} takes no integer there.`);
    }
    return value;
  });
  const planned: PlannedCall = {
    exportIndex,
    callId: callIdFor(call, context.position, where, !narrowId && context.wideImports),
    repeat: call.repeat,
    params,
  };
  if (argument) planned.argument = Buffer.from(argument).toString('base64');
  if (more.length > 0) planned.moreArguments = more.map((each) => Buffer.from(each).toString('base64'));
  return planned;
}
