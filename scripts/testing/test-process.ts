import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { root } from '../paths.ts';
import type { TestFailure, TestReport } from './reporter.ts';
import type { TestRun } from './test-files.ts';

/** A file that takes longer hangs. */
const LIMIT_MS = 10 * 60_000;
/** Characters of a test process's own output that are kept. */
const OUTPUT_LIMIT = 64 * 1024;

export interface TestProcess {
  file: string;
  tests: {
    name: string;
    outcome: 'pass' | 'fail';
    suite: boolean;
    skipped?: string;
    failure?: TestFailure;
  }[];
  /** Why the process itself must count as failed: it crashed, hung, or said nothing about a failure. */
  problem?: string;
  /** What it wrote to stdout and stderr. */
  output: string;
  milliseconds: number;
}

const running = new Set<ChildProcess>();

/** Ends every test process and what they started; for an interrupted run. */
export function killTestProcesses(): void {
  for (const child of running) killGroup(child);
}

/**
 * Runs one file by itself: `node FILE` runs its tests as `node --test` would, and needs no second process, which could
 * not be started where Node runs under a dynamic loader of its own.
 */
export async function runTestProcess(file: string, run: TestRun): Promise<TestProcess> {
  const [command = process.execPath, ...first] = run.node;
  const reporter = path.join(root, 'scripts/testing/reporter.ts');
  const args = [
    ...first,
    '--import',
    'tsx',
    `--test-reporter=${reporter}`,
    '--test-reporter-destination=stdout',
  ];
  if (run.grep !== undefined) args.push(`--test-name-pattern=${run.grep}`);
  const start = performance.now();
  const child = spawn(command, [...args, path.join(root, file)], {
    cwd: root,
    env: run.env,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    // A process group of its own: what a test leaves behind can be ended with it.
    detached: true,
  });
  running.add(child);
  const ended: TestProcess = { file, tests: [], output: '', milliseconds: 0 };
  const keep = (text: string) => (ended.output = (ended.output + text).slice(-OUTPUT_LIMIT));
  child.stdout?.setEncoding('utf8').on('data', keep);
  child.stderr?.setEncoding('utf8').on('data', keep);
  const names: string[] = [];
  const begun: string[] = [];
  let done = false as boolean;
  createInterface({ input: child.stdio[3] as NodeJS.ReadableStream }).on('line', (line) => {
    const report = JSON.parse(line) as TestReport;
    if (report.event === 'end') done = true;
    else note(ended, names, begun, report);
  });
  let hung = false as boolean;
  const watchdog = setTimeout(() => {
    hung = true;
    killGroup(child);
  }, LIMIT_MS);
  // What it left running would hold its pipes open.
  child.on('exit', () => killGroup(child));
  const { code, signal, error } = await new Promise<{
    code: number | null;
    signal: NodeJS.Signals | null;
    error?: Error;
  }>((resolve) => {
    child.on('error', (startError) => resolve({ code: null, signal: null, error: startError }));
    child.on('close', (exitCode, exitSignal) => resolve({ code: exitCode, signal: exitSignal }));
  });
  clearTimeout(watchdog);
  running.delete(child);
  ended.milliseconds = performance.now() - start;

  const during = begun.length > 0 ? ` while "${begun.at(-1) ?? ''}" ran` : '';
  if (error) ended.problem = `It could not be started: ${error.message}`;
  else if (hung)
    ended.problem = `It did not end within ${LIMIT_MS / 60_000} minutes and was killed${during}.`;
  else if (signal) ended.problem = `It died of ${signal}${during}.`;
  else if (code !== 0 && !ended.tests.some(({ outcome }) => outcome === 'fail')) {
    ended.problem = `It ended with exit code ${code ?? 'unknown'}${during}, but no test failed.`;
  } else if (!done) ended.problem = `It ended before its tests were done${during}.`;
  return ended;
}

/** Takes a report in. `names` are those of the reported test's ancestors; `begun` the tests without a result yet. */
function note(ended: TestProcess, names: string[], begun: string[], report: TestReport): void {
  if (report.event === 'run') {
    begun.push(report.name);
    return;
  }
  names.length = Math.min(names.length, report.nesting);
  if (report.event === 'start') {
    names.push(report.name);
    return;
  }
  const at = begun.lastIndexOf(report.name);
  if (at >= 0) begun.splice(at, 1);
  ended.tests.push({
    name: [...names, report.name].join(' › '),
    outcome: report.event === 'fail' ? 'fail' : 'pass',
    suite: report.suite,
    ...(report.skipped !== undefined && { skipped: report.skipped }),
    ...(report.failure && { failure: report.failure }),
  });
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nothing is left of the group.
  }
}
