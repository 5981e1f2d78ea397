import { existsSync } from 'node:fs';
import type { Direction, Role } from '../protocol/boundary.ts';
import type { ArgumentLiteral, LaunchConfiguration } from '../protocol/launch.ts';
import type { PlannedCall, PlannedExport, PlannedImport, RunnerPlan } from '../protocol/runner.ts';
import { noBoundaryImportsError } from './boundary/boundary-block.ts';
import { type BoundaryImport, importName } from './boundary/boundary-import.ts';
import { configuredId, ownDecoderOf } from './boundary/decoders/configured.ts';
import { decoderById, decoderHint } from './boundary/decoders/index.ts';
import { type Deduction, deduceBoundary } from './boundary/deduce.ts';
import { findPassing, type Passing, undescribedExportError } from './boundary/passed-buffers.ts';
import { meaningOfExportParameter } from './boundary/parameter-names.ts';
import { findArrays, type GuestArrays } from './boundary/handle-arrays.ts';
import { signatureText } from './boundary/signature.ts';
import { UserError } from './errors.ts';
import { type ExportedFunction, type GuestFunctions, describeFunctions } from './guest-functions.ts';
import { callArguments } from './launch-arguments.ts';
import { findExport, planCall } from './launch-calls.ts';
import { checkFiles, parseBytes } from './launch-files.ts';
import { didYouMean } from './near-names.ts';
import type { GuestModule } from './wasm/module.ts';
import { readProgram } from './wasm/program.ts';

/** What a launch configuration comes to for one guest. */
export interface LaunchPlan {
  /** Everything the runner needs but the library. */
  plan: Omit<RunnerPlan, 'library'>;
  guest: GuestModule;
  /** The file that `guest` describes. */
  bytes: Uint8Array;
  /** What was deduced, one line each, for the console. */
  notes: string[];
}

const openLaunch = { kind: 'open-launch-json', title: 'Open launch.json' } as const;
/** The module that the engine itself provides. */
export const WASI_MODULE = 'wasi_snapshot_preview1';
const PAGE_BYTES = 65_536;

/** How buffers get across a guest's boundary: through imports with a role, or passed by exports. */
export interface BoundaryPlan {
  deduction: Deduction;
  passing: Passing;
  arrays: GuestArrays;
}

/** The boundary of the guest under a configuration. @throws UserError `bad-configuration`. */
export function deduceFor(
  functions: Pick<GuestFunctions, 'imports' | 'exports'>,
  guest: GuestModule,
  configuration: Pick<LaunchConfiguration, 'boundary' | 'calls'>,
): BoundaryPlan {
  const { imports, exports } = functions;
  const memory64 = guest.memories[0]?.is64 ?? false;
  const passing = findPassing({ exports, configuration: configuration.boundary, memory64 });
  const isPassed = (name: string) => passing.passes.has(exports.findIndex((each) => each.name === name));
  const deduction = deduceBoundary({
    imports,
    configuration: configuration.boundary,
    callIds: takeCallIds(exports),
    hasArguments: configuration.calls.some(
      (call) => call.argument !== undefined && !isArray(call.argument) && !isPassed(call.export),
    ),
    memory64,
  });
  return { deduction, passing, arrays: findArrays(exports, configuration.boundary) };
}

/** Whether any export takes a call id, by its parameters' names; null where some are not known. */
function takeCallIds(exports: readonly ExportedFunction[]): boolean | null {
  const names = exports.flatMap(({ parameterNames }) => parameterNames);
  if (names.some((name) => name !== null && meaningOfExportParameter(name) === 'callId')) return true;
  return names.length === 0 || names.includes(null) ? null : false;
}

/** @throws UserError `missing-imports` for what is no function: neither WASI nor a host module can provide it. */
function checkImportKinds(guest: GuestModule): void {
  const others = guest.imports.filter(({ type, kind }) => kind !== 'function' || !type);
  if (others.length === 0) return;
  const list = others.map((each) => `${importName(each)} (a ${each.kind})`).join(', ');
  throw new UserError(
    'missing-imports',
    `The guest imports ${list}, and only functions can be provided: build it so that it defines its own.`,
    { kind: 'choose-program', title: 'Choose Another Program' },
  );
}

type DecoderChoice = LaunchConfiguration['decoders'][string]['argument'];

/** The id of a decoder that was checked. */
function decoderId(choice: DecoderChoice): string {
  if (typeof choice === 'object') return configuredId(choice);
  return choice === undefined ? 'auto' : (decoderById(choice)?.id ?? 'auto');
}

