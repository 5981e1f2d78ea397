import { RunnerError } from './failures.ts';
import type { CallFrame } from './frames.ts';

/** JSON text of exactly `size` bytes, where it is shorter: white space after it is insignificant (RFC 8259 §2). */
export function padJson(bytes: Uint8Array, size: number): Uint8Array {
  if (bytes.length >= size) return bytes;
  return new Uint8Array(Buffer.concat([bytes, Buffer.alloc(size - bytes.length, ' ')]));
}

/**
 * An edited argument in the length that the guest was told.
 * @throws RunnerError where it has another one.
 */
export function fitArgument(call: CallFrame, bytes: Uint8Array, isJson: boolean): Uint8Array {
  const fitted = isJson ? padJson(bytes, call.toldSize) : bytes;
  if (fitted.length === call.toldSize) return fitted;
  throw doesNotFit(
    'argument',
    bytes.length,
    call.toldSize,
    `the guest was told ${call.toldSize} when it was called`,
  );
}

export function doesNotFit(what: string, size: number, wanted: number, why: string): RunnerError {
  const how = size > wanted ? 'Make it shorter' : 'Fill it up, for instance with spaces';
  const message = `The new ${what} takes ${size} bytes, but ${why}. ${how}: the length cannot change at this stop.`;
  return new RunnerError({ code: 'value', message });
}
