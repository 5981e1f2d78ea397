import type { CallColumn, CallOrder } from '../../protocol/boundary.ts';
import type { CallFacts } from './call-facts.ts';
import type { Ledger } from './ledger.ts';
import type { Turns } from './turns.ts';

type Pauses = Pick<Turns, 'isOver' | 'next'>;

/** Calls that are sorted or merged between two looks at the clock. */
const PART = 1 << 14;

/**
 * Sequences in an order. Calls that have nothing in the column come last, whichever the direction; equal ones stay in
 * the order of their sequence.
 *
 * @param sequences ascending; undefined: all calls
 * @throws what the turns throw
 */
export async function ordered(
  ledger: Ledger,
  sequences: readonly number[] | undefined,
  { by, descending = false }: CallOrder,
  turns: Pauses,
): Promise<Uint32Array> {
  // What has been cancelled already does not begin.
  await turns.next();
  const list = sequences
    ? Uint32Array.from(sequences)
    : Uint32Array.from({ length: ledger.total }, (_, i) => i);
  if (by === 'sequence') return descending ? list.reverse() : list;
  const keys = await keysOf(ledger, list, by, descending, turns);
  const sign = descending ? -1 : 1;
  // As a number, a long id is rounded: among equal ones the ids themselves decide.
  const ids = (one: number, other: number): number => {
    const [left = 0n, right = 0n] = [one, other].map((place) => ledger.facts(list[place] ?? 0)?.callId);
    return left === right ? 0 : left < right ? -sign : sign;
  };
  const isRounded = by === 'callId' && keys.some((key) => Math.abs(key) > Number.MAX_SAFE_INTEGER);
  const places = await sorted(
    list.length,
    (one, other) => {
      const [left = 0, right = 0] = [keys[one], keys[other]];
      return left < right ? -1 : left > right ? 1 : (isRounded && ids(one, other)) || one - other;
    },
    turns,
  );
  return places.map((place) => list[place] ?? 0);
}

/** A number for each call that sorts as it does, ascending; Infinity for those that have nothing in the column. */
async function keysOf(
  ledger: Ledger,
  list: Uint32Array,
  by: CallColumn,
  descending: boolean,
  turns: Pauses,
): Promise<Float64Array> {
  const keys = new Float64Array(list.length);
  const names = by === 'export' || by === 'status' ? await ranksOf(ledger, list, by, turns) : undefined;
  const sign = descending ? -1 : 1;
  let facts: CallFacts | undefined;
  for (let place = 0; place < list.length; place++) {
    if (place % PART === 0 && turns.isOver) await turns.next();
    facts = ledger.facts(list[place] ?? 0, facts);
    const key = facts && keyOf(ledger, facts, by);
    const number = typeof key === 'string' ? names?.get(key) : key;
    keys[place] = number === undefined ? Infinity : sign * Number(number);
  }
  return keys;
}

/** The place of each name among all of them. */
async function ranksOf(
  ledger: Ledger,
  list: Uint32Array,
  by: 'export' | 'status',
  turns: Pauses,
): Promise<Map<string, number>> {
  const names = new Set<string>();
  let facts: CallFacts | undefined;
  for (let place = 0; place < list.length; place++) {
    if (place % PART === 0 && turns.isOver) await turns.next();
    facts = ledger.facts(list[place] ?? 0, facts);
    if (facts) names.add(facts[by]);
  }
  return new Map([...names].sort((one, other) => (one < other ? -1 : 1)).map((name, rank) => [name, rank]));
}

function keyOf(ledger: Ledger, facts: CallFacts, by: CallColumn): number | bigint | string | undefined {
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

/**
 * The numbers from 0 to `count` in an order: parts are sorted and then merged, in turns, as a million take seconds.
 *
 * @param compare never 0 for two different ones
 */
async function sorted(
  count: number,
  compare: (one: number, other: number) => number,
  turns: Pauses,
): Promise<Uint32Array> {
  let from = Uint32Array.from({ length: count }, (_, place) => place);
  for (let start = 0; start < count; start += PART) {
    if (turns.isOver) await turns.next();
    from.subarray(start, start + PART).sort(compare);
  }
  let to = new Uint32Array(count);
  for (let width = PART; width < count; width *= 2) {
    for (let start = 0; start < count; start += 2 * width) {
      const middle = Math.min(start + width, count);
      const end = Math.min(start + 2 * width, count);
      let left = start;
      let right = middle;
      for (let at = start; at < end; at++) {
        if (at % PART === 0 && turns.isOver) await turns.next();
        const one = from[left] ?? 0;
        const other = from[right] ?? 0;
        const takesLeft = right >= end || (left < middle && compare(one, other) < 0);
        to[at] = takesLeft ? one : other;
        if (takesLeft) left++;
        else right++;
      }
    }
    [from, to] = [to, from];
  }
  return from;
}
