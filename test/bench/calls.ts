import path from 'node:path';
import type { LaunchInput } from '../../protocol/launch.ts';
import { root } from '../../scripts/paths.ts';
import type { SessionOptions } from '../support/session.ts';
import type { Benchmark } from './context.ts';
import { callMicros, NO_STOPS } from './debuggee.ts';
import { median, spread } from './report.ts';

/** Sessions are long, because the first thousands of calls run before JavaScript is compiled. */
const GREET_PAIRS = 6;
const GREET_CALLS = 100_000;
const CROSSING_PAIRS = 9;
const CROSSINGS = 200_000;
const greeter = path.join(root, 'examples/greeter/guest.wasm');
const bench = path.join(root, 'test/guests/bench/bench.wasm');

/** Whole calls: what recording them costs against the bare C++ loop. */
export const greet: Benchmark = {
  names: ['greet/recorded'],
  async run({ wasmedge, baseline, report }) {
    const configuration: LaunchInput = {
      program: greeter,
      // The guest as it is, on both sides: what probes cost is a figure of its own.
      kotlin: false,
      calls: [{ export: 'greet', argument: 'World', repeat: GREET_CALLS }],
    };
    const pairs = await alternate(
      GREET_PAIRS,
      () => callMicros(configuration, wasmedge),
      () => baseline.micros(greeter, 'greet', GREET_CALLS),
    );
    await report.addRatio(
      {
        name: 'greet/recorded',
        unit: 'µs a call',
        against: 'C++ loop',
        wasmedge,
        budget: '≤ 1.10 ×, aim 1.05 ×',
      },
      pairs.map(({ ours }) => ours / GREET_CALLS),
      pairs.map(({ ours, theirs }) => ours / theirs),
    );
  },
};

interface CrossingCase {
  name: string;
  mode: 'store' | 'tick';
  configuration: LaunchInput;
  options: SessionOptions;
  budget: string;
}

const store = { export: 'storeMany', argument: 'World', params: ['$size', '$callId', CROSSINGS] };
const crossingCases: CrossingCase[] = [
  {
    name: 'crossing/recorded',
    mode: 'store',
    configuration: { program: bench, kotlin: false, host: hostModule(), calls: [store] },
    options: NO_STOPS,
    budget: '≤ 1 µs',
  },
  {
    name: 'crossing/host-function',
    mode: 'tick',
    configuration: {
      program: bench,
      kotlin: false,
      host: hostModule(),
      calls: [{ export: 'tickMany', params: [CROSSINGS] }],
    },
    options: NO_STOPS,
    budget: '≤ 2 µs',
  },
  {
    name: 'crossing/false-condition',
    mode: 'store',
    configuration: { program: bench, kotlin: false, host: hostModule(), calls: [store] },
    options: { filters: [], filterOptions: [{ filterId: 'storeArgument', condition: 'callId === 99' }] },
    budget: '≤ 3 µs',
  },
];

/** Single crossings: what each adds to one of the C++ host function that copies the same bytes. */
export const crossing: Benchmark = {
  names: crossingCases.map(({ name }) => name),
  async run({ wasmedge, baseline, report }, wanted) {
    for (const { name, mode, configuration, options, budget } of crossingCases) {
      if (!wanted(name)) continue;
      const pairs = await alternate(
        CROSSING_PAIRS,
        () => callMicros(configuration, wasmedge, options),
        () => baseline.micros(bench, mode, CROSSINGS),
      );
      const added = pairs.map(({ ours, theirs }) => (ours - theirs) / CROSSINGS);
      await report.add({
        name,
        value: median(added),
        unit: 'µs added',
        ratio: median(pairs.map(({ ours, theirs }) => ours / theirs)),
        against: 'C++ host function',
        wasmedge,
        spread: spread(added),
        budget,
      });
    }
  },
};

function hostModule(): string {
  return path.join(root, 'test/bench/host.mjs');
}

/** Pairs in turns, each first as often as the other: a machine that gets slower or faster meanwhile does so for both. */
async function alternate(
  count: number,
  ours: () => Promise<number>,
  theirs: () => Promise<number>,
): Promise<{ ours: number; theirs: number }[]> {
  const pairs = [];
  for (let pair = 0; pair < count; pair++) {
    if (pair % 2 === 0) pairs.push({ theirs: await theirs(), ours: await ours() });
    else pairs.push({ ours: await ours(), theirs: await theirs() });
  }
  return pairs;
}
