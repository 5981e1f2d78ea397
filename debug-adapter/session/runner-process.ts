import type { ChildProcess } from 'node:child_process';
import type { Duplex, Readable } from 'node:stream';
import type { RunnerCommand, RunnerRequests } from '../../protocol/runner.ts';
import { RunnerChannel, type ChannelListener } from './runner-channel.ts';

/** How the process ended: by a code, by a signal, or without having started. */
export interface RunnerExit {
  code: number | null;
  signal: NodeJS.Signals | null;
  startError?: Error;
}

/**
 * ms that a terminated runner gets to end by itself before it is killed: it takes 60 itself to end a guest that hangs, and
 * 100 is what a person waits at most (design.md §7).
 */
const TERMINATE_GRACE_MS = 85;

/** The child process that runs the guest: fd 1 and 2 are the guest's, fd 3 is the control channel. */
export class RunnerProcess {
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves when it has ended and its pipes have been read to their ends. */
  readonly exited: Promise<RunnerExit>;
  readonly #child: ChildProcess;
  readonly #control: Duplex;
  #channel: RunnerChannel | undefined;
  #killTimer: NodeJS.Timeout | undefined;
  #hasEnded = false;

  /** @param child as `startRunner` starts it; it gets ready while its guest is still being read, then comes `connect` */
  constructor(child: ChildProcess) {
    this.#child = child;
    const [, stdout, stderr, control] = this.#child.stdio;
    this.stdout = stdout as Readable;
    this.stderr = stderr as Readable;
    this.#control = control as Duplex;
    this.exited = new Promise((resolve) => {
      const ended = (exit: RunnerExit): void => {
        clearTimeout(this.#killTimer);
        this.#hasEnded = true;
        this.#channel?.close('The runner has ended.');
        resolve(exit);
      };
      this.#child.once('close', (code, signal) => ended({ code, signal }));
      this.#child.once('error', (startError) => {
        if (this.#child.pid === undefined) ended({ code: null, signal: null, startError });
      });
    });
  }

  /** Takes up the control channel, before the first request. */
  connect(listener: ChannelListener): void {
    this.#channel = new RunnerChannel(this.#control, listener);
    if (this.#hasEnded) this.#channel.close('The runner has ended.');
  }

  /** Ends a process that was never connected. */
  async discard(): Promise<void> {
    // Streams that nobody reads would hold up the end.
    for (const stream of [this.stdout, this.stderr, this.#control]) stream.destroy();
    this.kill();
    await this.exited;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  request<C extends RunnerCommand>(
    command: C,
    args: RunnerRequests[C]['arguments'],
  ): Promise<RunnerRequests[C]['body']> {
    if (!this.#channel) throw new Error('The runner is not connected.');
    return this.#channel.request(command, args);
  }

  /** Ends the guest: asks it to, and kills the process if it has not ended within the grace time. */
  terminate(): void {
    this.#killTimer ??= setTimeout(() => this.kill(), TERMINATE_GRACE_MS);
    this.request('terminate', {}).catch(() => {
      // It ended first, or the timer will see to it.
    });
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}
