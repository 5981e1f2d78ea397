import { constants } from 'node:os';
import type { FromRunner } from '../../protocol/runner.ts';
import type { RunnerExit } from './runner-process.ts';

type Finished = Extract<FromRunner, { type: 'finished' }>;
type LimitExceeded = Extract<FromRunner, { type: 'limitExceeded' }>;

/** What is known when a runner has ended. */
export interface EndFacts {
  exit: RunnerExit;
  finished: Finished | undefined;
  limit: LimitExceeded | undefined;
  /** The client asked for it: terminate, disconnect or restart. */
  asked: boolean;
  /** What the guest and the engine last wrote to stderr. */
  stderrTail: string;
  /** `greet (callId 3)`: what was running; undefined outside any call. */
  running: string | undefined;
}

export interface RunEnd {
  exitCode: number;
  /** How calls that were still running are marked. */
  status: 'trapped' | 'cancelled';
  /** One sentence or a few; for the person and for the calls that were running. */
  reason: string;
  /** Nobody wanted it: it died, or took too much. A person must see it. */
  isUnwanted: boolean;
}

/** Puts into words how a run ended. */
export function explainEnd(facts: EndFacts): RunEnd {
  const { exit, finished, limit, asked } = facts;
  if (limit) {
    return {
      exitCode: finished?.exitCode ?? exitCodeOf(exit),
      status: 'cancelled',
      reason: limitSentence(limit, facts),
      isUnwanted: true,
    };
  }
  if (finished)
    return {
      exitCode: finished.exitCode,
      status: 'cancelled',
      reason: finishedSentence(finished),
      isUnwanted: false,
    };
  if (asked) {
    return {
      exitCode: exitCodeOf(exit),
      status: 'cancelled',
      reason: 'The guest was ended at your request.',
      isUnwanted: false,
    };
  }
  return { exitCode: exitCodeOf(exit), status: 'trapped', reason: deathSentence(facts), isUnwanted: true };
}

/** As shells have it: 128 and the signal's number. */
function exitCodeOf({ code, signal }: RunnerExit): number {
  return code ?? (signal ? 128 + constants.signals[signal] : 1);
}

function finishedSentence({ reason, exitCode, message }: Finished): string {
  const detail = message === undefined ? '' : ` ${message}`;
  switch (reason) {
    case 'completed':
      return `The guest has ended with exit code ${exitCode}.${detail}`;
    case 'exited':
      return `The guest has ended itself (proc_exit) with exit code ${exitCode}.${detail}`;
    case 'terminated':
      return `The guest was ended at your request.${detail}`;
    case 'failed':
      return `The guest has failed; exit code ${exitCode}.${detail}`;
  }
}

export function formatBytes(bytes: number): string {
  for (const [unit, size] of [
    ['GiB', 2 ** 30],
    ['MiB', 2 ** 20],
    ['KiB', 2 ** 10],
  ] as const) {
    if (bytes >= size) return `${Number((bytes / size).toFixed(bytes % size === 0 ? 0 : 1))} ${unit}`;
  }
  return `${bytes} bytes`;
}

function limitSentence(limit: LimitExceeded, { running }: EndFacts): string {
  const where = running === undefined ? 'outside any call' : `in ${running}`;
  return (
    `The guest was ended ${where}: its process took ${formatBytes(limit.usedBytes)}, more than the limit of ` +
    `${formatBytes(limit.limitBytes)}. Look for recursion or growth without end, or raise "limits.memory" in launch.json.`
  );
}

const SIGNAL_MEANINGS: Partial<Record<NodeJS.Signals, string>> = {
  SIGKILL: 'something killed it (the system does so when memory runs out)',
  SIGTERM: 'something asked it to end',
  SIGSEGV: 'it used memory that is not its own, which is a defect of WasmEdge or of this debugger',
  SIGABRT: 'WasmEdge gave up',
  SIGBUS: 'memory could not be had',
  SIGILL: 'it ran an instruction that this processor does not have',
};

function deathSentence({ exit, stderrTail, running }: EndFacts): string {
  const where = running === undefined ? '' : ` while ${running} was running`;
  if (exit.startError) {
    return `The runner could not be started: ${exit.startError.message}. Is WasmEdge complete, and this Node one that can be run?`;
  }
  const how = exit.signal ? `ended by ${exit.signal}` : `with exit code ${exit.code ?? 'unknown'}`;
  if (exit.signal === 'SIGABRT' && /bad_alloc|out of memory|allocation fail/i.test(stderrTail)) {
    return (
      `The runner has died${where} (${how}): memory ran out. Endless recursion does this, as WasmEdge's own stack grows ` +
      'until no memory is left; so does growth without end. A lower "limits.memory" in launch.json ends the guest earlier.'
    );
  }
  const meaning = exit.signal ? SIGNAL_MEANINGS[exit.signal] : undefined;
  const words = lastWords(stderrTail);
  return (
    `The runner has died${where} (${how}${meaning === undefined ? '' : `: ${meaning}`}), and the guest with it.` +
    `${words === '' ? '' : ` Its last words: ${words}.`} Restart to try again.`
  );
}

/** The error in what was written last, as far as one can be told: Node writes its own version after it. */
function lastWords(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  const spoken = lines.filter((line) => line !== '' && !/^(?:at |Node\.js v|\^)/.test(line));
  const error = spoken.findLast((line) => /\b\w*Error\b|terminate called|what\(\)/.test(line));
  return (error ?? spoken.at(-1) ?? '').slice(0, 300).replace(/\.$/, '');
}
