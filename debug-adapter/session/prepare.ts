import { closeSync, openSync } from 'node:fs';
import path from 'node:path';
import type { LaunchConfiguration } from '../../protocol/launch.ts';
import type { RunnerPlan } from '../../protocol/runner.ts';
import { UserError } from '../errors.ts';
import { makePlan } from '../launch-plan.ts';
import type { GuestModule } from '../wasm/module.ts';
import { locateWasmEdge } from '../wasmedge/locate.ts';
import type { LocatedWasmEdge } from '../wasmedge/provided.ts';
import { type KotlinCode, prepareKotlin } from './kotlin-code.ts';
import type { RunnerProcess } from './runner-process.ts';
import type { Runners } from './runners.ts';

/** `noDebug` comes with “Run Without Debugging”: then nothing stops the guest. */
export type SessionConfiguration = LaunchConfiguration & { noDebug?: boolean | undefined };

/** A launch that has passed every check that needs no engine. */
export interface PreparedLaunch {
  configuration: SessionConfiguration;
  plan: RunnerPlan;
  guest: GuestModule;
  /** The file that `guest` describes. */
  bytes: Uint8Array;
  wasmedge: LocatedWasmEdge;
  /** Started, and not connected yet. */
  runner: RunnerProcess;
  /** Null where the guest cannot be stopped at lines of Kotlin: `notes` say why, where there is a reason. */
  kotlin: KotlinCode | null;
  /** What was found and deduced, line by line, for people. */
  notes: string[];
}

/**
 * Reads the guest and makes the runner's plan; meanwhile finds WasmEdge and gets a runner with it.
 *
 * @throws UserError for whatever stands in the way, the guest's problems first. No process is left then.
 */
export async function prepareLaunch(
  configuration: SessionConfiguration,
  runners: Runners,
): Promise<PreparedLaunch> {
  const starting = startRunner(configuration, runners);
  // Its failure is looked at below, when the guest has turned out well.
  starting.catch(() => undefined);
  let planned;
  try {
    planned = await makePlan(configuration);
  } catch (error) {
    await starting.then(
      ({ runner }) => runner.discard(),
      () => undefined,
    );
    throw error;
  }
  const { plan, guest, bytes, notes } = planned;
  const wantsKotlin = configuration.kotlin && configuration.noDebug !== true;
  const code = wantsKotlin ? await prepareKotlin({ path: plan.program, bytes, guest }, configuration) : null;
  const kotlin = typeof code === 'string' ? null : code;
  const note = typeof code === 'string' ? code : (code?.note ?? null);
  if (note !== null) notes.push(note);
  const { wasmedge, runner } = await starting.catch((error: unknown) => {
    kotlin?.release();
    throw error;
  });
  const version = wasmedge.version === undefined ? '' : ` ${wasmedge.version}`;
  return {
    configuration,
    plan: {
      ...plan,
      stopOnEntry: plan.stopOnEntry && configuration.noDebug !== true,
      // Nobody answers where nothing stops.
      unresolvedImports: configuration.noDebug === true ? 'error' : plan.unresolvedImports,
      library: wasmedge.library,
      ...(kotlin && { probes: kotlin.plan }),
    },
    guest,
    bytes,
    kotlin,
    wasmedge,
    runner,
    notes: [`${path.basename(plan.program)} on WasmEdge${version} (found ${wasmedge.foundBy})`, ...notes],
  };
}

async function startRunner(
  configuration: SessionConfiguration,
  runners: Runners,
): Promise<{ wasmedge: LocatedWasmEdge; runner: RunnerProcess }> {
  const { library, version } = configuration.wasmedge;
  const wasmedge = locateWasmEdge({ library, version });
  const input = configuration.stdin === undefined ? 'ignore' : openInput(configuration.stdin);
  try {
    return { wasmedge, runner: await runners.take(wasmedge, input) };
  } finally {
    if (typeof input === 'number') closeSync(input);
  }
}

/** The file that is the guest's standard input. @throws UserError where it cannot be read. */
function openInput(file: string): number {
  try {
    return openSync(file, 'r');
  } catch (error) {
    throw new UserError(
      'bad-configuration',
      `The file ${file}, which "stdin" in launch.json names, cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
      { kind: 'open-launch-json', title: 'Open launch.json' },
    );
  }
}

/** `in demo.crash, at byte 0x1f3 of greeter.wasm`: the end of a sentence on a trap or a refused module. */
export function placeOf({ guest, plan }: PreparedLaunch, byteOffset: number): string {
  const at = `at byte 0x${byteOffset.toString(16)} of ${path.basename(plan.program)}`;
  const range = guest.functionAt(byteOffset);
  return range ? `in ${range.name ?? `function ${range.index}`}, ${at}` : at;
}

/** Kotlin's function that ends the scope of a call's buffers. */
const SCOPE_END = /ScopedMemoryAllocator/;

/**
 * Where the guest trapped, as sentences. WasmEdge up to 0.17.1 leaves an exception's payload on the stack where
 * `catch_all_ref` catches it (its pull request 5202), so one that leaves withScopedMemoryAllocator ends in this trap.
 */
export function trapPlace(prepared: PreparedLaunch, byteOffset: number, engineMessage = ''): string {
  const place = `It was ${placeOf(prepared, byteOffset)}.`;
  const name = prepared.guest.functionAt(byteOffset)?.name ?? '';
  if (!SCOPE_END.test(name) || !/null structure reference/.test(engineMessage)) return place;
  return (
    `${place} This may be a Kotlin exception that left withScopedMemoryAllocator: WasmEdge up to 0.17.1 reports such a ` +
    'one as this trap.'
  );
}

/** What is known of the guest's code beyond its bytes. */
export function symbolStatus({ guest }: PreparedLaunch): string {
  const known = [
    ...(guest.sections.some(({ name }) => name === 'name') ? ['name section'] : []),
    ...(guest.sourceMappingUrl === null ? [] : ['source map']),
  ];
  return known.length === 0 ? 'No names' : `With ${known.join(' and ')}`;
}
