import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { root } from '../paths.ts';
import { runTestProcess, type TestProcess } from './test-process.ts';
import { add, duration, emptyTally, indent, type Tally } from './tally.ts';

export interface TestRun {
  /** Files, relative to the checkout. */
  files: string[];
  /** What starts a Node that can run them: `[command, ...arguments]`. */
  node: readonly string[];
  env: NodeJS.ProcessEnv;
  /** Files that run at the same time. */
  concurrency: number;
  /** Only tests whose name matches this pattern. */
  grep?: string | undefined;
}

/** The test files below a folder of the checkout, relative to the checkout. */
export async function testFilesIn(folder: string): Promise<string[]> {
  const names = await readdir(path.join(root, folder), { recursive: true }).catch(() => []);
  return names
    .filter((name) => /\.test\.(ts|mts|js|mjs)$/.test(name) && !name.includes('node_modules'))
    .map((name) => path.join(folder, name))
    .sort();
}

/** Runs each file in a process of its own, so that none can bring down another, and prints what became of it. */
export async function runTestFiles(run: TestRun): Promise<Tally> {
  const tally = emptyTally();
  const waiting = [...run.files];
  const worker = async () => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const ended = await runTestProcess(file, run);
      add(tally, report(ended, run.grep !== undefined));
    }
  };
  await Promise.all(Array.from({ length: run.concurrency }, worker));
  return tally;
}

/** Counts one file's tests and prints them: a line where all is well, else each failure with its message. */
function report(ended: TestProcess, filtered: boolean): Tally {
  const tally = emptyTally();
  const failures: { name: string; message: string }[] = [];
  for (const test of ended.tests) {
    if (test.skipped !== undefined) {
      // With --grep, Node 20 reports what was left out as skipped.
      if (filtered && test.skipped.startsWith('test name does not match')) continue;
      tally.skipped.push(`${ended.file}: ${test.name}${test.skipped ? ` (${test.skipped})` : ''}`);
    } else if (test.outcome === 'fail') {
      // A suite, or a test around others, that failed only because of them: those are counted.
      if (test.failure?.type === 'subtestsFailed') continue;
      tally.failed += 1;
      failures.push({ name: test.name, message: test.failure?.message ?? 'It failed without a message.' });
    } else if (!test.suite) tally.passed += 1;
  }
  if (ended.problem) {
    tally.failed += 1;
    failures.push({ name: 'the test process', message: ended.problem });
  } else if (ended.tests.length === 0) {
    tally.failed += 1;
    failures.push({ name: 'the test process', message: 'No test ran in this file.' });
  }
  if (filtered && tally.passed + tally.failed + tally.skipped.length === 0) return tally;

  const number = tally.passed + tally.failed;
  const summary = `${number} ${number === 1 ? 'test' : 'tests'}, ${duration(ended.milliseconds)}`;
  console.log(`  ${tally.failed === 0 ? '✓' : '✗'} ${ended.file} (${summary})`);
  for (const failure of failures) {
    console.log(`      ✗ ${failure.name}`);
    console.log(indent(failure.message, '        '));
  }
  if (failures.length > 0 && ended.output.trim() !== '') {
    console.log('      What it printed (the end):');
    console.log(indent(ended.output.trimEnd().split('\n').slice(-40).join('\n'), '      | '));
  }
  return tally;
}
