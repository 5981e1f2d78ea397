import type { ILocals } from 'wasmparser';
import { type KeptAs, keptAs, type Type, type TypeEntry } from './module-types.ts';
import type { LocalSlot } from './plan.ts';

/** Bytes before a frame's slots: see frames.ts. */
export const HEADER_SIZE = 16;
const SLOT_SIZE = 8;

/** A slot, and what code must know to keep its local. */
export type KeptLocal = Omit<LocalSlot, 'writtenFrom'> & { parameter: boolean; kept: KeptAs };

/** A function's frame, and the locals that its code gets in addition. */
export interface FrameLayout {
  functionIndex: number;
  /** Bytes, a multiple of 8. */
  size: number;
  /** Numbers before references; among each, what is no parameter first, so that it can be cleared at once. */
  slots: readonly KeptLocal[];
  /** Index of the first local that is added, with the frame's address. */
  frameLocal: number;
  /** Index of the local with the table index of the first reference; null where no local is one. */
  referencesLocal: number | null;
  /**
   * How many adjacent locals hold the same, each of these two. WasmEdge (to 0.17.1) leaves an exception's value on the
   * stack where `catch_all` or `catch_all_ref` catches it, and from then on takes each local for the one before: in a
   * function with such a handler the next one has the value, too.
   */
  copies: number;
  /** Slot of the first reference. */
  firstReference: number;
}

/** The types of a function's locals, one by one, as far as `count`. Runs may be long, so they are not all written out. */
function typeOfLocal(parameters: readonly Type[], locals: readonly ILocals[], index: number): Type | null {
  let left = index - parameters.length;
  if (left < 0) return parameters[index] ?? null;
  for (const { count, type } of locals) {
    if (left < count) return type;
    left -= count;
  }
  return null;
}

export function layOutFrame(
  functionIndex: number,
  parameters: readonly Type[],
  locals: readonly ILocals[],
  wanted: readonly number[],
  types: readonly TypeEntry[],
  copies: number,
): FrameLayout {
  const kept = [...new Set(wanted)].flatMap((local) => {
    const type = typeOfLocal(parameters, locals, local);
    const how = type && keptAs(type, types);
    return how ? [{ local, parameter: local < parameters.length, kept: how }] : [];
  });
  const rank = ({ parameter, kept: { type } }: (typeof kept)[number]) =>
    (type === 'ref' ? 2 : 0) + (parameter ? 1 : 0);
  kept.sort((a, b) => rank(a) - rank(b));
  let next = HEADER_SIZE / SLOT_SIZE;
  let firstReference = -1;
  const slots = kept.map((each): KeptLocal => {
    const slot = next;
    next += each.kept.type === 'v128' ? 2 : 1;
    if (each.kept.type === 'ref' && firstReference < 0) firstReference = slot;
    return { ...each, slot, type: each.kept.type };
  });
  const frameLocal = locals.reduce((sum, { count }) => sum + count, parameters.length);
  return {
    functionIndex,
    size: next * SLOT_SIZE,
    slots,
    frameLocal,
    referencesLocal: firstReference < 0 ? null : frameLocal + copies,
    copies,
    firstReference,
  };
}
