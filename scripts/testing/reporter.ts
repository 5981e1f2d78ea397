import { writeSync } from 'node:fs';
import type { TestEvent } from 'node:test/reporters';

/** What a test process tells about one test, as a JSON line on file descriptor 3. */
export interface TestReport {
  /** `run`: it begins to run. `start`: its results follow, in the order of the file. `end`: the file is done. */
  event: 'run' | 'start' | 'pass' | 'fail' | 'end';
  name: string;
  /** Depth: 0 for a test at the top of its file. */
  nesting: number;
  suite: boolean;
  /** Present where the test did not run: its reason, perhaps empty. */
  skipped?: string;
  todo?: boolean;
  milliseconds?: number;
  failure?: TestFailure;
}
export interface TestFailure {
  /** node:test's `failureType`: `testCodeFailure`, `subtestsFailed`, `hookFailed`, … */
  type: string;
  message: string;
}

/**
 * A reporter of node:test for scripts/test.ts. Each line is written at once and synchronously, so that what was known is
 * told even where the process dies in native code.
 */
export default async function* reporter(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const event of events) {
    const report = toReport(event);
    if (report) writeSync(3, `${JSON.stringify(report)}\n`);
    yield '';
  }
}

function toReport(event: TestEvent): TestReport | undefined {
  switch (event.type) {
    case 'test:dequeue':
      return { event: 'run', name: event.data.name, nesting: event.data.nesting, suite: false };
    case 'test:start':
      return { event: 'start', name: event.data.name, nesting: event.data.nesting, suite: false };
    case 'test:pass':
    case 'test:fail': {
      const { name, nesting, details, skip, todo } = event.data;
      const report: TestReport = {
        event: event.type === 'test:pass' ? 'pass' : 'fail',
        name,
        nesting,
        suite: details.type === 'suite',
        milliseconds: details.duration_ms,
      };
      if (skip !== undefined && skip !== false) report.skipped = typeof skip === 'string' ? skip : '';
      if (todo !== undefined && todo !== false) report.todo = true;
      if ('error' in details) report.failure = describeFailure(details.error);
      return report;
    }
    case 'test:plan':
      // The plan of the file itself comes after its last test.
      if (event.data.nesting > 0) return undefined;
      return { event: 'end', name: '', nesting: 0, suite: false };
    default:
      return undefined;
  }
}

function describeFailure(error: Error & { failureType?: string; cause?: unknown }): TestFailure {
  const { cause } = error;
  const thrown = cause instanceof Error ? cause : error;
  const message = typeof cause === 'string' ? cause : (thrown.stack ?? thrown.message);
  return { type: error.failureType ?? 'unknown', message };
}
