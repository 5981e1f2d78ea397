import type { CallColumn, CallOrder, CallSummary } from '../../protocol/boundary.ts';

type Key = number | bigint | string;

/** Summaries in an order; as the adapter's `boundary/calls` sorts, for calls that are kept after its end. */
export function orderSummaries(
  calls: readonly CallSummary[],
  { by, descending = false }: CallOrder,
): CallSummary[] {
  const direction = descending ? -1 : 1;
  return [...calls].sort(
    (one, other) => compare(keyOf(one, by), keyOf(other, by), direction) || one.sequence - other.sequence,
  );
}

function keyOf(call: CallSummary, by: CallColumn): Key | undefined {
  switch (by) {
    case 'callId':
      return BigInt(call.callId);
    case 'duration':
      return call.durationMicros;
    case 'argumentSize':
      return call.argument?.size;
    case 'resultSize':
      return call.result?.size;
    default:
      return call[by];
  }
}

/** What is missing comes last, whichever the direction. */
function compare(one: Key | undefined, other: Key | undefined, direction: 1 | -1): number {
  if (one === undefined || other === undefined)
    return Number(one === undefined) - Number(other === undefined);
  if (one === other) return 0;
  return one < other ? -direction : direction;
}
