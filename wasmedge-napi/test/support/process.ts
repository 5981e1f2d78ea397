import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * The command that started this Node, up to its own arguments. Under a dynamic loader of its own (`ld-linux… --library-path
 * … node`), `process.execPath` is the loader, which alone starts nothing.
 */
function nodeCommand(): string[] {
  if (process.platform !== 'linux') return [process.execPath];
  const words = readFileSync('/proc/self/cmdline', 'utf8').split('\0');
  const node = words.findIndex((word) => path.basename(word).startsWith('node'));
  return words.slice(0, node + 1);
}

export interface Ended {
  status: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

interface How {
  env?: NodeJS.ProcessEnv;
  /** What it reads from stdin. */
  input?: string;
}

/** Runs Node with these arguments in a process of its own, and waits for its end. */
export function runFile(args: string[], how: How = {}): Ended {
  const [command = process.execPath, ...first] = nodeCommand();
  const ended = spawnSync(command, [...first, ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...how.env },
    input: how.input ?? '',
  });
  if (ended.error) throw ended.error;
  return { status: ended.status, signal: ended.signal, stdout: ended.stdout, stderr: ended.stderr };
}

/** Runs a TypeScript file of the tests' folder likewise. */
export function runScript(script: string, args: string[] = [], how: How = {}): Ended {
  return runFile(['--import', 'tsx', path.join(import.meta.dirname, '..', script), ...args], how);
}
