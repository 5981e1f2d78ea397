import type { RunEnd } from './end.ts';
import type { PreparedLaunch } from './prepare.ts';
export declare function explainLoadFailure(
  error: unknown,
  prepared: PreparedLaunch,
  end: RunEnd | null,
): unknown;
