import type { RecordedCall, WasmValue } from 'wasmedge-napi';
import { classifyCallFailure } from './engine-failures.ts';
import type { CallFrame } from './frames.ts';
import type { Guest } from './guest.ts';

/** What is done around a call of an export, in this order. Each may throw: then the call has failed. */
export interface Around {
  /** Before the ledger has the call: its parameters may still change. */
  prepare(): void;
  /** After the ledger has it, and before the guest runs. */
  entering(): void;
  returned(results: WasmValue[]): void;
}

/**
 * Calls an export with work before and after it that belongs to the call in the ledger.
 *
 * @param isEnding whether what was thrown only tells that the session ends: the call then counts as cancelled
 * @throws what the engine or the work throws
 */
export function callAround(
  guest: Guest,
  call: CallFrame,
  recorded: RecordedCall,
  isEnding: (thrown: unknown) => boolean,
  around: Around,
): WasmValue[] {
  let failed: { error: unknown } | null = null;
  const goesOn = (work: () => void): boolean => {
    try {
      work();
      return true;
    } catch (error) {
      if (!isEnding(error) && classifyCallFailure(error).kind !== 'ended') throw error;
      failed = { error };
      return false;
    }
  };
  const throwFailed = (): void => {
    if (failed) throw failed.error;
  };
  try {
    around.prepare();
  } catch (error) {
    // Thrown again when the recorder has begun the call: the ledger then shows what has failed.
    failed = { error };
  }
  const returns = guest.recorder.call(guest.func(call.index), call.params, {
    ...recorded,
    entering: () =>
      goesOn(() => {
        throwFailed();
        around.entering();
      }),
    returned: (results) => goesOn(() => around.returned(results)),
  });
  throwFailed();
  return returns;
}
