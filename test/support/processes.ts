import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';

/** A process by id and start time, so that an id which is used again is not taken for it. */
export interface ProcessIdentity {
  pid: number;
  start: string;
  command: string;
}

/** Fields of /proc/PID/stat behind the command: state, ppid, …; the start time is the 20th of them (proc(5)). */
async function readStat(pid: number): Promise<{ parent: number; identity: ProcessIdentity } | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ').trim();
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie holds nothing, and waits only for its parent to look.
    if (fields[0] === 'Z') return null;
    return { parent: Number(fields[1]), identity: { pid, start: fields[19] ?? '', command } };
  } catch {
    return null;
  }
}

/** A process and all that descend from it. Empty where there is no /proc. */
export async function processTree(pid: number): Promise<ProcessIdentity[]> {
  const names = await readdir('/proc').catch(() => []);
  const stats = await Promise.all(
    names.filter((name) => /^\d+$/.test(name)).map((name) => readStat(Number(name))),
  );
  const known = stats.filter((stat) => stat !== null);
  const tree: ProcessIdentity[] = [];
  let generation = new Set([pid]);
  while (generation.size > 0) {
    tree.push(
      ...known.filter(({ identity }) => generation.has(identity.pid)).map(({ identity }) => identity),
    );
    const parents = generation;
    generation = new Set(
      known.filter(({ parent }) => parents.has(parent)).map(({ identity }) => identity.pid),
    );
  }
  return tree;
}

async function isAlive({ pid, start }: ProcessIdentity): Promise<boolean> {
  return (await readStat(pid))?.identity.start === start;
}

/** Resolves when none of them runs any more. The test's own limit of time is what ends the waiting. */
export async function waitUntilGone(processes: readonly ProcessIdentity[]): Promise<void> {
  for (const identity of processes) {
    while (await isAlive(identity)) await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Fails if one of them still runs. */
export async function assertNoneLeft(processes: readonly ProcessIdentity[]): Promise<void> {
  for (const identity of processes) {
    assert.equal(await isAlive(identity), false, `left behind: ${identity.pid} ${identity.command}`);
  }
}
