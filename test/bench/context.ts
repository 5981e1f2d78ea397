import type { Baseline } from './baseline.ts';
import type { Report } from './report.ts';

/** What each benchmark gets, for one version of WasmEdge. */
export interface BenchContext {
  wasmedge: string;
  baseline: Baseline;
  report: Report;
}

/** A benchmark: the names of its figures, and what measures them. */
export interface Benchmark {
  names: string[];
  run: (context: BenchContext, wanted: (name: string) => boolean) => Promise<void>;
}
