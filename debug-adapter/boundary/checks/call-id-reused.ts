import type { Found } from './finding.ts';
import { type BoundaryFunctions, type OpenCall, titleOf } from './open-call.ts';

/**
 * A call with the callId of one that is still open: the guest's callbacks then mean the inner one. Using a callId again
 * after its call has ended is right.
 *
 * @param open without `call`
 */
export function callIdReused(
  call: OpenCall,
  open: readonly OpenCall[],
  { imports }: BoundaryFunctions,
): Found | null {
  const outer = open.findLast(({ callId }) => callId === call.callId);
  // Where imports name no call, callIds mean nothing.
  if (!outer || !imports.some(({ role }) => role?.callId !== undefined)) return null;
  return {
    code: 'call-id-reused',
    severity: 'warning',
    message:
      `${titleOf(call)} began while ${titleOf(outer)} was open with the same callId: until the inner call ends, the ` +
      'guest cannot reach the outer one. Give each open call a callId of its own.',
    at: { kind: 'export', index: call.exportIndex },
  };
}
