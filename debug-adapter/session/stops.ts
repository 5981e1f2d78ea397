import type { Stop } from '../../protocol/runner.ts';
import { placeText } from '../boundary/checks/finding.ts';
import { THREAD_ID, type SessionContext } from './context.ts';
import { entriesOf } from './guest-stack.ts';
import { announceMemory } from './memory.ts';
import type { Run } from './run.ts';

/** Sequence of the call at which a run is stopped: the innermost frame's; null while it runs or outside calls. */
export function currentSequence(run: Run | null): number | null {
  for (const frame of run?.stop?.frames ?? []) {
    if (frame.kind !== 'entry' && frame.sequence !== null) return frame.sequence;
  }
  return null;
}

/** Sends `stopped`, after everything that belongs before it: the ledger's change, and fresh ids. */
export function announceStop(context: SessionContext, stop: Stop): void {
  forgetStop(context);
  context.frameIds = stop.frames
    .flatMap((frame, index) => entriesOf(context.run, frame, index))
    .map((entry) => context.frames.add(entry));
  recordProblem(context, stop);
  context.changes.changed();
  context.changes.flush();
  context.sendEvent('stopped', {
    reason: dapReason(stop),
    description: describeStop(stop),
    ...(stop.problem ? { text: stop.problem.message } : {}),
    threadId: THREAD_ID,
    allThreadsStopped: true,
    ...(stop.breakpointIds.length === 0 ? {} : { hitBreakpointIds: stop.breakpointIds }),
  });
  announceMemory(context);
}

/** The guest goes on or ends: ids of the stop are void. */
export function forgetStop(context: SessionContext): void {
  if (context.frameIds.length > 0) context.changes.changed();
  context.frames.clear();
  context.frameIds = [];
  context.variables.clear();
  context.stepTargets.clear();
}

/**
 * What a host function threw becomes a finding of its call. The boundary's own problems are told and found elsewhere,
 * stop or not; a trap is the call's end and its reason.
 */
function recordProblem(context: SessionContext, stop: Stop): void {
  const sequence = currentSequence(context.run);
  if (!stop.problem || sequence === null || stop.reason !== 'host exception') return;
  const { code, message } = stop.problem;
  const [top] = stop.frames;
  const at = top?.kind === 'import' ? ({ kind: 'import', index: top.importIndex } as const) : null;
  context.ledger.addFinding(sequence, { code, message, severity: 'error', at });
}

/** DAP knows no callbacks: a stop that a filter asked for is like one at a function breakpoint. */
function dapReason(stop: Stop): string {
  switch (stop.reason) {
    case 'entry':
    case 'step':
    case 'pause':
    case 'breakpoint':
    case 'data breakpoint':
    case 'function breakpoint':
      return stop.reason;
    case 'storeArgument':
    case 'returnResult':
    case 'import':
      return 'function breakpoint';
    case 'unresolved import':
      // Nothing has gone wrong: it waits.
      return 'pause';
    default:
      return 'exception';
  }
}

/** `the guest wrote 4 bytes at 0x10a0`. */
function accessText({ access }: Stop): string {
  if (!access) return 'memory was reached';
  return `the ${access.by} ${access.kind === 'read' ? 'read' : 'wrote'} ${placeText(access)}`;
}

function describeStop(stop: Stop): string {
  switch (stop.reason) {
    case 'entry':
      return 'Paused on entry';
    case 'storeArgument':
      return 'Paused on an argument';
    case 'returnResult':
      return 'Paused on a result';
    case 'import':
      return 'Paused on host import';
    case 'unresolved import':
      return 'Waiting for what an import returns';
    case 'function breakpoint':
      return 'Paused on function breakpoint';
    case 'breakpoint':
      return 'Paused on breakpoint';
    case 'data breakpoint':
      return `Paused on data breakpoint: ${accessText(stop)}`;
    case 'step':
      return stop.at === 'call begin'
        ? 'Paused at the beginning of a call'
        : stop.at === 'call end'
          ? 'Paused at the end of a call'
          : 'Paused on step';
    case 'pause':
      return 'Paused';
    case 'boundary problem':
      return stop.problem?.code.endsWith('-outside-memory')
        ? 'Paused on a buffer outside memory'
        : 'Paused on a boundary problem';
    case 'host exception':
      return 'Paused on an exception of a host function';
    case 'trap':
      return 'Paused on trap';
    case 'exception':
      return 'Paused on a Kotlin exception';
    case 'uncaught exception':
      return 'Paused on an uncaught Kotlin exception';
  }
}
