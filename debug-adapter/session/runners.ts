import { UserError } from '../errors.ts';
import type { LocatedWasmEdge } from '../wasmedge/provided.ts';
import { RunnerProcess } from './runner-process.ts';
import { startRunner, type Standby } from './runner-start.ts';

/**
 * Where a session's runners come from. A runner takes about as long to start as the adapter itself, so one may have been
 * started with the WasmEdge that is found without a configuration; if the launch turns out to want another, it is ended
 * and the right one started.
 */
export class Runners {
  readonly #script: string | null;
  /** Null once it was taken. */
  #standby: { wasmedge: LocatedWasmEdge; runner: RunnerProcess } | null;

  /**
   * @param script absolute path of dist/runner.js; null: for a saved ledger, which runs nothing
   * @param ahead one that has been started already
   */
  constructor(script: string | null, ahead: Standby | null = null) {
    this.#script = script;
    this.#standby = ahead && { wasmedge: ahead.wasmedge, runner: new RunnerProcess(ahead.process) };
  }

  /**
   * A runner that is not connected yet.
   *
   * @param stdin file descriptor that becomes the guest's standard input, or none
   */
  async take(wasmedge: LocatedWasmEdge, stdin: number | 'ignore'): Promise<RunnerProcess> {
    const standby = this.#takeStandby();
    if (standby) {
      if (stdin === 'ignore' && standby.wasmedge.library === wasmedge.library) return standby.runner;
      await standby.runner.discard();
    }
    if (this.#script === null) {
      throw new UserError('bad-configuration', 'This is a saved ledger: no guest can be launched here.');
    }
    return new RunnerProcess(startRunner(this.#script, wasmedge, stdin));
  }

  /** Ends the one that nobody took. */
  async close(): Promise<void> {
    await this.#takeStandby()?.runner.discard();
  }

  #takeStandby(): { wasmedge: LocatedWasmEdge; runner: RunnerProcess } | null {
    const standby = this.#standby;
    this.#standby = null;
    return standby;
  }
}
