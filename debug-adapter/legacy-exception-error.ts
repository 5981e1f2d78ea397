import type { ProblemFix } from '../protocol/inspection.ts';
import { UserError } from './errors.ts';

/** The last version that accepts legacy exception handling (design.md §7). */
const LAST_ACCEPTING_MINOR = 15;

/** Whether a WasmEdge refuses legacy exception handling: null where its version is not known. */
export function refusesLegacyExceptionHandling(version: string | undefined): boolean | null {
  const found = /^(\d+)\.(\d+)/.exec(version ?? '');
  if (!found) return null;
  return Number(found[1]) > 0 || Number(found[2]) > LAST_ACCEPTING_MINOR;
}

/**
 * @param label what the guest is called in the message: its file name.
 * @param place where the engine met it, if it did.
 */
export function legacyExceptionHandlingError(
  label: string,
  version: string | undefined,
  place?: string,
): UserError {
  const fix: ProblemFix = { kind: 'use-wasmedge-version', title: 'Use WasmEdge 0.14', version: '0.14' };
  return new UserError(
    'legacy-exception-handling',
    `${label} is compiled with legacy exception handling, which WasmEdge ${version ?? 'from 0.16 on'} refuses${place === undefined ? '' : ` (${place})`}: ` +
      'use Kotlin ≥ 2.3 or -Xwasm-use-new-exception-proposal, or WasmEdge ≤ 0.15.',
    fix,
  );
}
