import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { provideWasmEdge } from '../../debug-adapter/wasmedge/provide.ts';
import { nodeCommand } from '../../debug-adapter/wasmedge/provided.ts';
import { root } from '../../scripts/paths.ts';
import type { Benchmark } from './context.ts';
import { median, spread } from './report.ts';
import type { RewrittenTimes } from './rewritten-guest.ts';

const run = promisify(execFile);

const CASES = [
  { name: 'loop', kind: 'loop', probes: '≤ 1.3 ×', stack: '≤ 2.0 ×' },
  { name: 'greet', kind: 'greet', probes: '≤ 1.05 ×', stack: '≤ 1.15 ×' },
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
    ...CASES.flatMap(({ name }) => [`${name}/probes`, `${name}/probes-stack`]),
    ...REWRITES.map(({ name }) => name),
  ],
  async run({ wasmedge, report }, wanted) {
    for (const { name, kind, ...budgets } of CASES) {
      const figures = [`${name}/probes`, `${name}/probes-stack`] as const;
      if (!figures.some(wanted)) continue;
      const times = await measure(wasmedge as '0.17', kind);
      for (const [figure, variant] of [
        [figures[0], 'probes'],
        [figures[1], 'stack'],
      ] as const) {
        if (!wanted(figure)) continue;
        const ratios = times.rounds.map((round) => round[variant] / round.plain);
        await report.add({
          name: figure,
          value: median(times.rounds.map((round) => round[variant])),
          unit: 'µs',
          ratio: median(ratios),
          against: 'not rewritten',
          wasmedge,
          spread: spread(ratios),
          budget: budgets[variant],
        });
      }
    }
    if (!REWRITES.some(({ name }) => wanted(name))) return;
    const { rounds } = await measure(wasmedge as '0.17', 'rewrite');
    for (const { name, what, budget } of REWRITES.filter((each) => wanted(each.name))) {
      const milliseconds = rounds.map((round) => round[what] / 1000);
      await report.add({
        name,
        value: median(milliseconds),
        unit: 'ms',
        wasmedge,
        spread: spread(milliseconds),
        budget,
      });
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
