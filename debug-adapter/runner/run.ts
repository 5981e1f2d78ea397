import type { FromRunner } from '../../protocol/runner.ts';
import type { CallStack } from './calls.ts';
import type { Channel } from './channel.ts';
import type { Debugger } from './debugger.ts';
import { classifyCallFailure } from './engine-failures.ts';
import { GuestEnded } from './failures.ts';
import { EntryFrame } from './frames.ts';
import type { Guest } from './guest.ts';
import type { GuestCaller } from './guest-caller.ts';
import { outOfMemory, terminated } from './last-messages.ts';
import { Ending } from './signals.ts';

type Finished = FromRunner & { type: 'finished' };

/** Thrown out of the run when the guest ends the session itself. */
class GuestExited extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`proc_exit(${exitCode})`);
    this.exitCode = exitCode;
  }
}

export interface RunParts {
  guest: Guest;
  calls: CallStack;
  caller: GuestCaller;
  debugging: Debugger;
  channel: Channel;
}

/** Runs the entry, then the planned calls. Returns the session's last message. */
export function runGuest(parts: RunParts): Finished {
  try {
    const entered = runEntry(parts);
    const called = entered && runCalls(parts);
    parts.calls.arrays?.finish();
    if (parts.channel.ending !== Ending.no) throw new GuestEnded();
    if (!entered) {
      return {
        type: 'finished',
        exitCode: 1,
        reason: 'failed',
        message: `${parts.guest.entry} failed, so that no call was made.`,
      };
    }
    return { type: 'finished', exitCode: called ? 0 : 1, reason: 'completed' };
  } catch (thrown) {
    if (thrown instanceof GuestExited)
      return { type: 'finished', exitCode: thrown.exitCode, reason: 'exited' };
    if (!(thrown instanceof GuestEnded)) throw thrown;
    return parts.channel.ending === Ending.memoryLimit ? outOfMemory() : terminated();
  }
}

/** Ends the session where the guest or the user wants that. @throws GuestExited, GuestEnded */
function endIfWanted(thrown: unknown): void {
  const failure = classifyCallFailure(thrown);
  if (failure.kind === 'ended') throw new GuestEnded();
  if (failure.kind === 'exited') throw new GuestExited(failure.exitCode);
}

/** _start or _initialize: no call of the ledger. False where it failed. */
function runEntry({ guest, calls, debugging }: RunParts): boolean {
  const { entry } = guest;
  if (entry === null) return true;
  const frame = new EntryFrame(entry);
  return calls.within(frame, () => {
    debugging.entryBegins(
      frame,
      guest.plan.exports.findIndex(({ name }) => name === entry),
    );
    try {
      guest.exported(entry).call();
      return true;
    } catch (thrown) {
      debugging.callFailed(frame, thrown);
      endIfWanted(thrown);
      return false;
    }
  });
}

/** False where one of the calls failed. */
function runCalls({ guest, caller }: RunParts): boolean {
  let succeeded = true;
  for (const planned of guest.plan.calls) {
    const types = guest.plan.exports[planned.exportIndex]?.type.params ?? [];
    caller.callPlanned(planned, types, (thrown) => {
      endIfWanted(thrown);
      succeeded = false;
    });
  }
  return succeeded;
}
