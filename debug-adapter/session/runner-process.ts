import { spawn, type ChildProcess } from 'node:child_process';
import type { Duplex, Readable } from 'node:stream';
import type { FromRunner, RunnerCommand, RunnerRequests } from '../../protocol/runner.ts';
import { nodeCommand, type LocatedWasmEdge } from '../wasmedge/provided.ts';
import { PRELOAD_VARIABLE } from '../runner/preload.ts';
import { RunnerChannel } from './runner-channel.ts';

/** How the process ended: one of the two. */
export interface RunnerExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface RunnerListener {
  records(batch: Uint8Array): void;
  message(message: Exclude<FromRunner, { type: 'answer' | 'failed' }>): void;
  /** Something on the control channel could not be read. */
  broken(problem: string): void;
  /** After the last message and the last byte of stdout and stderr. */
  exited(exit: RunnerExit): void;
  /** It could not be started. */
  failedToStart(error: Error): void;
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
  readonly exited: Promise<void>;
  readonly #child: ChildProcess;
  readonly #channel: RunnerChannel;
  #killTimer: NodeJS.Timeout | undefined;

  /** @param stdin file descriptor that becomes the guest's standard input, or none: then it is empty. */
  constructor(
    runnerScript: string,
    wasmedge: LocatedWasmEdge,
    stdin: number | 'ignore',
    listener: RunnerListener,
  ) {
    const [command, ...args] = nodeCommand(wasmedge, process.execPath);
    this.#child = spawn(command, [...args, runnerScript], {
      stdio: [stdin, 'pipe', 'pipe', 'pipe'],
      // VS Code's Electron runs as Node with this. The guest sees none of the environment (design.md §5).
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', [PRELOAD_VARIABLE]: wasmedge.library },
      windowsHide: true,
    });
    const [, stdout, stderr, control] = this.#child.stdio;
    this.stdout = stdout as Readable;
    this.stderr = stderr as Readable;
    this.#channel = new RunnerChannel(control as Duplex, listener);
    this.exited = new Promise((resolve) => {
      // `close` comes when the process has ended and its pipes have been read to their ends.
      this.#child.once('close', (code, signal) => {
        clearTimeout(this.#killTimer);
        this.#channel.close('The runner has ended.');
        listener.exited({ code, signal });
        resolve();
      });
      this.#child.once('error', (error) => {
        this.#channel.close(`The runner could not be started: ${error.message}`);
        listener.failedToStart(error);
        if (this.#child.pid === undefined) resolve();
      });
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  request<C extends RunnerCommand>(
    command: C,
    args: RunnerRequests[C]['arguments'],
  ): Promise<RunnerRequests[C]['body']> {
    return this.#channel.request(command, args);
  }

  /** Ends the guest: asks it to, and kills the process if it has not ended within the grace time. */
  terminate(): void {
    this.#killTimer ??= setTimeout(() => this.kill(), TERMINATE_GRACE_MS);
    this.#channel.request('terminate', {}).catch(() => {
      // It ended first, or the timer will see to it.
    });
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}
