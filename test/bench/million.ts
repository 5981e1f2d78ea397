import path from 'node:path';
import { performance } from 'node:perf_hooks';
import type { LaunchInput } from '../../protocol/launch.ts';
import { root } from '../../scripts/paths.ts';
import type { DapClient } from '../support/dap-client.ts';
import { configure, ended } from '../support/session.ts';
import type { BenchContext, Benchmark } from './context.ts';
import { callMicros, NO_STOPS } from './debuggee.ts';
import { measureView } from './view.ts';
import { observed } from './vitals.ts';

const CALLS = 1_000_000;
const PAIRS = 3;
const SEARCHES = 5;
const ARGUMENT = 'World';
/** Bytes that each call carries: its argument, and the same as its result. */
const PAYLOAD = 2 * ARGUMENT.length;

const configuration: LaunchInput = {
  program: path.join(root, 'test/guests/bench/bench.wasm'),
  host: path.join(root, 'test/bench/host.mjs'),
  calls: [{ export: 'storeMany', argument: ARGUMENT, params: ['$size', '$callId', 1], repeat: CALLS }],
};

/** A session of a million calls: what recording costs, what the ledger takes, and how fast it is searched. */
export const million: Benchmark = {
  names: ['million/recorded', 'million/bytes', 'million/filter', 'million/view'],
  async run(context, wanted) {
    if (wanted('million/recorded')) await recorded(context);
    if (['million/bytes', 'million/filter', 'million/view'].some(wanted)) await ledger(context, wanted);
  },
};

async function recorded({ wasmedge, baseline, report }: BenchContext): Promise<void> {
  const module = configuration.program;
  const pairs: { ours: number; theirs: number }[] = [];
  for (let pair = 0; pair < PAIRS; pair++) {
    pairs.push({
      ours: await callMicros(configuration, wasmedge),
      theirs: await baseline.micros(module, 'calls', CALLS),
    });
  }
  await report.addRatio(
    { name: 'million/recorded', unit: 'µs a call', against: 'C++ loop', wasmedge },
    pairs.map(({ ours }) => ours / CALLS),
    pairs.map(({ ours, theirs }) => ours / theirs),
  );
}

async function ledger(context: BenchContext, wanted: (name: string) => boolean): Promise<void> {
  const { wasmedge, report } = context;
  const searches: number[] = [];
  const vitals = await observed(wasmedge, async (client, sample) => {
    await configure(client, configuration, NO_STOPS);
    // With the few calls that have been recorded by now.
    await sample();
    const exitCode = await ended(client);
    if (exitCode !== 0) throw new Error(`The guest ended with ${exitCode}: ${client.output('stderr')}`);
    await sample();
    for (let search = 0; search < SEARCHES; search++) searches.push(await firstPage(client, search));
    if (wanted('million/view')) await measureView(client, CALLS, context);
  });
  const [empty, full] = vitals;
  if (!empty || !full) throw new Error('The adapter gave no vitals.');
  if (wanted('million/bytes')) {
    const held = full.heapBytes + full.arrayBufferBytes - empty.heapBytes - empty.arrayBufferBytes;
    await report.add({
      name: 'million/bytes',
      value: held / CALLS - PAYLOAD,
      unit: 'bytes a call',
      wasmedge,
      budget: '≤ 200 beside the payload',
    });
  }
  if (wanted('million/filter')) {
    const figure = { name: 'million/filter', unit: 'ms', wasmedge, budget: '≤ 1000 ms to the first page' };
    await report.addMedian(figure, searches);
  }
}

/** ms until the first page of calls that contain a text which none does: every call is looked at. */
async function firstPage(client: DapClient, search: number): Promise<number> {
  const start = performance.now();
  const { total } = await client.boundary('boundary/calls', {
    start: 0,
    count: 100,
    query: `absent${search}`,
  });
  if (total !== 0) throw new Error(`${total} calls contain what none does.`);
  return performance.now() - start;
}
