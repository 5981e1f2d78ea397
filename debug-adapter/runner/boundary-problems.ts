import type { RoleAssignment } from '../../protocol/inspection.ts';
import type { BufferPlace, CallFrame, ImportFrame } from './frames.ts';
import { unsigned, wasmText } from './values.ts';

/** What is wrong with a crossing of the callId protocol, as one or two sentences. */
export interface BoundaryProblem {
  code:
    | 'pointer-outside-memory'
    | 'argument-too-large'
    | 'call-not-open'
    | 'no-argument'
    | 'result-returned-twice';
  message: string;
  address?: number;
  /** Bytes: of what lies outside, of what was returned, or that the guest offers. */
  size?: number;
  /** The guest cannot go on with it: unless corrected, continuing traps. */
  fatal: boolean;
  /** What can be done at a stop, as one sentence. */
  remedy?: string;
}

export function hex(address: number): string {
  return `0x${address.toString(16)}`;
}

/** A parameter as it was given, and as it was taken where that differs. */
function given(frame: ImportFrame, index: number | undefined): string {
  const value = index === undefined ? undefined : frame.params[index];
  const text = wasmText(value);
  return text.startsWith('-') ? `${unsigned(value)} (signed: ${text})` : text;
}

export function callNotOpen(frame: ImportFrame, role: RoleAssignment): BoundaryProblem {
  const what = role.role === 'storeArgument' ? 'asks for the argument' : 'returns the result';
  const message =
    role.callId === undefined
      ? `The guest ${what} of a call through ${frame.title}, but no call is running.`
      : `The guest ${what} of callId ${given(frame, role.callId)} through ${frame.title}, but no call with that callId is open.`;
  return { code: 'call-not-open', message: `${message} Nothing was copied.`, fatal: false };
}

export function noArgument(call: CallFrame): BoundaryProblem {
  const message =
    `The guest asks for the argument of ${call.title}, but this call was given none: ` +
    'add “argument” to it. Nothing was copied.';
  return { code: 'no-argument', message, fatal: false };
}

export function argumentTooLarge(
  frame: ImportFrame,
  role: RoleAssignment,
  call: CallFrame,
  size: number,
): BoundaryProblem {
  const address = unsigned(frame.params[role.pointer]);
  const message =
    `The argument of ${call.title} takes ${size} bytes, but the guest offers room for ${given(frame, role.size)} at ` +
    `${hex(address)} (${frame.title}). Nothing was written.`;
  const room = unsigned(role.size === undefined ? 0 : frame.params[role.size]);
  const remedy = 'Assign a shorter “argument”: else continuing traps.';
  return { code: 'argument-too-large', message, address, size: room, fatal: true, remedy };
}

/** @param memoryBytes what memory has */
export function outsideMemory(
  frame: ImportFrame,
  role: RoleAssignment,
  call: CallFrame,
  place: BufferPlace,
  memoryBytes: number,
): BoundaryProblem {
  const stores = role.role === 'storeArgument';
  const size = !stores && role.size !== undefined ? given(frame, role.size) : String(place.size);
  const message =
    `${frame.title} was given pointer ${given(frame, role.pointer)} to ${stores ? 'write' : 'read'} ${size} bytes, ` +
    `the ${stores ? 'argument' : 'result'} of ${call.title}: that is outside memory, which has ${memoryBytes} bytes.`;
  const remedy = 'Assign another value to the pointer or size in “params”: else continuing traps.';
  return { code: 'pointer-outside-memory', message, ...place, fatal: true, remedy };
}

/** @param place of the later result */
export function returnedTwice(call: CallFrame, before: BufferPlace, place: BufferPlace): BoundaryProblem {
  const message =
    `The guest returns a second result for ${call.title}: ${place.size} bytes at ${hex(place.address)}, after ` +
    `${before.size} bytes at ${hex(before.address)}. The later one counts.`;
  return { code: 'result-returned-twice', message, ...place, fatal: false };
}
