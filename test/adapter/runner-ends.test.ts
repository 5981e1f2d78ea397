import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { LaunchInput } from '../../protocol/launch.ts';
import { GUESTS, SESSION_LIMIT } from '../support/guests.ts';
import { hostModule } from '../support/host-module.ts';
import { newRunner, type RunnerOptions, startRunner, type TestedRunner } from '../support/runner.ts';

const HANGING_HOST = `
  const never = new Int32Array(new SharedArrayBuffer(4));
  export const imports = {
    rates: { rate_of() { console.log('hanging'); for (;;) Atomics.wait(never, 0, 0); }, scale: (factor) => factor },
    clock: { now: (offset) => offset },
    audit: { note() {} },
    host: { again: () => 0 },
  };`;

/** Waits until the guest has written something. */
async function untilOutput(runner: TestedRunner): Promise<void> {
  while (runner.stdout === '') await new Promise((resolve) => setImmediate(resolve));
}

/** Waits for the first record: the guest runs its call. */
async function untilCalled(runner: TestedRunner): Promise<void> {
  while (runner.records.length === 0) await new Promise((resolve) => setImmediate(resolve));
}

interface Situation {
  name: string;
  configuration: LaunchInput;
  options?: RunnerOptions;
  host?: string;
  /** Resolves when the guest is where it is to be. */
  reached: (runner: TestedRunner) => Promise<unknown>;
  /** How the ledger shows the call's end; undefined where nothing comes back to tell. */
  status?: string;
}

const SITUATIONS: Situation[] = [
  {
    name: 'in a loop without crossings',
    configuration: { program: GUESTS.calls, calls: [{ export: 'loopForever' }] },
    reached: untilCalled,
    status: 'cancelled',
  },
  {
    name: 'in a loop that crosses all the time',
    configuration: { program: GUESTS.calls, calls: [{ export: 'crossForever', argument: 'x' }] },
    reached: untilCalled,
    status: 'cancelled',
  },
  {
    name: 'in a recursion without end',
    configuration: { program: GUESTS.calls, calls: [{ export: 'recurseForever' }], kotlin: false },
    reached: untilCalled,
  },
  {
    name: 'at a stop',
    configuration: { program: GUESTS.greeter, calls: [{ export: 'greet', argument: 'World' }] },
    options: { filters: ['storeArgument'] },
    reached: (runner) => runner.stopped(),
    status: 'cancelled',
  },
  {
    name: 'in a host function that does not return',
    configuration: { program: GUESTS.imports, calls: [{ export: 'convert', params: [100, 1] }] },
    host: HANGING_HOST,
    reached: untilOutput,
  },
];

async function start(t: TestContext, { configuration, options, host }: Situation): Promise<TestedRunner> {
  const whole = host === undefined ? configuration : { ...configuration, host: await hostModule(t, host) };
  return startRunner(t, whole, options);
}

describe('terminate ends the guest', SESSION_LIMIT, () => {
  for (const situation of SITUATIONS) {
    it(situation.name, async (t) => {
      const runner = await start(t, situation);
      await situation.reached(runner);
      await runner.request('terminate', {});
      const finished = await runner.next('finished');
      assert.equal(finished.reason, 'terminated');
      await runner.exited();
      if (situation.status === undefined) return;
      const last = runner.records.at(-1);
      assert.equal(last?.kind === 'callEnd' && last.status, situation.status);
    });
  }

  it('before it was started', async (t) => {
    const runner = await newRunner(t, SITUATIONS[0]?.configuration ?? { program: '' });
    await runner.request('load', { plan: runner.plan });
    await runner.request('terminate', {});
    assert.equal((await runner.next('finished')).reason, 'terminated');
    await runner.exited();
  });
});

describe('a runner whose adapter is gone leaves nothing behind', SESSION_LIMIT, () => {
  for (const situation of SITUATIONS) {
    it(situation.name, async (t) => {
      const runner = await start(t, situation);
      await situation.reached(runner);
      runner.hangUp();
      await runner.exited();
    });
  }

  it('before anything was loaded', async (t) => {
    const runner = await newRunner(t, SITUATIONS[0]?.configuration ?? { program: '' });
    runner.hangUp();
    await runner.exited();
  });
});

describe('a guest that takes more memory than it may is ended', SESSION_LIMIT, () => {
  for (const name of ['recurseForever', 'growMemoryForever', 'allocateForever']) {
    it(name, async (t) => {
      const configuration: LaunchInput = {
        program: GUESTS.calls,
        calls: [{ export: 'noParameters' }, { export: name }, { export: 'noParameters' }],
        limits: { memory: '300MiB' },
        // Rewritten, the recursion ends at the depth that is allowed.
        kotlin: false,
      };
      const runner = await startRunner(t, configuration);
      const exceeded = await runner.next('limitExceeded');
      assert.equal(exceeded.limitBytes, 300 * 2 ** 20);
      assert.ok(exceeded.usedBytes > exceeded.limitBytes);
      assert.equal(exceeded.sequence, 1, 'the call that did it');
      const finished = await runner.next('finished');
      assert.deepEqual([finished.reason, finished.exitCode], ['failed', 1]);
      await runner.exited();
      const calls = runner.records.filter(({ kind }) => kind === 'callBegin');
      assert.equal(calls.length, 2, 'no call is made after that');
    });
  }
});

describe('proc_exit', SESSION_LIMIT, () => {
  it('ends the session with its code', async (t) => {
    const configuration: LaunchInput = {
      program: GUESTS.wasi,
      calls: [
        { export: 'exit', params: [7] },
        { export: 'exit', params: [8] },
      ],
    };
    const runner = await startRunner(t, configuration);
    const finished = await runner.next('finished');
    assert.deepEqual([finished.reason, finished.exitCode], ['exited', 7]);
  });
});
