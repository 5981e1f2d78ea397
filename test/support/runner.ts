import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import type { TestContext } from 'node:test';
import { type BoundaryRecord, readRecords } from 'wasmedge-napi/records.js';
import { RunnerChannel } from '../../debug-adapter/session/runner-channel.ts';
import { prepareLaunch } from '../../debug-adapter/session/prepare.ts';
import { Runners } from '../../debug-adapter/session/runners.ts';
import { nodeCommand } from '../../debug-adapter/wasmedge/provided.ts';
import { type LaunchInput, launchSchema } from '../../protocol/launch.ts';
import type {
  FilterName,
  FromRunner,
  RunnerCommand,
  RunnerPlan,
  RunnerRequests,
  Stop,
  StopPlan,
} from '../../protocol/runner.ts';
import { root } from '../../scripts/paths.ts';
import { ADAPTER } from './dap-client.ts';
import { assertNoneLeft, processTree } from './processes.ts';

type Message = Exclude<FromRunner, { type: 'answer' | 'failed' }>;

const RUNNER_SCRIPT = path.join(path.dirname(ADAPTER), 'runner.js');

/** The built runner as the adapter starts it, without the adapter. */
export class TestedRunner {
  readonly plan: RunnerPlan;
  readonly records: BoundaryRecord[] = [];
  readonly control: Duplex;
  readonly #child: ChildProcess;
  readonly #channel: RunnerChannel;
  readonly #messages: Message[] = [];
  #arrived: () => void = () => undefined;
  /** What the guest wrote to standard output. */
  stdout = '';

  constructor(plan: RunnerPlan, command: readonly string[], env: NodeJS.ProcessEnv) {
    this.plan = plan;
    const [file = '', ...args] = command;
    this.#child = spawn(file, [...args, RUNNER_SCRIPT], {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    this.control = this.#child.stdio[3] as Duplex;
    this.#channel = new RunnerChannel(this.control, {
      records: (batch) => {
        for (const record of readRecords(batch)) this.records.push(record);
      },
      message: (message) => {
        this.#messages.push(message);
        this.#arrived();
      },
      broken: (problem) => assert.fail(problem),
    });
  }

  get pid(): number {
    assert.ok(this.#child.pid);
    return this.#child.pid;
  }

  request<C extends RunnerCommand>(
    command: C,
    args: RunnerRequests[C]['arguments'],
  ): Promise<RunnerRequests[C]['body']> {
    return this.#channel.request(command, args);
  }

  /** The next message of this type; those before it are left out. */
  async next<T extends Message['type']>(type: T): Promise<Extract<Message, { type: T }>> {
    for (;;) {
      const message = this.#messages.shift();
      if (message?.type === type) return message as Extract<Message, { type: T }>;
      assert.notEqual(message?.type, 'finished', `the guest ended before “${type}”`);
      if (!message) await new Promise<void>((resolve) => (this.#arrived = resolve));
    }
  }

  async stopped(): Promise<Stop> {
    return (await this.next('stopped')).stop;
  }
  async resume(step: 'continue' | 'into' | 'over' | 'out' = 'continue'): Promise<void> {
    await this.request('resume', { step });
  }
  /** Evaluates at the innermost frame; the value's text. */
  async evaluate(expression: string): Promise<string> {
    return (await this.request('evaluate', { frame: 0, expression })).value;
  }

  /** As an adapter that is gone. */
  hangUp(): void {
    this.#channel.close('The test has hung up.');
  }

  /** Resolves when the process is gone and its output has been read. */
  async exited(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'close');
  }
}

export interface RunnerOptions {
  filters?: FilterName[];
  functions?: StopPlan['functions'];
  env?: NodeJS.ProcessEnv;
  /** Changes what the adapter would have planned. */
  change?: (plan: RunnerPlan) => void;
}

/** A runner that has loaded nothing yet. When the test ends it is hung up on, and must be gone. */
export async function newRunner(
  t: TestContext,
  configuration: LaunchInput,
  options: RunnerOptions = {},
): Promise<TestedRunner> {
  const prepared = await prepareLaunch(launchSchema.parse(configuration), new Runners(RUNNER_SCRIPT));
  // The test's own runner has another environment, and a channel that the test reads.
  await prepared.runner.discard();
  t.after(() => prepared.kotlin?.release());
  options.change?.(prepared.plan);
  const command = nodeCommand(prepared.wasmedge, process.execPath);
  const runner = new TestedRunner(prepared.plan, command, options.env ?? {});
  t.after(async () => {
    const processes = await processTree(runner.pid);
    runner.hangUp();
    await runner.exited();
    await assertNoneLeft(processes);
  });
  return runner;
}

/** A runner whose guest runs. */
export async function startRunner(
  t: TestContext,
  configuration: LaunchInput,
  options: RunnerOptions = {},
): Promise<TestedRunner> {
  const runner = await newRunner(t, configuration, options);
  await runner.request('load', { plan: runner.plan });
  const filters = (options.filters ?? []).map((filter) => ({ filter }));
  await runner.request('setStops', { stops: { functions: options.functions ?? [], filters } });
  await runner.request('start', {});
  return runner;
}
