import * as vscode from 'vscode';
import { inspect, type AdapterProgram } from '../adapter/program.ts';
import type { AttemptedLaunch, Fixes } from './fixes.ts';
import { WASMEDGE_READY } from './wasmedge-setup.ts';

/**
 * Looks for what stands in the way before a session starts: no WasmEdge, no such file, legacy exception handling, ….
 * @returns whether to launch; where not, the user has been told why
 */
export async function preflight(
  program: AdapterProgram,
  launch: AttemptedLaunch,
  fixes: Fixes,
  log: vscode.LogOutputChannel,
): Promise<boolean> {
  let inspection;
  try {
    inspection = await inspect(program, launch.configuration);
  } catch (error) {
    // The launch itself will say what is wrong, or show that only the inspection was.
    log.error(error as Error);
    return true;
  }
  if (inspection.wasmedge) void vscode.commands.executeCommand('setContext', WASMEDGE_READY, true);
  const errors = inspection.problems.filter((problem) => problem.severity === 'error');
  for (const problem of errors.length > 0 ? errors : inspection.problems) fixes.show(problem, launch);
  return errors.length === 0;
}
