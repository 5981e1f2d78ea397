import { performance } from 'node:perf_hooks';
import path from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { root } from '../../scripts/paths.ts';
import { CLIENT, configure, resumeTo, stopped } from '../support/session.ts';
import type { Benchmark } from './context.ts';
import { withAdapter } from './debuggee.ts';

const LAUNCHES = 11;
const CONTINUES = 500;
const program = path.join(root, 'examples/greeter/guest.wasm');

/** From starting the adapter to the first `stopped`, and from `continue` to the next one. */
export const stops: Benchmark = {
  names: ['launch/first-stop', 'continue/next-stop'],
  async run({ wasmedge, report }, wanted) {
    if (wanted('launch/first-stop')) {
      const launches: Map<string, number>[] = [];
      for (let launch = 0; launch < LAUNCHES; launch++) launches.push(await firstStop(wasmedge));
      for (const part of launches[0]?.keys() ?? []) {
        const values = launches.map((launch) => launch.get(part) ?? 0);
        const budget = part === 'launch/first-stop' ? { budget: '≤ 400 ms' } : {};
        await report.addMedian({ name: part, unit: 'ms', wasmedge, ...budget }, values);
      }
    }
    if (wanted('continue/next-stop')) {
      const figure = { name: 'continue/next-stop', unit: 'ms', wasmedge, budget: 'median ≤ 2 ms' };
      await report.addMedian(figure, await continues(wasmedge));
    }
  },
};

/** One launch as an editor does it; ms of the whole and of its parts. */
async function firstStop(wasmedge: string): Promise<Map<string, number>> {
  const start = performance.now();
  return withAdapter(wasmedge, {}, async (client) => {
    await client.request('initialize', CLIENT);
    const initialized = performance.now();
    const launched = client.request('launch', {
      program,
      calls: [{ export: 'greet', argument: 'World' }],
    });
    await Promise.race([client.event('initialized'), launched]);
    const loaded = performance.now();
    await client.request<DebugProtocol.SetExceptionBreakpointsResponse['body']>('setExceptionBreakpoints', {
      filters: ['storeArgument'],
    });
    await client.request('configurationDone');
    await launched;
    await stopped(client);
    const end = performance.now();
    return new Map([
      ['launch/first-stop', end - start],
      ['launch/part/adapter-started', initialized - start],
      ['launch/part/guest-loaded', loaded - initialized],
      ['launch/part/configured-and-run', end - loaded],
    ]);
  });
}

async function continues(wasmedge: string): Promise<number[]> {
  return withAdapter(wasmedge, {}, async (client) => {
    await configure(
      client,
      { program, calls: [{ export: 'greet', argument: 'World', repeat: CONTINUES }] },
      { filters: ['storeArgument'] },
    );
    await stopped(client);
    const values = [];
    for (let stop = 1; stop < CONTINUES; stop++) {
      const start = performance.now();
      await resumeTo(client);
      values.push(performance.now() - start);
    }
    return values;
  });
}
