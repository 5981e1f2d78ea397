import type { SizePolicyName } from 'wasmedge-napi/records';
import type { PlannedExport, PlannedImport } from '../../../protocol/runner.ts';
import type { Place } from './finding.ts';

/** The functions of a run, by the indices of its records. */
export interface BoundaryFunctions {
  imports: readonly PlannedImport[];
  exports: readonly PlannedExport[];
}

/** A call that has begun and not ended, as far as the checks look at it. */
export interface OpenCall {
  sequence: number;
  callId: bigint;
  exportIndex: number;
  planned: PlannedExport | undefined;
  /** Where its buffers lay when they crossed last. */
  argument: Place | null;
  result: Place | null;
  /** Results that the guest handed over. */
  results: number;
}

/** A buffer that has just crossed. */
export interface CrossedBuffer extends Place {
  /** The call whose buffer it is. */
  call: OpenCall;
  /** The call that ran when it crossed: the innermost one. */
  running: OpenCall;
  direction: 'argument' | 'result';
  /** The import through which it crossed; null where the export itself passed it. */
  importIndex: number | null;
  import: PlannedImport | undefined;
  /** How its length was known (protocol/boundary.ts). */
  policy: SizePolicyName;
  /** What the import's size parameter said, where it has one. */
  sizeParameter: number | undefined;
  /** The captured bytes: all of them, or undefined where some are missing. */
  bytes: () => Uint8Array | undefined;
}

/** `greet (callId 7)`. */
export function titleOf({ planned, exportIndex, callId }: OpenCall): string {
  return `${planned?.name ?? `export ${exportIndex}`} (callId ${callId})`;
}

/** `host.store`; `greet itself` for what an export passes by its parameters or results. */
export function importTitle({ import: planned, importIndex, call }: CrossedBuffer): string {
  if (importIndex === null) return `${call.planned?.name ?? 'the export'} itself`;
  return planned ? `${planned.module}.${planned.name}` : `import ${importIndex}`;
}

/** Where a finding about a crossing is shown: at the import, else at the export that ran. */
export function crossingAt({ importIndex, running }: CrossedBuffer): {
  kind: 'import' | 'export';
  index: number;
} {
  return importIndex === null
    ? { kind: 'export', index: running.exportIndex }
    : { kind: 'import', index: importIndex };
}
