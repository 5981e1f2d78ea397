import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { KotlinSourceMap } from '../../debug-adapter/kotlin/source-map.ts';
import { root } from '../../scripts/paths.ts';

/** What one debugger takes for the tightest loop in Kotlin. */
export interface LoopTimes {
  /** From starting the process that is debugged to the first stop; ms. */
  firstStop: number;
  /** Median of a step to the next line, from the request to the stop; ms. */
  step: number;
  /** A condition that is false, for each time that the line is come to, with the loop itself; µs. */
  condition: number;
}

/** Steps that are timed in a session. */
export const STEPS = 30;
/** The turn in which the condition is true, so that it is known to have been evaluated. */
export const LAST_TURN = 20_000;

export const SOURCE = 'test/guests/language/Language.kt';
export const PROGRAM = path.join(root, 'test/guests/language/language.wasm');
export const EXPORT = 'tightLoop';

/** Lines of the loop that are stopped at, and where each begins in the module. */
export interface Loop {
  /** The line in the loop that has the breakpoint (from 1). */
  line: number;
  /** Byte offset of its first instruction in the module. */
  offset: number;
  /** Byte offsets of the export's code at which another line begins, ascending. */
  lineOffsets: number[];
}

/** @throws Error where the source and its map have no such loop. */
export async function readLoop(): Promise<Loop> {
  const lines = (await readFile(path.join(root, SOURCE), 'utf8')).split('\n');
  const first = lines.findIndex((text) => text.startsWith(`fun ${EXPORT}(`)) + 1;
  const line = lines.findIndex((text) => text.trim() === 'sum += i') + 1;
  const end = lines.indexOf('}', first) + 1;
  const map = await KotlinSourceMap.read(await readFile(`${PROGRAM}.map`, 'utf8'), `${PROGRAM}.map`);
  const own = [...map.segments()].filter(
    (segment) =>
      map.sources[segment.source]?.path === path.join(root, SOURCE) &&
      segment.line >= first &&
      segment.line <= end,
  );
  const offset = own.find((segment) => segment.line === line)?.offset;
  if (offset === undefined) throw new Error(`${SOURCE} has no loop in ${EXPORT} that its map knows.`);
  return {
    line,
    offset,
    lineOffsets: own
      .filter((segment, i) => segment.line !== own[i - 1]?.line)
      .map((segment) => segment.offset),
  };
}
