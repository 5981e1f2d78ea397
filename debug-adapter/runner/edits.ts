import type { Global, WasmValue } from 'wasmedge-napi';
import type { Direction } from '../../protocol/boundary.ts';
import type { Stop } from '../../protocol/runner.ts';
import type { ValueType } from '../../protocol/values.ts';
import { encodeWith } from '../boundary/decoders/index.ts';
import { decodedBuffer, forgetDecoded } from './decoded-buffers.ts';
import { messageOf, RunnerError } from './failures.ts';
import type { CallFrame, Frame, ImportFrame, PassedBuffer } from './frames.ts';
import type { Parameter } from './parameters.ts';
import { fitArgument } from './edited-sizes.ts';
import { textOf } from './remote-values.ts';
import { asWasm } from './values.ts';

/** What a person may change at a stop: the buffer that crosses just there, a wrong pointer, mutable globals. */
export class Editor {
  readonly #at: Stop['at'];
  readonly #innermost: Frame | undefined;

  /** @param frames innermost first */
  constructor(at: Stop['at'], frames: readonly Frame[]) {
    this.#at = at;
    this.#innermost = frames[0];
  }

  /** Why this buffer cannot be changed at this stop; null where it can. */
  refusal(call: CallFrame, direction: Direction): string | null {
    const top = this.#innermost;
    if (top?.kind === 'import' && top.call === call && top.role) {
      if (direction === 'argument' && top.role.role.role === 'storeArgument' && call.argument) return null;
      if (direction === 'result' && top.role.role.role === 'returnResult' && top.role.place) return null;
    }
    if (top === call && call.passing) {
      if (call.passing.direction === direction && call.passing.place) return null;
    } else if (direction === 'argument' && this.#at === 'call begin' && top === call && call.argument)
      return null;
    return direction === 'argument'
      ? 'The argument can be changed where the guest asks for it: at the stop on storeArgument, or before the call begins.'
      : 'The result can be changed where the guest returns it: at the stop on returnResult.';
  }

  /**
   * Encodes `value` with the buffer's decoder and puts it in its place.
   * @throws RunnerError 'value' where it cannot be changed here, encoded, or does not fit
   */
  write(call: CallFrame, direction: Direction, value: unknown): void {
    const refusal = this.refusal(call, direction);
    if (refusal !== null) throw new RunnerError({ code: 'value', message: refusal });
    const { bytes, isJson } = encode(call, direction, value);
    const top = this.#innermost;
    const crossing = crossingBuffer(top);
    if (crossing) crossing.edit(bytes, isJson);
    else call.argument = fitArgument(call, bytes, isJson);
  }

  /**
   * Writes a decoded value back in which an expression has changed something.
   * @throws RunnerError as `write`; the change is then forgotten
   */
  writeBack(call: CallFrame, direction: Direction): void {
    const changed = decodedBuffer(call, direction);
    if (!changed || changed.error !== undefined || typeof changed.value !== 'object') return;
    forgetDecoded(call, direction);
    // Both encoded: white space in the bytes that are there is no change.
    const before = encode(call, direction, decodedBuffer(call, direction)?.value);
    const after = encode(call, direction, changed.value);
    if (Buffer.compare(before.bytes, after.bytes) !== 0) this.write(call, direction, changed.value);
  }

  /** Corrects a wrong pointer or size. @throws RunnerError where nothing is wrong with the parameters. */
  correct(frame: ImportFrame, parameter: Parameter, value: unknown): void {
    const wasm = toWasm(parameter.type, value, `The parameter ${parameter.name}`);
    if (frame !== this.#innermost || !frame.role) {
      throw new RunnerError({
        code: 'value',
        message: `The parameters of ${frame.title} cannot be changed: the guest has passed them already.`,
      });
    }
    frame.role.correct(parameter.index, wasm);
  }
}

/** The buffer that crosses at the innermost frame of a stop; null where none does. */
export function crossingBuffer(
  frame: Frame | undefined,
): Pick<PassedBuffer, 'problem' | 'edit' | 'memoryWritten'> | null {
  if (frame?.kind === 'import') return frame.role;
  return frame?.kind === 'call' ? frame.passing : null;
}

function encode(
  call: CallFrame,
  direction: Direction,
  value: unknown,
): { bytes: Uint8Array; isJson: boolean } {
  const id = call.decoder(direction);
  const present = call.bytes(direction) ?? new Uint8Array();
  const isJson = (decodedBuffer(call, direction)?.decoder ?? id) === 'json';
  try {
    return { bytes: encodeWith(id, value, present), isJson };
  } catch (thrown) {
    throw new RunnerError({ code: 'value', message: messageOf(thrown) });
  }
}

function toWasm(type: ValueType, value: unknown, what: string): WasmValue {
  const wasm = asWasm(type, value);
  if (wasm !== undefined) return wasm;
  throw new RunnerError({ code: 'value', message: `${what} is an ${type}: ${textOf(value, 80)} is none.` });
}

/** @throws RunnerError 'value' where it is immutable, or the value is none of its type */
export function assignGlobal(name: string, global: Global, value: unknown): void {
  if (!global.mutable) throw new RunnerError({ code: 'value', message: `The global ${name} is immutable.` });
  global.value = toWasm(global.type, value, `The global ${name}`);
}
