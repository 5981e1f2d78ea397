import { meaningOfExportParameter } from '../parameter-names.ts';
import type { Found } from './finding.ts';
import { type BoundaryFunctions, type OpenCall, titleOf } from './open-call.ts';

/**
 * A call that took part in the protocol (it was given its argument, or its export takes a callId) and returned without a
 * result. Exports that return a value answer by that; guests that import nothing for results have none.
 */
export function resultMissing(call: OpenCall, { imports }: BoundaryFunctions): Found | null {
  const { planned } = call;
  if (!planned || call.results > 0 || planned.type.results.length > 0 || planned.hasNoResult) return null;
  const returning = imports.find(({ role }) => role?.role === 'returnResult');
  if (!returning) return null;
  const takesCallId = planned.parameterNames.some(
    (name) => name !== null && meaningOfExportParameter(name) === 'callId',
  );
  if (!call.argument && !takesCallId) return null;
  return {
    code: 'result-missing',
    severity: 'warning',
    message:
      `${titleOf(call)} returned without a result: the guest never called ` +
      `${returning.module}.${returning.name} for it. Call it before the export returns, on every path.`,
    at: { kind: 'export', index: call.exportIndex },
  };
}
