import type { LaunchConfiguration } from '../../protocol/launch.ts';
import type { RunnerPlan } from '../../protocol/runner.ts';
import type { LocatedWasmEdge } from '../wasmedge/provided.ts';

/** A launch that has passed every check that needs no engine. */
export interface PreparedLaunch {
  configuration: LaunchConfiguration & { noDebug?: boolean | undefined };
  plan: RunnerPlan;
  wasmedge: LocatedWasmEdge;
  /** What was deduced, line by line, for people. */
  report: string[];
  /** `Name section and source map`: what is known of the guest's code. */
  symbolStatus: string;
  /** `In demo.crash, at byte 0x1f3 of the module.` */
  placeOf(byteOffset: number): string;
}
export declare function prepareLaunch(c: PreparedLaunch['configuration']): Promise<PreparedLaunch>;
