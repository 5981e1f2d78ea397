import { UserError } from '../errors.ts';
import { locateWasmEdge } from '../wasmedge/locate.ts';
import type { LocatedWasmEdge } from '../wasmedge/provided.ts';
import { RunnerProcess } from './runner-process.ts';

/** A process that loads a WasmEdge and waits. */
interface Standby {
  wasmedge: LocatedWasmEdge;
  runner: RunnerProcess;
}

/**
 * Where a session's runners come from. A runner takes about as long to start as the adapter itself, so one is started as
 * soon as this is made, with the WasmEdge that is found without a configuration; if the launch turns out to want another,
 * it is ended and the right one started.
 */
export class Runners {
  readonly #script: string | null;
  /** Null where there is no WasmEdge to start it with, and once it was taken. */
  #standby: Standby | null;

  /** @param script absolute path of dist/runner.js; null: for a saved ledger, which runs nothing */
  constructor(script: string | null) {
    this.#script = script;
    this.#standby = script === null ? null : this.#startAhead(script);
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
    return new RunnerProcess(this.#script, wasmedge, stdin);
  }

  /** Ends the one that nobody took. */
  async close(): Promise<void> {
    await this.#takeStandby()?.runner.discard();
  }

  #startAhead(script: string): Standby | null {
    try {
      const wasmedge = locateWasmEdge();
      return { wasmedge, runner: new RunnerProcess(script, wasmedge, 'ignore') };
    } catch (error) {
      // What is missing is said at the launch, which may name another.
      if (error instanceof UserError) return null;
      throw error;
    }
  }

  #takeStandby(): Standby | null {
    const standby = this.#standby;
    this.#standby = null;
    return standby;
  }
}
