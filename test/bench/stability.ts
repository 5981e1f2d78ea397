import path from 'node:path';
import { root } from '../../scripts/paths.ts';
import { configure, resumeTo, stopped } from '../support/session.ts';
import type { BenchContext, Benchmark } from './context.ts';
import { median } from './report.ts';
import { observed, type Vitals } from './vitals.ts';

const LAUNCHES = 200;
const STOPS = 10_000;
/** Stops between two samples. */
const STOPS_A_SAMPLE = 250;
const program = path.join(root, 'examples/greeter/guest.wasm');

/** What the adapter holds over many launches and many stops: flat over the last half, the ledger aside. */
export const stability: Benchmark = {
  names: ['stability/launches', 'stability/stops'],
  async run(context, wanted) {
    if (wanted('stability/launches')) await launches(context);
    if (wanted('stability/stops')) await manyStops(context);
  },
};

async function launches(context: BenchContext): Promise<void> {
  const samples = await observed(context.wasmedge, async (client, sample) => {
    const calls = [{ export: 'greet', argument: 'World' }];
    await configure(client, { program, calls }, { filters: ['storeArgument'] });
    await stopped(client);
    await sample();
    for (let launch = 1; launch < LAUNCHES; launch++) {
      await client.request('restart', {});
      await stopped(client);
      await sample();
    }
  });
  await reportGrowth(context, 'stability/launches', LAUNCHES, samples);
}

async function manyStops(context: BenchContext): Promise<void> {
  const samples = await observed(context.wasmedge, async (client, sample) => {
    const calls = [{ export: 'greet', argument: 'World', repeat: STOPS }];
    await configure(client, { program, calls }, { filters: ['storeArgument'] });
    await stopped(client);
    for (let stop = 1; stop < STOPS; stop++) {
      await resumeTo(client);
      if (stop % STOPS_A_SAMPLE === 0) await sample();
      // The test's own client keeps what it saw.
      client.exchanges.length = 0;
    }
  });
  await reportGrowth(context, 'stability/stops', STOPS, samples);
}

/** The last quarter against the third: what grew over the last half, once all is warm. */
async function reportGrowth(
  { report, wasmedge }: BenchContext,
  name: string,
  times: number,
  samples: readonly Vitals[],
): Promise<void> {
  const quarter = Math.floor(samples.length / 4);
  const third = samples.slice(2 * quarter, 3 * quarter);
  const last = samples.slice(3 * quarter);
  const figures: { figure: string; unit: string; of: (sample: Vitals) => number }[] = [
    { figure: 'heap', unit: 'kB', of: ({ heapBytes }) => heapBytes / 1000 },
    { figure: 'ledger-and-buffers', unit: 'kB', of: ({ arrayBufferBytes }) => arrayBufferBytes / 1000 },
    { figure: 'handles', unit: 'handles', of: ({ handles }) => handles },
    { figure: 'processes', unit: 'processes', of: ({ processes }) => processes },
  ];
  for (const { figure, unit, of } of figures) {
    const before = median(third.map(of));
    const after = median(last.map(of));
    await report.add({
      name: `${name}/${figure}`,
      value: after,
      unit,
      ratio: after / before,
      against: 'the quarter before',
      wasmedge,
      budget: figure === 'ledger-and-buffers' ? 'the ledger grows' : `flat over the last half of ${times}`,
    });
  }
}
