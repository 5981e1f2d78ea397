import path from 'node:path';
import * as z from 'zod';
import type { Inspection, InspectedImport, Problem } from '../protocol/inspection.ts';
import { type LaunchConfiguration, launchSchema } from '../protocol/launch.ts';
import { noBoundaryImportsError } from './boundary/boundary-block.ts';
import { importName } from './boundary/boundary-import.ts';
import type { Deduction } from './boundary/deduce.ts';
import { UserError } from './errors.ts';
import { type GuestFunctions, describeFunctions } from './guest-functions.ts';
import { isPassedOneArgument, takesArgument } from './launch-calls.ts';
import { type BoundaryPlan, WASI_MODULE, checkMemory, deduceFor } from './launch-plan.ts';
import { legacyExceptionHandlingError, refusesLegacyExceptionHandling } from './legacy-exception-error.ts';
import { badFields } from './session/request-error.ts';
import { type Program, readProgram } from './wasm/program.ts';
import { locateWasmEdge } from './wasmedge/locate.ts';

type Outcome<T> = { value: T } | { problem: Problem };

/** What `work` answers, or the problem that it reports; other errors are defects and say so. */
async function attempt<T>(work: () => T | Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await work() };
  } catch (thrown) {
    if (thrown instanceof UserError) return { problem: thrown.toProblem() };
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return {
      problem: {
        code: 'program-unreadable',
        severity: 'error',
        message: `The debugger failed to inspect the program: ${message}. This is a defect of the debugger; please report it.`,
      },
    };
  }
}

/** The configuration as far as it can be read: fields that are wrong are reported and count as left out. */
function readConfiguration(input: unknown, problems: Problem[]): LaunchConfiguration {
  const parsed = launchSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  const { program } = z
    .object({ program: z.string().catch('') })
    .catch({ program: '' })
    .parse(input);
  if (program === '') {
    problems.push({
      code: 'program-missing',
      severity: 'error',
      message: 'The launch configuration names no program: say which .wasm file to debug.',
      fix: { kind: 'choose-program', title: 'Choose a Program' },
    });
  } else {
    problems.push({
      code: 'bad-configuration',
      severity: 'error',
      message: `The launch configuration cannot be used: ${badFields(parsed.error)}.`,
      fix: { kind: 'open-launch-json', title: 'Open launch.json' },
    });
  }
  // A whole configuration once what is wrong is left out; a rule over several fields may still refuse that.
  const wrong = new Set(parsed.error.issues.map(({ path: [field] }) => String(field)));
  const right = Object.fromEntries(
    Object.entries(Object(input) as object).filter(([field]) => !wrong.has(field)),
  );
  const usable = { ...right, program: program === '' ? '.' : program };
  const again = launchSchema.safeParse(usable);
  return again.success ? again.data : launchSchema.parse({ program: usable.program });
}

/** The guest has no import with a role: an error where a call needs one, a warning where an export looks like it. */
function boundaryProblem(
  functions: GuestFunctions,
  { deduction, passing }: BoundaryPlan,
  configuration: LaunchConfiguration,
): Problem | null {
  if (deduction.storeArgument || configuration.host !== undefined || passing.allocator) return null;
  const call = configuration.calls.findIndex(({ argument }) => argument !== undefined);
  if (call >= 0) {
    return noBoundaryImportsError(functions.imports, deduction, `calls[${call}] has an argument`).toProblem();
  }
  const taker = functions.exports.find(takesArgument);
  if (!taker || deduction.returnResult) return null;
  const error = noBoundaryImportsError(
    functions.imports,
    deduction,
    `${taker.name} takes an argument’s size`,
  );
  return { ...error.toProblem(), severity: 'warning' };
}

function inspectImports(
  { imports }: GuestFunctions,
  deduction: Deduction | null,
  host: string | undefined,
): InspectedImport[] {
  const roles = [deduction?.storeArgument?.import, deduction?.returnResult?.import];
  return imports.map((each) => {
    const { module, name, type } = each;
    const provider = roles.includes(importName(each))
      ? 'boundary'
      : module === WASI_MODULE
        ? 'wasi'
        : host === undefined
          ? 'nobody'
          : 'host';
    return { module, name, type, provider };
  });
}

/** What is in the guest itself, and what stands in the way of debugging it. */
async function inspectProgram(
  program: Program,
  configuration: LaunchConfiguration,
  engineVersion: string | undefined,
  inspection: Inspection,
): Promise<void> {
  const { problems } = inspection;
  const { guest } = program;
  const refuses = refusesLegacyExceptionHandling(engineVersion);
  if (refuses !== false && guest.findLegacyExceptionHandling() !== null) {
    const problem = legacyExceptionHandlingError(path.basename(program.path), engineVersion).toProblem();
    problems.push(refuses ? problem : { ...problem, severity: 'warning' });
  }

  const functions = await describeFunctions(program);
  inspection.exports = functions.exports.map((each) => ({ ...each, takesArgument: takesArgument(each) }));
  const deduced = await attempt(() => deduceFor(functions, guest, configuration));
  if ('value' in deduced) {
    const { passes } = deduced.value.passing;
    inspection.exports.forEach(
      (each, index) => (each.takesArgument ||= isPassedOneArgument(each, passes.get(index))),
    );
  }
  inspection.imports = inspectImports(
    functions,
    'value' in deduced ? deduced.value.deduction : null,
    configuration.host,
  );
  if ('problem' in deduced) {
    problems.push(deduced.problem);
    return;
  }
  const { deduction } = deduced.value;
  const { storeArgument, returnResult } = deduction;
  inspection.boundary = { storeArgument, returnResult };
  const memory = await attempt(() => checkMemory(guest, deduced.value));
  if ('problem' in memory) problems.push(memory.problem);
  const missing = boundaryProblem(functions, deduced.value, configuration);
  if (missing) problems.push(missing);
}

/**
 * What is known of a launch before it: the guest's imports, exports and roles, WasmEdge, and each problem with its fix.
 * No guest code runs and no library is loaded. It never rejects: what goes wrong is a problem.
 *
 * @param input a launch configuration, or the part of it that there is; `program` is enough.
 */
export async function inspect(input: unknown): Promise<Inspection> {
  const problems: Problem[] = [];
  const configuration = readConfiguration(input, problems);
  const named = problems.every(({ code }) => code !== 'program-missing');
  const inspection: Inspection = {
    program: named ? path.resolve(configuration.program) : '',
    problems,
    exports: [],
    imports: [],
    boundary: { storeArgument: null, returnResult: null },
  };
  const [wasmedge, program] = await Promise.all([
    attempt(() => locateWasmEdge(configuration.wasmedge)),
    named ? attempt(() => readProgram(configuration.program)) : null,
  ]);

  let version: string | undefined;
  if ('problem' in wasmedge) problems.push(wasmedge.problem);
  else {
    const { library, foundBy } = wasmedge.value;
    version = wasmedge.value.version;
    inspection.wasmedge = { path: library, version: version ?? 'unknown', foundBy };
  }
  if (!program) return inspection;
  if ('problem' in program) {
    problems.push(program.problem);
    return inspection;
  }
  const inspected = await attempt(() =>
    inspectProgram(program.value, configuration, version ?? configuration.wasmedge.version, inspection),
  );
  if ('problem' in inspected) problems.push(inspected.problem);
  return inspection;
}
