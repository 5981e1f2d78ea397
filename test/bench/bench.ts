import { parseArgs } from 'node:util';
import { provideWasmEdge } from '../../debug-adapter/wasmedge/provide.ts';
import { buildAll } from '../../scripts/build.ts';
import { Baseline } from './baseline.ts';
import { crossing, greet } from './calls.ts';
import type { Benchmark } from './context.ts';
import { ends } from './ends.ts';
import { kotlin } from './kotlin.ts';
import { large } from './large.ts';
import { million } from './million.ts';
import { Report } from './report.ts';
import { rewritten } from './rewritten.ts';
import { stability } from './stability.ts';
import { stops } from './stops.ts';

/** `npm run bench [-- --json FILE] [--only NAME] [--wasmedge 0.17]` (design.md §11). */
const { values: options } = parseArgs({
  options: {
    json: { type: 'string' },
    only: { type: 'string' },
    wasmedge: { type: 'string', multiple: true, default: ['0.14', '0.17'] },
  },
});

const benchmarks: Benchmark[] = [greet, crossing, stops, kotlin, ends, stability, million, large, rewritten];
const { only } = options;
const wanted = (name: string): boolean => only === undefined || name === only || name.startsWith(`${only}/`);

if (!benchmarks.some(({ names }) => names.some(wanted))) {
  const names = benchmarks.flatMap(({ names }) => names);
  console.error(`No figure is called ${only ?? ''}. There are: ${names.join(', ')}.`);
  process.exit(2);
}

await buildAll();
const report = new Report(options.json);
for (const version of options.wasmedge) {
  if (version !== '0.14' && version !== '0.17') {
    console.error(`--wasmedge takes 0.14 or 0.17, not ${version}.`);
    process.exit(2);
  }
  const wasmedge = await provideWasmEdge(version, console.log);
  const baseline = await Baseline.build(wasmedge, version);
  for (const benchmark of benchmarks) {
    if (benchmark.names.some(wanted)) {
      await benchmark.run({ wasmedge: version, baseline, report }, wanted);
    }
  }
}
