import type { SessionContext } from './context.ts';

const NONE: ReadonlyMap<number | string, string> = new Map<number | string, string>();

/**
 * Tells the runner what to stop at. Returns what it could not use, by breakpoint id or filter; nothing where no guest is
 * loaded: what is set is told when one is.
 */
export async function bindBreakpoints(
  context: SessionContext,
): Promise<ReadonlyMap<number | string, string>> {
  const { run } = context;
  if (!run || run.state === 'ended') return NONE;
  try {
    await run.loaded;
    const { plan, configuration, kotlin } = run.prepared;
    const stops = configuration.noDebug
      ? { functions: [], filters: [] }
      : context.breakpoints.stopPlan(plan, kotlin);
    return await run.setStops(stops);
  } catch {
    // The runner is gone or could not load: its end is reported elsewhere, and breakpoints are kept for the next one.
    return NONE;
  }
}
