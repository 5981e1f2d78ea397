import type { DebugProtocol } from '@vscode/debugprotocol';
import path from 'node:path';
import * as z from 'zod';
import type { RunnerFrame } from '../../protocol/runner.ts';
import { isLibraryName } from '../kotlin/function-names.ts';
import {
  checkThread,
  handler,
  requireRun,
  THREAD_ID,
  type FrameEntry,
  type Handlers,
  type SessionContext,
} from './context.ts';
import { nameOfFrame } from './frame-names.ts';
import { instructionReference } from './listings.ts';
import { toClient } from './numbering.ts';
import type { Run } from './run.ts';
import { GUEST_MODULE, placeOfFrame } from './sources.ts';

const stackSchema = z.object({
  threadId: z.number().int(),
  startFrame: z.number().int().min(0).default(0),
  levels: z.number().int().min(0).default(0),
});

function stackFrame(
  { client }: SessionContext,
  run: Run,
  id: number,
  entry: FrameEntry,
): DebugProtocol.StackFrame {
  const { frame } = entry;
  return {
    id,
    name: nameOfFrame(run, entry),
    ...toClient(client, placeOfFrame(run, entry)),
    ...(frame.kind === 'function' && { instructionPointerReference: instructionReference(frame.offset) }),
    moduleId: GUEST_MODULE,
    presentationHint: isSubtle(run, frame) ? 'subtle' : 'normal',
  };
}

/** What is not the user's own: the entry, the library's functions, the compiler's. */
function isSubtle(run: Run, frame: RunnerFrame): boolean {
  if (frame.kind === 'entry') return true;
  if (frame.kind !== 'function') return false;
  const name = run.prepared.guest.functionName(frame.functionIndex);
  return name !== null && isLibraryName(name);
}

function scopesOf(context: SessionContext, { index, frame, part }: FrameEntry): DebugProtocol.Scope[] {
  const scope = (
    name: string,
    kind: 'locals' | 'call' | 'params' | 'answer' | 'memory' | 'globals',
    extra: Partial<DebugProtocol.Scope> = {},
  ): DebugProtocol.Scope => ({
    name,
    variablesReference: context.variables.add({ kind: 'scope', frame: index, scope: kind }),
    expensive: false,
    ...extra,
  });
  const scopes: DebugProtocol.Scope[] = [];
  // Locals stay with the function that holds the code.
  if (frame.kind === 'function' && part !== 'inlined')
    scopes.push(scope('Locals', 'locals', { presentationHint: 'locals' }));
  const inCall = frame.kind !== 'entry' && frame.sequence !== null;
  if (inCall)
    scopes.push(scope('Call', 'call', frame.kind === 'function' ? {} : { presentationHint: 'locals' }));
  if (frame.kind === 'import' && frame.asksForResults) scopes.push(scope('Return Value', 'answer'));
  if (frame.kind === 'import')
    scopes.push(scope('Import parameters', 'params', { presentationHint: 'arguments' }));
  if (frame.kind === 'call')
    scopes.push(scope('Export parameters', 'params', { presentationHint: 'arguments' }));
  scopes.push(scope('Memory', 'memory'), scope('Globals', 'globals', { expensive: true }));
  return scopes;
}

/** Threads, stack frames and their scopes. */
export function stackHandlers(context: SessionContext): Handlers {
  return {
    threads: handler(z.looseObject({}), () => {
      const { run } = context;
      if (!run || run.state === 'ended') return { threads: [] };
      return { threads: [{ id: THREAD_ID, name: path.basename(run.prepared.plan.program) }] };
    }),

    stackTrace: handler(stackSchema, ({ threadId, startFrame, levels }) => {
      checkThread(threadId);
      const run = requireRun(context);
      run.requireStop();
      const end = levels === 0 ? undefined : startFrame + levels;
      const stackFrames = context.frameIds
        .slice(startFrame, end)
        .map((id) => stackFrame(context, run, id, context.frames.get(id)));
      return { stackFrames, totalFrames: context.frameIds.length };
    }),

    scopes: handler(z.object({ frameId: z.number().int() }), ({ frameId }) => {
      requireRun(context).requireStop();
      return { scopes: scopesOf(context, context.frames.get(frameId)) };
    }),
  };
}
