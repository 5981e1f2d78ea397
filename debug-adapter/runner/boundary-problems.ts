import type { FindingCode } from '../../protocol/boundary.ts';
import type { RoleAssignment } from '../../protocol/inspection.ts';
import { type Found, hex } from '../boundary/checks/finding.ts';
import { returnedTwiceText } from '../boundary/checks/result-returned-twice.ts';
import type { BufferPlace, CallFrame, ImportFrame } from './frames.ts';
import { unsigned, wasmText } from './values.ts';

/** What is wrong with a crossing of the callId protocol, as one or two sentences. */
export interface BoundaryProblem {
  code: FindingCode;
  message: string;
  address?: number;
  /** Bytes: of what lies outside, of what was returned, or that the guest offers. */
  size?: number;
  /** The guest cannot go on with it: unless corrected, continuing traps. */
  fatal: boolean;
  /** What can be done at a stop, as one sentence. */
  remedy?: string;
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
  const advice =
    role.callId === undefined
      ? 'Call it from within an export.'
      : 'Pass the callId that the running export was given.';
  return { code: 'call-not-open', message: `${message} Nothing was copied. ${advice}`, fatal: false };
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

/**
 * @param place where a result would lie by a prefix or NUL in memory, or by what the guest passed
 * @param memoryBytes what memory has
 */
export function outsideMemory(
  frame: ImportFrame,
  role: RoleAssignment,
  call: CallFrame,
  place: BufferPlace & { bySelf?: boolean },
  memoryBytes: number,
): BoundaryProblem {
  if (place.bySelf === true) return lengthOutside(frame, role, call, place, memoryBytes);
  const stores = role.role === 'storeArgument';
  const size = !stores && role.size !== undefined ? given(frame, role.size) : String(place.size);
  const message =
    `${frame.title} was given pointer ${given(frame, role.pointer)} to ${stores ? 'write' : 'read'} ${size} bytes, ` +
    `the ${stores ? 'argument' : 'result'} of ${call.title}: that is outside memory, which has ${memoryBytes} bytes.`;
  const remedy = 'Assign another value to the pointer or size in “params”: else continuing traps.';
  return {
    code: 'pointer-outside-memory',
    message,
    address: place.address,
    size: place.size,
    fatal: true,
    remedy,
  };
}

/** The pointer is in memory, but a length prefix leads out of it, or no NUL comes before its end. */
function lengthOutside(
  frame: ImportFrame,
  role: RoleAssignment,
  call: CallFrame,
  { address, size }: BufferPlace,
  memoryBytes: number,
): BoundaryProblem {
  const says =
    role.sizePolicy === 'nul'
      ? 'no NUL follows before memory ends'
      : `its length prefix says ${size} bytes from ${hex(address)} on, more than memory has`;
  const message =
    `${frame.title} was given pointer ${given(frame, role.pointer)} to the result of ${call.title}, but ${says} ` +
    `(${memoryBytes} bytes). Check how the guest writes the length, and “size” in launch.json's “boundary”.`;
  const remedy = 'Assign another value to the pointer in “params”: else continuing traps.';
  return { code: 'length-outside-memory', message, address, size, fatal: true, remedy };
}

/** The allocator gave memory for an argument that does not lie in memory. */
export function passedOutside(call: CallFrame, place: BufferPlace, memoryBytes: number): BoundaryProblem {
  const message =
    `The guest's allocator gave ${hex(place.address)} for the ${place.size} bytes of the argument of ${call.title}: that is ` +
    `outside memory, which has ${memoryBytes} bytes. Nothing was written. Check the allocator, and "allocator" of ` +
    '"boundary" in launch.json.';
  return { code: 'pointer-outside-memory', message, ...place, fatal: true };
}

/**
 * @param place where the result would lie, or the pair that says so
 * @param isPair which of them
 */
export function returnedOutside(
  call: CallFrame,
  place: BufferPlace & { bySelf?: boolean },
  memoryBytes: number,
  isPair: boolean,
): BoundaryProblem {
  const { address, size, bySelf } = place;
  const what = isPair ? "the pair of its result's pointer and size" : 'its result';
  const lies = `${what}, ${size} bytes at ${hex(address)}, outside memory, which has ${memoryBytes} bytes`;
  const message =
    `${call.title} returned ${lies}${bySelf === true ? ', by its length prefix or NUL' : ''}. ` +
    `Check what it returns, and "result" of boundary.exports.${call.planned.name} in launch.json.`;
  const code = bySelf === true ? 'length-outside-memory' : 'pointer-outside-memory';
  return { code, message, address, size, fatal: true };
}

/** @param place of the later result */
export function returnedTwice(
  frame: ImportFrame,
  call: CallFrame,
  before: BufferPlace,
  place: BufferPlace,
): BoundaryProblem {
  const message = returnedTwiceText(call.title, frame.title, before, place);
  return { code: 'result-returned-twice', message, ...place, fatal: false };
}

/** The problem as a finding; null where the records show it as well, and it is found in them. */
export function findingOf(
  { code, message, fatal }: BoundaryProblem,
  { kind, index }: ImportFrame | CallFrame,
): Found | null {
  if (code === 'result-returned-twice') return null;
  const severity = fatal || code === 'call-not-open' ? 'error' : 'warning';
  return { code, message, severity, at: { kind: kind === 'import' ? 'import' : 'export', index } };
}
