import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** A thread that runs `fixtures/SCRIPT`; `data` is its workerData. */
export function startWorker(script: string, data: Record<string, unknown>): Worker {
  const file = new URL(`../fixtures/${script}`, import.meta.url).href;
  return new Worker(new URL('./worker.mjs', import.meta.url), { workerData: { ...data, script: file } });
}

/** The next message of a thread; rejects if it fails instead. */
export async function nextMessage(worker: Worker): Promise<unknown> {
  const [message] = (await once(worker, 'message')) as [unknown];
  return message;
}

/** The exit code of a thread; rejects if it fails. */
export async function exitCode(worker: Worker): Promise<number> {
  const [code] = (await once(worker, 'exit')) as [number];
  return code;
}
