import { type Found, placeText } from './finding.ts';
import { crossingAt, type CrossedBuffer, importTitle, titleOf } from './open-call.ts';

/** A call returns the result of another one that is open: of one around it. */
export function resultForAnotherCall(buffer: CrossedBuffer): Found | null {
  const { call, running, direction } = buffer;
  if (direction !== 'result' || call.sequence === running.sequence) return null;
  return {
    code: 'result-for-another-call',
    severity: 'error',
    message:
      `While ${titleOf(running)} ran, the guest returned the result of ${titleOf(call)} through ` +
      `${importTitle(buffer)}: ${placeText(buffer)}. Pass the callId that the running export was given.`,
    at: crossingAt(buffer),
    address: buffer.address,
    size: buffer.size,
  };
}
