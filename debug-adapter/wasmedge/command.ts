import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface CommandResult {
  /** Null where a signal ended it. */
  status: number | null;
  stdout: string;
  stderr: string;
}
export interface CommandOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Each line of stdout, as it comes. */
  onLine?: (line: string) => void;
}

/** Runs a program without a shell. @throws the spawn error (`ENOENT`, …) where it cannot be started. */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    if (options.onLine) createInterface({ input: child.stdout }).on('line', options.onLine);
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout, stderr }));
  });
}

/** Runs a program that must succeed; its stdout. @throws Error with the last lines that it wrote to stderr. */
export async function runChecked(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const { status, stdout, stderr } = await runCommand(command, args, options);
  if (status === 0) return stdout;
  const said = (stderr.trim() || stdout.trim()).split('\n').slice(-8).join('\n');
  throw new Error(`${command} ${args.slice(0, 3).join(' ')} failed (${status ?? 'killed'}):\n${said}`);
}

/** Whether a program can be started by that name. */
export async function commandExists(
  command: string,
  args: readonly string[] = ['--version'],
  options: CommandOptions = {},
): Promise<boolean> {
  try {
    return (await runCommand(command, args, options)).status === 0;
  } catch {
    return false;
  }
}
