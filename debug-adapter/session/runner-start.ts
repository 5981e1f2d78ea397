import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { UserError } from '../errors.ts';
import { PRELOAD_VARIABLE } from '../runner/preload.ts';
import { locateWasmEdge } from '../wasmedge/locate.ts';
import { nodeCommand, type LocatedWasmEdge } from '../wasmedge/provided.ts';

/** The runner's program, beside the adapter's own. */
export const RUNNER_SCRIPT = path.join(import.meta.dirname, 'runner.js');

/** A process that loads a WasmEdge and waits. */
export interface Standby {
  wasmedge: LocatedWasmEdge;
  process: ChildProcess;
}

/**
 * Starts a runner's process: fd 1 and 2 are the guest's, fd 3 is the control channel.
 *
 * @param script absolute path of dist/runner.js
 * @param stdin file descriptor that becomes the guest's standard input, or none: then it is empty
 */
export function startRunner(
  script: string,
  wasmedge: LocatedWasmEdge,
  stdin: number | 'ignore',
): ChildProcess {
  const [command, ...args] = nodeCommand(wasmedge, process.execPath);
  return spawn(command, [...args, script], {
    stdio: [stdin, 'pipe', 'pipe', 'pipe'],
    // VS Code's Electron runs as Node with this. The guest sees none of the environment (design.md §5).
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', [PRELOAD_VARIABLE]: wasmedge.library },
    windowsHide: true,
  });
}

/** Starts one with the WasmEdge that is found without a configuration; null where there is none. */
export function startRunnerAhead(script: string): Standby | null {
  try {
    const wasmedge = locateWasmEdge();
    return { wasmedge, process: startRunner(script, wasmedge, 'ignore') };
  } catch (error) {
    // What is missing is said at the launch, which may name another.
    if (error instanceof UserError) return null;
    throw error;
  }
}