/** @throws UserError `bad-configuration` that says what is wrong with the decoder at `where`. */
function checkDecoder(choice: DecoderChoice, where: string): void {
  if (choice === undefined || choice === 'auto') return;
  const own = typeof choice === 'object' ? ownDecoderOf(configuredId(choice)) : null;
  if (own !== null && !existsSync(own.file)) {
    throw new UserError(
      'bad-configuration',
      `${where}: there is no file ${own.file}. Correct the path.`,
      openLaunch,
    );
  }
  try {
    if (decoderById(typeof choice === 'object' ? configuredId(choice) : choice)) return;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(error.code, `${where}: ${error.message}`, openLaunch);
  }
  const named = typeof choice === 'object' ? configuredId(choice) : choice;
  const message = `${where}: there is no decoder “${named}”.${decoderHint(named)}`;
  throw new UserError('bad-configuration', message, openLaunch);
}

function planExports(
  exports: readonly ExportedFunction[],
  configuration: LaunchConfiguration,
  { passes, resultless }: Passing,
  { takes }: GuestArrays,
): PlannedExport[] {
  const { decoders } = configuration;
  for (const [name, pair] of Object.entries(decoders)) {
    const where = `decoders[${JSON.stringify(name)}]`;
    const names = exports.map((each) => each.name);
    if (!names.includes(name)) {
      const hint = didYouMean(name, names);
      throw new UserError(
        'bad-configuration',
        `${where}: the guest exports no function “${name}”.${hint}`,
        openLaunch,
      );
    }
    for (const [direction, choice] of Object.entries(pair) as [Direction, DecoderChoice][]) {
      checkDecoder(choice, `${where}.${direction}`);
    }
  }
  return exports.map(({ name, type, parameterNames }, index) => {
    const pair = decoders[name];
    const ids: Record<Direction, string> = {
      argument: decoderId(pair?.argument),
      result: decoderId(pair?.result),
    };
    const planned: PlannedExport = { name, type, parameterNames, decoders: ids };
    const passed = passes.get(index);
    if (passed) planned.passes = passed;
    const taken = takes.get(index);
    if (taken) planned.takes = taken;
    if (resultless.has(index)) planned.hasNoResult = true;
    return planned;
  });
}

function planImports(imports: readonly BoundaryImport[], deduction: Pick<Deduction, Role>): PlannedImport[] {
  const roles = [deduction.storeArgument, deduction.returnResult];
  return imports
    .filter(({ module }) => module !== WASI_MODULE)
    .map((each) => {
      const { module, name, type, parameterNames } = each;
      const planned: PlannedImport = { module, name, type };
      if (parameterNames) planned.parameterNames = [...parameterNames];
      const role = roles.find((assignment) => assignment?.import === importName(each));
      if (role) planned.role = role;
      return planned;
    });
}

/** @throws UserError where the argument cannot fit the guest's memory, as far as that is known before it runs. */
function checkFits(argument: Uint8Array, where: string, guest: GuestModule, limitBytes: number): void {
  const memory = guest.exportedMemory;
  const most = memory?.maxPages === undefined ? Infinity : memory.maxPages * PAGE_BYTES;
  if (argument.length > most) {
    throw new UserError(
      'bad-argument',
      `${where} has ${argument.length} bytes, but the guest's memory never has more than ${most}: send less.`,
      openLaunch,
    );
  }
  if (argument.length > limitBytes) {
    throw new UserError(
      'bad-argument',
      `${where} has ${argument.length} bytes, more than limits.memory allows the guest (${limitBytes} bytes): ` +
        'send less, or raise the limit.',
      openLaunch,
    );
  }
}

/** What to tell where nothing is called, so that a silent session explains itself. */
function nothingCalledNote(exports: readonly ExportedFunction[], guest: GuestModule): string {
  const entry = exports.find(({ name }) => name === '_start' || name === '_initialize')?.name;
  const runs = entry ?? (guest.startFunction === null ? undefined : 'its start function');
  const others = exports.filter(({ name }) => !name.startsWith('_'));
  const shown = others
    .slice(0, 5)
    .map(({ name, type, parameterNames }) => signatureText(name, type, parameterNames));
  const offer = shown.length === 0 ? '' : ` It exports ${shown.join('; ')}${others.length > 5 ? '; …' : ''}.`;
  return `"calls" is empty: ${runs === undefined ? 'nothing of the guest runs' : `only ${runs} runs`}.${offer}`;
}

function isArray(literal: ArgumentLiteral | undefined): boolean {
  return typeof literal === 'object' && 'array' in literal;
}

