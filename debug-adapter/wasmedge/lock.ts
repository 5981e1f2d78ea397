import { mkdir, open, readFile, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const HEARTBEAT_MS = 5_000;
/** A lock whose heartbeat is older than this belongs to a process that is gone. */
const STALE_MS = 60_000;
const RETRY_MS = 250;

/**
 * Runs `action` while no other process runs one under the same lock file. It spares double work and no more: what is
 * provided is published by an atomic rename, so a lock that is broken by a race does no harm.
 * `onWait` is called once, if another process holds the lock.
 */
export async function withLock<T>(file: string, onWait: () => void, action: () => Promise<T>): Promise<T> {
  await mkdir(path.dirname(file), { recursive: true });
  let waiting = false;
  while (!(await acquire(file))) {
    if (!waiting) onWait();
    waiting = true;
    if (await isStale(file)) await rm(file, { force: true });
    else await delay(RETRY_MS);
  }
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => undefined);
  }, HEARTBEAT_MS);
  heartbeat.unref();
  try {
    return await action();
  } finally {
    clearInterval(heartbeat);
    await rm(file, { force: true });
  }
}

async function acquire(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx');
    await handle.writeFile(JSON.stringify({ pid: process.pid, host: hostname() }));
    await handle.close();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

async function isStale(file: string): Promise<boolean> {
  try {
    const { mtimeMs } = await stat(file);
    if (Date.now() - mtimeMs > STALE_MS) return true;
    const holder = JSON.parse(await readFile(file, 'utf8')) as { pid: number; host: string };
    if (holder.host !== hostname()) return false;
    process.kill(holder.pid, 0);
    return false;
  } catch (error) {
    // No such process. Anything else (the file is gone, or is just being written) is tried again.
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}
