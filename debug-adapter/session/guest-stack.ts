import type { DebugProtocol } from '@vscode/debugprotocol';
import type { ThrownException } from '../../protocol/kotlin.ts';
import type { RunnerFrame } from '../../protocol/runner.ts';
import { exceptionText } from '../kotlin/exception-text.ts';
import type { FrameEntry } from './context.ts';
import { nameOfFrame } from './frame-names.ts';
import { trapPlace } from './prepare.ts';
import type { Run } from './run.ts';
import { inlinedFunction, placeOfFrame } from './sources.ts';

/** A line of text that may stand for a place in a source. */
export interface PlacedLine {
  text: string;
  /** `line` and `column` count from 1. */
  place?: Required<Pick<DebugProtocol.StackFrame, 'source' | 'line' | 'column'>>;
}

/** Frames that a stack's text has: of a recursion the innermost ones are enough. */
const MOST_LINES = 50;

/** One for a frame; two where it stands in code of an inline function. */
export function entriesOf(run: Run | null, frame: RunnerFrame, index: number): FrameEntry[] {
  const name = run && inlinedFunction(run, frame);
  if (name === null) return [{ index, frame }];
  return [
    { index, frame, part: 'inlined' },
    { index, frame, part: 'caller' },
  ];
}

/** The guest's functions among the frames, innermost first, as Kotlin's own stack traces on the JVM show them. */
export function stackLines(run: Run, frames: readonly RunnerFrame[]): PlacedLine[] {
  const functions = frames.filter(({ kind }) => kind === 'function');
  const lines = functions
    .slice(0, MOST_LINES)
    .flatMap((frame, index) => entriesOf(run, frame, index))
    .map((entry): PlacedLine => {
      const { source, line, column } = placeOfFrame(run, entry);
      const name = nameOfFrame(run, entry);
      if (!source || line === 0) return { text: `    at ${name}` };
      // The path of a file is a link wherever text has links.
      const where = source.sourceReference ? (source.name ?? '') : (source.path ?? source.name ?? '');
      return { text: `    at ${name} (${where}:${line}:${column})`, place: { source, line, column } };
    });
  const left = functions.length - MOST_LINES;
  return left > 0 ? [...lines, { text: `    … ${left} more` }] : lines;
}

/** An exception with its causes, and the stack where it was thrown: as `stackTraceToString` has it on the JVM. */
export function exceptionLines(
  run: Run,
  exception: ThrownException,
  frames: readonly RunnerFrame[],
): PlacedLine[] {
  const lines = [{ text: exceptionText(exception) }, ...stackLines(run, frames)];
  for (let { cause } = exception; cause; cause = cause.cause) {
    lines.push({ text: `Caused by: ${exceptionText(cause)}` });
  }
  return lines;
}

/**
 * Where a call failed, as sentences; null where nothing is known of that.
 *
 * @param frames where an exception was thrown, or where the call ended
 * @param byteOffset of a trap, in the guest's file
 * @param engineMessage what WasmEdge calls it
 */
export function placeOfFailure(
  run: Run,
  frames: readonly RunnerFrame[],
  byteOffset: number | null,
  engineMessage?: string,
): string | null {
  const innermost = innermostLine(run, frames);
  if (byteOffset === null) return innermost && `It was thrown at ${innermost}.`;
  const place = trapPlace(run.prepared, byteOffset, engineMessage);
  return innermost ? `${place} The line of Kotlin is ${innermost}.` : place;
}

/** `Demo.kt:12, in demo.refuse`: where the innermost function stands; null where that is no line of Kotlin. */
function innermostLine(run: Run, frames: readonly RunnerFrame[]): string | null {
  const frame = frames.find(({ kind }) => kind === 'function');
  const [entry] = frame ? entriesOf(run, frame, 0) : [];
  if (!entry || run.prepared.kotlin?.lines.code.length === 0) return null;
  const { source, line } = placeOfFrame(run, entry);
  return source ? `${source.name}:${line}, in ${nameOfFrame(run, entry)}` : null;
}
