import type { HostFunction, WasmValue } from 'wasmedge-napi';
import { Answer } from './answer.ts';
import type { CallStack } from './calls.ts';
import type { Debugger } from './debugger.ts';
import { HostTrap } from './failures.ts';
import { ImportFrame } from './frames.ts';
import type { Guest } from './guest.ts';
import type { GuestCaller } from './guest-caller.ts';
import { HostContext } from './host-context.ts';
import { hostException } from './host-errors.ts';
import { checkReturn } from './host-returns.ts';
import { RoleCrossing } from './roles.ts';
import { zeros } from './values.ts';

/** What the callbacks of imports work with. It is complete before the guest runs. */
export interface CrossingParts {
  guest: Guest;
  calls: CallStack;
  caller: GuestCaller;
  debugging: Debugger;
}

/** The JavaScript side of an import: entered where something is to be decided, or a host function is to run. */
export function makeCallback(
  parts: CrossingParts,
  index: number,
  host: HostFunction | undefined,
): HostFunction {
  const planned = parts.guest.plan.imports[index];
  if (!planned) throw new RangeError(`There is no import ${index}.`);
  if (planned.role) return roleCallback(parts, index, planned, planned.role);
  return host ? hostCallback(parts, index, planned, host) : askingCallback(parts, index, planned);
}

type Planned = ImportFrame['planned'];
type Returned = ReturnType<HostFunction>;

function roleCallback(
  { guest, calls, debugging }: CrossingParts,
  index: number,
  planned: Planned,
  role: NonNullable<Planned['role']>,
): HostFunction {
  const returned = zeros(planned.type.results);
  return (...given: (WasmValue | boolean)[]) => {
    // The recorder says after the parameters whether it could do the role's work (guest.ts).
    const performed = given.pop() === true;
    const frame = new ImportFrame(index, planned, given as WasmValue[], null);
    const { memory } = guest;
    if (!memory)
      throw new HostTrap('no-memory', `${frame.title} was called before the guest's memory was known.`);
    frame.role = new RoleCrossing(guest, memory, calls, frame, role, performed);
    try {
      debugging.importEntered(frame);
    } catch (thrown) {
      // Returned from, not thrown out of: the engine then ends the guest as cancelled, not as trapped.
      if (debugging.isEnding(thrown)) return returned;
      throw thrown;
    } finally {
      if (role.role === 'returnResult') frame.call?.closeResult(debugging.keepsResults);
      else passOn(guest, frame);
    }
    // Asked again: the user may have corrected it meanwhile.
    const { problem } = frame.role;
    if (problem?.fatal) throw new HostTrap(problem.code, problem.message);
    return returned;
  };
}

/** After the guest has got an argument: the next one, if the call has another, is what it gets when it asks again. */
function passOn(guest: Guest, { call, role }: ImportFrame): void {
  const next = role?.place ? call?.nextArgument() : undefined;
  if (call && next) guest.recorder.setArgument(call.sequence, next);
}

function hostCallback(
  parts: CrossingParts,
  index: number,
  planned: Planned,
  host: HostFunction,
): HostFunction {
  const { calls, debugging } = parts;
  const nothing = zeros(planned.type.results);
  return (...params: WasmValue[]) => {
    const frame = new ImportFrame(index, planned, params, calls.innermost);
    try {
      debugging.importEntered(frame);
      return callHost(parts, frame, host);
    } catch (thrown) {
      if (debugging.isEnding(thrown)) return nothing;
      throw thrown;
    }
  };
}

function callHost(
  { guest, caller, debugging }: CrossingParts,
  frame: ImportFrame,
  host: HostFunction,
): Returned {
  const context = new HostContext(guest, caller, frame, (...access) => debugging.memoryAccessed(...access));
  try {
    const returned: unknown = host.apply(context, frame.params);
    return checkReturn(frame.title, frame.planned.type, returned);
  } catch (thrown) {
    if (debugging.isEnding(thrown) || debugging.wasReported(thrown)) throw thrown;
    const trap = thrown instanceof HostTrap ? thrown : hostException(frame.title, thrown);
    debugging.hostThrew(frame, trap);
    throw trap;
  }
}

/** An import that nobody provides: a person answers for it at a stop. */
function askingCallback({ calls, debugging }: CrossingParts, index: number, planned: Planned): HostFunction {
  const { results } = planned.type;
  let last: readonly WasmValue[] | undefined;
  return (...params: WasmValue[]) => {
    const frame = new ImportFrame(index, planned, params, calls.innermost);
    const answer = (frame.answer = new Answer(results, last));
    try {
      debugging.importAsks(frame);
    } catch (thrown) {
      if (debugging.isEnding(thrown)) return zeros(results);
      throw thrown;
    }
    last = answer.values;
    return results.length > 1 ? [...last] : last[0];
  };
}
