import { type Found, type Place, placeText } from './finding.ts';
import { crossingAt, type CrossedBuffer, importTitle, titleOf } from './open-call.ts';

/** `greet (callId 7)` returned a later result at `place`, after one at `before`. */
export function returnedTwiceText(title: string, importName: string, before: Place, place: Place): string {
  return (
    `The guest returns a second result for ${title} through ${importName}: ${placeText(place)}, after ` +
    `${placeText(before)}. The later one counts: return one result a call, or set "parts" of boundary.returnResult.`
  );
}

/** A call has one result. Further ones after the second are the same finding, and parts of one are none. */
export function resultReturnedTwice(buffer: CrossedBuffer): Found | null {
  const { call, direction } = buffer;
  if (direction !== 'result' || call.results !== 1 || !call.result || buffer.import?.role?.parts) return null;
  return {
    code: 'result-returned-twice',
    severity: 'warning',
    message: returnedTwiceText(titleOf(call), importTitle(buffer), call.result, buffer),
    at: crossingAt(buffer),
    address: buffer.address,
    size: buffer.size,
  };
}
