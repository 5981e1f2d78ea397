import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { provideWasmEdge } from '../../debug-adapter/wasmedge/provide.ts';
import { nodeCommand } from '../../debug-adapter/wasmedge/provided.ts';
import { root } from '../../scripts/paths.ts';
import type { Benchmark } from './context.ts';
import type { RewrittenTimes } from './rewritten-guest.ts';

const run = promisify(execFile);

/** What each way to rewrite a guest may cost: with probes, with stack and locals too, with data breakpoints too. */
const VARIANTS = [
  { suffix: 'probes', variant: 'probes' },
  { suffix: 'probes-stack', variant: 'stack' },
  { suffix: 'data-breakpoints', variant: 'accesses' },
] as const;
/** Calls of `greet` carry 5 bytes, those of `bytes` 10,000 that Kotlin reads and writes one by one. */
const CASES = [
  { name: 'loop', probes: '≤ 1.3 ×', stack: '≤ 2.0 ×', accesses: '≤ 3 ×' },
  { name: 'greet', probes: '≤ 1.05 ×', stack: '≤ 1.15 ×', accesses: '≤ 3 ×' },
  { name: 'bytes', probes: 'none', stack: 'none', accesses: '≤ 3 ×' },
] as const;

/** Of a guest of 298 kB. */
const REWRITES = [
  { name: 'rewrite/probes', what: 'probes', budget: '≤ 150 ms, as 300 ms of 600 kB' },
  { name: 'rewrite/stack', what: 'stack', budget: '≤ 150 ms, as 300 ms of 600 kB' },
  { name: 'rewrite/every-function', what: 'plain', budget: 'none' },
] as const;

/** What rewriting costs a guest that no breakpoint stops, and how long rewriting takes. */
export const rewritten: Benchmark = {
  names: [
    ...CASES.flatMap(({ name }) => VARIANTS.map(({ suffix }) => `${name}/${suffix}`)),
    ...REWRITES.map(({ name }) => name),
  ],
  async run({ wasmedge, report }, wanted) {
    for (const { name, ...budgets } of CASES) {
      const figures = VARIANTS.map((each) => ({ ...each, figure: `${name}/${each.suffix}` }));
      if (!figures.some(({ figure }) => wanted(figure))) continue;
      const times = await measure(wasmedge as '0.17', name);
      for (const { figure, variant } of figures) {
        if (!wanted(figure)) continue;
        const micros = times.rounds.map((round) => round[variant] ?? NaN);
        const ratios = times.rounds.map((round, i) => (micros[i] ?? NaN) / round.plain);
        await report.addRatio(
          { name: figure, unit: 'µs', against: 'not rewritten', wasmedge, budget: budgets[variant] },
          micros,
          ratios,
        );
      }
    }
    if (!REWRITES.some(({ name }) => wanted(name))) return;
    const { rounds } = await measure(wasmedge as '0.17', 'rewrite');
    for (const { name, what, budget } of REWRITES.filter((each) => wanted(each.name))) {
      const milliseconds = rounds.map((round) => round[what] / 1000);
      await report.addMedian({ name, unit: 'ms', wasmedge, budget }, milliseconds);
    }
  },
};

/** In a process of its own, which can load the binding. */
async function measure(version: '0.14' | '0.17', kind: string): Promise<RewrittenTimes> {
  const engine = await provideWasmEdge(version, () => undefined);
  const [command, ...first] = nodeCommand(engine, process.execPath);
  const guest = path.join(root, 'test/bench/rewritten-guest.ts');
  const { stdout } = await run(command, [...first, '--import', 'tsx', guest, kind], {
    cwd: root,
    env: { ...process.env, WASMEDGE_LIB_DIR: path.dirname(engine.library) },
  });
  return JSON.parse(stdout) as RewrittenTimes;
}
