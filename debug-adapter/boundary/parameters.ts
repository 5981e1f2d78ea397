import type { Role } from '../../protocol/boundary.ts';
import type { FunctionType, ValueType } from '../../protocol/values.ts';
import { type Meaning, meaningOfImportParameter } from './parameter-names.ts';

/** Indices of an import's parameters by what they are for. */
export interface ParameterRoles {
  pointer: number;
  size?: number;
  callId?: number;
}

export type Assigned =
  | { roles: ParameterRoles; how: string }
  /** Why the parameters could not be told apart, as the end of a sentence. */
  | { problem: string };

/** What can be a pointer or size, and what a call id. Linear memory has 32-bit addresses unless `memory64`. */
export function fits(type: ValueType | undefined, meaning: Meaning, memory64: boolean): boolean {
  if (meaning === 'callId') return type === 'i32' || type === 'i64';
  return type === (memory64 ? 'i64' : 'i32');
}

function rolesOf(meanings: readonly (Meaning | null)[]): ParameterRoles | null {
  const pointer = meanings.indexOf('pointer');
  if (pointer < 0) return null;
  const size = meanings.indexOf('size');
  const callId = meanings.indexOf('callId');
  const roles: ParameterRoles = { pointer };
  if (size >= 0) roles.size = size;
  if (callId >= 0) roles.callId = callId;
  return roles;
}

/**
 * By the parameters' names. A single parameter whose name says nothing is the pointer where there is none, else the call
 * id where `byElimination` and there is none. Null where no parameter has a telling name.
 */
export function assignByNames(
  type: FunctionType,
  names: readonly (string | null)[],
  memory64: boolean,
  byElimination: boolean,
): Assigned | null {
  const meanings = type.params.map((param, i) => {
    const name = names[i];
    const meaning = name ? meaningOfImportParameter(name) : null;
    return meaning && fits(param, meaning, memory64) ? meaning : null;
  });
  if (meanings.every((meaning) => meaning === null)) return null;
  const nouns: Record<Meaning, string> = { pointer: 'pointers', size: 'sizes', callId: 'call ids' };
  for (const meaning of ['pointer', 'size', 'callId'] as const) {
    const same = names.filter((_, i) => meanings[i] === meaning);
    if (same.length > 1)
      return { problem: `several of its parameters are named like ${nouns[meaning]} (${same.join(', ')})` };
  }
  const unknown = meanings.flatMap((meaning, i) => (meaning === null ? [i] : []));
  const [only] = unknown;
  let eliminated: string | undefined;
  if (only !== undefined && unknown.length === 1) {
    for (const meaning of ['pointer', 'callId'] as const) {
      if (meanings.includes(meaning) || (meaning === 'callId' && !byElimination)) continue;
      if (!fits(type.params[only], meaning, memory64)) continue;
      meanings[only] = meaning;
      eliminated = `${names[only] ?? `parameter ${only}`} is taken for the ${meaning}`;
      break;
    }
  }
  const roles = rolesOf(meanings);
  if (!roles) return { problem: 'none of its parameters is named like a pointer' };
  return { roles, how: eliminated ? `its parameters' names (${eliminated})` : "its parameters' names" };
}

/** The forum's orders by number of parameters; where exports take no call id, its first form. */
const FORUM_ORDERS: Meaning[][] = [['pointer'], ['pointer', 'callId'], ['pointer', 'size', 'callId']];
const FIRST_FORM_ORDERS: Meaning[][] = [['pointer'], ['pointer', 'size']];

/**
 * In the forum's order: pointer; pointer, call id; pointer, size, call id. An i64 can only be the call id, wherever it
 * is. Null where the types do not allow it.
 *
 * @param callIds whether exports take call ids; null where that is not known.
 */
export function assignByOrder(
  type: FunctionType,
  role: Role,
  memory64: boolean,
  callIds: boolean | null,
): Assigned | null {
  const orders = callIds === false && !type.params.includes('i64') ? FIRST_FORM_ORDERS : FORUM_ORDERS;
  const forum = orders[type.params.length - 1];
  if (!forum) return null;
  const meanings = [...forum];
  const wide = memory64 ? -1 : type.params.indexOf('i64');
  if (wide >= 0 && meanings.includes('callId')) {
    meanings.splice(meanings.indexOf('callId'), 1);
    meanings.splice(wide, 0, 'callId');
  }
  if (!meanings.every((meaning, i) => fits(type.params[i], meaning, memory64))) return null;
  const roles = rolesOf(meanings);
  if (!roles) return null;
  const doubt =
    role === 'returnResult' && meanings.length === 2
      ? `; were the second a ${meanings[1] === 'size' ? 'call id' : 'size'}, "boundary" would have to say so`
      : '';
  return { roles, how: `the forum's order (${meanings.join(', ')}${doubt})` };
}