/** @throws UserError where the export takes no arrays, or not as many, or none can be made */
function checkArrays(taker: PlannedExport, where: string, count: number, { arrays }: GuestArrays): void {
  const parameters = taker.takes?.parameters ?? [];
  if (parameters.length < count) {
    throw new UserError(
      'bad-argument',
      `${where} gives ${count} arrays, but ${signatureText(taker.name, taker.type, taker.parameterNames)} is known to take ` +
        `${parameters.length}. Say which of its parameters are handles: "boundary": {"exports": {${JSON.stringify(taker.name)}: ` +
        '{"params": ["array"]}}}, and in "arrays" what reaches them.',
      openLaunch,
    );
  }
  if (parameters.some(({ array }) => arrays[array]?.new === undefined)) {
    throw new UserError(
      'bad-argument',
      `${where} gives an array, but nothing is known to make one: name the export in "new" of "arrays" of "boundary".`,
      openLaunch,
    );
  }
}

/** @throws UserError `no-memory-export` where buffers are passed but nobody outside can see the memory. */
export function checkMemory(guest: GuestModule, { deduction, passing }: BoundaryPlan): void {
  const role = deduction.storeArgument ?? deduction.returnResult;
  const passer = [...passing.passes.keys()].map((index) => guest.exports.filter(({ type }) => type)[index]);
  const name = role?.import ?? passer[0]?.name;
  if (name === undefined || guest.exportedMemory) return;
  throw new UserError(
    'no-memory-export',
    `${name} passes a pointer, but the guest exports no memory, so its bytes cannot be reached: export the memory ` +
      '(kotlinc does so by itself; in text format, add (export "memory" (memory 0))).',
    { kind: 'choose-program', title: 'Choose Another Program' },
  );
}

/**
 * Reads the guest and everything else that the configuration names, and checks what can be checked before the guest
 * runs. Imports that nobody provides are found later, by the runner, which loads the host module: see
 * missing-imports.ts.
 *
 * @throws UserError that names the field, what is wrong with it and what to do.
 */
export async function makePlan(configuration: LaunchConfiguration): Promise<LaunchPlan> {
  const program = await readProgram(configuration.program);
  const { guest } = program;
  const functions = await describeFunctions(program, configuration.sourceMapPathOverrides);
  checkImportKinds(guest);
  const boundary = deduceFor(functions, guest, configuration);
  const { deduction, passing, arrays } = boundary;
  const exports = planExports(functions.exports, configuration, passing, arrays);
  const files = await checkFiles(configuration);
  const memoryLimitBytes = parseBytes(configuration.limits.memory, 'limits.memory');

  const imports = planImports(functions.imports, deduction);
  const wideImports = imports.every(
    ({ role, type }) => role?.callId === undefined || type.params[role.callId] === 'i64',
  );

  const calls: PlannedCall[] = [];
  let position = 1;
  for (const [i, call] of configuration.calls.entries()) {
    const where = `calls[${i}]`;
    const exportIndex = findExport(call, where, exports, guest);
    const taker = exports[exportIndex];
    if (!taker) continue;
    const elements =
      taker.takes?.parameters.flatMap(({ array }) => arrays.arrays[array]?.element ?? []) ?? [];
    const given = await callArguments(call, where, taker.decoders.argument, elements);
    for (const { bytes, place } of given) checkFits(bytes, place, guest, memoryLimitBytes);
    const givesArrays = [call.argument, ...(call.arguments ?? [])].some(isArray);
    if (givesArrays) checkArrays(taker, where, given.length, arrays);
    const isPassed = taker.passes !== undefined || givesArrays;
    const isTaken = deduction.storeArgument !== null || isPassed || call.params !== undefined;
    if (given.length > 0 && !isTaken && passing.allocator && taker.type.params.length > 0) {
      throw undescribedExportError(taker, where);
    }
    if (given.length > 0 && !deduction.storeArgument && !isPassed && files.host === undefined) {
      throw noBoundaryImportsError(functions.imports, deduction, `${where} has an argument`);
    }
    const buffers = given.map(({ bytes }) => bytes);
    const context = { where, position, exportIndex, taker, wideImports, arguments: buffers, givesArrays };
    calls.push(planCall(call, context));
    position += call.repeat;
  }
  checkMemory(guest, boundary);

  const notes = [...functions.notes, ...deduction.notes, ...passing.notes, ...arrays.notes];
  if (calls.length === 0) notes.push(nothingCalledNote(exports, guest));
  const plan: LaunchPlan['plan'] = {
    program: program.path,
    wasi: { args: configuration.args, env: configuration.env, preopens: files.preopens },
    imports,
    exports,
    calls,
    stopOnEntry: configuration.stopOnEntry,
    unresolvedImports: configuration.unresolvedImports,
    memoryLimitBytes,
  };
  if (arrays.arrays.length > 0) plan.arrays = [...arrays.arrays];
  if (passing.allocator) plan.allocator = passing.allocator;
  if (configuration.boundary.snapshots === true) plan.snapshots = true;
  if (files.host !== undefined) plan.host = files.host;
  return { plan, guest, bytes: program.bytes, notes };
}
