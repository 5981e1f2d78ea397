import path from 'node:path';
import type { RunnerFailure } from '../../protocol/runner.ts';
import { UserError } from '../errors.ts';
import { legacyExceptionHandlingError } from '../legacy-exception-error.ts';
import { missingImportsError } from '../missing-imports.ts';
import type { RunEnd } from './end.ts';
import { placeOf, type PreparedLaunch } from './prepare.ts';
import { RunnerGoneError, RunnerRequestError } from './runner-channel.ts';

/** Puts into words why a runner did not load its guest. `end` is how the runner ended, where it did. */
export function explainLoadFailure(error: unknown, prepared: PreparedLaunch, end: RunEnd | null): unknown {
  if (error instanceof RunnerGoneError) return new UserError('runner-died', end?.reason ?? error.message);
  if (!(error instanceof RunnerRequestError)) return error;
  const { failure } = error;
  switch (failure.code) {
    case 'library':
      return new UserError('wasmedge-unusable', failure.message, {
        kind: 'install-wasmedge',
        title: 'Install WasmEdge',
        version: prepared.configuration.wasmedge.version ?? '0.17',
      });
    case 'missing-imports': {
      const { imports } = prepared.plan;
      return missingImportsError((failure.missing ?? []).flatMap((index) => imports[index] ?? []));
    }
    case 'host-module':
      return new UserError('host-module', failure.message);
    case 'load':
    case 'validate':
    case 'instantiate':
      return engineRefused(failure, prepared);
    default:
      return error;
  }
}

/** WasmEdge's words for the instructions that Kotlin ≤ 2.2 emits for exceptions (design.md §7). */
const ILLEGAL_OPCODE = /illegal opcode|unexpected end|unknown/i;

function engineRefused(failure: RunnerFailure, prepared: PreparedLaunch): UserError {
  const { guest, plan, wasmedge } = prepared;
  const name = path.basename(plan.program);
  const engine = `WasmEdge${wasmedge.version === undefined ? '' : ` ${wasmedge.version}`}`;
  if (failure.code === 'load' && ILLEGAL_OPCODE.test(failure.message)) {
    const legacy = guest.findLegacyExceptionHandling();
    if (legacy !== null) {
      return legacyExceptionHandlingError(name, wasmedge.version, placeOf(prepared, legacy));
    }
  }
  const { byteOffset } = failure;
  // The engine's offset is one of the file that it was given, which may be a rewritten one.
  const original =
    byteOffset === undefined ? undefined : (prepared.kotlin?.toOriginal(byteOffset) ?? byteOffset);
  const where = original === undefined ? '' : `, ${placeOf(prepared, original)}`;
  const step = { load: 'load', validate: 'validate', instantiate: 'instantiate' }[
    failure.code as 'load' | 'validate' | 'instantiate'
  ];
  return new UserError('engine-refused', `${engine} cannot ${step} ${name}: ${failure.message}${where}.`, {
    kind: 'choose-program',
    title: 'Choose Another Program',
  });
}
