import path from 'node:path';
import type { CallSummary, Finding } from '../../protocol/boundary.ts';
import { UserError } from '../errors.ts';
import type { FailOn } from './arguments.ts';
import { AdapterClient } from './adapter-client.ts';
import type { ChosenConfiguration } from './launch-file.ts';
import type { Report, Totals } from './report.ts';

/** What this client says of itself. */
const CLIENT = { adapterID: 'kotlin-wasmedge', clientID: 'kotlin-wasmedge-cli' };
/** Calls that are asked for at a time. */
const PAGE = 1000;
/** Severities, the worst first. */
const SEVERITIES = ['error', 'warning', 'info'] as const;

export interface RunOptions {
  /** Absolute path of debug-adapter.js. */
  adapter: string;
  failOn: FailOn;
  report: Report;
  /** What the guest and the debugger print. */
  output: (category: string, text: string) => void;
}

/**
 * Runs a configuration to its end, without stops, and reports its calls.
 *
 * @returns the exit code: 1 where a call or the guest failed, or a finding is as severe as `failOn` says
 * @throws UserError where it cannot be run.
 */
export async function runConfiguration(chosen: ChosenConfiguration, options: RunOptions): Promise<number> {
  const client = new AdapterClient([options.adapter], chosen.folder);
  const interrupted = (): void => void client.close().then(() => process.exit(130));
  process.once('SIGINT', interrupted);
  process.once('SIGTERM', interrupted);
  try {
    const guestExit = await runToEnd(client, chosen, options);
    return await reportCalls(client, options, guestExit);
  } finally {
    process.off('SIGINT', interrupted);
    process.off('SIGTERM', interrupted);
    await client.close();
  }
}

/** Reports the calls of a saved ledger; the exit code is as for a run. @throws UserError where it is none. */
export async function showLedger(
  file: string,
  options: Pick<RunOptions, 'adapter' | 'failOn' | 'report'>,
): Promise<number> {
  const client = new AdapterClient([options.adapter, 'open', path.resolve(file)], process.cwd());
  try {
    await client.request('initialize', CLIENT);
    return await reportCalls(client, options, 0);
  } finally {
    await client.close();
  }
}

/** The guest's exit code. */
async function runToEnd(
  client: AdapterClient,
  { name, configuration }: ChosenConfiguration,
  { output }: RunOptions,
): Promise<number> {
  const initialized = new Promise((resolve) => client.on('initialized', resolve));
  const ended = new Promise<number>((resolve, reject) => {
    let exitCode = 0;
    client.on('output', (body) => {
      const { category = 'console', output: text } = body as { category?: string; output: string };
      output(category, text);
    });
    client.on('exited', (body) => (exitCode = (body as { exitCode: number }).exitCode));
    client.on('terminated', () => resolve(exitCode));
    // Nothing is to stop here; what does, waits for a person.
    client.on('stopped', (body) => {
      const { description = 'The guest stopped', text = '' } = body as {
        description?: string;
        text?: string;
      };
      const why = `${description}, and nobody is here to go on. ${text}`.trim();
      reject(new UserError('bad-configuration', `The configuration “${name}” cannot run unattended: ${why}`));
    });
    client.on('closed', (why) => reject(new UserError('runner-died', String(why))));
  });
  // It is looked at below; a launch that is refused leaves it as it is.
  ended.catch(() => undefined);
  await client.request('initialize', CLIENT);
  const launched = client.request('launch', { ...configuration, stopOnEntry: false });
  await Promise.race([initialized, launched]);
  await client.request('setExceptionBreakpoints', { filters: [] });
  await client.request('configurationDone');
  await launched;
  return ended;
}

async function reportCalls(
  client: AdapterClient,
  { failOn, report }: Pick<RunOptions, 'failOn' | 'report'>,
  guestExit: number,
): Promise<number> {
  const totals: Totals = { calls: 0, failed: 0, findings: { error: 0, warning: 0, info: 0 }, exitCode: 0 };
  for (let total = 1; totals.calls < total;) {
    const page = await client.boundary('boundary/calls', { start: totals.calls, count: PAGE });
    total = page.total;
    if (page.calls.length === 0) break;
    for (const summary of page.calls) {
      totals.calls += 1;
      if (summary.status !== 'returned') totals.failed += 1;
      const more = await detailsOf(client, summary);
      for (const { severity } of more.findings) totals.findings[severity] += 1;
      report.call({ summary, ...more });
    }
  }
  const counted = failOn === 'never' ? [] : SEVERITIES.slice(0, SEVERITIES.indexOf(failOn) + 1);
  const fails =
    totals.failed > 0 || guestExit !== 0 || counted.some((severity) => totals.findings[severity] > 0);
  totals.exitCode = fails ? 1 : 0;
  report.end(totals);
  return totals.exitCode;
}

/** What a summary leaves out of a call with which something is wrong. */
async function detailsOf(
  client: AdapterClient,
  { sequence, problems, status }: CallSummary,
): Promise<{ findings: Finding[]; reason?: string }> {
  if (problems === 0 && status === 'returned') return { findings: [] };
  const { call } = await client.boundary('boundary/call', { sequence });
  return { findings: call.findings, ...(call.reason !== undefined && { reason: call.reason }) };
}
