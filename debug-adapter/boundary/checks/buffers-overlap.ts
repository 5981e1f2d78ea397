import { type Found, type Place, placeText } from './finding.ts';
import { crossingAt, type CrossedBuffer, importTitle, type OpenCall, titleOf } from './open-call.ts';

/**
 * A result over its call's own argument, or a buffer over one of another open call.
 *
 * The records do not show where a scope ends, and the next scope begins at the same address. So a result exactly where
 * the argument began is right (it was worked on in place, or its scope is over), and a buffer exactly where another open
 * call's buffer began is only worth a look.
 *
 * @param open all open calls
 */
export function buffersOverlap(buffer: CrossedBuffer, open: readonly OpenCall[]): Found | null {
  const { call, direction } = buffer;
  // Elements of an array behind a handle lie nowhere that is known.
  if (buffer.policy.startsWith('elements-')) return null;
  // An export may return a part of what it was passed: both lie in memory that the host allocated.
  const own = buffer.importIndex === null ? null : call.argument;
  if (direction === 'result' && own && overlaps(buffer, own) && buffer.address !== own.address) {
    return found(buffer, own, 'the argument of the same call', 'warning');
  }
  for (const other of open) {
    if (other.sequence === call.sequence) continue;
    for (const which of ['argument', 'result'] as const) {
      const place = other[which];
      if (!place || !overlaps(buffer, place)) continue;
      const severity = buffer.address === place.address ? 'info' : 'warning';
      return found(buffer, place, `the ${which} of ${titleOf(other)}, which is still open`, severity);
    }
  }
  return null;
}

function overlaps(one: Place, other: Place): boolean {
  return (
    one.size > 0 &&
    other.size > 0 &&
    one.address < other.address + other.size &&
    other.address < one.address + one.size
  );
}

function found(buffer: CrossedBuffer, place: Place, what: string, severity: 'warning' | 'info'): Found {
  const advice =
    severity === 'info'
      ? 'This is right only if the scope of that buffer has ended; else allocate one of its own.'
      : 'Allocate each buffer in the scope of its call, and pass the pointer that the allocator gave.';
  return {
    code: 'buffers-overlap',
    severity,
    message:
      `The ${buffer.direction} of ${titleOf(buffer.call)}, ${placeText(buffer)} (${importTitle(buffer)}), lies over ` +
      `${what}: ${placeText(place)}. ${advice}`,
    at: crossingAt(buffer),
    address: buffer.address,
    size: buffer.size,
  };
}
