import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Collects garbage and lets finalizers run. */
export async function collectGarbage(): Promise<void> {
  // Twice: what only a finalizer lets go is garbage for the next collection.
  for (let round = 0; round < 3; round++) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Resolves once the object that `make` returns was collected. Rejects when that does not happen. */
export async function isCollected(make: () => object): Promise<boolean> {
  const reference = new WeakRef(make());
  for (let round = 0; round < 20; round++) {
    await collectGarbage();
    if (reference.deref() === undefined) return true;
  }
  return false;
}
