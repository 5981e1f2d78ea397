import { performance } from 'node:perf_hooks';
import type { BoundaryChanged } from '../../protocol/boundary.ts';
import type { LaunchInput } from '../../protocol/launch.ts';
import { GUESTS } from '../support/guests.ts';
import { configure } from '../support/session.ts';
import type { Benchmark } from './context.ts';
import { NO_STOPS, withAdapter } from './debuggee.ts';

const ENDS = 15;

const LOOPS: Record<string, LaunchInput> = {
  'terminate/loop': { program: GUESTS.calls, calls: [{ export: 'loopForever', params: [] }] },
  'terminate/crossings': { program: GUESTS.calls, calls: [{ export: 'crossForever', argument: 'x' }] },
};

/** From `terminate` to `terminated`, by when the guest's process is gone: in a Kotlin loop, and in one that crosses. */
export const ends: Benchmark = {
  names: Object.keys(LOOPS),
  async run({ wasmedge, report }, wanted) {
    for (const [name, configuration] of Object.entries(LOOPS)) {
      if (!wanted(name)) continue;
      const values: number[] = [];
      for (let end = 0; end < ENDS; end++) values.push(await terminate(configuration, wasmedge));
      await report.addMedian({ name, unit: 'ms', wasmedge, budget: 'each ≤ 100 ms' }, values);
    }
  },
};

/** ms */
function terminate(configuration: LaunchInput, wasmedge: string): Promise<number> {
  return withAdapter(wasmedge, {}, async (client) => {
    await configure(client, configuration, NO_STOPS);
    await client.event<BoundaryChanged>('boundary/changed', ({ total }) => total > 0);
    const start = performance.now();
    await client.request('terminate');
    await client.event('terminated');
    return performance.now() - start;
  });
}
