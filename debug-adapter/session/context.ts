import type { z } from 'zod';
import type { RunnerFrame, StepTarget } from '../../protocol/runner.ts';
import type { Ledger } from '../boundary/ledger.ts';
import type { Breakpoints } from './breakpoints.ts';
import type { ChangeNotifier } from './changes.ts';
import type { PlacedLine } from './guest-stack.ts';
import { ErrorId, RequestError } from './request-error.ts';
import type { OutputCategory, Run } from './run.ts';
import type { StopScoped } from './stop-scoped.ts';
import type { VariableContainer } from './variables.ts';

/** What the client said of itself in `initialize`. */
export interface ClientFeatures {
  linesStartAt1: boolean;
  columnsStartAt1: boolean;
  supportsVariableType: boolean;
  supportsMemoryEvent: boolean;
  supportsInvalidatedEvent: boolean;
}

/** A stack frame of the current stop; `index` counts from the innermost, as the runner does. */
export interface FrameEntry {
  index: number;
  frame: RunnerFrame;
  /** The inline function's part of the frame, or that of the function that holds its code; absent where nothing is inlined. */
  part?: 'inlined' | 'caller';
}

/** What the requests of a session share. */
export interface SessionContext {
  client: ClientFeatures;
  readonly ledger: Ledger;
  readonly breakpoints: Breakpoints;
  readonly changes: ChangeNotifier;
  /** Of the current stop, innermost first, by id. */
  readonly frames: StopScoped<FrameEntry>;
  frameIds: number[];
  readonly variables: StopScoped<VariableContainer>;
  readonly stepTargets: StopScoped<StepTarget>;
  /** Memory references that the client has read: it is told when they change. */
  readonly watchedMemory: Set<string>;
  /** The guest's latest execution; null before a launch succeeded. */
  run: Run | null;
  sendEvent(event: string, body?: object): void;
  output(category: OutputCategory, text: string, place?: PlacedLine['place']): void;
}

export interface RequestInfo {
  seq: number;
  command: string;
  /** Aborted by a `cancel` request and by the end of the session. */
  signal: AbortSignal;
}

export interface Handler {
  schema: z.ZodType;
  run(args: unknown, info: RequestInfo): unknown;
}
export type Handlers = Record<string, Handler>;

/** A request's handler: its arguments are checked against `schema` first. What it returns is the answer's body. */
export function handler<S extends z.ZodType>(
  schema: S,
  run: (args: z.infer<S>, info: RequestInfo) => unknown,
): Handler {
  return { schema, run: (args, info) => run(args as z.infer<S>, info) };
}

/** @throws RequestError before a launch has succeeded. */
export function requireRun(context: SessionContext): Run {
  if (context.run) return context.run;
  throw new RequestError(ErrorId.outOfOrder, 'No guest has been launched yet: send “launch” first.', {
    showUser: false,
  });
}

/** The one thread that a guest has. */
export const THREAD_ID = 1;

/** @throws RequestError for any other thread than the guest's. */
export function checkThread(threadId: number): void {
  if (threadId === THREAD_ID) return;
  throw new RequestError(
    ErrorId.noSuchId,
    `There is no thread ${threadId}: a guest has one thread, ${THREAD_ID}.`,
    { showUser: false },
  );
}

/** Index of a frame of the current stop: the innermost one where no id is given. */
export function frameIndex(context: SessionContext, frameId: number | undefined): number {
  requireRun(context).requireStop();
  return frameId === undefined ? 0 : context.frames.get(frameId).index;
}
