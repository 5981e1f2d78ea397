import type { CallColumn, CallOrder } from '../../protocol/boundary.ts';
import type { CallFacts } from './call-facts.ts';
import type { Ledger } from './ledger.ts';

type Key = number | bigint | string;

/**
 * Sequences in an order. Calls that have nothing in the column come last, whichever the direction; equal ones stay in
 * the order of their sequence.
 *
 * @param sequences ascending; undefined: all calls
 */
export function ordered(
  ledger: Ledger,
  sequences: readonly number[] | undefined,
  { by, descending = false }: CallOrder,
): Uint32Array {
  const list = sequences
    ? Uint32Array.from(sequences)
    : Uint32Array.from({ length: ledger.total }, (_, i) => i);
  if (by === 'sequence') return descending ? list.reverse() : list;
  const keys = new Map<number, Key | undefined>();
  for (const sequence of list) {
    const facts = ledger.facts(sequence);
    keys.set(sequence, facts && keyOf(ledger, facts, by));
  }
  const direction = descending ? -1 : 1;
  return list.sort((one, other) => compare(keys.get(one), keys.get(other), direction) || one - other);
}

function keyOf(ledger: Ledger, facts: CallFacts, by: CallColumn): Key | undefined {
  switch (by) {
    case 'sequence':
      return facts.sequence;
    case 'callId':
      return facts.callId;
    case 'export':
      return facts.export;
    case 'status':
      return facts.status;
    case 'duration':
      return facts.durationMicros;
    case 'argumentSize':
      return ledger.bufferSize(facts.sequence, 'argument');
    case 'resultSize':
      return ledger.bufferSize(facts.sequence, 'result');
    case 'problems':
      return facts.problems;
  }
}

function compare(one: Key | undefined, other: Key | undefined, direction: 1 | -1): number {
  if (one === undefined || other === undefined)
    return Number(one === undefined) - Number(other === undefined);
  if (one === other) return 0;
  return one < other ? -direction : direction;
}
