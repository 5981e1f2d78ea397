// Runs a TypeScript file in a worker thread, where `--import tsx` does not reach.
import { workerData } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

register();
await import(workerData.script);
