import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { root } from '../../scripts/paths.ts';
import { ADAPTER } from './dap-client.ts';

const CLI = path.join(path.dirname(ADAPTER), 'cli.js');

/** How a run of the command line ended. */
export interface Outcome {
  code: unknown;
  stdout: string;
  stderr: string;
}

/** Runs `kotlin-wasmedge` to its end. */
export async function cli(args: string[], cwd = root): Promise<Outcome> {
  const child = spawn(process.execPath, [CLI, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const exit = once(child, 'close');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = (await exit) as unknown[];
  return { code, stdout, stderr };
}
